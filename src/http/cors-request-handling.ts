import { decideActual, LEFT_ALONE } from '../policy/decide.js';
import type { CorsDecision } from '../policy/decision.js';
import { NOT_ENFORCED, RESOURCE_POLICY_HEADER } from '../policy/policy-compiler.js';
import { UNKNOWN_ROUTE } from '../policy/policy-source.js';
import { prepareActual } from './actual-request.js';
import { Enforcement } from './enforcement/enforcement.js';
import {
  createResponseKey,
  type Exchange,
  exchangeOf,
  isOfNestedApplication,
  type PolicyMatch,
  receiveExchange,
} from './exchange.js';
import { type HeadResponse, headerAtHead } from './head/head.js';
import type { EarlyAnswer, RawRequest } from './http-platform.js';
import { decidedBelow, forgetDecision, noteDecision } from './nested-application.js';
import { PolicyLookup } from './policy-lookup.js';
import { Preflight } from './preflight/preflight.js';
import { publishDecision } from './reports/decision-channel.js';
import { type RequestReports, safeReports } from './reports/request-reports.js';

const ALLOW_ORIGIN = 'access-control-allow-origin';
const RESOURCE_POLICY = RESOURCE_POLICY_HEADER.toLowerCase();

/**
 * Handles the requests of one application: answers preflights early, calls predicates and resolvers early, and decides
 * everything else when the head is written. Platforms call it.
 */
export class CorsRequestHandling {
  /** Where the exchanges of this application are stored on responses. */
  readonly responseKey: symbol = createResponseKey();
  readonly lookup: PolicyLookup;
  readonly enforcement: Enforcement;
  readonly #reports: RequestReports;
  #areEmbedsReported = false;

  /**
   * @param reports may throw
   * @param lookup of the application. An explanation shares it, and has its own reports
   */
  constructor(reports: RequestReports, lookup = new PolicyLookup()) {
    this.lookup = lookup;
    this.#reports = safeReports(reports);
    this.enforcement = new Enforcement(this.lookup, this.#reports, this.responseKey);
  }

  /** Called before any other code sees a request. Never throws, never rejects. */
  early(request: unknown, raw: RawRequest, response: object): EarlyAnswer {
    const exchange = receiveExchange(request, raw, response, this.responseKey);
    try {
      const answer = this.#early(exchange);
      return answer instanceof Promise ? this.#withoutRejecting(answer, exchange) : answer;
    } catch {
      return this.#failClosed(exchange);
    }
  }

  /**
   * The decision for a response whose head is being written; `undefined` leaves it as it is.
   * @param passed the headers that were passed to `writeHead`
   */
  decisionAtHead(response: HeadResponse, passed: unknown): CorsDecision | undefined {
    if (!this.lookup.isConfigured) {
      return undefined;
    }
    const exchange = exchangeOf(response, this.responseKey) ?? this.#receiveLate(response);
    if (exchange.headUntouched && !exchange.refused) {
      if (exchange.passedOn !== undefined) {
        publishDecision(LEFT_ALONE, exchange.passedOn, exchange);
      }
      return undefined;
    }
    const match = this.matchOf(exchange);
    const nestedPath = decidedBelow(response, this.responseKey);
    if (nestedPath !== undefined) {
      if (match.policy.state !== 'untouched') {
        this.#reports.decidedByNested({ path: nestedPath, handler: exchange.entry?.target });
      }
      return this.enforcement.atHead(LEFT_ALONE, match, exchange);
    }
    const origin = exchange.raw.headers.origin as string | undefined;
    const decision = decideActual(match.policy, origin, exchange.verdictOf(match.policy));
    if (decision.outcome === 'allowed') {
      if (match.policy.anyOrigin && !this.#areEmbedsReported) {
        this.#reportBlockedEmbeds(response, passed, match);
      }
      publishDecision(decision, match, exchange);
      return decision;
    }
    const isRefused = decision.outcome === 'refused' || exchange.refused;
    if (isRefused && !exchange.wouldRefuse && origin !== undefined && !exchange.isSameOrigin) {
      const { method, clientUrl: url } = exchange;
      const { target, policy } = match;
      this.#reports.refused({ reason: decision.reason, preflight: false, method, url, origin, target, policy });
    }
    const final = this.enforcement.atHead(decision, match, exchange);
    publishDecision(final, match, exchange, exchange.refused ? final.reason : undefined);
    return final;
  }

  /** The same for a response that may belong to an outer application, which this decision then overrules. */
  decisionInside(response: HeadResponse, passed: unknown): CorsDecision | undefined {
    const decision = this.decisionAtHead(response, passed);
    const exchange = exchangeOf(response, this.responseKey);
    if (decision !== undefined && decision.outcome !== 'untouched' && exchange !== undefined) {
      noteDecision(exchange, this.responseKey);
    }
    return decision;
  }

  /** Called when a decision removed CORS headers of other code from a response. */
  headersRemoved(response: object, headers: readonly unknown[]): void {
    const exchange = exchangeOf(response, this.responseKey);
    if (exchange !== undefined) {
      const { target, policy } = this.matchOf(exchange);
      this.#reports.headersRemoved({ target, policy, headers });
    }
  }

  /**
   * Called when the head of a response stays as it is. Outside production, reports a page of another origin that cannot
   * read it because no level sets an origin.
   */
  headLeftAlone(response: HeadResponse, headers: unknown): void {
    const exchange = this.lookup.policies.reportsUntouched ? exchangeOf(response, this.responseKey) : undefined;
    const origin = exchange?.raw.headers.origin;
    if (exchange === undefined || typeof origin !== 'string') {
      return;
    }
    try {
      const match = this.matchOf(exchange);
      const isOurs = match.policy.state === 'untouched' && !match.policy.untouchedByChoice;
      if (isOurs && !this.#isAnsweredByOthers(response, headers, exchange) && this.enforcement.isForeign(exchange)) {
        const { method, clientUrl: url } = exchange;
        const { target, policy } = match;
        this.#reports.refused({ reason: 'no-policy', preflight: false, method, url, origin, target, policy });
      }
    } catch {
      // Code of the application threw, for example a trust-proxy function. A report must not change a response.
    }
  }

  /** Called when the application passed a request on to the outer one: nothing is left to decide. */
  passedOn(response: object): void {
    const exchange = exchangeOf(response, this.responseKey);
    if (exchange !== undefined) {
      exchange.headUntouched = true;
    }
    forgetDecision(response);
  }

  /** The handler that was reached; if there is none, the match of the request that arrived. */
  matchOf(exchange: Exchange): PolicyMatch {
    if (exchange.entry !== undefined) {
      return exchange.entry;
    }
    if (exchange.match !== undefined) {
      return exchange.match;
    }
    try {
      return this.lookup.lookUp(exchange);
    } catch {
      return this.#refusedMatch();
    }
  }

  #early(exchange: Exchange): EarlyAnswer {
    const { method, headers } = exchange.raw;
    if (typeof headers.origin !== 'string' || !this.lookup.isConfigured) {
      return 'continue';
    }
    const requestedMethod = headers['access-control-request-method'];
    if (method === 'OPTIONS' && typeof requestedMethod === 'string') {
      const answer = new Preflight(requestedMethod, exchange, this.lookup, this.#reports).answer();
      if (answer !== 'continue') {
        return answer;
      }
    }
    return this.lookup.checksEarly ? prepareActual(this.lookup, this.enforcement, exchange) : 'continue';
  }

  /** Reports that other code keeps pages of other origins from embedding what any origin may read. Once. */
  #reportBlockedEmbeds(response: HeadResponse, passed: unknown, { target, policy }: PolicyMatch): void {
    if (policy.commonHeaders.length === 0 && headerAtHead(response, passed, RESOURCE_POLICY) === 'same-origin') {
      this.#areEmbedsReported = true;
      this.#reports.embedsBlocked(target);
    }
  }

  /** Separate, because V8 allocates for a closure even when its branch is not taken. */
  #withoutRejecting(answer: Promise<'continue' | 'answered'>, exchange: Exchange): Promise<'continue' | 'answered'> {
    return answer.then(undefined, () => this.#failClosed(exchange));
  }

  /** Code of the application threw, for example a trust-proxy function: nothing is allowed, and the request goes on. */
  #failClosed(exchange: Exchange): 'continue' | 'answered' {
    exchange.match = this.#refusedMatch();
    const { method, headers } = exchange.raw;
    const requestedMethod = headers['access-control-request-method'];
    if (method !== 'OPTIONS' || typeof requestedMethod !== 'string' || exchange.isAnswered) {
      return 'continue';
    }
    new Preflight(requestedMethod, exchange, this.lookup, this.#reports).refuse(exchange.match);
    return 'answered';
  }

  /** Whether other code allows an origin: on this response, or as a nested or outer application with CorsModule. */
  #isAnsweredByOthers(response: HeadResponse, headers: unknown, exchange: Exchange): boolean {
    return (
      headerAtHead(response, headers, ALLOW_ORIGIN) !== undefined ||
      decidedBelow(response, this.responseKey) !== undefined ||
      isOfNestedApplication(exchange)
    );
  }

  /** The platform answers some requests before the early hook. */
  #receiveLate(response: object): Exchange {
    const raw = (response as { readonly req: RawRequest }).req;
    return receiveExchange(raw, raw, response, this.responseKey);
  }

  #refusedMatch(): PolicyMatch {
    return { target: UNKNOWN_ROUTE, policy: this.lookup.policies.refused, listed: false, ...NOT_ENFORCED };
  }
}
