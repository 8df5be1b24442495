/** Results of {@link readDefaultPort} for schemes without a default port. */
export const NO_DEFAULT_PORT = 0;
export const NO_TUPLE_ORIGIN = -1;

const DEFAULT_PORTS: ReadonlyMap<string, number> = new Map([
  ['http', 80],
  ['https', 443],
  ['ws', 80],
  ['wss', 443],
  ['ftp', 21],
  ...['file', 'data', 'blob', 'about', 'javascript'].map((scheme): [string, number] => [scheme, NO_TUPLE_ORIGIN]),
]);

// Their registries and shells create only lower-case hosts.
const LOWER_CASE_HOSTS: ReadonlySet<string> = new Set(['capacitor', 'ionic', 'chrome-extension', 'moz-extension']);

/**
 * Schemes with a default port have domains and IP addresses for hosts. The hosts of other schemes are opaque: upper
 * case and a trailing dot are part of the name.
 *
 * @param scheme lower case, without the colon
 * @returns the default port; {@link NO_DEFAULT_PORT} for a scheme with opaque hosts; {@link NO_TUPLE_ORIGIN} for one
 * whose pages send the origin `null`
 * @see https://url.spec.whatwg.org/#is-special
 */
export function readDefaultPort(scheme: string): number {
  return DEFAULT_PORTS.get(scheme) ?? NO_DEFAULT_PORT;
}

/** Whether a host keeps its upper case and its trailing dot in an origin of this scheme (lower case, no colon). */
export function hasOpaqueHost(scheme: string): boolean {
  return readDefaultPort(scheme) === NO_DEFAULT_PORT;
}

/** Whether origins of this scheme (lower case, no colon) never contain upper case. */
export function hasLowerCaseHost(scheme: string): boolean {
  return LOWER_CASE_HOSTS.has(scheme) || !hasOpaqueHost(scheme);
}

/**
 * Whether an opaque host may contain a character: printable ASCII other than the forbidden host code points. The star
 * is excluded too, because it has a meaning in patterns. The URL parser percent-encodes all others.
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
