import { VARY_PREFLIGHT, VARY_PREFLIGHT_TEXT } from '../../policy/decide.js';

/**
 * Adds names to a Vary header. It repeats no name and loses none.
 * @param value the header as it is set: text, a list, or `undefined`
 * @returns the merged value; the same value if it has all names
 * @see https://fetch.spec.whatwg.org/#cors-protocol-and-http-caches
 */
export function mergeVary(value: unknown, names: readonly string[]): string | string[] | undefined {
  const only = names[0];
  if (only === undefined || (value === only && names.length === 1)) {
    return value as string | string[] | undefined;
  }
  if (value === undefined || value === '') {
    return names.length === 1 ? only : names === VARY_PREFLIGHT ? VARY_PREFLIGHT_TEXT : names.join(', ');
  }
  const text = Array.isArray(value) ? value.join(', ') : String(value);
  const present = new Set(text.toLowerCase().split(',').map(trim));
  if (present.has('*')) {
    return value as string | string[];
  }
  const missing = names.filter((name) => !present.has(name.toLowerCase()));
  if (missing.length === 0) {
    return value as string | string[];
  }
  return text.trim() === '' ? missing.join(', ') : `${text}, ${missing.join(', ')}`;
}

function trim(text: string): string {
  return text.trim();
}
