import { sameSiteRelation, siteHost } from '../../browser/same-site.js';
import { isTrustworthy } from '../../browser/trustworthy.js';
import { type Cookie, identityOf, isOnPath, isWithin } from './cookie.js';
import { type Refusal, readSetCookie } from './set-cookie.js';

/** As Chromium: a site with more cookies loses its oldest ones. */
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
   * @param origin the page's
   * @param address what URLs are relative to
   */
  constructor(origin: string, address: () => string | undefined) {
    this.#origin = origin;
    this.#address = address;
  }

  /**
   * Stores a cookie, as if a response of the same site had this `Set-Cookie` line.
   * @param url of the response: absolute, or relative to the page's `address`, which is the default
   * @throws {Error} if a browser refuses the cookie
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
   * The `Cookie` header of a request from the same site; the empty text if it has none.
   * @param url of the request: absolute, or relative to the page's `address`, which is the default
   * @throws {Error} if the URL cannot be parsed
   */
  get(url = ''): string {
    return this.#header(this.#resolve(url), true) ?? '';
  }

  /** Removes all cookies. */
  clear(): void {
    this.#cookies.clear();
  }

  /** The stored cookies, the oldest first. */
  list(): readonly Cookie[] {
    this.#removeExpired();
    return Object.freeze([...this.#cookies.values()]);
  }

  /**
   * Stores the `Set-Cookie` lines of a response to the page. A browser does not tell a page about refused cookies.
   * @internal
   */
  store(lines: readonly string[], url: URL): void {
    for (const line of lines) {
      this.#store(line, url, this.#isSameSite(url));
    }
  }

  /**
   * The `Cookie` header of a request of the page with credentials. Chromium looks only at the page and this URL: a
   * redirect over another site makes no difference.
   * @internal
   */
  header(url: URL): string | undefined {
    return this.#header(url, this.#isSameSite(url));
  }

  #isSameSite(url: URL): boolean {
    return sameSiteRelation(this.#origin, url) !== 'cross-site';
  }

  #resolve(url: string): URL {
    const address = this.#address();
    if (!URL.canParse(url, address)) {
      throw new Error(
        `page.cookies: ${JSON.stringify(url)} is no absolute URL. Write one, such as https://api.example.com.`,
      );
    }
    return new URL(url, address);
  }

  #store(line: string, url: URL, sameSite: boolean): Refusal | undefined {
    const now = Date.now();
    const cookie = readSetCookie(line, url, now);
    if (typeof cookie === 'string') {
      return cookie;
    }
    if (!sameSite && cookie.sameSite !== 'None') {
      return 'Another site can only set cookies with `SameSite=None`.';
    }
    this.#removeExpired();
    if (!isTrustworthy(url) && [...this.#cookies.values()].some((stored) => hides(cookie, stored))) {
      return 'It would hide a `Secure` cookie. Use an https: URL.';
    }
    const identity = identityOf(cookie);
    // A cookie that gets a new value becomes the youngest one.
    if (this.#cookies.get(identity)?.value !== cookie.value) {
      this.#cookies.delete(identity);
    }
    this.#cookies.set(identity, cookie);
    this.#removeExpired();
    this.#limit(siteHost(cookie.domain));
    return undefined;
  }

  #header(url: URL, sameSite: boolean): string | undefined {
    this.#removeExpired();
    const secure = isTrustworthy(url);
    const sent = [...this.#cookies.values()].filter(
      (cookie) =>
        (sameSite || cookie.sameSite === 'None') &&
        (secure || !cookie.secure) &&
        (cookie.hostOnly ? url.hostname === cookie.domain : isWithin(url.hostname, cookie.domain)) &&
        isOnPath(url.pathname, cookie.path),
    );
    // Sorting keeps the order of age among paths of the same length.
    sent.sort((one, other) => other.path.length - one.path.length);
    return sent.map(({ name, value }) => (name === '' ? value : `${name}=${value}`)).join('; ') || undefined;
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
    const identities = [...this.#cookies].filter(([, { domain }]) => siteHost(domain) === site).map(([key]) => key);
    if (identities.length > MOST_OF_A_SITE) {
      for (const identity of identities.slice(0, -LEFT_OF_A_SITE)) {
        this.#cookies.delete(identity);
      }
    }
  }
}

/** Whether a cookie from a server that is not secure would be sent beside, or instead of, a `Secure` one. */
function hides(cookie: Cookie, stored: Cookie): boolean {
  return (
    stored.secure &&
    !stored.partitioned &&
    stored.name === cookie.name &&
    (isWithin(stored.domain, cookie.domain) || isWithin(cookie.domain, stored.domain)) &&
    isOnPath(cookie.path, stored.path)
  );
}
