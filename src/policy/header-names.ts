/**
 * Request headers that browsers set themselves and scripts cannot, so that allowing them does nothing.
 * @see https://fetch.spec.whatwg.org/#forbidden-request-header
 */
const FORBIDDEN_REQUEST_HEADERS: ReadonlySet<string> = new Set([
  'accept-charset',
  'accept-encoding',
  'connection',
  'content-length',
  'cookie',
  'cookie2',
  'date',
  'dnt',
  'expect',
  'host',
  'keep-alive',
  'origin',
  'referer',
  'set-cookie',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'via',
]);

/** Headers a request carries and a response has no use for. */
const REQUEST_ONLY_HEADERS: ReadonlySet<string> = new Set([
  'cookie',
  'cookie2',
  'dnt',
  'expect',
  'host',
  'origin',
  'referer',
  'te',
]);

/**
 * Whether scripts cannot set a request header, whatever a server allows.
 * @param name in lower case
 * @see https://fetch.spec.whatwg.org/#forbidden-request-header
 */
export function isForbiddenRequestHeader(name: string): boolean {
  return (
    FORBIDDEN_REQUEST_HEADERS.has(name) ||
    name.startsWith('proxy-') ||
    name.startsWith('sec-') ||
    name.startsWith('access-control-request-')
  );
}

/**
 * Whether a name belongs to the answer of the CORS protocol and has no business in a request.
 * @param name in lower case
 */
export function isCorsResponseHeader(name: string): boolean {
  return (
    name.startsWith('access-control-allow-') ||
    name === 'access-control-expose-headers' ||
    name === 'access-control-max-age'
  );
}

/** Headers that only a preflight's answer carries, which no script ever sees. */
const PREFLIGHT_ONLY_HEADERS: ReadonlySet<string> = new Set([
  'access-control-allow-headers',
  'access-control-allow-methods',
  'access-control-allow-private-network',
  'access-control-max-age',
]);

/**
 * Whether a name belongs to the answers of preflights only, so that exposing it does nothing.
 * @param name in lower case
 */
export function isPreflightOnlyHeader(name: string): boolean {
  return PREFLIGHT_ONLY_HEADERS.has(name);
}

/**
 * Whether scripts can never read a response header, whatever a server exposes.
 * @param name in lower case
 * @see https://fetch.spec.whatwg.org/#forbidden-response-header-name
 */
export function isForbiddenResponseHeader(name: string): boolean {
  return name === 'set-cookie' || name === 'set-cookie2';
}

/**
 * Whether a name belongs to requests only, so that exposing it does nothing.
 * @param name in lower case
 */
export function isRequestOnlyHeader(name: string): boolean {
  return REQUEST_ONLY_HEADERS.has(name) || name.startsWith('access-control-request-') || name.startsWith('sec-fetch-');
}

/**
 * Lower case for ASCII only: other letters must not be folded into ASCII ones.
 */
export function lowerCaseName(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}
