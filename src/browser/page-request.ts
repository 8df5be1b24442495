/** One header of a page's request. A name without a value counts as one that needs permission. */
export interface PageHeader {
  readonly name: string;
  readonly value?: string;
}

/**
 * A request that a page makes with `fetch`.
 * @see https://fetch.spec.whatwg.org/#concept-request
 */
export interface PageRequest {
  /** What the browser sends as `Origin`. `null` in a sandboxed frame, and after some redirects. */
  readonly origin: string;
  /** An absolute URL. */
  readonly url: string;
  /** As the page writes it. */
  readonly method: string;
  readonly headers: readonly PageHeader[];
  /** Whether the credentials mode is `include`. */
  readonly credentials: boolean;
  /** `no-cors` also stands for images, scripts and other embeds. */
  readonly mode: 'cors' | 'no-cors' | 'same-origin';
  /** @default 'follow' */
  readonly redirect?: 'follow' | 'error' | 'manual';
}

/**
 * A URL, or `undefined` if it cannot be parsed. `URL.canParse` is no help: in Node.js 20 and 22 it refuses URLs with
 * letters such as `ü` once V8 has optimised it.
 */
export function parseUrl(url: string, base?: string): URL | undefined {
  try {
    return new URL(url, base);
  } catch {
    return undefined;
  }
}

export function isHttpUrl({ protocol }: URL): boolean {
  return protocol === 'http:' || protocol === 'https:';
}

/** Whether a URL includes a user name or a password. */
export function hasCredentials({ username, password }: URL): boolean {
  return username !== '' || password !== '';
}

/** Whether a URL has another origin than a page. The origin `null` equals no other, not even itself. */
export function isCrossOrigin(origin: string, url: URL): boolean {
  return origin === 'null' || url.origin !== origin;
}

/** Whether a request needs the permission of another origin, so that the CORS protocol applies. */
export function isCorsRequest({ origin, url, mode }: PageRequest): boolean {
  const target = parseUrl(url);
  return mode === 'cors' && target !== undefined && isCrossOrigin(origin, target);
}

/**
 * What the browser sends as `Origin` after a redirect. It becomes `null` when a server that is not the page's own
 * redirects to another origin.
 * @param origin what the browser sent before the redirect
 * @param from the URL that answered with the redirect
 * @param to the absolute URL that the redirect leads to
 * @see https://fetch.spec.whatwg.org/#concept-request-tainted-origin
 */
export function originAfterRedirect(origin: string, from: string, to: string): string {
  const source = parseUrl(from);
  const target = parseUrl(to);
  if (source === undefined || target === undefined) {
    return 'null';
  }
  return isCrossOrigin(source.origin, target) && isCrossOrigin(origin, source) ? 'null' : origin;
}
