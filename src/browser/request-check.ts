import { isToken } from '../policy/http-token.js';
import { isForbiddenMethod, isSafelistedMethod, normalizeMethod } from '../policy/methods.js';
import { type Failure, failure, type Names } from './failure.js';
import { trimBlanks } from './http-response.js';
import {
  hasCredentials,
  isCrossOrigin,
  isHttpUrl,
  type PageHeader,
  type PageRequest,
  parseUrl,
} from './page-request.js';

const UNNAMED: Names = [undefined, undefined, undefined];
const MODE: Names = ['DisallowedByMode', 'SOP', 'mode-forbids'];
const REDIRECT_MODE: Names = ['NoCorsRedirectModeNotFollow', undefined, undefined];
const SCHEME: Names = ['CorsDisabledScheme', 'CORSRequestNotHttp', 'scheme-not-http'];

/**
 * Why a browser sends nothing at all; `undefined` if it sends the request or its preflight.
 * @see https://fetch.spec.whatwg.org/#dom-request
 * @see https://fetch.spec.whatwg.org/#main-fetch
 */
export function checkRequest(request: PageRequest): Failure | undefined {
  const url = parseUrl(request.url);
  if (url === undefined || hasCredentials(url) || !isSendable(request)) {
    return failure('request', UNNAMED);
  }
  const foreign = isCrossOrigin(request.origin, url);
  if (foreign && request.mode === 'same-origin') {
    return failure('mode', MODE);
  }
  if (foreign && request.mode === 'no-cors' && (request.redirect ?? 'follow') !== 'follow') {
    return failure('mode', REDIRECT_MODE);
  }
  if (isHttpUrl(url)) {
    return undefined;
  }
  return request.mode === 'cors'
    ? failure('scheme', SCHEME, { chromium: url.protocol.slice(0, -1) })
    : failure('scheme', UNNAMED);
}

function isSendable({ method, headers, mode }: PageRequest): boolean {
  return (
    isToken(method) &&
    !isForbiddenMethod(method) &&
    (mode !== 'no-cors' || isSafelistedMethod(normalizeMethod(method))) &&
    headers.every(isWellFormed)
  );
}

function isWellFormed({ name, value }: PageHeader): boolean {
  return isToken(name) && (value === undefined || !/[\0\r\n]|[^\0-\xff]/.test(trimBlanks(value)));
}
