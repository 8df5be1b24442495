import { isLoopbackHost } from '../origin/grammar/origin-hosts.js';

/**
 * Whether browsers treat a URL as secure: over TLS, or on this machine. Cookies with `Secure` are stored and sent there,
 * requests carry `Sec-Fetch-*`, and pages over TLS may fetch it.
 * @see https://w3c.github.io/webappsec-secure-contexts/#is-url-trustworthy
 */
export function isTrustworthy({ protocol, hostname }: URL): boolean {
  return protocol === 'https:' || isLoopbackHost(hostname);
}

/**
 * Whether a browser blocks a request because a page over TLS must not fetch from a server that is not secure.
 * @see https://w3c.github.io/webappsec-mixed-content/#should-block-fetch
 */
export function isMixedContent(origin: string, url: URL): boolean {
  return origin.startsWith('https:') && url.protocol === 'http:' && !isTrustworthy(url);
}
