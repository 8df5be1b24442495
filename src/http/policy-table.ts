import type { CompiledPolicy } from '../policy/compiled-policy.js';
import type { OriginCheck } from '../resolver/origin-check.js';
import type { PathPolicies } from '../routes/path-policies.js';

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
