import { Inject, Injectable } from '@nestjs/common';
import { CORS_RUNTIME } from '../boot/metadata/tokens.js';
import { isWellFormedOrigin } from '../origin/grammar/origin-grammar.js';
import type { CompiledPolicy } from '../policy/compiled-policy.js';
import type { CorsRuntime } from './cors-runtime.js';
import { findPolicy } from './find-policy.js';

/** Checks origins outside of requests, and clears cached answers of origin resolvers. */
@Injectable()
export class OriginResolverService {
  readonly #runtime: CorsRuntime;

  /** @internal */
  constructor(@Inject(CORS_RUNTIME) runtime: CorsRuntime) {
    this.#runtime = runtime;
  }

  /**
   * Whether a policy allows an origin. If a resolver or predicate fails, the origin is not allowed, as in a request.
   * There is no request here: in the context `request` is undefined, and `method` and `path` are empty.
   *
   * @param origin as browsers send it, for example `https://app.example.com`; anything else is not allowed
   * @param policyName a named policy; the application-wide policy by default. Policies of handlers have no name.
   * @returns true for every text if the policy allows `'*'`; false if it has no origin
   * @throws Error for an unknown policy name, and before the application is initialised
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
   * Removes cached answers about one origin, from this process and from the shared store. Other processes keep their
   * local answers until `localTtl` (with a store) or `allowedTtl` is over. Never rejects.
   *
   * @param origin as browsers send it
   */
  async forget(origin: string): Promise<void> {
    await this.#runtime.originChecks.forget(origin);
  }

  /** Removes every cached answer, from this process and from the shared store. Never rejects. */
  async forgetAll(): Promise<void> {
    await this.#runtime.originChecks.forgetAll();
  }

  #policy(name: string | undefined): CompiledPolicy {
    const { application } = this.#runtime;
    if (application === undefined) {
      throw new Error(
        'The CORS policies do not exist before the application is initialised. Call app.init() or app.listen() first.',
      );
    }
    return findPolicy(application, name);
  }
}
