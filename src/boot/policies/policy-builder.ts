import type { CompiledPolicy } from '../../policy/compiled-policy.js';
import type { Interner } from '../../policy/interner.js';
import { mergeLevels, type PolicyLevel } from '../../policy/merge.js';
import { enforcedRequests, NOT_ENFORCED, PolicyCompiler } from '../../policy/policy-compiler.js';
import { ANY_METHOD } from '../../routes/route-entry.js';
import type { ValidationEnvironment } from '../../validation/origin-entry.js';
import { validatePolicy } from '../../validation/validate-policy.js';
import type { BootFindings } from '../boot-findings.js';

/** A compiled policy, and whether its validation found nothing. */
export interface BuiltPolicy {
  readonly policy: CompiledPolicy;
  readonly faultless: boolean;
}

/**
 * Merges, validates and compiles the levels of policies. Mistakes go to the findings. If there is a problem, the policy
 * is disabled, and the boot stops later.
 */
export class PolicyBuilder {
  readonly compiler: PolicyCompiler;
  readonly #built = new Map<string, BuiltPolicy>();
  readonly #interner: Interner;
  readonly #environment: ValidationEnvironment;
  readonly #findings: BootFindings;

  constructor(interner: Interner, environment: ValidationEnvironment, findings: BootFindings) {
    this.compiler = new PolicyCompiler(interner);
    this.#interner = interner;
    this.#environment = environment;
    this.#findings = findings;
  }

  /**
   * Builds the policy of a target, once for each set of levels and mapped method.
   *
   * @param levels outermost first
   * @param originRequired whether it is a mistake if no level sets an origin
   */
  build(
    target: string,
    levels: readonly PolicyLevel[],
    originRequired: boolean,
    mappedMethod: string = ANY_METHOD,
  ): BuiltPolicy {
    const places = levels.map((level) => [this.#interner.numberOf(level.options), level.target]);
    const key = JSON.stringify([target, places, mappedMethod, originRequired]);
    let built = this.#built.get(key);
    if (built === undefined) {
      built = this.#buildNew(target, levels, originRequired, mappedMethod === ANY_METHOD ? [] : [mappedMethod]);
      this.#built.set(key, built);
    }
    return built;
  }

  /** The disabled policy of a target, which inherits `enforce` and `enforceReportOnly` from its levels. */
  disabled(target: string, levels: readonly PolicyLevel[]): CompiledPolicy {
    const { enforce, enforceReportOnly } = mergeLevels(target, levels).options;
    // An invalid value is reported where its level is validated.
    const valid = enforce === 'all' || enforce === 'unsafe-methods' ? enforce : false;
    return this.compiler.disabled(target, enforcedRequests({ enforce: valid, enforceReportOnly }));
  }

  #buildNew(
    target: string,
    levels: readonly PolicyLevel[],
    originRequired: boolean,
    mappedMethods: readonly string[],
  ): BuiltPolicy {
    const merged = mergeLevels(target, levels);
    const { problems, warnings } = validatePolicy(merged, this.#environment, { originRequired, mappedMethods });
    this.#findings.problems.push(...problems);
    this.#findings.warnings.push(...warnings);
    return {
      policy: problems.length > 0 ? this.compiler.disabled(target, NOT_ENFORCED) : this.compiler.compile(merged),
      faultless: problems.length + warnings.length === 0,
    };
  }
}
