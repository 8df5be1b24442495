// Character codes, because comparing strings would allocate.

export const DOT = 0x2e;
export const COLON = 0x3a;
export const SLASH = 0x2f;
export const HYPHEN = 0x2d;
export const PLUS = 0x2b;
export const UNDERSCORE = 0x5f;
export const ZERO = 0x30;
export const LOWER_X = 0x78;
export const OPENING_BRACKET = 0x5b;
export const CLOSING_BRACKET = 0x5d;

/** Whether a character code is `0` to `9`. */
export function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

/** Whether a character code is `a` to `z`. */
export function isLowerCaseLetter(code: number): boolean {
  return code >= 0x61 && code <= 0x7a;
}

/** Whether a character code is `0` to `9` or `a` to `f`. */
export function isLowerCaseHexDigit(code: number): boolean {
  return isDigit(code) || (code >= 0x61 && code <= 0x66);
}
