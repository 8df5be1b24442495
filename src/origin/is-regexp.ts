const readSource = Object.getOwnPropertyDescriptor(RegExp.prototype, 'source')?.get;

/**
 * Whether a value is a regular expression, also one of another realm. Its prototype and its own properties do not
 * count. Never throws.
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
