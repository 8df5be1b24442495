import type { MergedPolicy } from '../merged-policy.js';
import { POLICY_PROPERTIES } from '../policy-options.js';
import { type PolicyValidation, validateOptions, validatePlace } from './validate-policy.js';
import type { ValidationEnvironment, ValidationSubject } from './validation-environment.js';

/**
 * Validates the policies of one boot. Thousands of handlers that inherit the same values from the same places cost one
 * look at the values.
 */
export class PolicyValidator {
  readonly #environment: ValidationEnvironment;
  readonly #validated = new Map<string, PolicyValidation>();
  readonly #identities = new Map<unknown, number>();

  constructor(environment: ValidationEnvironment) {
    this.#environment = environment;
  }

  /** As `validatePolicy`. */
  validate(merged: MergedPolicy, subject: ValidationSubject = {}): PolicyValidation {
    const key = this.#keyOf(merged, subject);
    let shared = this.#validated.get(key);
    if (shared === undefined) {
      shared = validateOptions(merged, this.#environment, subject);
      this.#validated.set(key, shared);
    }
    const own = validatePlace(merged, subject);
    const targets = Object.freeze([merged.target]);
    return {
      problems: shared.problems.map((problem) => Object.freeze({ ...problem, targets })),
      warnings: [...shared.warnings.map((warning) => Object.freeze({ ...warning, targets })), ...own],
    };
  }

  #keyOf({ target, options, sources }: MergedPolicy, { originRequired }: ValidationSubject): string {
    const parts: unknown[] = [originRequired ?? target !== 'CorsModule'];
    for (const property of POLICY_PROPERTIES) {
      parts.push(this.#identityOf(options[property]), sources[property] ?? null);
    }
    return JSON.stringify(parts);
  }

  #identityOf(value: unknown): number {
    let identity = this.#identities.get(value);
    if (identity === undefined) {
      identity = this.#identities.size;
      this.#identities.set(value, identity);
    }
    return identity;
  }
}
