import type { CompiledPolicy } from '../policy/compiled-policy.js';
import { decideActual, decidePreflight, LEFT_ALONE } from '../policy/decide.js';
import type { CorsDecision } from '../policy/decision.js';
import type { PolicySource } from '../policy/policy-source.js';
import { UNKNOWN_ROUTE } from '../policy/policy-source.js';
import type { RouteEntry } from '../routes/route-entry.js';
import { enforcementRefusal, prepareActual, preparePassedOn } from './actual-request.js';
import { type EnforcementCheck, enforcedDecision, FORBIDDEN_BODY, isSameOrigin } from './enforcement.js';
import type { GuardedResponse } from './head/head-guard.js';
import { writePreflight } from './head/preflight-writer.js';
import type { EarlyAnswer, RawRequest } from './http-platform.js';
import { decidedBelow, forgetDecision, noteDecision } from './inside-application.js';
import { PolicyLookup, type PolicyMatch } from './policy-lookup.js';
import { answerPreflight } from './preflight.js';
import type { ReportInside, ReportRefusal, ReportRewrite } from './refusal.js';
import type { RequestHandling } from './request-handling.js';
import { isAnswered, type RequestState, stateOf, takeRequest } from './response-state.js';
import { refuseRewritten } from './rewritten-request.js';

/** The policy that applies where handling a request failed. */
interface FailedLookup {
  readonly target: PolicySource;
  readonly policy: CompiledPolicy;
}

/**
 * Handles the requests of one application: answers preflights early, asks predicates and resolvers early, and decides
 * everything else when the head is written.
 */
export class CorsRequestHandling implements RequestHandling {
  readonly lookup = new PolicyLookup();
  readonly responseKeys = this.lookup.responseKeys;
  readonly enforcement: EnforcementCheck = Object.freeze({
    refusalOf: (request: unknown, response: object) =>
      this.lookup.isConfigured ? enforcementRefusal(this.lookup, request, response) : undefined,
  });
  readonly #report: ReportRefusal;

  readonly #reportRewrite: ReportRewrite;
  readonly #reportInside: ReportInside;

  /** Errors of the reports are ignored: a failing log must not change the answer. */
  constructor(report: ReportRefusal, reportRewrite: ReportRewrite, reportInside: ReportInside) {
    this.#report = withoutThrowing(report);
    this.#reportRewrite = withoutThrowing(reportRewrite);
    this.#reportInside = withoutThrowing(reportInside);
  }

  early(request: unknown, raw: RawRequest, response: object): EarlyAnswer {
    const state = takeRequest(raw, response, this.responseKeys.state);
    try {
      const answer = this.#early(request, raw, response, state);
      return answer instanceof Promise ? answer.then(undefined, () => this.#failClosed(raw, response, state)) : answer;
    } catch {
      return this.#failClosed(raw, response, state);
    }
  }

  #early(request: unknown, raw: RawRequest, response: object, state: RequestState): EarlyAnswer {
    const origin = raw.headers.origin;
    if (typeof origin !== 'string' || !this.lookup.isConfigured) {
      return 'continue';
    }
    if (raw.method === 'OPTIONS') {
      const requestedMethod = raw.headers['access-control-request-method'];
      if (typeof requestedMethod === 'string') {
        const answer = answerPreflight(
          this.lookup,
          this.#report,
          request,
          raw,
          response,
          state,
          origin,
          requestedMethod,
        );
        return answer === 'continue' && this.lookup.asksEarly
          ? preparePassedOn(this.lookup, this.#report, request, raw, response, state, origin)
          : answer;
      }
    }
    return this.lookup.asksEarly
      ? prepareActual(this.lookup, this.#report, request, raw, response, state, origin)
      : 'continue';
  }

  /** Something of the application's threw (a trust-proxy function, say): nothing is granted, and nothing else suffers. */
  #failClosed(raw: RawRequest, response: object, state: RequestState): 'continue' | 'answered' {
    const { refused } = this.lookup.policies;
    state.policy = refused;
    const requestedMethod = raw.headers['access-control-request-method'];
    if (raw.method !== 'OPTIONS' || typeof requestedMethod !== 'string' || isAnswered(response)) {
      return 'continue';
    }
    state.headUntouched = true; // what follows writes the whole head
    const decision = decidePreflight(refused, { origin: raw.headers.origin as string, requestedMethod });
    const listWriter = this.lookup.platform.listWriter(response);
    writePreflight(response as GuardedResponse & { end(): unknown }, FORBIDDEN_BODY.statusCode, decision, listWriter);
    return 'answered';
  }

  decisionAtHead(response: object): CorsDecision | undefined {
    if (!this.lookup.isConfigured) {
      return undefined;
    }
    const state = stateOf(response, this.responseKeys.state);
    if (state?.headUntouched === true && !state.refused) {
      return undefined;
    }
    const raw = (response as { readonly req: RawRequest }).req;
    const found = this.#foundAtHead(raw, state);
    const { policy } = found;
    const path = decidedBelow(response, this.responseKeys.state);
    if (path !== undefined) {
      if (policy.state !== 'untouched') {
        this.#reportInside({ path, handler: state?.entry?.target });
      }
      return enforcedDecision(LEFT_ALONE, found, raw, state);
    }
    const origin = raw.headers.origin as string | undefined;
    const decision = decideActual(policy, origin, state?.verdictOf(policy));
    if (decision.outcome === 'allowed') {
      return decision;
    }
    const isRefused = decision.outcome === 'refused' || state?.refused === true;
    if (isRefused && origin !== undefined && !isSameOrigin(raw)) {
      this.#report({
        reason: decision.reason,
        preflight: false,
        method: state?.method ?? raw.method ?? '',
        url: state?.askedUrl ?? raw.url ?? '',
        origin,
        target: found.target,
      });
    }
    return enforcedDecision(decision, found, raw, state);
  }

  decisionInside(response: object): CorsDecision | undefined {
    const decision = this.decisionAtHead(response);
    const state = stateOf(response, this.responseKeys.state);
    if (decision !== undefined && decision.outcome !== 'untouched' && state !== undefined) {
      noteDecision(response, this.responseKeys.state, state);
    }
    return decision;
  }

  passedOn(response: object): void {
    const state = stateOf(response, this.responseKeys.state);
    if (state !== undefined) {
      state.headUntouched = true;
    }
    forgetDecision(response);
  }

  /** Whether a handler that was reached by another method or URL than arrived must not run; then it is answered. */
  refusesRewritten(entry: RouteEntry, request: unknown, response: object): boolean {
    const state = stateOf(response, this.responseKeys.state);
    const raw = request as RawRequest;
    if (state === undefined || !this.lookup.isConfigured) {
      return false;
    }
    return refuseRewritten(this.lookup, this.#report, this.#reportRewrite, entry, request, raw, response, state);
  }

  /** The handler that was reached; where there is none, the policy of what arrived. */
  #foundAtHead(raw: RawRequest, state: RequestState | undefined): PolicyMatch | FailedLookup {
    if (state?.entry !== undefined) {
      return state.entry;
    }
    if (state?.policy !== undefined) {
      return { target: UNKNOWN_ROUTE, policy: state.policy };
    }
    const { method = '', url = '' } = state ?? raw;
    try {
      return this.lookup.lookUp(raw, method, url);
    } catch {
      return { target: UNKNOWN_ROUTE, policy: this.lookup.policies.refused };
    }
  }
}

function withoutThrowing<Report>(report: (value: Report) => void): (value: Report) => void {
  return (value) => {
    try {
      report(value);
    } catch {
      // See the constructor.
    }
  };
}
