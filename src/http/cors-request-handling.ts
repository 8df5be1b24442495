import type { CompiledPolicy } from '../policy/compiled-policy.js';
import { decideActual, decidePreflight } from '../policy/decide.js';
import type { CorsDecision } from '../policy/decision.js';
import { enforcementRefusal, prepareActual } from './actual-request.js';
import { enforcedDecision } from './enforced-decision.js';
import { type EnforcementCheck, isSameOrigin } from './enforcement.js';
import { FORBIDDEN_BODY } from './forbidden.js';
import type { GuardedResponse } from './head-guard.js';
import type { EarlyAnswer, RawRequest } from './http-platform.js';
import { type FoundPolicy, PolicyLookup } from './policy-lookup.js';
import { answerPreflight } from './preflight.js';
import { writePreflight } from './preflight-writer.js';
import type { ReportRefusal } from './refusal.js';
import type { RequestHandling } from './request-handling.js';
import { capturedTarget, isAnswered, type ResponseState, type SlottedResponse } from './response-state.js';

/**
 * Handles the requests of one application: answers preflights early, asks predicates and resolvers early, and decides
 * everything else when the head is written.
 */
export class CorsRequestHandling implements RequestHandling {
  readonly lookup = new PolicyLookup();
  readonly slots = this.lookup.slots;
  readonly enforcement: EnforcementCheck = Object.freeze({
    refusalOf: (request: unknown, response: object) =>
      this.lookup.isConfigured ? enforcementRefusal(this.lookup, request, response) : undefined,
  });
  readonly #report: ReportRefusal;

  /** @param report told about refusals; what it throws is nobody's concern */
  constructor(report: ReportRefusal) {
    this.#report = (refusal) => {
      try {
        report(refusal);
      } catch {
        // A log that cannot be written must not change what the client is answered.
      }
    };
  }

  early(request: unknown, raw: RawRequest, response: object): EarlyAnswer {
    try {
      const answer = this.#early(request, raw, response);
      return answer instanceof Promise ? answer.then(undefined, () => this.#failClosed(raw, response)) : answer;
    } catch {
      return this.#failClosed(raw, response);
    }
  }

  #early(request: unknown, raw: RawRequest, response: object): EarlyAnswer {
    const origin = raw.headers.origin;
    if (typeof origin !== 'string' || !this.lookup.isConfigured) {
      return 'continue';
    }
    if (raw.method === 'OPTIONS') {
      const requestedMethod = raw.headers['access-control-request-method'];
      if (typeof requestedMethod === 'string') {
        return answerPreflight(this.lookup, this.#report, request, raw, response, origin, requestedMethod);
      }
    }
    return this.lookup.asksEarly
      ? prepareActual(this.lookup, this.#report, request, raw, response, origin)
      : 'continue';
  }

  /** Something of the application's threw (a trust-proxy function, say): nothing is granted, and nothing else suffers. */
  #failClosed(raw: RawRequest, response: object): 'continue' | 'answered' {
    const { refused } = this.lookup.policies;
    (response as SlottedResponse)[this.slots.state] = { policy: refused } satisfies ResponseState;
    const requestedMethod = raw.headers['access-control-request-method'];
    if (raw.method !== 'OPTIONS' || typeof requestedMethod !== 'string' || isAnswered(response)) {
      return 'continue';
    }
    const decision = decidePreflight(refused, { origin: raw.headers.origin as string, requestedMethod });
    writePreflight(response as GuardedResponse & { end(): unknown }, FORBIDDEN_BODY.statusCode, decision);
    return 'answered';
  }

  decisionAtHead(response: object): CorsDecision | undefined {
    if (!this.lookup.isConfigured) {
      return undefined;
    }
    const raw = (response as { readonly req: RawRequest }).req;
    const named = this.#namedAtHead(response, raw);
    const { policy } = named;
    const origin = raw.headers.origin as string | undefined;
    const decision = decideActual(policy, origin, this.lookup.verdictOn(response, policy));
    if (decision.outcome === 'allowed') {
      return decision;
    }
    if (decision.outcome === 'refused' && origin !== undefined && !isSameOrigin(raw)) {
      this.#report({
        reason: decision.reason,
        preflight: false,
        method: raw.method ?? '',
        url: raw.url ?? '',
        origin,
        target: 'target' in named ? named.target : policy.target,
      });
    }
    return enforcedDecision(
      decision,
      named,
      raw.method ?? '',
      (response as SlottedResponse)[this.slots.refused] === true,
    );
  }

  /** The entry that was named or found for a response; where there is none, the policy. */
  #namedAtHead(response: object, raw: RawRequest): FoundPolicy | { readonly policy: CompiledPolicy } {
    const state = (response as SlottedResponse)[this.slots.state] as ResponseState | undefined;
    if (typeof state === 'object') {
      return state;
    }
    const target = state === undefined ? { method: raw.method ?? '', url: raw.url ?? '' } : capturedTarget(state);
    try {
      return this.lookup.lookUp(raw, target.method, target.url);
    } catch {
      return { policy: this.lookup.policies.refused };
    }
  }
}
