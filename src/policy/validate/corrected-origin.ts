import { isLoopbackHost } from '../../origin/origin-hosts.js';
import { parseOriginPattern } from '../../origin/parse-origin-pattern.js';
import { coversStrangers } from '../../origin/shared-hosts.js';

/** Stands in remedies wherever the origin that was meant cannot be told. */
export const EXAMPLE_ORIGIN = 'https://app.example.com';

const readHref: (() => string) | undefined = Object.getOwnPropertyDescriptor(URL.prototype, 'href')?.get;

/** What the rest of a policy makes of its origins. */
export interface OriginSafety {
  /** Whether the policy allows credentials. */
  readonly credentials: boolean;
  /** Whether it has `dangerouslyAllowInsecureOrigins`. */
  readonly insecureAllowed: boolean;
}

/** The origins most likely meant: always a valid value of `origin` in a policy of that kind. */
export function correctedOrigin(value: unknown, safety: OriginSafety): true | string | string[] {
  if (value === true && !safety.credentials) {
    return true;
  }
  const entries = Array.isArray(value) || value instanceof Set ? [...value] : [value];
  const corrected = [...new Set(entries.flatMap((entry) => correctedEntry(entry, safety)))];
  const [first = EXAMPLE_ORIGIN, ...others] = corrected;
  return Array.isArray(value) || others.length > 0 ? [first, ...others] : first;
}

/** What one entry of a list should be: one origin, several (a comma list in one string), or none. */
export function correctedEntry(value: unknown, safety: OriginSafety): string[] {
  const entry = typeof value === 'string' ? value : textOfObject(value);
  if (entry === undefined) {
    return [];
  }
  if (entry.trim() === '*') {
    return safeOrigin('*', safety);
  }
  const parsed = parseOriginPattern(entry);
  const meant = parsed.fault === undefined ? [entry] : (parsed.fault.suggestion ?? []);
  return (typeof meant === 'string' ? [meant] : meant).flatMap((origin) => safeOrigin(origin, safety));
}

/** The text that a `URL` or a `String` object holds. Runs no code of the object's. */
export function textOfObject(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null) {
    return undefined;
  }
  for (const read of [() => readHref?.call(value), () => String.prototype.valueOf.call(value)]) {
    try {
      return read();
    } catch {
      // It is not an object of this kind.
    }
  }
  return undefined;
}

/** @param origin a valid origin or pattern, or `'*'` */
function safeOrigin(origin: string, safety: OriginSafety): string[] {
  if (origin === '*') {
    return safety.credentials ? [] : [origin];
  }
  const { pattern } = parseOriginPattern(origin);
  if (pattern === undefined || (safety.credentials && pattern.subdomains && coversStrangers(pattern))) {
    return [];
  }
  if (safety.credentials && !safety.insecureAllowed && pattern.scheme === 'http' && !isLoopbackHost(pattern.host)) {
    const secure = origin.replace('http:', 'https:');
    return parseOriginPattern(secure).pattern === undefined ? [] : [secure];
  }
  return [origin];
}
