import type { ConnectionFailed, HttpResponse } from '../browser/http-response.js';
import { judgePreflight, judgeRequest, judgeResponse, type Step, type Verdict } from '../browser/judge.js';
import { preflightOf } from '../browser/preflight.js';
import { readableHeaders } from '../browser/readable-headers.js';
import { isMixedContent } from '../browser/trustworthy.js';
import { lowerCaseName } from '../policy/header-names.js';
import type { CookieJar } from './cookies/cookie-jar.js';
import type { FetchRequest } from './fetch-request.js';
import { contextOf, firstHop, type Hop, hopAfterRedirect, includesCredentials } from './hop.js';
import type { WireHeader } from './page-exchange.js';
import { filteredResponse, readableResponse } from './page-response.js';
import type { PreflightCache } from './preflight-cache.js';
import { endsByMode, targetOf } from './redirect-mode.js';
import { preflightHeaders, requestHeaders } from './wire/request-headers.js';
import { responseBody } from './wire/response-body.js';
import { type ArrivedResponse, discard } from './wire/send.js';

/** https://fetch.spec.whatwg.org/#http-redirect-fetch */
const MOST_REDIRECTS = 20;

/** The part of a page that a fetch uses. */
export interface FetchingPage {
  readonly origin: string;
  readonly preflightCache: PreflightCache;
  readonly cookies: CookieJar;
  /** Sends a request, and records it. */
  send(request: WireRequest): Promise<ArrivedResponse | LostConnection>;
}

export interface WireRequest {
  readonly preflight: boolean;
  readonly method: string;
  readonly url: URL;
  readonly headers: readonly WireHeader[];
  readonly body: Uint8Array | undefined;
  readonly signal: AbortSignal | undefined;
}

export interface LostConnection {
  readonly cause: unknown;
}

/** Why a request or its response fails. */
interface Blocking {
  readonly step: Step;
  readonly code: string | undefined;
  readonly parameter: string | undefined;
  /** The status of the response that fails. */
  readonly status?: number | undefined;
  /** Whether a response fails a CORS check. */
  readonly byCors?: boolean | undefined;
  readonly cause?: unknown;
}

/** A fetch that the page cannot read. */
export interface BlockedFetch extends Blocking {
  /** The request that fails. */
  readonly hop: Hop;
}

export type FetchResult = Response | BlockedFetch;

/** Makes a request as a browser does: the preflight if one is due, the request, and those after redirects. */
export async function fetchSteps(page: FetchingPage, request: FetchRequest): Promise<FetchResult> {
  let hop = firstHop(page.origin, request, new URL(request.url));
  for (;;) {
    const result = await makeHop(page, hop);
    if ('response' in result) {
      return result.response;
    }
    if ('blocked' in result) {
      return { ...result.blocked, hop };
    }
    hop = hopAfterRedirect(page.origin, hop, result.redirect, result.follow);
  }
}

type HopResult =
  | { readonly response: Response }
  | { readonly blocked: Blocking }
  | { readonly redirect: HttpResponse; readonly follow: string };

async function makeHop(page: FetchingPage, hop: Hop): Promise<HopResult> {
  const refused = judgeRequest(hop.judged);
  const cause = reasonNotToSend(page.origin, hop, refused);
  if (refused !== undefined || cause !== undefined) {
    return { blocked: { ...blockedBy(refused), step: hop.redirects > 0 ? 'redirect' : 'request', cause } };
  }
  return (await sendPreflight(page, hop)) ?? (await makeRequest(page, hop));
}

/** Why a browser does not send a request, if CORS is not the reason. A TypeError if `fetch` rejects its arguments. */
function reasonNotToSend(origin: string, { url, request }: Hop, refused: Verdict | undefined): Error | undefined {
  if (refused !== undefined) {
    return refused.failed.includes('request')
      ? new TypeError(`fetch(): a page cannot send ${request.method} ${url.href}. Change its method, headers or URL.`)
      : undefined;
  }
  if (isMixedContent(origin, url)) {
    return new Error(`Mixed content: a page over TLS cannot fetch ${url.href}.`);
  }
  return request.cache === 'only-if-cached'
    ? new Error("Pages in tests have no HTTP cache, so `cache: 'only-if-cached'` finds nothing.")
    : undefined;
}

/** Sends a preflight if the request needs one and the cache does not cover it. */
async function sendPreflight(page: FetchingPage, hop: Hop): Promise<HopResult | undefined> {
  const { judged, url, request } = hop;
  const preflight = preflightOf(judged);
  // With these modes Chromium does not read the preflight cache either.
  const readsCache = request.cache !== 'no-store' && request.cache !== 'reload' && request.cache !== 'no-cache';
  if (preflight === undefined || (readsCache && page.preflightCache.covers(judged, preflight))) {
    return undefined;
  }
  const response = await page.send({
    preflight: true,
    method: 'OPTIONS',
    url,
    headers: preflightHeaders(contextOf(page.origin, hop), preflight),
    body: undefined,
    signal: request.signal,
  });
  const verdict = judgePreflight(judged, answerOf(response));
  if ('message' in response) {
    discard(response);
  }
  if (verdict !== undefined) {
    return { blocked: blockedBy(verdict, response) };
  }
  if (request.cache !== 'no-store') {
    page.preflightCache.store(judged, response as ArrivedResponse);
  }
  return undefined;
}

async function makeRequest(page: FetchingPage, hop: Hop): Promise<HopResult> {
  const { request, url } = hop;
  const credentials = includesCredentials(hop);
  const response = await page.send({
    preflight: false,
    method: request.method,
    url,
    headers: requestHeaders(contextOf(page.origin, hop), {
      contentLength: contentLength(request),
      cookie: credentials ? page.cookies.header(url) : undefined,
      credentials,
      isOriginLate: hop.isOriginLate,
    }),
    body: request.body,
    signal: request.signal,
  });
  const verdict = judgeResponse(hop.judged, answerOf(response));
  if (!('message' in response)) {
    return { blocked: blockedBy(verdict, response) };
  }
  if (credentials) {
    // Before the verdict: browsers store the cookies of responses that the page cannot read.
    page.cookies.store(setCookieLines(response), url);
  }
  const result = resultOf(hop, response, verdict);
  if (!('response' in result) || result.response.body === null) {
    discard(response);
  }
  return result;
}

function resultOf(hop: Hop, response: ArrivedResponse, verdict: Verdict): HopResult {
  const { redirect, url } = hop.request;
  if (endsByMode(redirect, verdict, response, url)) {
    return redirect === 'manual'
      ? { response: filteredResponse('opaqueredirect', withoutFragment(url)) }
      : { blocked: unfollowed(`\`redirect: 'error'\` refuses the redirect to ${targetOf(response, url)}.`) };
  }
  if (verdict.step !== undefined) {
    return { blocked: blockedBy(verdict) };
  }
  if (verdict.follow === undefined) {
    return { response: responseOf(hop, response) };
  }
  return hop.redirects < MOST_REDIRECTS
    ? { redirect: response, follow: verdict.follow }
    : { blocked: unfollowed(`Browsers follow at most ${MOST_REDIRECTS} redirects.`) };
}

function unfollowed(why: string): Blocking {
  return { step: 'redirect', code: undefined, parameter: undefined, cause: new Error(why) };
}

function responseOf(hop: Hop, response: ArrivedResponse): Response {
  const { tainting, judged, request, redirects } = hop;
  if (tainting === 'opaque') {
    return filteredResponse('opaque', '');
  }
  const { status, statusText } = response;
  const readable = new Set(readableHeaders(judged, response));
  const headers = response.headers
    .filter(({ name }) => readable.has(lowerCaseName(name)))
    .map(({ name, value }): [string, string] => [name, value]);
  const hasBody = request.method !== 'HEAD' && status !== 204 && status !== 205 && status !== 304;
  return readableResponse(
    hasBody ? responseBody(response, request.signal) : null,
    { status, statusText, headers },
    { type: tainting, url: withoutFragment(request.url), redirected: redirects > 0 },
  );
}

function setCookieLines({ headers }: HttpResponse): string[] {
  return headers.filter(({ name }) => lowerCaseName(name) === 'set-cookie').map(({ value }) => value);
}

function answerOf(response: ArrivedResponse | LostConnection): HttpResponse | ConnectionFailed {
  return 'message' in response ? response : 'connection-failed';
}

function blockedBy(verdict: Verdict | undefined, response?: ArrivedResponse | LostConnection): Blocking {
  const { name: code, parameter } = verdict?.browsers.chromium ?? { name: undefined, parameter: undefined };
  const cause = response !== undefined && 'cause' in response ? response.cause : undefined;
  const byCors =
    verdict?.step === 'preflight' || verdict?.failed.some((check) => check === 'origin' || check === 'credentials');
  return { step: verdict?.step ?? 'request', code, parameter, status: verdict?.status, byCors, cause };
}

/** @see https://fetch.spec.whatwg.org/#http-network-or-cache-fetch */
function contentLength({ method, body }: FetchRequest): number | undefined {
  return body?.length ?? (method === 'POST' || method === 'PUT' ? 0 : undefined);
}

function withoutFragment(url: string): string {
  return url.split('#', 1)[0] as string;
}
