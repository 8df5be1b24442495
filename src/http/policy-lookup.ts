import type { CompiledPolicy } from '../policy/compiled-policy.js';
import type { OriginCheck } from '../resolver/origin-check.js';
import type { PathMatch, PathPolicies } from '../routes/path-policies.js';
import type { RouteEntry } from '../routes/route-entry.js';
import type { HttpPlatform, RouteQuery } from './http-platform.js';

/** The policies of an application, as requests need them. Made at boot, frozen. */
export interface PolicyTable {
  readonly applicationWide: CompiledPolicy;
  readonly paths: PathPolicies;
  /** Applies where no access may be granted. */
  readonly refused: CompiledPolicy;
  /** The origin checks of the policies that have a predicate or resolver. */
  readonly originChecks: ReadonlyMap<CompiledPolicy, OriginCheck>;
  /** The preflight identities of all handlers' policies. */
  readonly handlerIdentities: ReadonlySet<string>;
  /** A method for each handler, with which a look-up finds it. */
  readonly handlerMethods: readonly string[];
  /** Whether some `paths` policy enforces. */
  readonly enforcesPaths: boolean;
  /** Whether the answer to a refused preflight grants what is allowed and gives the reason. */
  readonly explainToClient: boolean;
}

/** Where a policy was found: at the handler of a request, or at its path if there is no handler. */
export type PolicyMatch = RouteEntry | PathMatch;

/** Finds the policies of one application by request and by path. */
export class PolicyLookup {
  #platform: HttpPlatform | undefined;
  #policies: PolicyTable | undefined;
  #checksEarly = false;

  /** Called when the platform is known, before any request. */
  attach(platform: HttpPlatform): void {
    this.#platform = platform;
  }

  /** Called at boot when every policy is valid. */
  configure(policies: PolicyTable): void {
    this.#policies = policies;
    this.#checksEarly = policies.originChecks.size > 0 || policies.enforcesPaths;
  }

  /** Whether there are policies yet. */
  get isConfigured(): boolean {
    return this.#policies !== undefined;
  }

  /** @throws Error before the application is initialised */
  get policies(): PolicyTable {
    if (this.#policies === undefined) {
      throw new Error(
        'nestjs-cors has no policies, because the application is not initialised: call app.init() or app.listen() first.',
      );
    }
    return this.#policies;
  }

  /** @throws Error where there is none */
  get platform(): HttpPlatform {
    if (this.#platform === undefined) {
      throw new Error('nestjs-cors has no HTTP platform: this application serves no HTTP.');
    }
    return this.#platform;
  }

  /** Whether some policy checks origins, or refuses requests, before the handler runs. */
  get checksEarly(): boolean {
    return this.#checksEarly;
  }

  /** The policy of a request whose handler the router has not named. */
  lookUp(query: RouteQuery): PolicyMatch {
    return this.platform.candidates(query)[0] ?? this.pathPolicy(query.url);
  }

  /** The policy of a path without a handler. */
  pathPolicy(url: string): PathMatch {
    const { paths } = this.policies;
    return paths.find(paths.isEmpty ? url : (this.platform.pathname(url) ?? url));
  }

  /** Calls a policy's predicate or resolver; `undefined` where there is none. */
  originCheckOf(policy: CompiledPolicy): OriginCheck | undefined {
    const { originChecks } = this.policies;
    return originChecks.size === 0 ? undefined : originChecks.get(policy);
  }
}
