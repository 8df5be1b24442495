import type { EnforceOption } from '../policy/policy-options.js';
import type { RawRequest } from './http-platform.js';

/** Whether a policy enforces for a method. */
export function enforcesMethod(enforce: EnforceOption, method: string): boolean {
  return enforce === 'all' || (enforce === 'unsafe-methods' && !isSafeMethod(method));
}

/**
 * Whether a request can not be a cross-origin one from a page: it has no Origin, the browser says so in
 * Sec-Fetch-Site, or, where the browser says nothing, the Origin's host and port are the ones asked for.
 *
 * @param host the Host the platform reports, its trust-proxy setting respected
 * @see https://www.w3.org/TR/fetch-metadata/#sec-fetch-site-header
 */
export function isExempt(raw: RawRequest, host: () => string | undefined): boolean {
  const origin = raw.headers.origin;
  if (typeof origin !== 'string') {
    return true;
  }
  const site = raw.headers['sec-fetch-site'];
  if (typeof site === 'string') {
    return site === 'same-origin' || site === 'none';
  }
  const asked = host();
  return asked !== undefined && hasHost(origin, asked);
}

/** Whether the browser says that a request stays within one origin. */
export function isSameOrigin(raw: RawRequest): boolean {
  return raw.headers['sec-fetch-site'] === 'same-origin';
}

function isSafeMethod(method: string): boolean {
  return method === 'GET' || method === 'HEAD' || method === 'OPTIONS';
}

/** Compares an origin's host and port with a Host header, which may name the scheme's default port or leave it out. */
function hasHost(origin: string, host: string): boolean {
  const scheme = origin.indexOf('://');
  if (scheme === -1) {
    return false;
  }
  const own = origin.slice(scheme + 3);
  const asked = host.toLowerCase();
  if (own === asked) {
    return true;
  }
  const defaultPort = origin.startsWith('https:') ? ':443' : origin.startsWith('http:') ? ':80' : '';
  return defaultPort !== '' && `${own}${defaultPort}` === asked;
}
