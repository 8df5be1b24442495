import type { MergedPolicy } from '../merged-policy.js';
import { POLICY_RULES } from '../options/policy-rules.js';
import type { PolicyProperty } from '../policy-options.js';
import type { CorsProblem, CorsWarning } from '../problem.js';
import { warnOfInheritedCredentials } from './credentials-inherited.js';
import { Findings } from './findings.js';
import { warnOfMethods } from './method-warnings.js';
import { quoteThrown } from './quote-value.js';
import { validateAllowedHeaders, validateExposedHeaders } from './validate-headers.js';
import { validateMethods } from './validate-methods.js';
import { validateOrigin } from './validate-origin.js';
import { validateValues } from './validate-values.js';
import type { ValidationEnvironment, ValidationSubject } from './validation-environment.js';

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
