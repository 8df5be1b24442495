import { cascade, type MergedPolicy, mergeLevels, type PolicyLevel } from '../../policy/merge.js';
import { MODULE_TARGET, type PolicySource } from '../../policy/policy-source.js';
import type { PathMatch } from '../../routes/path-policies.js';
import type { RouteEntry } from '../../routes/route-entry.js';
import type { ReadModuleOptions } from '../options/read-module-options.js';
import type { ReadPath } from '../options/read-path-policies.js';

/** The options of a policy that apply, and where they were written. */
export interface EffectivePolicy extends MergedPolicy {
  /** The place that removes the origin: `@DisableCors()`, `@Cors('untouched')` or such an entry of `paths`. */
  readonly withoutOriginAt: PolicySource | undefined;
  /** Whether the options of `CorsModule` were read from environment variables. */
  readonly fromEnvironment: boolean;
}

/** A handler or a gateway. */
type Decorated = Pick<RouteEntry, 'target' | 'declarations'>;

const NO_LEVELS: readonly PolicyLevel[] = Object.freeze([]);

/**
 * Tells the level of each option of a policy. Compiled policies do not have the levels, because equal policies are
 * one object. So the levels are merged again, only for messages and explanations.
 */
export class PolicyLevels {
  readonly #options: Pick<ReadModuleOptions, 'applicationWide' | 'fromEnvironment' | 'policies' | 'paths'>;

  constructor(options: Pick<ReadModuleOptions, 'applicationWide' | 'fromEnvironment' | 'policies' | 'paths'>) {
    this.#options = options;
  }

  /** The options of a handler or gateway, of an entry of `paths`, of a named policy, or of the module. */
  of(match: Decorated | Pick<PathMatch, 'target'>): EffectivePolicy {
    if ('declarations' in match) {
      return this.#ofDecorated(match);
    }
    const { applicationWide, paths, policies } = this.#options;
    const entry = paths.find(({ target }) => target === match.target);
    const named = [...policies.values()].find(({ target }) => target === match.target);
    return entry === undefined
      ? this.#merged(named?.target ?? MODULE_TARGET, [named ?? applicationWide], undefined)
      : this.#ofPath(entry);
  }

  #ofDecorated({ target, declarations }: Decorated): EffectivePolicy {
    const { applicationWide, policies } = this.#options;
    const { levels, withoutOrigin } = cascade(applicationWide, declarations, (name) => policies.get(name));
    if (withoutOrigin === undefined) {
      return this.#merged(target, levels, undefined);
    }
    // Each `@Cors()` opens the route again, so the last decorator is the one that removes the origin.
    const at = declarations.at(-1)?.target;
    return this.#merged(target, withoutOrigin === 'untouched' ? NO_LEVELS : levels.map(enforcementOf), at);
  }

  #ofPath({ target, policy }: ReadPath): EffectivePolicy {
    const { applicationWide, policies } = this.#options;
    if (policy === false) {
      return this.#merged(target, [enforcementOf(applicationWide)], target);
    }
    if (typeof policy !== 'string') {
      return this.#merged(target, [applicationWide, policy], undefined);
    }
    const named = policies.get(policy);
    return named === undefined ? this.#merged(target, NO_LEVELS, target) : this.#merged(target, [named], undefined);
  }

  #merged(
    target: PolicySource,
    levels: readonly PolicyLevel[],
    withoutOriginAt: PolicySource | undefined,
  ): EffectivePolicy {
    const { fromEnvironment } = this.#options;
    return Object.freeze({ ...mergeLevels(target, levels), withoutOriginAt, fromEnvironment });
  }
}

/** The part of a level that applies where there is no origin. */
function enforcementOf({ target, options: { enforce, enforceReportOnly } }: PolicyLevel): PolicyLevel {
  return { target, options: { enforce, enforceReportOnly } };
}
