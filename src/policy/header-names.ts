/**
 * Request headers that only browsers can set. Allowing them has no effect.
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

/** Headers that only requests have. */
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
 * Whether scripts can never set a request header.
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
 * Whether only CORS responses have a header.
 * @param name in lower case
 */
export function isCorsResponseHeader(name: string): boolean {
  return (
    name.startsWith('access-control-allow-') ||
    name === 'access-control-expose-headers' ||
    name === 'access-control-max-age'
  );
}

/** Headers that only responses to preflights have. Scripts never see them. */
const PREFLIGHT_ONLY_HEADERS: ReadonlySet<string> = new Set([
  'access-control-allow-headers',
  'access-control-allow-methods',
  'access-control-allow-private-network',
  'access-control-max-age',
]);

/**
 * Whether only responses to preflights have a header, so that exposing it has no effect.
 * @param name in lower case
 */
export function isPreflightOnlyHeader(name: string): boolean {
  return PREFLIGHT_ONLY_HEADERS.has(name);
}

/**
 * Response headers that scripts can always read, in lower case.
 * @see https://fetch.spec.whatwg.org/#cors-safelisted-response-header-name
 */
export const SAFELISTED_RESPONSE_HEADERS: ReadonlySet<string> = new Set([
  'cache-control',
  'content-language',
  'content-length',
  'content-type',
  'expires',
  'last-modified',
  'pragma',
]);

/**
 * Whether scripts can never read a response header.
 * @param name in lower case
 * @see https://fetch.spec.whatwg.org/#forbidden-response-header-name
 */
export function isForbiddenResponseHeader(name: string): boolean {
  return name === 'set-cookie' || name === 'set-cookie2';
}

/**
 * Whether only requests have a header, so that exposing it has no effect.
 * @param name in lower case
 */
export function isRequestOnlyHeader(name: string): boolean {
  return REQUEST_ONLY_HEADERS.has(name) || name.startsWith('access-control-request-') || name.startsWith('sec-fetch-');
}

/** Changes ASCII letters to lower case. `toLowerCase` would also change some other letters to ASCII ones. */
export function lowerCaseName(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}
