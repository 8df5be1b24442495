import { isWellFormedOrigin } from '../../origin/grammar/origin-grammar.js';
import type { RawRequest } from '../http-platform.js';

/**
 * Whether a request cannot be a cross-origin one from a page, as far as its own headers tell: it has no Origin, or the
 * browser says so in Sec-Fetch-Site.
 *
 * @returns `undefined` where the browser sends no Sec-Fetch-Site: {@link hasHost} decides then
 * @see https://www.w3.org/TR/fetch-metadata/#sec-fetch-site-header
 */
export function isExempt({ headers }: RawRequest): boolean | undefined {
  if (typeof headers.origin !== 'string') {
    return true;
  }
  const site = headers['sec-fetch-site'];
  return typeof site === 'string' ? site === 'same-origin' || site === 'none' : undefined;
}

/**
 * Whether an origin has the host and port that a request is for. Only `http:` and `https:` origins name such a host.
 *
 * @param host the Host that the platform reports; it may include or omit the default port of the scheme
 */
export function hasHost(origin: string, host: string | undefined): boolean {
  const secure = origin.startsWith('https://');
  if (host === undefined || (!secure && !origin.startsWith('http://')) || !isWellFormedOrigin(origin)) {
    return false;
  }
  const own = origin.slice(origin.indexOf('//') + 2);
  const requested = host.toLowerCase();
  return own === requested || `${own}${secure ? ':443' : ':80'}` === requested;
}
