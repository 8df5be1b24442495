import type { PageHeader } from '../../browser/page-request.js';
import type { Preflight } from '../../browser/preflight.js';
import type { SiteRelation } from '../../browser/same-site.js';
import { isTrustworthy } from '../../browser/trustworthy.js';
import { lowerCaseName } from '../../policy/header-names.js';
import type { WireHeader } from '../page-exchange.js';

/** What a browser's own headers depend on. */
export interface RequestContext {
  readonly url: URL;
  /** The value of `Origin`; `undefined` if none is sent. */
  readonly origin: string | undefined;
  readonly referer: string | undefined;
  /** How the page is related to all URLs so far. */
  readonly site: SiteRelation;
  /** How the page is related to this URL. */
  readonly ownSite: SiteRelation;
  readonly mode: string;
  readonly cache: RequestCache;
  /** The headers of the page. */
  readonly headers: readonly Required<PageHeader>[];
}

/** What only an actual request needs. */
export interface RequestExtras {
  /** In bytes. */
  readonly contentLength: number | undefined;
  readonly cookie: string | undefined;
  /** Whether the request includes credentials. */
  readonly credentials: boolean;
  /** Whether Chromium adds `Origin` during a redirect, after other headers. */
  readonly isOriginLate: boolean;
}

const USER_AGENT =
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36';
const ACCEPT_LANGUAGE = 'en-US,en;q=0.9';

type OptionalHeader = readonly [name: string, value: string | undefined];

/**
 * The headers of a preflight, in the order and spelling of Chromium.
 * @see https://fetch.spec.whatwg.org/#cors-preflight-fetch
 */
export function preflightHeaders(context: RequestContext, { method, headers }: Preflight): WireHeader[] {
  const { url, origin, referer, ownSite, cache } = context;
  const isSecure = isTrustworthy(url);
  return present([
    ['Host', url.host],
    ['Connection', 'keep-alive'],
    ...cacheHeaders(cache),
    ['Accept', '*/*'],
    ['Access-Control-Request-Method', method],
    ['Access-Control-Request-Headers', headers.length === 0 ? undefined : headers.join(',')],
    ['Origin', origin],
    ['User-Agent', USER_AGENT],
    ['Sec-Fetch-Mode', 'cors'],
    ['Sec-Fetch-Site', isSecure ? ownSite : undefined],
    ['Sec-Fetch-Dest', isSecure ? 'empty' : undefined],
    ['Referer', referer],
    ['Accept-Encoding', acceptEncoding(isSecure)],
    ['Accept-Language', ACCEPT_LANGUAGE],
  ]);
}

/**
 * The headers of a request, in the order and spelling of Chromium. It mixes the page's own headers with those from
 * User-Agent to Accept in the order of a hash table. This function puts the page's own headers first.
 */
export function requestHeaders(context: RequestContext, extras: RequestExtras): WireHeader[] {
  const { url, headers, referer, site, ownSite, mode, cache } = context;
  const { contentLength, cookie, credentials, isOriginLate } = extras;
  const isSecure = isTrustworthy(url);
  const own = new Map(headers.map((header) => [lowerCaseName(header.name), header]));
  // Chromium writes these in its own spelling and at their own place, with the value of the page.
  const isWritten = new Set(['accept', 'content-type', ...cacheHeaders(cache).map(([name]) => lowerCaseName(name))]);
  const origin: OptionalHeader = ['Origin', context.origin];
  return present([
    ['Host', url.host],
    ['Connection', 'keep-alive'],
    ['Content-Length', contentLength?.toString()],
    ...cacheHeaders(cache).map(([name, value]): WireHeader => [name, own.get(lowerCaseName(name))?.value ?? value]),
    ...headers
      .filter(({ name }) => !isWritten.has(lowerCaseName(name)))
      .map(({ name, value }): WireHeader => [name, value]),
    ['User-Agent', USER_AGENT],
    [own.get('content-type')?.name ?? 'Content-Type', own.get('content-type')?.value],
    [own.get('accept')?.name ?? 'Accept', own.get('accept')?.value ?? '*/*'],
    ...(isOriginLate ? [] : [origin]),
    ['Sec-Fetch-Site', isSecure ? site : undefined],
    ['Sec-Fetch-Mode', isSecure ? mode : undefined],
    ['Sec-Fetch-Dest', isSecure ? 'empty' : undefined],
    ['Sec-Fetch-Storage-Access', isSecure && credentials && ownSite === 'cross-site' ? 'active' : undefined],
    ...(isOriginLate ? [origin] : []),
    ['Referer', referer],
    ['Accept-Encoding', own.has('range') ? 'identity' : acceptEncoding(isSecure)],
    ['Accept-Language', own.has('accept-language') ? undefined : ACCEPT_LANGUAGE],
    ['Cookie', cookie],
  ]);
}

/** @see https://fetch.spec.whatwg.org/#http-network-or-cache-fetch */
function cacheHeaders(cache: RequestCache): readonly WireHeader[] {
  switch (cache) {
    case 'no-store':
    case 'reload':
      return [
        ['Pragma', 'no-cache'],
        ['Cache-Control', 'no-cache'],
      ];
    case 'no-cache':
      return [['Cache-Control', 'max-age=0']];
    default:
      return [];
  }
}

/** Chromium accepts Brotli only where nothing on the way can change the response. */
function acceptEncoding(isSecure: boolean): string {
  return isSecure ? 'gzip, deflate, br' : 'gzip, deflate';
}

function present(headers: readonly OptionalHeader[]): WireHeader[] {
  return headers.filter((header): header is WireHeader => header[1] !== undefined);
}
