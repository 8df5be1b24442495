import type { MergedPolicy } from '../policy/merge.js';
import type { PolicyProperty } from '../policy/policy-options.js';
import { POLICY_PROPERTIES } from '../policy/policy-options.js';
import { POLICY_RULES } from './options/policy-rules.js';
import type { ValidationEnvironment, ValidationSubject } from './origin-entry.js';
import { Findings } from './problems/findings.js';
import type { CorsProblem, CorsWarning } from './problems/problem.js';
import { quoteThrown } from './problems/quote-value.js';
import { validateAllowedHeaders, validateExposedHeaders } from './validate-headers.js';
import { validateMethods, warnOfMethods } from './validate-methods.js';
import { validateOrigin } from './validate-origin.js';
import { validateValues } from './validate-values.js';

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

/** Warns where a level names its own origins and gets `credentials: true` from a level further out. */
export function warnOfInheritedCredentials(findings: Findings): void {
  const { options, depths } = findings.merged;
  if (
    options.credentials === true &&
    options.origin !== undefined &&
    (depths.origin ?? 0) > (depths.credentials ?? 0)
  ) {
    findings.warning(
      'credentials-inherited',
      ['origin', 'credentials'],
      'origin is set anew and credentials: true applies to the new origins too',
      'Say it where the origin is set: `credentials: true`, or `credentials: false` if they need none.',
    );
  }
}

/** Everything there is to say about one merged policy. */
export interface PolicyValidation {
  /** What stops the boot; empty for a policy that may be compiled. */
  readonly problems: readonly CorsProblem[];
  readonly warnings: readonly CorsWarning[];
}

/**
 * Checks one merged policy: the values alone, and the combinations that only merging brings together. Its levels were
 * read by `copyOptions`. Reports everything and throws nothing.
 */
export function validatePolicy(
  merged: MergedPolicy,
  environment: ValidationEnvironment,
  subject: ValidationSubject = {},
): PolicyValidation {
  const { problems, warnings } = validateOptions(merged, environment, subject);
  return { problems, warnings: [...warnings, ...validatePlace(merged, subject)] };
}

/** The part that is the same for every target with the same values from the same places. */
export function validateOptions(
  merged: MergedPolicy,
  environment: ValidationEnvironment,
  { originRequired = merged.target !== 'CorsModule' }: ValidationSubject,
): PolicyValidation {
  const findings = new Findings(merged);
  guarded(findings, 'origin', () => validateOrigin(findings, environment, originRequired));
  guarded(findings, 'methods', () => validateMethods(findings));
  guarded(findings, 'allowedHeaders', () => validateAllowedHeaders(findings));
  guarded(findings, 'exposedHeaders', () => validateExposedHeaders(findings));
  validateValues(findings);
  return findings;
}

/** A proxy can throw at any look at it. That is a mistake like any other, and not a `TypeError` from here. */
function guarded(findings: Findings, property: PolicyProperty, check: () => void): void {
  try {
    check();
  } catch (error) {
    const { must, example } = POLICY_RULES[property];
    findings.problem(
      'option-type',
      [property],
      findings.merged.options[property],
      `${property} is a value that cannot be read (it threw ${quoteThrown(error)}) but must be ${must}`,
      `Write \`${property}: ${example}\`.`,
    );
  }
}

/** The part that depends on the mapped methods, and on the levels the values are from. */
export function validatePlace(merged: MergedPolicy, { mappedMethods = [] }: ValidationSubject): readonly CorsWarning[] {
  const findings = new Findings(merged);
  warnOfMethods(findings, mappedMethods);
  warnOfInheritedCredentials(findings);
  return findings.warnings;
}
