const readSource = Object.getOwnPropertyDescriptor(RegExp.prototype, 'source')?.get;

/** Whether a value is a regular expression, whatever its prototype and its own properties say. Never throws. */
export function isRegExp(value: unknown): value is RegExp {
  if (typeof value !== 'object' || value === null || value === RegExp.prototype) return false;
  try {
    return typeof readSource?.call(value) === 'string';
  } catch {
    return false;
  }
}

/**
 * A copy of a regular expression that keeps no state between calls: flags g and y (and m and d, which mean nothing for
 * origins) are gone, and so is whatever a subclass or the object itself overrides.
 */
export function copyRegExp(regexp: RegExp): RegExp {
  // The constructor reads the internal slots, which no subclass can forge.
  const copy = new RegExp(regexp);
  // g and y keep a position between calls; m would anchor per line, and origins are one line; d only costs.
  return new RegExp(copy.source, copy.flags.replace(/[gymd]/g, ''));
}

/** Whether an expression made by {@link copyRegExp} matches a text from its first to its last character. */
export function matchesWhole(copy: RegExp, text: string): boolean {
  const match = copy.exec(text);
  return match !== null && match[0].length === text.length;
}
