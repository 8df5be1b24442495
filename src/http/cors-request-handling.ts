import { isWellFormedOrigin } from '../origin/origin-grammar.js';
import type { OriginContext } from '../origin/origin-resolver.js';
import type { CompiledPolicy } from '../policy/compiled-policy.js';
import { decideActual, decidePreflight } from '../policy/decide.js';
import type { CorsDecision, CorsReason } from '../policy/decision.js';
import type { EnforceOption } from '../policy/policy-options.js';
import type { PathMatch } from '../routes/path-policies.js';
import type { RouteEntry } from '../routes/route-entry.js';
import { enforcesMethod, isExempt, isSameOrigin } from './enforcement.js';
import { FORBIDDEN_BODY, writeForbidden } from './forbidden.js';
import type { GuardedResponse } from './head-guard.js';
import type { EarlyAnswer, HttpPlatform, RawRequest } from './http-platform.js';
import { originContext } from './origin-context.js';
import type { PolicyTable } from './policy-table.js';
import { answerPreflight } from './preflight.js';
import { writePreflight } from './preflight-writer.js';
import type { ReportRefusal } from './refusal.js';
import type { RequestHandling } from './request-handling.js';
import {
  capturedTarget,
  isAnswered,
  type OriginVerdict,
  ResponseSlots,
  type ResponseState,
  type SlottedResponse,
} from './response-state.js';

/** A policy and the handler it was found by. */
export interface FoundPolicy {
  readonly policy: CompiledPolicy;
  readonly entry: RouteEntry | undefined;
  /** Whether one of `paths` wants disallowed requests refused; handlers' own wishes are the interceptor's business. */
  readonly enforce: EnforceOption;
}

/**
 * Handles the requests of one application: answers preflights early, asks predicates and resolvers early, and decides
 * everything else when the head is written.
 */
export class CorsRequestHandling implements RequestHandling {
  readonly slots = new ResponseSlots();
  #platform: HttpPlatform | undefined;
  #policies: PolicyTable | undefined;
  #asksEarly = false;

  readonly report: ReportRefusal;

  /** @param report told about refusals; what it throws is nobody's concern */
  constructor(report: ReportRefusal) {
    this.report = (refusal) => {
      try {
        report(refusal);
      } catch {
        // A log that cannot be written must not change what the client is answered.
      }
    };
  }

  /** Called when the platform is known, before any request. */
  attach(platform: HttpPlatform): void {
    this.#platform = platform;
  }

  /** Called at boot when every policy is valid. */
  configure(policies: PolicyTable): void {
    this.#policies = policies;
    this.#asksEarly = policies.askers.size > 0 || policies.enforcesPaths;
  }

  get policies(): PolicyTable {
    if (this.#policies === undefined) {
      throw new Error(
        'nestjs-cors was asked about a request before the application was initialised: call app.init() or app.listen() first.',
      );
    }
    return this.#policies;
  }

  get platform(): HttpPlatform {
    if (this.#platform === undefined) {
      throw new Error('nestjs-cors has no HTTP platform: this application serves no HTTP.');
    }
    return this.#platform;
  }

  get asksEarly(): boolean {
    return this.#asksEarly;
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
    if (typeof origin !== 'string' || this.#policies === undefined) {
      return 'continue';
    }
    if (raw.method === 'OPTIONS') {
      const requestedMethod = raw.headers['access-control-request-method'];
      if (typeof requestedMethod === 'string') {
        return answerPreflight(this, request, raw, response, origin, requestedMethod);
      }
    }
    return this.#asksEarly ? this.#prepareActual(request, raw, response, origin) : 'continue';
  }

  /** Something of the application's threw (a trust-proxy function, say): nothing is granted, and nothing else suffers. */
  #failClosed(raw: RawRequest, response: object): 'continue' | 'answered' {
    const { refused } = this.policies;
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
    if (this.#policies === undefined) {
      return undefined;
    }
    const raw = (response as { readonly req: RawRequest }).req;
    const named = this.#namedAtHead(response, raw);
    const { policy } = named;
    if (policy.state === 'closed') {
      return undefined;
    }
    const origin = raw.headers.origin as string | undefined;
    const decision = decideActual(policy, origin, this.#verdictOn(response, policy));
    if (decision.outcome === 'refused' && origin !== undefined && !isSameOrigin(raw)) {
      this.report({
        reason: decision.reason,
        preflight: false,
        method: raw.method ?? '',
        url: raw.url ?? '',
        origin,
        target: 'target' in named ? named.target : policy.target,
      });
    }
    return decision;
  }

  /** Whether the handler that was reached must not run, and why. For the interceptor. */
  enforcementRefusal(request: unknown, response: object): CorsReason | undefined {
    if (this.#policies === undefined) {
      return undefined;
    }
    const { raw, rawResponse } = this.platform.rawPair(request, response);
    const state = (rawResponse as SlottedResponse)[this.slots.state] as ResponseState | undefined;
    if (typeof state !== 'object' || !('target' in state)) {
      return undefined;
    }
    // A closed handler enforces nothing of its own, but a preflight may have been answered for another version of it.
    const enforced =
      state.ambiguous || (state.policy.state !== 'closed' && enforcesMethod(state.policy.enforce, raw.method ?? ''));
    return enforced ? this.#refusalOf(state.policy, request, raw, rawResponse) : undefined;
  }

  /** What applies to a method and URL that no handler was named for. */
  lookUp(request: unknown, method: string, url: string): FoundPolicy {
    const entry = this.platform.candidates({ request, method, url, preflight: false })[0];
    if (entry !== undefined) {
      return { policy: entry.policy, entry, enforce: false };
    }
    const { policy, enforce } = this.unrouted(url);
    return { policy, entry: undefined, enforce };
  }

  /** The policy of what no controller takes. */
  unrouted(url: string): PathMatch {
    const pathname = this.platform.pathname(url);
    return this.policies.paths.find(pathname ?? url);
  }

  /** Asks the predicate or resolver of a policy; `undefined` for a policy that has none or an origin it is not asked about. */
  askOrigin(
    policy: CompiledPolicy,
    origin: string,
    context: () => OriginContext,
  ): boolean | undefined | Promise<boolean> {
    const ask = this.policies.askers.get(policy);
    return ask === undefined || !isWellFormedOrigin(origin) ? undefined : ask(origin, context);
  }

  /** The entry that was named or found for a response; where there is none, only the policy. */
  #namedAtHead(response: object, raw: RawRequest): RouteEntry | { readonly policy: CompiledPolicy } {
    const state = (response as SlottedResponse)[this.slots.state] as ResponseState | undefined;
    if (typeof state === 'object') {
      return state;
    }
    const target = state === undefined ? { method: raw.method ?? '', url: raw.url ?? '' } : capturedTarget(state);
    try {
      const found = this.lookUp(raw, target.method, target.url);
      return found.entry ?? found;
    } catch {
      return { policy: this.policies.refused };
    }
  }

  #verdictOn(response: object, policy: CompiledPolicy): boolean | undefined {
    if (!this.#asksEarly) {
      return undefined;
    }
    const verdict = (response as SlottedResponse)[this.slots.verdict] as OriginVerdict | undefined;
    return verdict?.policy === policy ? verdict.allowed : undefined;
  }

  /** Asks what has to be asked before the handler runs, and enforces the policies of paths that have no handler. */
  #prepareActual(request: unknown, raw: RawRequest, response: object, origin: string): EarlyAnswer {
    const method = raw.method ?? '';
    const url = raw.url ?? '';
    const found = this.lookUp(request, method, url);
    const { policy, entry } = found;
    const finish = (allowed: boolean | undefined): 'continue' | 'answered' => {
      if (allowed !== undefined) {
        const verdict: OriginVerdict = { policy, allowed };
        (response as SlottedResponse)[this.slots.verdict] = verdict;
      }
      return this.#refuseUnrouted(found, request, raw, response);
    };
    if (isSameOrigin(raw)) {
      return 'continue';
    }
    const answer = this.askOrigin(policy, origin, () => originContext(request, method, url, entry, policy, false));
    return answer instanceof Promise ? answer.then(finish) : finish(answer);
  }

  #refuseUnrouted(
    { policy, enforce }: FoundPolicy,
    request: unknown,
    raw: RawRequest,
    response: object,
  ): 'continue' | 'answered' {
    const reason = enforcesMethod(enforce, raw.method ?? '')
      ? this.#refusalOf(policy, request, raw, response)
      : undefined;
    if (reason === undefined || isAnswered(response)) {
      return 'continue';
    }
    const { vary } = decideActual(policy, raw.headers.origin as string, this.#verdictOn(response, policy));
    const { closedPolicy } = this.policies.paths;
    (response as SlottedResponse)[this.slots.state] = { policy: closedPolicy } satisfies ResponseState;
    writeForbidden(response as GuardedResponse, vary);
    this.report({
      reason,
      preflight: false,
      method: raw.method ?? '',
      url: raw.url ?? '',
      origin: raw.headers.origin as string,
      target: policy.target,
    });
    return 'answered';
  }

  #refusalOf(policy: CompiledPolicy, request: unknown, raw: RawRequest, response: object): CorsReason | undefined {
    if (isExempt(raw, () => this.platform.host(request))) {
      return undefined;
    }
    if (policy.state === 'closed') {
      return 'no-policy';
    }
    const decision = decideActual(policy, raw.headers.origin as string, this.#verdictOn(response, policy));
    return decision.outcome === 'refused' ? decision.reason : undefined;
  }
}
