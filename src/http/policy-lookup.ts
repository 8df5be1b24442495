import type { OriginContext } from '../origin/origin-resolver.js';
import type { CompiledPolicy } from '../policy/compiled-policy.js';
import type { OriginCheck } from '../resolver/origin-check.js';
import type { PathMatch, PathPolicies } from '../routes/path-policies.js';
import type { Exchange, PolicyMatch } from './exchange.js';
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
  /** Whether some `paths` policy enforces, or reports what it would refuse. */
  readonly enforcesPaths: boolean;
  /** Whether requests of other origins to untouched routes are reported. */
  readonly reportsUntouched: boolean;
  /** Whether the answer to a refused preflight grants what is allowed and gives the reason. */
  readonly explainToClient: boolean;
}

/** Finds the policies of one application by request and by path, and calls their predicates and resolvers. */
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

  /** The policies of all handlers that a request may reach; if there are none, the policy of its path. */
  possiblePolicies(query: RouteQuery): readonly CompiledPolicy[] {
    const candidates = this.platform.candidates(query);
    return (candidates.length === 0 ? [this.pathPolicy(query.url)] : candidates).map(({ policy }) => policy);
  }

  /** The policy of a path without a handler. */
  pathPolicy(url: string): PathMatch {
    const { paths } = this.policies;
    return paths.find(paths.isEmpty ? url : (this.platform.pathname(url) ?? url));
  }

  /**
   * Calls the predicate or resolver of a policy, before the handler runs.
   *
   * @param query the request that is checked: the exchange itself, or the request that its preflight announces
   * @returns `undefined` for a policy that has neither, and for a malformed origin
   */
  checkOrigin(exchange: Exchange, query: RouteQuery, match: PolicyMatch): boolean | Promise<boolean> | undefined {
    const { originChecks } = this.policies;
    const check = originChecks.size === 0 ? undefined : originChecks.get(match.policy);
    return check === undefined ? undefined : callCheck(check, this.platform, exchange, query, match);
  }
}

/** Separate, because V8 allocates for a closure even when its branch is not taken. */
function callCheck(
  check: OriginCheck,
  platform: HttpPlatform,
  { raw, response }: Exchange,
  query: RouteQuery,
  match: PolicyMatch,
): boolean | Promise<boolean> | undefined {
  return check(raw.headers.origin as string, () => {
    platform.present(query.request, response);
    return originContext(query, match);
  });
}

/** The context that predicates and resolvers receive. */
function originContext({ request, method, url, preflight }: RouteQuery, match: PolicyMatch): OriginContext {
  return Object.freeze(
    'handler' in match
      ? {
          request,
          method,
          path: url,
          policy: match.target,
          preflight,
          controller: match.controller,
          handler: match.handler,
        }
      : { request, method, path: url, policy: match.policy.target, preflight },
  );
}
