import type { CompiledPolicy } from '../../policy/compiled-policy.js';
import { decideActual, LEFT_ALONE } from '../../policy/decide.js';
import type { CorsDecision } from '../../policy/decision.js';
import type { RouteEntry } from '../../routes/route-entry.js';
import { type Exchange, exchangeOf, type PolicyMatch } from '../exchange.js';
import type { GuardedResponse } from '../head/head-guard.js';
import type { RouteHandler } from '../http-platform.js';
import { noteDecision } from '../nested-application.js';
import type { PolicyLookup } from '../policy-lookup.js';
import { publishDecision } from '../reports/decision-channel.js';
import type { RequestReports } from '../reports/request-reports.js';
import { enforcesAnything, isEnforced, isReportOnly } from './enforced-requests.js';
import type { EnforcedRefusal, EnforcementCheck } from './enforcement-check.js';
import { hasHost, isExempt } from './exempt-requests.js';
import { FORBIDDEN_BODY, writeForbidden } from './forbidden-response.js';
import { mayAllowOrigin, otherPreflightPolicies } from './rewritten-request.js';

const VARY_ORIGIN: readonly string[] = Object.freeze(['Origin']);
const NO_STORE: readonly string[] = Object.freeze(['Cache-Control', 'no-store']);

/** A decision with the headers of a 403, which no cache may store. */
function forbidden(decision: CorsDecision): CorsDecision {
  return { ...decision, headers: [...decision.headers, ...NO_STORE], vary: VARY_ORIGIN, noStore: true };
}

/** The part of an adapter that writes responses. */
export interface ReplyingAdapter {
  reply(response: unknown, body: unknown, statusCode: number): unknown;
}

/**
 * Refuses requests that a policy does not allow, where the policy sets `enforce`. A guard of Nest calls
 * {@link Enforcement.refusalOf} for handlers. Requests for `paths` and rewritten requests never reach that guard.
 */
export class Enforcement implements EnforcementCheck {
  readonly #lookup: PolicyLookup;
  readonly #reports: RequestReports;
  readonly #responseKey: symbol;

  constructor(lookup: PolicyLookup, reports: RequestReports, responseKey: symbol) {
    this.#lookup = lookup;
    this.#reports = reports;
    this.#responseKey = responseKey;
  }

  refusalOf(response: object): EnforcedRefusal | undefined {
    if (!this.#lookup.isConfigured) {
      return undefined;
    }
    const exchange = exchangeOf(this.#lookup.platform.rawResponse(response), this.#responseKey);
    const entry = exchange?.entry;
    if (exchange === undefined || entry === undefined) {
      return undefined;
    }
    if (!isEnforced(entry, exchange)) {
      this.#rehearse(entry, exchange);
      return undefined;
    }
    const decision = this.#refusalBy(entry.policy, exchange);
    if (decision === undefined) {
      return undefined;
    }
    exchange.refused = true;
    return { reason: decision.reason, target: entry.target };
  }

  /** Whether a page of another origin sent a request, as far as it tells. */
  isForeign({ raw, request }: Exchange): boolean {
    return !(isExempt(raw) ?? hasHost(raw.headers.origin as string, this.#lookup.platform.host(request)));
  }

  /** Puts the check before a handler without the guard of Nest: it was unknown at boot, or replaced since. */
  before(handler: RouteHandler, entry: RouteEntry, adapter: ReplyingAdapter): RouteHandler {
    if (!enforcesAnything(entry)) {
      return handler;
    }
    const { platform } = this.#lookup;
    const refusalOf = (response: object) => this.refusalOf(response);
    return function enforcing(this: unknown, request, response, next) {
      return platform.accepts(entry, request) && refusalOf(response) !== undefined
        ? adapter.reply(response, { ...FORBIDDEN_BODY }, FORBIDDEN_BODY.statusCode)
        : handler.call(this, request, response, next);
    };
  }

  /** Whether a request to a path without a handler is refused; then it is answered. A handler enforces later, after its guards. */
  refusesPath(match: PolicyMatch, exchange: Exchange): boolean {
    if ('handler' in match) {
      return false;
    }
    if (!isEnforced(match, exchange)) {
      this.#rehearse(match, exchange);
      return false;
    }
    const decision = this.#refusalBy(match.policy, exchange);
    if (decision === undefined || exchange.isAnswered) {
      return false;
    }
    this.#refuse(match, decision, exchange);
    return true;
  }

  /**
   * Whether a request that middleware led to a handler must not reach it; then it is answered.
   *
   * A preflight is answered for the method and URL that the browser will send. A handler with another policy did not
   * agree to it. So its policy is enforced, whatever its `enforce` says, for each origin that the preflight may have
   * allowed.
   */
  refusesRewritten(entry: RouteEntry, exchange: Exchange): boolean {
    const { raw } = exchange;
    const { origin } = raw.headers;
    if (typeof origin !== 'string' || !this.#lookup.isConfigured) {
      return false;
    }
    const arrived = exchange.first ?? exchange;
    const others = otherPreflightPolicies(this.#lookup, arrived, entry.policy);
    if (others.length === 0) {
      return false;
    }
    this.#reports.rewritten({
      target: entry.target,
      arrived,
      reached: { method: raw.method ?? '', url: raw.url ?? '' },
    });
    if (!others.some((policy) => mayAllowOrigin(policy, origin, exchange.verdictOf(policy)))) {
      return false;
    }
    const decision = this.#refusalBy(entry.policy, exchange);
    if (decision === undefined) {
      return false;
    }
    this.#refuse(entry, decision, exchange);
    return true;
  }

  /**
   * Adds the headers for caches to a decision. Where a policy is enforced, the Origin decides whether a request is
   * refused, so the response varies by it. No cache may store a refusal.
   *
   * @param decision of the policy alone
   */
  atHead(decision: CorsDecision, match: PolicyMatch, exchange: Exchange): CorsDecision {
    if (exchange.refused) {
      return forbidden(decision);
    }
    const varies = decision.vary.length > 0 || !isEnforced(match, exchange);
    return varies ? decision : { ...decision, vary: VARY_ORIGIN };
  }

  /** The decision that refuses a request, if its policy is enforced; `undefined` for a request that is allowed or exempt. */
  #refusalBy(policy: CompiledPolicy, exchange: Exchange): CorsDecision | undefined {
    if (!this.isForeign(exchange)) {
      return undefined;
    }
    const origin = exchange.raw.headers.origin as string;
    if (policy.state === 'untouched') {
      return LEFT_ALONE;
    }
    const decision = decideActual(policy, origin, exchange.verdictOf(policy));
    return decision.outcome === 'refused' ? decision : undefined;
  }

  /**
   * Reports a request that would be refused without `enforceReportOnly`, instead of the refusal at its head. Once: a
   * guard and an interceptor may both check a handler.
   */
  #rehearse(match: PolicyMatch, exchange: Exchange): void {
    const decision =
      !exchange.wouldRefuse && isReportOnly(match, exchange)
        ? this.#rehearsedRefusal(match.policy, exchange)
        : undefined;
    if (decision === undefined) {
      return;
    }
    exchange.wouldRefuse = true;
    publishDecision(decision, match, exchange, 'would-refuse');
    const because = decision.reason;
    const { method, clientUrl: url, raw } = exchange;
    const origin = raw.headers.origin as string;
    const { target, policy } = match;
    this.#reports.refused({ reason: 'would-refuse', because, preflight: false, method, url, origin, target, policy });
  }

  #rehearsedRefusal(policy: CompiledPolicy, exchange: Exchange): CorsDecision | undefined {
    try {
      return this.#refusalBy(policy, exchange);
    } catch {
      return undefined; // Code of the application threw, for example a trust-proxy function. A report must not change a response.
    }
  }

  /** Answers a request that no exception filter will see. */
  #refuse(match: PolicyMatch, decision: CorsDecision, exchange: Exchange): void {
    const { target, policy } = match;
    const { reason } = decision;
    const final = forbidden(decision);
    publishDecision(final, match, exchange, reason);
    exchange.headUntouched = true; // the response below has its complete head
    noteDecision(exchange, this.#responseKey);
    writeForbidden(exchange.response as GuardedResponse, final);
    const { method, clientUrl: url, raw } = exchange;
    const origin = raw.headers.origin as string;
    this.#reports.refused({ reason, preflight: false, method, url, origin, target, policy });
  }
}
