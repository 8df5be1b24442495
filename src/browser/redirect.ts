import { type Failure, failure, type Names } from './failure.js';
import { type HttpResponse, headerLines } from './http-response.js';
import { hasCredentials, isCrossOrigin, isHttpUrl, type PageRequest, parseUrl } from './page-request.js';

/** https://fetch.spec.whatwg.org/#redirect-status */
const REDIRECT_STATUSES: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

const USER_INFO: Names = ['RedirectContainsCredentials', 'CORSDidNotSucceed', 'redirect-has-credentials'];
const SCHEME: Names = ['CorsDisabledScheme', undefined, undefined];
const UNNAMED: Names = [undefined, undefined, undefined];

/** Schemes that no server may redirect to. Chromium has no name for it. */
const UNSAFE_SCHEMES: ReadonlySet<string> = new Set(['about:', 'blob:', 'chrome:', 'data:', 'file:', 'filesystem:']);

export function isRedirectStatus(status: number): boolean {
  return REDIRECT_STATUSES.has(status);
}

/**
 * The value of `Location` if a response is a redirect. To Chromium an empty value is none, so that the response is
 * readable. In the standard it leads to the same URL again. Firefox and WebKit block it.
 */
export function redirectTarget(response: HttpResponse): string | undefined {
  return isRedirectStatus(response.status)
    ? headerLines(response, 'location').find((value) => value !== '')
    : undefined;
}

/**
 * Why a browser does not follow a redirect whose CORS check passed; `undefined` if it follows.
 * @see https://fetch.spec.whatwg.org/#http-redirect-fetch
 */
export function checkLocation(request: PageRequest, target: string): Failure | undefined {
  const from = parseUrl(request.url);
  const to = parseUrl(target, request.url);
  if (from === undefined || to === undefined) {
    return failure('location', UNNAMED);
  }
  if (!isHttpUrl(to)) {
    return failure('location', request.mode === 'cors' && !UNSAFE_SCHEMES.has(to.protocol) ? SCHEME : UNNAMED);
  }
  // Credentials within the page's own origin are allowed.
  const foreign = isCrossOrigin(request.origin, from) || isCrossOrigin(request.origin, to);
  return request.mode === 'cors' && hasCredentials(to) && foreign
    ? failure('location', USER_INFO, { webkit: to.href })
    : undefined;
}
