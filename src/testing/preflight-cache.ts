import { ENGINE_FACTS } from '../browser/engines.js';
import { type HttpResponse, headerValue, tokenList } from '../browser/http-response.js';
import { judgePreflight } from '../browser/judge.js';
import type { PageRequest } from '../browser/page-request.js';
import type { Preflight } from '../browser/preflight.js';
import { isAuthorizationUnderWildcard } from '../browser/preflight-check.js';

/** In seconds. */
const DEFAULT_MAX_AGE = 5;
/** As many as Chromium keeps. */
const MOST_ENTRIES = 1024;

/** A cached preflight. Frozen. */
export interface PreflightCacheEntry {
  /** The URL of the preflight. */
  readonly url: string;
  /** Whether the request after the preflight has `credentials: 'include'`. */
  readonly credentials: boolean;
  /** The methods that its response lists. GET, HEAD and POST are allowed without being listed. */
  readonly methods: readonly string[];
  /** The request headers that its response lists, in the spelling of the server. */
  readonly headers: readonly string[];
  /** When it expires, in milliseconds since 1970, as `Date.now()`. */
  readonly expires: number;
}

interface StoredAnswer {
  readonly request: PageRequest;
  readonly response: HttpResponse;
  readonly expires: number;
}

/**
 * The preflight cache of a page, as in Chromium. It has one response for each URL, for the seconds of
 * `Access-Control-Max-Age`: 5 without the header, and at most 7,200. It reads `Date.now()` at each request, so fake timers
 * can move its time.
 * @see https://fetch.spec.whatwg.org/#concept-cache
 */
export class PreflightCache {
  readonly #answers = new Map<string, StoredAnswer>();

  /** The preflights that have not expired. */
  entries(): readonly PreflightCacheEntry[] {
    const now = Date.now();
    return [...this.#answers.values()].filter(({ expires }) => expires > now).map(describe);
  }

  /** Removes all preflights. The next request that needs one sends it. */
  clear(): void {
    this.#answers.clear();
  }

  /** Whether a request needs no preflight now. Like Chromium, removes a response that does not cover it. @internal */
  covers(request: PageRequest, preflight: Preflight): boolean {
    const key = keyOf(request);
    const stored = this.#answers.get(key);
    if (stored === undefined) {
      return false;
    }
    const { credentials } = stored.request;
    const isCovered =
      stored.expires > Date.now() &&
      (credentials || !request.credentials) &&
      judgePreflight({ ...request, credentials }, stored.response) === undefined &&
      !isAuthorizationUnderWildcard(preflight, stored.response);
    if (!isCovered) {
      this.#answers.delete(key);
    }
    return isCovered;
  }

  /** Stores the response to a preflight that passed. @internal */
  store(request: PageRequest, response: HttpResponse): void {
    // The origin `null` never equals itself.
    if (request.origin === 'null') {
      return;
    }
    const key = keyOf(request);
    const seconds = maxAge(response);
    this.#answers.delete(key);
    this.#answers.set(key, { request, response, expires: Date.now() + seconds * 1000 });
    for (const oldest of this.#answers.keys()) {
      if (this.#answers.size <= MOST_ENTRIES) {
        break;
      }
      this.#answers.delete(oldest);
    }
  }
}

function keyOf({ origin, url }: PageRequest): string {
  return `${origin} ${url}`;
}

/** In seconds. */
function maxAge(response: HttpResponse): number {
  const value = headerValue(response, 'access-control-max-age');
  const seconds = value !== undefined && /^-?\d+$/.test(value) ? Number(value) : DEFAULT_MAX_AGE;
  return Math.max(0, Math.min(seconds, ENGINE_FACTS.chromium.longestMaxAge));
}

function describe({ request, response, expires }: StoredAnswer): PreflightCacheEntry {
  return Object.freeze({
    url: request.url,
    credentials: request.credentials,
    methods: Object.freeze([...tokenList(response, 'access-control-allow-methods').tokens]),
    headers: Object.freeze([...tokenList(response, 'access-control-allow-headers').tokens]),
    expires,
  });
}
