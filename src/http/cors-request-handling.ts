import { isWellFormedOrigin } from '../origin/origin-grammar.js';
import type { OriginContext } from '../origin/origin-resolver.js';
import type { CompiledPolicy } from '../policy/compiled-policy.js';
import { decideActual } from '../policy/decide.js';
import type { CorsDecision, CorsReason } from '../policy/decision.js';
import type { PathMatch } from '../routes/path-policies.js';
import type { RouteEntry } from '../routes/route-entry.js';
import { enforcesMethod, isExempt, isSameOrigin } from './enforcement.js';
import type { EarlyAnswer, HttpPlatform, RawRequest } from './http-platform.js';
import { originContext } from './origin-context.js';
import type { PolicyTable } from './policy-table.js';
import { answerPreflight } from './preflight.js';
import type { ReportRefusal } from './refusal.js';
import type { RequestHandling } from './request-handling.js';
import {
  capturedTarget,
  type OriginVerdict,
  ResponseSlots,
  type ResponseState,
  type SlottedResponse,
} from './response-state.js';

/** What the exception filter answers, for what is refused where no filter is reached. */
const FORBIDDEN_BODY = Object.freeze({
  statusCode: 403,
  message: 'Cross-origin request refused',
  error: 'Forbidden',
  code: 'cors-forbidden',
});

/** A policy and the handler it was found by. */
export interface FoundPolicy {
  readonly policy: CompiledPolicy;
  readonly entry: RouteEntry | undefined;
  /** Whether it is the policy of one of `paths`. */
  readonly listed: boolean;
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

  constructor(readonly report: ReportRefusal) {}

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

  early(request: unknown, raw: RawRequest, response: object): EarlyAnswer {
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

  decisionAtHead(response: object): CorsDecision | undefined {
    if (this.#policies === undefined) {
      return undefined;
    }
    const raw = (response as { readonly req: RawRequest }).req;
    const { policy, entry } = this.#policyAtHead(response, raw);
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
        target: entry?.target ?? policy.target,
      });
    }
    return decision;
  }

  /** Whether the handler that was reached must not run, and why. For the interceptor. */
  enforcementRefusal(request: unknown, raw: RawRequest, response: object): CorsReason | undefined {
    const state = (response as SlottedResponse)[this.slots.state] as ResponseState | undefined;
    if (this.#policies === undefined || typeof state !== 'object' || !('target' in state)) {
      return undefined;
    }
    const enforced = state.ambiguous || enforcesMethod(state.policy.enforce, raw.method ?? '');
    return enforced ? this.#refusalOf(state.policy, request, raw, response) : undefined;
  }

  /** What applies to a method and URL that no handler was named for. */
  lookUp(request: unknown, method: string, url: string): FoundPolicy {
    const entry = this.platform.candidates({ request, method, url, preflight: false })[0];
    return entry === undefined
      ? { ...this.unrouted(url), entry: undefined }
      : { policy: entry.policy, entry, listed: false };
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

  #policyAtHead(response: object, raw: RawRequest): FoundPolicy {
    const state = (response as SlottedResponse)[this.slots.state] as ResponseState | undefined;
    if (typeof state === 'object') {
      return { policy: state.policy, entry: 'target' in state ? state : undefined, listed: false };
    }
    const target = state === undefined ? { method: raw.method ?? '', url: raw.url ?? '' } : capturedTarget(state);
    return this.lookUp(raw, target.method, target.url);
  }

  #verdictOn(response: object, policy: CompiledPolicy): boolean | undefined {
    const verdict = (response as SlottedResponse)[this.slots.verdict] as OriginVerdict | undefined;
    return verdict?.policy === policy ? verdict.allowed : undefined;
  }

  /** Asks what has to be asked before the handler runs, and enforces the policies of paths that have no handler. */
  #prepareActual(request: unknown, raw: RawRequest, response: object, origin: string): EarlyAnswer {
    const method = raw.method ?? '';
    const url = raw.url ?? '';
    const { policy, entry, listed } = this.lookUp(request, method, url);
    const finish = (allowed: boolean | undefined): 'continue' | 'answered' => {
      if (allowed !== undefined) {
        const verdict: OriginVerdict = { policy, allowed };
        (response as SlottedResponse)[this.slots.verdict] = verdict;
      }
      if (listed && enforcesMethod(policy.enforce, method)) {
        return this.#refuseUnrouted(policy, request, raw, response);
      }
      return 'continue';
    };
    if (isSameOrigin(raw)) {
      return 'continue';
    }
    const answer = this.askOrigin(policy, origin, () => originContext(request, method, url, entry, policy, false));
    return answer instanceof Promise ? answer.then(finish) : finish(answer);
  }

  #refuseUnrouted(
    policy: CompiledPolicy,
    request: unknown,
    raw: RawRequest,
    response: object,
  ): 'continue' | 'answered' {
    if (this.#refusalOf(policy, request, raw, response) === undefined) {
      return 'continue';
    }
    const body = JSON.stringify(FORBIDDEN_BODY);
    const target = response as {
      statusCode: number;
      setHeader(name: string, value: string): void;
      end(body: string): void;
    };
    const decision = decideActual(policy, raw.headers.origin as string, this.#verdictOn(response, policy));
    (response as SlottedResponse)[this.slots.state] = {
      policy: this.policies.paths.closedPolicy,
    } satisfies ResponseState;
    target.statusCode = 403;
    if (decision.vary.length > 0) {
      target.setHeader('Vary', decision.vary.join(', '));
    }
    target.setHeader('Content-Type', 'application/json; charset=utf-8');
    target.setHeader('Content-Length', String(Buffer.byteLength(body)));
    target.end(body);
    return 'answered';
  }

  #refusalOf(policy: CompiledPolicy, request: unknown, raw: RawRequest, response: object): CorsReason | undefined {
    if (policy.state === 'closed' || isExempt(raw, () => this.platform.host(request))) {
      return undefined;
    }
    const decision = decideActual(policy, raw.headers.origin as string, this.#verdictOn(response, policy));
    return decision.outcome === 'refused' ? decision.reason : undefined;
  }
}
