import type { CompiledPolicy } from '../policy/compiled-policy.js';
import type { OriginCheck } from '../resolver/origin-check.js';
import type { PathMatch } from '../routes/path-policies.js';
import type { RouteEntry } from '../routes/route-entry.js';
import type { HttpPlatform } from './http-platform.js';
import type { PolicyTable } from './policy-table.js';
import { ResponseSlots } from './response-state.js';

/** Where a policy was found: at the handler that takes the request, or at its path where there is none. */
export type FoundPolicy = RouteEntry | PathMatch;

/** Finds the policies of one application: by request, by path, and what was found out on a response. */
export class PolicyLookup {
  readonly slots = new ResponseSlots();
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
  lookUp(request: unknown, method: string, url: string): FoundPolicy {
    return this.platform.candidates({ request, method, url, preflight: false })[0] ?? this.unrouted(url);
  }

  /** The policy of what no controller takes. */
  unrouted(url: string): PathMatch {
    const { paths } = this.policies;
    return paths.find(paths.isEmpty ? url : (this.platform.pathname(url) ?? url));
  }

  /** How to ask a policy's predicate or resolver; `undefined` where there is none. */
  originCheckOf(policy: CompiledPolicy): OriginCheck | undefined {
    const { originChecks } = this.policies;
    return originChecks.size === 0 ? undefined : originChecks.get(policy);
  }
}
