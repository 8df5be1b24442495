import { parseUrl } from '../../browser/page-request.js';
import { sameSiteRelation, siteHost } from '../../browser/same-site.js';
import { isTrustworthy } from '../../browser/trustworthy.js';
import { type Cookie, identityOf, isOnPath, isWithin } from './cookie.js';
import { type Refusal, readSetCookie } from './set-cookie.js';

/** As in Chromium, a site with more cookies loses its oldest ones. */
const MOST_OF_A_SITE = 180;
const LEFT_OF_A_SITE = 150;

/**
 * The cookies of a page's browser, as Chromium stores and sends them. Ports make no difference to cookies.
 * @see https://httpwg.org/http-extensions/draft-ietf-httpbis-rfc6265bis.html
 */
export class CookieJar {
  readonly #origin: string;
  readonly #address: () => string | undefined;
  /** By identity, the oldest first. */
  readonly #cookies = new Map<string, Cookie>();

  /**
   * @internal
   * @param origin the origin of the page
   * @param address the base of relative URLs; read at each call
   */
  constructor(origin: string, address: () => string | undefined) {
    this.#origin = origin;
    this.#address = address;
  }

  /**
   * Stores a cookie, as if a response of the same site had this `Set-Cookie` line.
   * @param url of the response: absolute, or relative to the page's `address`, which is the default
   * @throws Error if browsers refuse the cookie, or the URL cannot be parsed
   */
  set(line: string, url = ''): void {
    const response = this.#resolve(url);
    const refusal = this.#store(line, response, true);
    if (refusal !== undefined) {
      const place = `page.cookies.set(${JSON.stringify(line)}, ${JSON.stringify(response.href)})`;
      throw new Error(`${place}: browsers refuse this cookie. ${refusal}`);
    }
  }

  /**
   * The `Cookie` header of a request from the same site; an empty text if there is none.
   * @param url of the request: absolute, or relative to the page's `address`, which is the default
   * @throws Error if the URL cannot be parsed
   */
  get(url = ''): string {
    return this.header(this.#resolve(url), true) ?? '';
  }

  /** Removes all cookies. */
  clear(): void {
    this.#cookies.clear();
  }

  /** The cookies that have not expired, the oldest first. Frozen. */
  list(): readonly Cookie[] {
    this.#removeExpired();
    return Object.freeze([...this.#cookies.values()]);
  }

  /**
   * Stores the `Set-Cookie` lines of a response to the page. Browsers do not tell a page about refused cookies.
   * @internal
   */
  store(lines: readonly string[], url: URL): void {
    for (const line of lines) {
      this.#store(line, url, this.#isSameSite(url));
    }
  }

  /**
   * The `Cookie` header of a request of the page with credentials. Chromium compares only the page and this URL: a
   * redirect over another site makes no difference.
   * @internal
   */
  header(url: URL, sameSite = this.#isSameSite(url)): string | undefined {
    const sent = this.list().filter(
      (cookie) =>
        (sameSite || cookie.sameSite === 'None') &&
        (isTrustworthy(url) || !cookie.secure) &&
        (cookie.hostOnly ? url.hostname === cookie.domain : isWithin(url.hostname, cookie.domain)) &&
        isOnPath(url.pathname, cookie.path),
    );
    // Among paths of the same length, the oldest stay first.
    sent.sort((one, other) => other.path.length - one.path.length);
    return sent.map(({ name, value }) => (name === '' ? value : `${name}=${value}`)).join('; ') || undefined;
  }

  #store(line: string, url: URL, sameSite: boolean): Refusal | undefined {
    const cookie = readSetCookie(line, url, Date.now());
    if (typeof cookie === 'string') {
      return cookie;
    }
    if (!sameSite && cookie.sameSite !== 'None') {
      return 'A response of another site needs `SameSite=None; Secure`.';
    }
    if (!isTrustworthy(url) && this.list().some((stored) => hides(cookie, stored))) {
      return 'It would hide a `Secure` cookie. Use an https: URL.';
    }
    const identity = identityOf(cookie);
    // A cookie that gets a new value becomes the youngest one.
    if (this.#cookies.get(identity)?.value !== cookie.value) {
      this.#cookies.delete(identity);
    }
    this.#cookies.set(identity, cookie);
    this.#limit(siteHost(cookie.domain));
    return undefined;
  }

  #isSameSite(url: URL): boolean {
    return sameSiteRelation(this.#origin, url) !== 'cross-site';
  }

  #resolve(url: string): URL {
    const address = this.#address();
    const resolved = parseUrl(url, address);
    if (resolved === undefined) {
      throw new Error(`page.cookies: ${JSON.stringify(url)} is no absolute URL. Write one: https://api.example.com.`);
    }
    return resolved;
  }

  #removeExpired(): void {
    const now = Date.now();
    for (const [identity, { expires = Number.POSITIVE_INFINITY }] of this.#cookies) {
      if (expires <= now) {
        this.#cookies.delete(identity);
      }
    }
  }

  #limit(site: string): void {
    const cookies = this.list().filter(({ domain }) => siteHost(domain) === site);
    if (cookies.length > MOST_OF_A_SITE) {
      for (const cookie of cookies.slice(0, -LEFT_OF_A_SITE)) {
        this.#cookies.delete(identityOf(cookie));
      }
    }
  }
}

/** Whether a cookie of a server without TLS would be sent beside, or instead of, a `Secure` one. */
function hides(cookie: Cookie, stored: Cookie): boolean {
  return (
    stored.secure &&
    !stored.partitioned &&
    stored.name === cookie.name &&
    (isWithin(stored.domain, cookie.domain) || isWithin(cookie.domain, stored.domain)) &&
    isOnPath(cookie.path, stored.path)
  );
}
