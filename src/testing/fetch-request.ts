import { type PageHeader, type PageRequest, parseUrl } from '../browser/page-request.js';
import { joinHeaders } from '../browser/preflight.js';
import { isSafelistedHeader } from '../browser/safelist.js';
import { isForbiddenRequestHeader, lowerCaseName } from '../policy/header-names.js';
import { normalizeMethod } from '../policy/methods.js';
import { quoteValue } from '../validation/problems/quote-value.js';
import { REFERRER_POLICIES } from './wire/referrer.js';

/** If the page sets one of these headers, Chromium's default mode of the HTTP cache is `no-cache`. */
const CONDITIONS: ReadonlySet<string> = new Set([
  'if-match',
  'if-modified-since',
  'if-none-match',
  'if-range',
  'if-unmodified-since',
]);

/** The request that the arguments of `fetch` describe. */
export interface FetchRequest {
  /** Absolute. */
  readonly url: string;
  readonly method: string;
  /** In the spelling of the page, each name once. */
  readonly headers: readonly Required<PageHeader>[];
  readonly body: Uint8Array | undefined;
  readonly mode: PageRequest['mode'];
  readonly credentials: RequestCredentials;
  readonly redirect: RequestRedirect;
  readonly referrer: string;
  readonly referrerPolicy: ReferrerPolicy;
  readonly cache: RequestCache;
  readonly signal: AbortSignal | undefined;
}

/** The values of each option, its default first. The mode `navigate` is for documents alone. */
const OPTIONS = Object.freeze({
  mode: ['cors', 'no-cors', 'same-origin'],
  credentials: ['same-origin', 'include', 'omit'],
  redirect: ['follow', 'manual', 'error'],
  cache: ['default', 'no-store', 'reload', 'no-cache', 'force-cache', 'only-if-cached'],
  referrerPolicy: ['', ...REFERRER_POLICIES],
} as const);

/**
 * Reads the arguments of `fetch`, and the body of a `Request`.
 * @param base the URL that relative ones resolve against
 * @throws TypeError for arguments that `fetch` refuses, and for a stream as body
 * @see https://fetch.spec.whatwg.org/#dom-request
 */
export async function readFetchRequest(
  input: string | URL | Request,
  init: RequestInit,
  base: string,
): Promise<FetchRequest> {
  const given = input instanceof Request ? input : undefined;
  const written = given?.url ?? String(input);
  const url = parseUrl(written, base);
  if (url === undefined) {
    throw new TypeError(`fetch(): ${quoteValue(written)} is no URL. Write a path, or an http: or https: URL.`);
  }
  const mode = readOption('mode', init.mode ?? given?.mode);
  const method = normalizeMethod(init.method ?? given?.method ?? 'GET');
  const all = headersOf(init.headers ?? given?.headers);
  const body = await readBody(init, given, method);
  const own = mode === 'no-cors' ? sentWithoutCors(all) : sentHeaders(all);
  const type = bodyType(body?.type, mode, own);
  const headers = type === undefined ? own : [...own, { name: 'Content-Type', value: type }];
  // Any option resets the referrer of a `Request`.
  const referring = Object.keys(init).length === 0 ? given : undefined;
  return {
    url: url.href,
    method,
    headers,
    body: body?.bytes,
    mode,
    credentials: readOption('credentials', init.credentials ?? given?.credentials),
    redirect: readOption('redirect', init.redirect ?? given?.redirect),
    referrer: init.referrer ?? referring?.referrer ?? 'about:client',
    referrerPolicy: readOption('referrerPolicy', init.referrerPolicy ?? referring?.referrerPolicy),
    cache: effectiveCacheMode(readOption('cache', init.cache ?? given?.cache), headers),
    // `null` is no signal, also where the `Request` has one.
    signal: (init.signal === undefined ? given?.signal : init.signal) ?? undefined,
  };
}

function readOption<Name extends keyof typeof OPTIONS>(
  name: Name,
  value: string | undefined,
): (typeof OPTIONS)[Name][number] {
  const allowed: readonly (typeof OPTIONS)[Name][number][] = OPTIONS[name];
  const found = value === undefined ? allowed[0] : allowed.find((one) => one === value);
  if (found === undefined) {
    const others = allowed.map((one) => quoteValue(one)).join(', ');
    throw new TypeError(`fetch(): \`${name}\` is ${quoteValue(value)}. Write one of ${others}.`);
  }
  return found;
}

function headersOf(headers: RequestInit['headers'] | undefined): Required<PageHeader>[] {
  // `Headers` writes names in lower case. The page's spelling goes over the wire.
  const pairs =
    headers === undefined || headers === null
      ? []
      : Symbol.iterator in headers
        ? [...(headers as Iterable<readonly [string, string]>)]
        : Object.entries(headers as Record<string, string>);
  // It throws for what no page can send, also where `no-cors` would leave it out.
  new Headers(pairs as [string, string][]);
  return pairs.map(([name, value]) => ({ name: String(name), value: String(value) }));
}

/** The bytes of a body, and the type that browsers give it. */
async function readBody(
  init: RequestInit,
  given: Request | undefined,
  method: string,
): Promise<{ readonly bytes: Uint8Array; readonly type: string | undefined } | undefined> {
  const body = init.body ?? undefined;
  if (body === undefined && (given?.body ?? null) === null) {
    return undefined;
  }
  if (typeof body === 'object' && Symbol.asyncIterator in body) {
    throw new TypeError('Browsers send a stream as request body over HTTP/2 only. Write a text, a Blob or bytes.');
  }
  if (method === 'GET' || method === 'HEAD') {
    throw new TypeError(`A request with the method ${method} cannot have a body.`);
  }
  const source = body === undefined ? (given as Request) : new Response(body);
  const type = body === undefined ? undefined : (source.headers.get('content-type') ?? undefined);
  return { bytes: new Uint8Array(await source.arrayBuffer()), type };
}

/** The Content-Type that a body adds. Embeds have safelisted ones only. */
function bodyType(
  type: string | undefined,
  mode: RequestMode,
  headers: readonly Required<PageHeader>[],
): string | undefined {
  const isAdded =
    type !== undefined &&
    !headers.some(({ name }) => lowerCaseName(name) === 'content-type') &&
    (mode !== 'no-cors' || isSafelistedHeader('content-type', type));
  return isAdded ? type : undefined;
}

/**
 * The headers that a browser sends, in the page's spelling: repeated ones joined, forbidden ones left out. Chromium also
 * leaves out a `User-Agent` of the page.
 */
function sentHeaders(written: readonly Required<PageHeader>[]): Required<PageHeader>[] {
  return [...joinHeaders(written)]
    .filter(([name]) => name !== 'user-agent')
    .map(([name, value]) => ({
      name: written.find((one) => lowerCaseName(one.name) === name)?.name ?? name,
      value: value ?? '',
    }));
}

/** https://fetch.spec.whatwg.org/#no-cors-safelisted-request-header */
function sentWithoutCors(written: readonly Required<PageHeader>[]): Required<PageHeader>[] {
  const accepted: Required<PageHeader>[] = [];
  for (const header of written) {
    const name = lowerCaseName(header.name);
    const joined = joinHeaders([...accepted.filter((one) => lowerCaseName(one.name) === name), header]).get(name);
    if (!isForbiddenRequestHeader(name) && name !== 'range' && isSafelistedHeader(name, joined ?? '')) {
      accepted.push(header);
    }
  }
  return sentHeaders(accepted);
}

/**
 * The mode of the HTTP cache, with its default resolved.
 * @see https://fetch.spec.whatwg.org/#http-network-or-cache-fetch
 */
function effectiveCacheMode(cache: RequestCache, headers: readonly Required<PageHeader>[]): RequestCache {
  return cache === 'default' && headers.some(({ name }) => CONDITIONS.has(lowerCaseName(name))) ? 'no-cache' : cache;
}
