import type { OriginContext } from '../origin/origin-resolver.js';
import type { CompiledPolicy } from '../policy/compiled-policy.js';
import type { OriginCheck } from '../resolver/origin-check.js';
import type { PathMatch, PathPolicies } from '../routes/path-policies.js';
import type { RouteEntry } from '../routes/route-entry.js';
import type { HttpPlatform, RouteQuery } from './http-platform.js';
import { ResponseKeys } from './response-state.js';

/**
 * Whether handlers of this very URL have different policies. Browsers keep what a preflight granted by URL, and the
 * header names of it for every method, so that nothing may be kept then.
 *
 * @param query a preflight's
 * @param policy of the first candidate, or of what no handler takes
 */
export function isUncacheable(
  lookup: PolicyLookup,
  query: RouteQuery,
  candidates: readonly RouteEntry[],
  policy: CompiledPolicy,
): boolean {
  if (!lookup.policies.paths.isEmpty) {
    const { listed, policy: below } = lookup.pathPolicy(query.url);
    if (listed && below.preflightIdentity !== policy.preflightIdentity) {
      return true; // one of `paths` answers the methods that no handler takes
    }
  }
  if (candidates.length === 1 && candidates[0]?.otherMethods.length === 0) {
    return false;
  }
  return candidates.length === 0
    ? unroutedDiffers(lookup, query, policy)
    : someDiffers(lookup, query, candidates, policy);
}

function unroutedDiffers(lookup: PolicyLookup, query: RouteQuery, policy: CompiledPolicy): boolean {
  const { handlerIdentities, handlerMethods } = lookup.policies;
  const alike =
    handlerIdentities.size === 0 || (handlerIdentities.size === 1 && handlerIdentities.has(policy.preflightIdentity));
  return !alike && handlerMethods.some((method) => differs(lookup, query, method, policy));
}

function someDiffers(
  lookup: PolicyLookup,
  query: RouteQuery,
  candidates: readonly RouteEntry[],
  policy: CompiledPolicy,
): boolean {
  return candidates.some(
    (candidate) =>
      candidate.policy.preflightIdentity !== policy.preflightIdentity ||
      candidate.otherMethods.some((method) => differs(lookup, query, method, policy)),
  );
}

/** Whether another method of the URL, in any version, reaches a handler with another policy. */
function differs(lookup: PolicyLookup, { request, url }: RouteQuery, method: string, policy: CompiledPolicy): boolean {
  return lookup.platform
    .candidates({ request, url, method, preflight: true, anyVersion: true })
    .some((other) => other.policy.preflightIdentity !== policy.preflightIdentity);
}

/** What a predicate or resolver that wants it is told about a request. */
export function originContext(
  request: unknown,
  method: string,
  path: string,
  entry: RouteEntry | undefined,
  policy: CompiledPolicy,
  preflight: boolean,
): OriginContext {
  return Object.freeze({
    request,
    method,
    path,
    policy: entry?.target ?? policy.target,
    preflight,
    ...(entry === undefined ? {} : { controller: entry.controller, handler: entry.handler }),
  });
}

/** What handling requests needs to know of an application's policies. Made at boot, frozen. */
export interface PolicyTable {
  readonly applicationWide: CompiledPolicy;
  readonly paths: PathPolicies;
  /** For what must not be granted anything. */
  readonly refused: CompiledPolicy;
  /** How to ask the predicate or resolver of a policy that has one. */
  readonly originChecks: ReadonlyMap<CompiledPolicy, OriginCheck>;
  /** The preflight identities of all handlers' policies. */
  readonly handlerIdentities: ReadonlySet<string>;
  /** A method for each handler, by which a look-up finds it. */
  readonly handlerMethods: readonly string[];
  /** Whether some `paths` policy enforces. */
  readonly enforcesPaths: boolean;
  /** Whether refused preflights are answered with what would have been granted, and why. */
  readonly explainToClient: boolean;
}

/** Where a policy was found: at the handler that takes the request, or at its path where there is none. */
export type PolicyMatch = RouteEntry | PathMatch;

/** Finds the policies of one application: by request, by path, and what was found out on a response. */
export class PolicyLookup {
  readonly responseKeys = new ResponseKeys();
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

  /** Whether anything has to be asked or refused before the handler runs. */
  get asksEarly(): boolean {
    return this.#checksEarly;
  }

  /** What applies to a method and URL that no handler was named for. */
  lookUp(request: unknown, method: string, url: string): PolicyMatch {
    return this.platform.candidates({ request, method, url, preflight: false })[0] ?? this.pathPolicy(url);
  }

  /** The policy of what no controller takes. */
  pathPolicy(url: string): PathMatch {
    const { paths } = this.policies;
    return paths.find(paths.isEmpty ? url : (this.platform.pathname(url) ?? url));
  }

  /** How to ask a policy's predicate or resolver; `undefined` where there is none. */
  originCheckOf(policy: CompiledPolicy): OriginCheck | undefined {
    const { originChecks } = this.policies;
    return originChecks.size === 0 ? undefined : originChecks.get(policy);
  }
}
