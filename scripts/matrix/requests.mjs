// The requests to a booted consumer, and every header that it must send.
const APP = 'https://app.example.com';
const ADMIN = 'https://admin.example.com';
const WWW = 'https://www.example.com';
const EVIL = 'https://app.example.com.evil.example';
const TENANT = 'https://lamp.example.net';
const PREFLIGHT_VARY = 'Origin, Access-Control-Request-Method, Access-Control-Request-Headers';

/** Headers of the server and of the body. All other headers, and every header of a preflight, must match. */
const OF_NO_CONCERN = new Set(['connection', 'date', 'keep-alive']);
const OF_THE_BODY = new Set(['content-length', 'content-type', 'etag', 'x-powered-by']);

const preflight = (path, method, origin, names) => ({
  method: 'OPTIONS',
  path,
  headers: {
    origin,
    'access-control-request-method': method,
    ...(names === undefined ? {} : { 'access-control-request-headers': names }),
  },
});
const actual = (method, path, origin) => ({ method, path, headers: { origin } });

/** @type {{ name: string, request: { method: string, path: string, headers: object }, status: number, headers: object }[]} */
export const EXCHANGES = [
  {
    name: 'a preflight that the handler allows',
    request: preflight('/items', 'GET', APP),
    status: 204,
    headers: {
      'access-control-allow-origin': APP,
      'access-control-allow-credentials': 'true',
      'access-control-allow-methods': 'GET',
      'access-control-max-age': '600',
      'content-length': '0',
      vary: PREFLIGHT_VARY,
    },
  },
  {
    name: 'a preflight that another handler allows',
    request: preflight('/items/7', 'DELETE', ADMIN, 'authorization'),
    status: 204,
    headers: {
      'access-control-allow-origin': ADMIN,
      'access-control-allow-methods': 'DELETE',
      'access-control-allow-headers': 'authorization',
      'content-length': '0',
      vary: PREFLIGHT_VARY,
    },
  },
  {
    name: "a preflight with another handler's origin",
    request: preflight('/items/7', 'DELETE', APP, 'authorization'),
    status: 403,
    headers: { 'content-length': '0', vary: PREFLIGHT_VARY },
  },
  {
    name: 'a preflight to a disabled handler',
    request: preflight('/status', 'GET', WWW),
    status: 403,
    headers: { 'content-length': '0', vary: PREFLIGHT_VARY },
  },
  {
    name: 'a preflight that a class from the container allows',
    request: preflight('/status/tenant', 'GET', TENANT),
    status: 204,
    headers: {
      'access-control-allow-origin': TENANT,
      'access-control-allow-methods': 'GET',
      'access-control-max-age': '60',
      'content-length': '0',
      vary: PREFLIGHT_VARY,
    },
  },
  {
    name: 'an actual request that the handler allows',
    request: actual('GET', '/items', APP),
    status: 200,
    headers: {
      'access-control-allow-origin': APP,
      'access-control-allow-credentials': 'true',
      'access-control-expose-headers': 'x-total-count',
      vary: 'Origin',
    },
  },
  {
    name: 'an actual request from an unknown origin',
    request: actual('GET', '/items', EVIL),
    status: 200,
    headers: { vary: 'Origin' },
  },
  {
    name: 'an actual request that is refused before the handler',
    request: actual('POST', '/items/order', EVIL),
    status: 403,
    headers: { 'cache-control': 'no-store', vary: 'Origin' },
  },
  {
    name: 'an actual request to no route',
    request: actual('GET', '/nowhere', WWW),
    status: 404,
    headers: { 'access-control-allow-origin': WWW, vary: 'Origin' },
  },
];

/**
 * Compares a response with the expected one.
 *
 * @param {typeof EXCHANGES[number]} expected
 * @param {{ status: number, headers: Record<string, string | string[] | undefined> }} answer
 * @returns {string | undefined} the difference
 */
export function difference({ name, request, status, headers }, answer) {
  const concerns = (header) => !OF_NO_CONCERN.has(header) && (request.method === 'OPTIONS' || !OF_THE_BODY.has(header));
  const found = Object.fromEntries(Object.entries(answer.headers).filter(([header]) => concerns(header)));
  const text = (code, map) => JSON.stringify([code, Object.entries(map).sort(([one], [two]) => (one < two ? -1 : 1))]);
  const wanted = text(status, headers);
  const got = text(answer.status, found);
  return wanted === got ? undefined : `${name}: expected ${wanted}, was ${got}`;
}
