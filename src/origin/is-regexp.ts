const readSource = Object.getOwnPropertyDescriptor(RegExp.prototype, 'source')?.get;

/**
 * Whether a value is a regular expression, also one from another realm. Reads an internal slot, so neither the
 * prototype nor own properties can fake it. Never throws.
 */
export function isRegExp(value: unknown): value is RegExp {
  if (typeof value !== 'object' || value === null || value === RegExp.prototype) {
    return false;
  }
  try {
    return typeof readSource?.call(value) === 'string';
  } catch {
    return false;
  }
}
