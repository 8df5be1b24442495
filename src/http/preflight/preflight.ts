import { METHODS } from 'node:http';
import { decidePreflight } from '../../policy/decide.js';
import type { CorsDecision, CorsRequestFacts } from '../../policy/decision.js';
import { explainPreflight } from '../../policy/explain-preflight.js';
import { isUnknownMethod } from '../../policy/methods.js';
import type { RouteEntry } from '../../routes/route-entry.js';
import type { Exchange, PolicyMatch } from '../exchange.js';
import { type GuardedResponse, writePreflight } from '../head/head-guard.js';
import type { EarlyAnswer, RouteQuery } from '../http-platform.js';
import type { PolicyLookup } from '../policy-lookup.js';
import { publishDecision } from '../reports/decision-channel.js';
import type { RequestReports } from '../reports/request-reports.js';
import { isUncacheable } from './preflight-cache.js';

/** The part of a match that a decision and its report need. */
type DecidingMatch = Pick<PolicyMatch, 'policy' | 'target'>;

/** The methods of requests that can arrive: Node answers any other with 400, before an application sees it. */
export const KNOWN_METHODS: ReadonlySet<string> = new Set(METHODS);

const STATUS_REFUSED = 403;
const STATUS_EXPLAINED = 204;

/**
 * A preflight. It is answered with the policy of the handler that the actual request will reach. This object is also
 * the query for that handler, and the facts for the decision: so the synchronous path copies nothing, and has no
 * closures.
 * @see https://fetch.spec.whatwg.org/#cors-preflight-fetch
 */
export class Preflight implements RouteQuery, CorsRequestFacts {
  readonly request: unknown;
  /** Of the actual request. */
  readonly method: string;
  readonly url: string;
  readonly preflight = true;
  readonly origin: string;
  readonly knownMethods = KNOWN_METHODS;
  readonly requestedHeaders: string | undefined;
  originAllowed: boolean | undefined = undefined;
  uncacheable = false;
  readonly #exchange: Exchange;
  readonly #lookup: PolicyLookup;
  readonly #reports: RequestReports;

  constructor(method: string, exchange: Exchange, lookup: PolicyLookup, reports: RequestReports) {
    this.#exchange = exchange;
    this.#lookup = lookup;
    this.#reports = reports;
    this.method = method;
    const { headers } = exchange.raw;
    this.request = exchange.request;
    this.url = exchange.url;
    this.origin = headers.origin as string;
    this.requestedHeaders = headers['access-control-request-headers'] as string | undefined;
  }

  get requestedMethod(): string {
    return this.method;
  }

  /** Answers the preflight; one of an untouched route is passed on to the platform. */
  answer(): EarlyAnswer {
    // The actual request has the same URL, and the method that Access-Control-Request-Method names. The router says
    // which handler it reaches: https://fetch.spec.whatwg.org/#http-access-control-request-method
    const candidates = this.#lookup.platform.candidates(this);
    const match = candidates[0] ?? this.#lookup.pathPolicy(this.url);
    if (match.policy.state === 'untouched' && areUntouched(candidates)) {
      return this.#passOn(match);
    }
    // Browsers cache the answer by URL: https://fetch.spec.whatwg.org/#cors-preflight-cache
    this.uncacheable = isUncacheable(this.#lookup, this, candidates, match.policy);
    if (candidates.length > 1) {
      return this.#answerForSeveral(candidates);
    }
    // The CORS check may need a predicate or resolver: https://fetch.spec.whatwg.org/#cors-check
    const allowed = this.#checkOrigin(match);
    return allowed instanceof Promise ? this.#decideLater(match, allowed) : this.#decide(match, allowed);
  }

  /** Refuses the preflight because handling it failed. */
  refuse(match: DecidingMatch): void {
    this.#write(match, STATUS_REFUSED, decidePreflight(match.policy, this));
  }

  /**
   * The platform answers the preflight of an untouched route. Its head stays as it is, whatever handler answers
   * OPTIONS: the policy of that handler is not the policy of the actual request.
   */
  #passOn(match: PolicyMatch): 'continue' {
    this.#exchange.headUntouched = true;
    this.#exchange.passedOn = match;
    const unknown = isUnknownMethod(this.method, KNOWN_METHODS);
    if (unknown || !match.policy.untouchedByChoice) {
      this.#report(unknown ? 'method-unknown' : 'no-policy', match, undefined);
    }
    return 'continue';
  }

  /** Browsers send no preflight within one origin, so it needs no resolver. */
  #checkOrigin(match: PolicyMatch): boolean | Promise<boolean> | undefined {
    return this.#exchange.isSameOrigin ? undefined : this.#lookup.checkOrigin(this.#exchange, this, match);
  }

  /** Separate, because V8 allocates for a closure even when its branch is not taken. */
  #decideLater(match: PolicyMatch, allowed: Promise<boolean>): Promise<'answered'> {
    return allowed.then((later) => this.#decide(match, later));
  }

  #decide(match: DecidingMatch, originAllowed: boolean | undefined): 'answered' {
    this.originAllowed = originAllowed;
    return this.#finish(match, decidePreflight(match.policy, this));
  }

  /**
   * Where the version is not part of the URL, the preflight may be for one of several handlers. One of them must allow
   * all that is requested; the actual request is enforced.
   */
  #answerForSeveral(candidates: readonly RouteEntry[]): EarlyAnswer {
    if (!areEnforced(candidates)) {
      const { refused } = this.#lookup.policies;
      return this.#decide({ policy: refused, target: refused.target }, undefined);
    }
    const answers = candidates.map((candidate) => this.#checkOrigin(candidate));
    return answers.some((answer) => answer instanceof Promise)
      ? Promise.all(answers).then((settled) => this.#decideForSeveral(candidates, settled))
      : this.#decideForSeveral(candidates, answers as (boolean | undefined)[]);
  }

  /** Decides by the candidate that allows, with credentials if possible; otherwise by the first that refuses. */
  #decideForSeveral(candidates: readonly RouteEntry[], answers: readonly (boolean | undefined)[]): 'answered' {
    const decided = candidates.map((candidate, index) => {
      this.originAllowed = answers[index];
      return { candidate, answer: answers[index], decision: decidePreflight(candidate.policy, this) };
    });
    const allowing = decided.filter(({ decision }) => decision.outcome === 'allowed');
    const chosen =
      allowing.find(({ candidate }) => candidate.policy.credentials) ??
      allowing[0] ??
      decided.find(({ decision }) => decision.outcome === 'refused');
    const { candidate, answer, decision } = chosen ?? (decided[0] as NonNullable<typeof chosen>);
    this.originAllowed = answer;
    return this.#finish(candidate, decision);
  }

  #finish(match: DecidingMatch, decision: CorsDecision): 'answered' {
    const { policy } = match;
    if (this.#exchange.isAnswered) {
      return 'answered'; // the client disconnected, or other code answered while the resolver ran
    }
    if (decision.outcome === 'allowed') {
      // Browsers accept any status from 200 to 299: https://fetch.spec.whatwg.org/#ok-status
      this.#write(match, policy.optionsSuccessStatus, decision);
      return 'answered';
    }
    const explained = decision.outcome === 'refused' && this.#lookup.policies.explainToClient;
    this.#write(
      match,
      explained ? STATUS_EXPLAINED : STATUS_REFUSED,
      explained ? explainPreflight(policy, this, decision) : decision,
    );
    if (decision.outcome === 'refused' && !this.#exchange.isSameOrigin) {
      this.#report(decision.reason, match, this.requestedHeaders);
    }
    return 'answered';
  }

  /** Writes the answer: https://fetch.spec.whatwg.org/#http-responses */
  #write(match: DecidingMatch, status: number, decision: CorsDecision): void {
    const exchange = this.#exchange;
    publishDecision(decision, match, exchange);
    const response = exchange.response as GuardedResponse & { end(): unknown };
    exchange.headUntouched = true; // the guard of the head has nothing to add
    writePreflight(response, status, decision, this.#lookup.platform.listWriter(response));
  }

  #report(
    reason: CorsDecision['reason'],
    { target, policy }: DecidingMatch,
    requestedHeaders: string | undefined,
  ): void {
    const { method, origin } = this;
    this.#reports.refused({
      reason,
      preflight: true,
      method,
      url: this.#exchange.clientUrl,
      origin,
      target,
      policy,
      requestedHeaders,
    });
  }
}

function areUntouched(candidates: readonly RouteEntry[]): boolean {
  for (const { policy } of candidates) {
    if (policy.state !== 'untouched') {
      return false;
    }
  }
  return true;
}

/**
 * Whether the actual request is enforced by each candidate, where their policies differ. It is not if a plugin added a
 * constraint while the routes were registered.
 */
function areEnforced(candidates: readonly RouteEntry[]): boolean {
  return (
    candidates.every(({ versionAmbiguous }) => versionAmbiguous) ||
    candidates.every(({ policy }) => policy === candidates[0]?.policy)
  );
}
