import { checkAccess } from './access-check.js';
import { ENGINE_FACTS, type Engine } from './engines.js';
import { type Check, type Failure, type Finding, failure, type Names } from './failure.js';
import type { ConnectionFailed, HttpResponse } from './http-response.js';
import { isCorsRequest, type PageRequest, parseUrl } from './page-request.js';
import { preflightOf } from './preflight.js';
import { checkPreflight, isAuthorizationUnderWildcard, refusedHeaders } from './preflight-check.js';
import { checkLocation, redirectTarget } from './redirect.js';
import { checkRequest } from './request-check.js';
import { checkResourcePolicy } from './resource-policy.js';

/** The step of a request that fails. `network`: the connection, for the preflight or for the request. */
export type Step = 'request' | 'preflight' | 'redirect' | 'response' | 'network';

/** What the servers answered. */
export interface Answers {
  /** Absent if the browser sent no preflight: none is due, or its cache has the permission. */
  readonly preflight?: HttpResponse | ConnectionFailed;
  readonly response: HttpResponse | ConnectionFailed;
}

/** What a browser makes of a request and its answers. */
export interface Verdict {
  /** Whether `fetch` gives the page a response. With `no-cors` that response is opaque. `false` for a redirect. */
  readonly readable: boolean;
  /** The step that fails; `undefined` if none does. */
  readonly step: Step | undefined;
  /** The status of the response that fails. */
  readonly status: number | undefined;
  /** Every check that fails in this step, in the order of the Fetch standard. */
  readonly failed: readonly Check[];
  /** All headers that the preflight refuses: in lower case, sorted. Browsers name one of them, and not the same one. */
  readonly refusedHeaders: readonly string[];
  /** How each engine reports it. An engine names the first failure in its own order of checks. */
  readonly browsers: Readonly<Record<Engine, Finding>>;
  /** The absolute URL of a redirect that the browser follows now. */
  readonly follow: string | undefined;
  /**
   * Whether only `Access-Control-Allow-Headers: *` allowed `authorization`. Browsers accept it; the standard does not.
   * @see {@link ENGINE_FACTS} for the warnings of the engines
   */
  readonly authorizationUnderWildcard: boolean;
}

const LOST_PREFLIGHT: Names = [undefined, 'CORSDidNotSucceed', 'connection-lost'];
const LOST_CORS_RESPONSE: Names = [undefined, 'CORSDidNotSucceed', undefined];
const LOST_RESPONSE: Names = [undefined, undefined, undefined];

/**
 * Judges one request of a page as Chromium, Firefox and WebKit do. It is pure, does not throw, and freezes what it
 * returns.
 *
 * A redirect that passes has `follow`. Judge the next request then: with this URL, with the origin of
 * `originAfterRedirect`, and with its own answers.
 *
 * ```ts
 * const verdict = judge(
 *   { origin: 'https://app.example.com', url: 'https://api.example.com/orders/7', method: 'DELETE', headers: [],
 *     credentials: true, mode: 'cors' },
 *   { preflight: { status: 204, headers: [] }, response: { status: 200, headers: [] } },
 * );
 * verdict.step; // 'preflight'
 * verdict.browsers.chromium.name; // 'PreflightMissingAllowOriginHeader'
 * ```
 * @see https://fetch.spec.whatwg.org/#http-fetch
 */
export function judge(request: PageRequest, answers: Answers): Verdict {
  const refused = judgeRequest(request);
  if (refused !== undefined) {
    return refused;
  }
  const preflight = preflightOf(request);
  const answer = answers.preflight;
  if (preflight === undefined || answer === undefined) {
    return judgeResponse(request, answers.response);
  }
  const stopped = judgePreflight(request, answer);
  if (stopped !== undefined) {
    return stopped;
  }
  const verdict = judgeResponse(request, answers.response);
  const authorizationUnderWildcard = answer !== 'connection-failed' && isAuthorizationUnderWildcard(preflight, answer);
  return authorizationUnderWildcard ? Object.freeze({ ...verdict, authorizationUnderWildcard }) : verdict;
}

/** Judges a request before anything is sent: `undefined` if a browser sends it. */
export function judgeRequest(request: PageRequest): Verdict | undefined {
  const failed = checkRequest(request);
  return failed && refusal('request', [failed]);
}

/** Judges the answer to a preflight: `undefined` if the browser sends the request then. */
export function judgePreflight(request: PageRequest, response: HttpResponse | ConnectionFailed): Verdict | undefined {
  if (response === 'connection-failed') {
    return refusal('network', [failure('connection', LOST_PREFLIGHT)]);
  }
  const preflight = preflightOf(request);
  if (preflight === undefined) {
    return undefined;
  }
  const failures = checkPreflight(request, preflight, response);
  return failures.length === 0
    ? undefined
    : refusal('preflight', failures, response.status, refusedHeaders(request, preflight, response));
}

/** Judges the response to a request that was sent. */
export function judgeResponse(request: PageRequest, response: HttpResponse | ConnectionFailed): Verdict {
  if (response === 'connection-failed') {
    return refusal('network', [failure('connection', isCorsRequest(request) ? LOST_CORS_RESPONSE : LOST_RESPONSE)]);
  }
  const target = redirectTarget(response);
  const failed = checkResponse(request, response);
  if (target === undefined) {
    return failed === undefined ? verdictOf({ readable: true }) : refusal('response', [failed], response.status);
  }
  const to = parseUrl(target, request.url)?.href;
  if (failed !== undefined) {
    // WebKit has one message for every check that a redirect fails. Chromium checks first that the Location is a URL.
    const webkit = Object.freeze({ name: 'redirect-denied', parameter: to });
    const chromium = to === undefined ? NO_FINDING : failed.chromium;
    const found = failed.check === 'resource-policy' ? failed : { ...failed, chromium, webkit };
    return refusal('redirect', [found], response.status);
  }
  const unfollowed = checkLocation(request, target);
  return unfollowed === undefined ? verdictOf({ follow: to }) : refusal('redirect', [unfollowed], response.status);
}

function checkResponse(request: PageRequest, response: HttpResponse): Failure | undefined {
  return isCorsRequest(request) ? checkAccess(request, response) : checkResourcePolicy(request, response);
}

function refusal(step: Step, failures: readonly Failure[], status?: number, refused: readonly string[] = []): Verdict {
  return verdictOf({
    step,
    status,
    failed: Object.freeze(failures.map(({ check }) => check)),
    refusedHeaders: Object.freeze([...refused]),
    browsers: Object.freeze({
      chromium: findingOf('chromium', failures),
      firefox: findingOf('firefox', failures),
      webkit: findingOf('webkit', failures),
    }),
  });
}

/** The failure that an engine finds first. Only the answer to a preflight can fail several checks. */
function findingOf(engine: Engine, failures: readonly Failure[]): Finding {
  const order: readonly Check[] = ENGINE_FACTS[engine].preflightChecks;
  const [first] = [...failures].sort((one, other) => order.indexOf(one.check) - order.indexOf(other.check));
  return (first as Failure)[engine];
}

const NO_FINDING: Finding = Object.freeze({ name: undefined, parameter: undefined });

const NOTHING_FAILED: Verdict = Object.freeze({
  readable: false,
  step: undefined,
  status: undefined,
  failed: Object.freeze([]),
  refusedHeaders: Object.freeze([]),
  browsers: Object.freeze({ chromium: NO_FINDING, firefox: NO_FINDING, webkit: NO_FINDING }),
  follow: undefined,
  authorizationUnderWildcard: false,
});

function verdictOf(difference: Partial<Verdict>): Verdict {
  return Object.freeze({ ...NOTHING_FAILED, ...difference });
}
