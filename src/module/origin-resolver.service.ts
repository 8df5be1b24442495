import { Inject, Injectable } from '@nestjs/common';
import { CORS_RUNTIME } from '../metadata/tokens.js';
import { isWellFormedOrigin } from '../origin/grammar/origin-grammar.js';
import type { CompiledPolicy } from '../policy/compiled-policy.js';
import { quoteValue } from '../validation/problems/quote-value.js';
import type { CorsRuntime } from './cors-runtime.js';

/** Asks which origins are allowed, and makes cached answers be asked for again. */
@Injectable()
export class OriginResolverService {
  readonly #runtime: CorsRuntime;

  /** @internal */
  constructor(@Inject(CORS_RUNTIME) runtime: CorsRuntime) {
    this.#runtime = runtime;
  }

  /**
   * Whether a policy allows an origin. Failures of resolvers and predicates are a no, as they are for requests. Those
   * that want to see the request are shown none: `request` is undefined, `method` and `path` are empty.
   *
   * @param origin as browsers send it, for example `https://app.example.com`; anything else is not allowed
   * @param policyName a named policy; the application-wide one by default. Policies of handlers have no name to ask by.
   * @returns true for any text where the policy allows `'*'`; false where it has no origin
   * @throws Error for an unknown policy name, or before the application is initialised
   */
  async resolve(origin: string, policyName?: string): Promise<boolean> {
    const policy = this.#policy(policyName);
    if (policy.state !== 'open') {
      return false;
    }
    if (policy.anyOrigin) {
      return true;
    }
    if (typeof origin !== 'string' || !isWellFormedOrigin(origin)) {
      return false;
    }
    if (policy.origins?.kind === 'static') {
      return policy.origins.allows(origin);
    }
    const check = this.#runtime.checkByPolicy.get(policy);
    const context = { request: undefined, method: '', path: '', policy: policy.target, preflight: false };
    return (await check?.(origin, () => context)) === true;
  }

  /**
   * Forgets cached answers about one origin, here at once and in the shared store. Other instances keep theirs until
   * `localTtl` (with a store) or `allowedTtl` is over. Never rejects.
   *
   * @param origin as browsers send it
   */
  async forget(origin: string): Promise<void> {
    await this.#runtime.originChecks.forget(origin);
  }

  /** Forgets every cached answer, with the same reach as {@link forget}. Never rejects. */
  async forgetAll(): Promise<void> {
    await this.#runtime.originChecks.forgetAll();
  }

  #policy(name: string | undefined): CompiledPolicy {
    const { application } = this.#runtime;
    if (application === undefined) {
      throw new Error(
        'nestjs-cors has no policies before the application is initialised: call app.init() or app.listen() first.',
      );
    }
    const { policies } = application;
    if (name === undefined) {
      return policies.applicationWide;
    }
    const policy = policies.named.get(name);
    if (policy === undefined) {
      const known = [...policies.named.keys()].map(quoteValue).join(', ');
      throw new Error(`There is no CORS policy named ${quoteValue(name)}; the named policies are: ${known || 'none'}.`);
    }
    return policy;
  }
}
