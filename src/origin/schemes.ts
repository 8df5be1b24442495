/** What {@link readDefaultPort} says about schemes without a default port. */
export const NO_DEFAULT_PORT = 0;
export const NO_TUPLE_ORIGIN = -1;

// Their registries and shells only ever make lower-case hosts.
const LOWER_CASE_HOSTS: ReadonlySet<string> = new Set(['capacitor', 'ionic', 'chrome-extension', 'moz-extension']);

/**
 * Reads what kind of scheme a text begins with. Schemes with a default port are those of the web, whose hosts are
 * domains and IP addresses. Hosts of the others are opaque: upper case and a trailing dot are part of the name.
 *
 * @param end the index of the scheme's colon
 * @returns the default port; {@link NO_DEFAULT_PORT} for a scheme with opaque hosts; {@link NO_TUPLE_ORIGIN} for one
 * whose pages send the origin `null`
 * @see https://url.spec.whatwg.org/#is-special
 */
export function readDefaultPort(text: string, end: number): number {
  // Nearly every request ends here. V8 inlines these comparisons, and not `startsWith`.
  if (
    text.charCodeAt(0) === 0x68 &&
    text.charCodeAt(1) === 0x74 &&
    text.charCodeAt(2) === 0x74 &&
    text.charCodeAt(3) === 0x70
  ) {
    if (end === 4) return 80;
    return end === 5 && text.charCodeAt(4) === 0x73 ? 443 : NO_DEFAULT_PORT;
  }
  return readRareDefaultPort(text, end);
}

function readRareDefaultPort(text: string, end: number): number {
  switch (end) {
    case 2:
      return text.startsWith('ws') ? 80 : NO_DEFAULT_PORT;
    case 3:
      if (text.startsWith('wss')) return 443;
      return text.startsWith('ftp') ? 21 : NO_DEFAULT_PORT;
    case 4:
      return text.startsWith('file') || text.startsWith('data') || text.startsWith('blob')
        ? NO_TUPLE_ORIGIN
        : NO_DEFAULT_PORT;
    case 5:
      return text.startsWith('about') ? NO_TUPLE_ORIGIN : NO_DEFAULT_PORT;
    case 10:
      return text.startsWith('javascript') ? NO_TUPLE_ORIGIN : NO_DEFAULT_PORT;
    default:
      return NO_DEFAULT_PORT;
  }
}

/** Whether a host keeps its upper case and its trailing dot in an origin of this scheme (lower case, no colon). */
export function hasOpaqueHost(scheme: string): boolean {
  return readDefaultPort(scheme, scheme.length) === NO_DEFAULT_PORT;
}

/** Whether origins of this scheme (lower case, no colon) never contain upper case. */
export function hasLowerCaseHost(scheme: string): boolean {
  return LOWER_CASE_HOSTS.has(scheme) || !hasOpaqueHost(scheme);
}

/**
 * Whether a character may stand in an opaque host: printable ASCII other than the forbidden host code points. The star
 * is excluded too, because patterns give it a meaning. Everything else is percent-encoded by the URL parser.
 *
 * @see https://url.spec.whatwg.org/#concept-opaque-host-parser
 */
export function isOpaqueHostCharacter(code: number): boolean {
  switch (code) {
    case 0x23: // #
    case 0x2a: // *
    case 0x2f: // /
    case 0x3a: // :
    case 0x3c: // <
    case 0x3e: // >
    case 0x3f: // ?
    case 0x40: // @
    case 0x5b: // [
    case 0x5c: // backslash
    case 0x5d: // ]
    case 0x5e: // ^
    case 0x7c: // |
      return false;
    default:
      return code > 0x20 && code < 0x7f;
  }
}
