import { type Failure, failure, type Names } from './failure.js';
import { type HttpResponse, headerValue } from './http-response.js';
import { isCrossOrigin, type PageRequest, parseUrl } from './page-request.js';
import { siteHost } from './same-site.js';

/** Chromium reports `net::ERR_BLOCKED_BY_RESPONSE.NotSameOrigin`, which is no CORS error. */
const BLOCKED: Names = [undefined, 'COEP', 'corp'];

/**
 * Why `Cross-Origin-Resource-Policy` forbids an embed; `undefined` if it does not.
 * @see https://fetch.spec.whatwg.org/#cross-origin-resource-policy-internal-check
 */
export function checkResourcePolicy(request: PageRequest, response: HttpResponse): Failure | undefined {
  const url = parseUrl(request.url);
  if (url === undefined || !isCrossOrigin(request.origin, url)) {
    return undefined;
  }
  const policy = headerValue(response, 'cross-origin-resource-policy');
  const blocked = policy === 'same-origin' || (policy === 'same-site' && !isSameSite(request.origin, url));
  return blocked ? failure('resource-policy', BLOCKED) : undefined;
}

/** Whether a page may embed a `same-site` resource. Unlike other checks of sites, it lets pages over TLS embed `http:`. */
function isSameSite(origin: string, url: URL): boolean {
  const page = parseUrl(origin);
  return (
    page !== undefined &&
    siteHost(page.hostname) === siteHost(url.hostname) &&
    (page.protocol === 'https:' || url.protocol !== 'https:')
  );
}
