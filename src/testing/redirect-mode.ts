import type { HttpResponse } from '../browser/http-response.js';
import type { Verdict } from '../browser/judge.js';
import { parseUrl } from '../browser/page-request.js';
import { isRedirectStatus, redirectTarget } from '../browser/redirect.js';

/**
 * Whether the redirect mode ends a fetch. Some redirects fail before: Chromium checks first that the Location is a URL,
 * then the origin, then the mode, then the scheme of the Location.
 * @see https://fetch.spec.whatwg.org/#http-fetch
 */
export function endsByMode(
  mode: RequestRedirect,
  { step, follow, failed, browsers }: Verdict,
  response: HttpResponse,
  url: string,
): boolean {
  if (mode === 'follow' || follow !== undefined) {
    return mode !== 'follow';
  }
  const target = redirectTarget(response);
  if (target === undefined) {
    return mode === 'manual' && step === undefined && isRedirectStatus(response.status);
  }
  const isNamed = mode === 'error' && browsers.chromium.name === 'RedirectContainsCredentials';
  return failed.includes('location') && parseUrl(target, url) !== undefined && !isNamed;
}

/** The absolute URL of a redirect. */
export function targetOf(response: HttpResponse, url: string): string {
  return new URL(redirectTarget(response) ?? '', url).href;
}
