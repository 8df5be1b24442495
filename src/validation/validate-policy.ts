import type { MergedPolicy } from '../policy/merge.js';
import type { PolicyProperty } from '../policy/policy-options.js';
import { POLICY_RULES } from './options/policy-rules.js';
import type { ValidationEnvironment, ValidationSubject } from './origin-entry.js';
import { Findings } from './problems/findings.js';
import type { CorsProblem, CorsWarning } from './problems/problem.js';
import { quoteThrown } from './problems/quote-value.js';
import { validateAllowedHeaders, validateExposedHeaders } from './validate-headers.js';
import { validateMethods, warnOfMethods } from './validate-methods.js';
import { validateOrigin } from './validate-origin.js';
import { validateValues } from './validate-values.js';

/** Warns where a level names its own origins and gets `credentials: true` from a level further out. */
function warnOfInheritedCredentials(findings: Findings): void {
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
 * Checks one merged policy: each value, and the combinations that only merging creates. `copyOptions` has read its levels.
 * Reports every mistake and throws nothing.
 */
export function validatePolicy(
  merged: MergedPolicy,
  environment: ValidationEnvironment,
  { originRequired = merged.target !== 'CorsModule', mappedMethods = [] }: ValidationSubject = {},
): PolicyValidation {
  const findings = new Findings(merged);
  guarded(findings, 'origin', () => validateOrigin(findings, environment, originRequired));
  guarded(findings, 'methods', () => validateMethods(findings));
  guarded(findings, 'allowedHeaders', () => validateAllowedHeaders(findings));
  guarded(findings, 'exposedHeaders', () => validateExposedHeaders(findings));
  validateValues(findings);
  warnOfMethods(findings, mappedMethods);
  warnOfInheritedCredentials(findings);
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
