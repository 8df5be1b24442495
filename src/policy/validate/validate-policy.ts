import type { MergedPolicy } from '../merged-policy.js';
import type { CorsProblem, CorsWarning } from '../problem.js';
import { warnOfInheritedCredentials } from './credentials-inherited.js';
import { Findings } from './findings.js';
import { warnOfMethods } from './method-warnings.js';
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
  validateOrigin(findings, environment, originRequired);
  validateMethods(findings);
  validateAllowedHeaders(findings);
  validateExposedHeaders(findings);
  validateValues(findings);
  return findings;
}

/** The part that depends on the mapped methods, and on the levels the values are from. */
export function validatePlace(merged: MergedPolicy, { mappedMethods = [] }: ValidationSubject): readonly CorsWarning[] {
  const findings = new Findings(merged);
  warnOfMethods(findings, mappedMethods);
  warnOfInheritedCredentials(findings);
  return findings.warnings;
}
