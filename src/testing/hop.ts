import { type HttpResponse, headerValue } from '../browser/http-response.js';
import { isCrossOrigin, originAfterRedirect, type PageRequest, parseUrl } from '../browser/page-request.js';
import { type SiteRelation, sameSiteRelation } from '../browser/same-site.js';
import { lowerCaseName } from '../policy/header-names.js';
import type { FetchRequest } from './fetch-request.js';
import { isForOwnOrigin, isSentWithoutPermission } from './wire/chromium-headers.js';
import { redirectedPolicy, refererHeader } from './wire/referrer.js';
import type { RequestContext } from './wire/request-headers.js';

/** One request of a fetch: the first one, or one after a redirect. */
export interface Hop {
  readonly request: FetchRequest;
  readonly url: URL;
  /** The request as `src/browser` judges it. */
  readonly judged: PageRequest;
  /** Does not become `basic` again: https://fetch.spec.whatwg.org/#concept-request-response-tainting */
  readonly tainting: 'basic' | 'cors' | 'opaque';
  /** How the page is related to the URLs so far. */
  readonly site: SiteRelation;
  /** The `Origin` of CORS requests. */
  readonly sentOrigin: string;
  readonly isOriginLate: boolean;
  /** How many redirects led here. */
  readonly redirects: number;
}

const SITES: readonly SiteRelation[] = Object.freeze(['same-origin', 'same-site', 'cross-site']);

/** A redirect that drops the body drops these, too. */
const BODY_HEADERS: ReadonlySet<string> = new Set([
  'content-encoding',
  'content-language',
  'content-location',
  'content-type',
]);

/** The first request of a fetch. @param origin the origin of the page */
export function firstHop(origin: string, request: FetchRequest, url: URL): Hop {
  return hopOf(origin, request, url, {
    tainting: 'basic',
    site: 'same-origin',
    sentOrigin: origin,
    redirects: 0,
    isOriginLate: false,
  });
}

/**
 * The request after a redirect.
 * @param follow the absolute URL that it leads to
 * @see https://fetch.spec.whatwg.org/#http-redirect-fetch
 */
export function hopAfterRedirect(origin: string, hop: Hop, response: HttpResponse, follow: string): Hop {
  const url = new URL(follow);
  if (url.hash === '') {
    url.hash = hop.url.hash;
  }
  const { request } = hop;
  const dropsBody =
    (response.status === 303 && request.method !== 'GET' && request.method !== 'HEAD') ||
    ((response.status === 301 || response.status === 302) && request.method === 'POST');
  const leavesOrigin = isCrossOrigin(hop.url.origin, url);
  const headers = request.headers.filter(({ name: written }) => {
    const name = lowerCaseName(written);
    return (
      !(dropsBody && BODY_HEADERS.has(name)) &&
      !(leavesOrigin && name === 'authorization') &&
      !(isCrossOrigin(origin, url) && isForOwnOrigin(name))
    );
  });
  const next: FetchRequest = {
    ...request,
    url: url.href,
    method: dropsBody ? 'GET' : request.method,
    body: dropsBody ? undefined : request.body,
    headers,
    // Chromium shortens the referrer at each hop, so it never becomes longer again.
    referrer: contextOf(origin, hop).referer ?? '',
    referrerPolicy: redirectedPolicy(request.referrerPolicy, headerValue(response, 'referrer-policy')),
  };
  return hopOf(origin, next, url, {
    tainting: hop.tainting,
    site: hop.site,
    sentOrigin: originAfterRedirect(hop.sentOrigin, hop.url.href, url.href),
    redirects: hop.redirects + 1,
    isOriginLate: hop.isOriginLate || dropsBody || originOf(hop) === undefined,
  });
}

type Inherited = Pick<Hop, 'tainting' | 'site' | 'sentOrigin' | 'redirects' | 'isOriginLate'>;

function hopOf(origin: string, request: FetchRequest, url: URL, before: Inherited): Hop {
  const { mode, credentials, redirect } = request;
  const foreign = isCrossOrigin(origin, url) || before.tainting !== 'basic';
  const relation = sameSiteRelation(origin, url);
  return {
    ...before,
    request,
    url,
    tainting: !foreign || mode === 'same-origin' ? 'basic' : mode === 'no-cors' ? 'opaque' : 'cors',
    site: SITES[Math.max(SITES.indexOf(before.site), SITES.indexOf(relation))] as SiteRelation,
    judged: Object.freeze({
      origin: mode === 'cors' ? before.sentOrigin : origin,
      url: url.href,
      method: request.method,
      headers: request.headers.filter((header) => !isSentWithoutPermission(header)),
      credentials: credentials === 'include',
      mode,
      redirect,
    }),
  };
}

/** Whether cookies are sent and stored. */
export function includesCredentials({ request: { credentials }, tainting }: Hop): boolean {
  return credentials === 'include' || (credentials === 'same-origin' && tainting === 'basic');
}

/** What the headers of a hop depend on. */
export function contextOf(origin: string, hop: Hop): RequestContext {
  const { request, url, site } = hop;
  const { mode, cache, headers, referrerPolicy } = request;
  return {
    url,
    origin: originOf(hop),
    referer: refererHeader(referrerOf(origin, request), referrerPolicy, url),
    site,
    ownSite: sameSiteRelation(origin, url),
    mode,
    cache,
    headers,
  };
}

/** @see https://fetch.spec.whatwg.org/#append-a-request-origin-header */
function originOf({ tainting, request: { method }, sentOrigin }: Hop): string | undefined {
  return tainting === 'cors' || (method !== 'GET' && method !== 'HEAD') ? sentOrigin : undefined;
}

/** The URL of the page, or another one of its origin that the script names. Only pages over HTTP have one. */
function referrerOf(origin: string, { referrer }: FetchRequest): string {
  if (!/^https?:/.test(origin) || referrer === '') {
    return '';
  }
  const page = `${origin}/`;
  const named = parseUrl(referrer, page);
  return named === undefined || isCrossOrigin(origin, named) ? page : named.href;
}
