/** 1 at the code of each character that RFC 9110 section 5.6.2 allows in a token. */
const TOKEN_CHARACTERS = /* @__PURE__ */ (() => {
  const table = new Uint8Array(128);
  for (const character of "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ") {
    table[character.charCodeAt(0)] = 1;
  }
  return table;
})();

/** Whether a token may contain a character, given by its code. */
export function isTokenCode(code: number): boolean {
  return code < 128 && TOKEN_CHARACTERS[code] === 1;
}

/**
 * Whether a text is an HTTP token: a method or a header name.
 * @see https://www.rfc-editor.org/rfc/rfc9110#section-5.6.2
 */
export function isToken(text: string): boolean {
  for (let index = 0; index < text.length; index++) {
    if (!isTokenCode(text.charCodeAt(index))) {
      return false;
    }
  }
  return text.length > 0;
}
