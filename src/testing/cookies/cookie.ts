/** A cookie that a page's browser has stored. */
export interface Cookie {
  /** Empty if the line has only a value. */
  readonly name: string;
  /** The value as sent, with its quotation marks if it has them. */
  readonly value: string;
  /** The attribute `Domain`, by default the host that set the cookie. */
  readonly domain: string;
  /** Whether only `domain` receives the cookie, and not its subdomains: there was no `Domain`. */
  readonly hostOnly: boolean;
  /** Requests to this path and below it send the cookie. */
  readonly path: string;
  /** Whether only https: and loopback URLs receive it. */
  readonly secure: boolean;
  /** Whether scripts cannot read it. Requests still send it. */
  readonly httpOnly: boolean;
  /** `Lax` if the cookie has no valid `SameSite`. */
  readonly sameSite: 'Strict' | 'Lax' | 'None';
  /** Whether it has the attribute `Partitioned`. */
  readonly partitioned: boolean;
  /** Milliseconds since 1970. `undefined` for a session cookie. */
  readonly expires: number | undefined;
}

/** A cookie replaces one with the same identity. No part of a cookie contains `;`. */
export function identityOf({ name, domain, hostOnly, path, partitioned }: Cookie): string {
  return [name, domain, hostOnly, path, partitioned].join(';');
}

/** Whether a host is a domain or below it. */
export function isWithin(host: string, domain: string): boolean {
  return host === domain || host.endsWith(`.${domain}`);
}

/**
 * Whether a path is a cookie's path or below it.
 * @see https://httpwg.org/http-extensions/draft-ietf-httpbis-rfc6265bis.html#section-5.1.4
 */
export function isOnPath(path: string, cookiePath: string): boolean {
  return path === cookiePath || path.startsWith(cookiePath.endsWith('/') ? cookiePath : `${cookiePath}/`);
}
