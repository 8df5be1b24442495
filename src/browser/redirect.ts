import { type Failure, failure, type Names } from './failure.js';
import { type HttpResponse, headerLines } from './http-response.js';
import { hasCredentials, isCrossOrigin, isHttpUrl, type PageRequest, parseUrl } from './page-request.js';

/** https://fetch.spec.whatwg.org/#redirect-status */
const REDIRECT_STATUSES: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

const USER_INFO: Names = ['RedirectContainsCredentials', 'CORSDidNotSucceed', 'redirect-has-credentials'];
/** Chromium has no name for redirects to `data:`. */
const SCHEME: Names = ['CorsDisabledScheme', undefined, undefined];
const UNNAMED: Names = [undefined, undefined, undefined];

/** The value of `Location` if a response is a redirect. */
export function redirectTarget(response: HttpResponse): string | undefined {
  return REDIRECT_STATUSES.has(response.status) ? headerLines(response, 'location')[0] : undefined;
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
    return request.mode === 'cors' && to.protocol !== 'data:'
      ? failure('location', SCHEME, { chromium: to.protocol.slice(0, -1) })
      : failure('location', UNNAMED);
  }
  // Credentials within the page's own origin are allowed.
  const foreign = isCrossOrigin(request.origin, from) || isCrossOrigin(request.origin, to);
  return request.mode === 'cors' && hasCredentials(to) && foreign
    ? failure('location', USER_INFO, { webkit: to.href })
    : undefined;
}
