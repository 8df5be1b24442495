import type { MergedPolicy } from '../policy/merge.js';
import { POLICY_PROPERTIES, type PolicyProperty } from '../policy/policy-options.js';
import { MODULE_TARGET } from '../policy/policy-source.js';
import { POLICY_RULES } from './options/policy-rules.js';
import type { ValidationEnvironment, ValidationSubject } from './origin-entry.js';
import { Findings } from './problems/findings.js';
import type { CorsProblem, CorsWarning } from './problems/problem.js';
import { quoteThrown } from './problems/quote-value.js';
import { sourceText } from './problems/source-text.js';
import { describeValue, EXAMPLE_ORIGIN, originSafety } from './remedies/corrected-origin.js';
import { validateList, warnOfMethods } from './validate-list.js';
import { validateOrigin } from './validate-origin.js';
import { validateMaxAge, validateStatus } from './validate-values.js';

/** The result of validating one merged policy. */
export interface PolicyValidation {
  /** The mistakes that stop the boot. Empty for a policy that may be compiled. */
  readonly problems: readonly CorsProblem[];
  readonly warnings: readonly CorsWarning[];
}

/** Checks the content of a value that has the right type. */
type ContentCheck = (findings: Findings, value: never, environment: ValidationEnvironment) => void;

const CONTENT_CHECKS: { readonly [name in PolicyProperty]?: ContentCheck } = Object.freeze({
  origin: validateOrigin,
  methods: (findings, list) => validateList(findings, 'methods', list),
  allowedHeaders: (findings, list) => validateList(findings, 'allowedHeaders', list),
  exposedHeaders: (findings, list) => validateList(findings, 'exposedHeaders', list),
  maxAge: validateMaxAge,
  optionsSuccessStatus: validateStatus,
});

/**
 * Checks one merged policy: each value, and the combinations that only merging creates. `copyOptions` has read its
 * levels. Reports every mistake and throws nothing.
 */
export function validatePolicy(
  merged: MergedPolicy,
  environment: ValidationEnvironment,
  { originRequired = merged.target !== MODULE_TARGET, mappedMethods = [] }: ValidationSubject = {},
): PolicyValidation {
  const findings = new Findings(merged);
  if (merged.options.origin === undefined && originRequired) {
    findings.problem(
      'origin-missing',
      ['origin'],
      undefined,
      'origin is not set at any level, so this policy allows no origin',
      `Write \`origin: '${EXAMPLE_ORIGIN}'\`, with your frontend's origin, here or in \`CorsModule.forRoot()\`.`,
    );
  }
  for (const property of POLICY_PROPERTIES) {
    validateOption(findings, property, merged.options[property], environment);
  }
  warnOfMethods(findings, mappedMethods);
  warnOfInheritedCredentials(findings);
  return findings;
}

function validateOption(
  findings: Findings,
  property: PolicyProperty,
  value: unknown,
  environment: ValidationEnvironment,
): void {
  const { must, example, hasType, corrected, advice } = POLICY_RULES[property];
  const wrongType = (description: string, code: string, further = '') =>
    findings.problem(
      'option-type',
      [property],
      value,
      `${property} is ${description} but must be ${must}`,
      `Write \`${property}: ${code}\`.${further}`,
    );
  try {
    if (value === undefined) {
      return;
    }
    if (hasType(value)) {
      CONTENT_CHECKS[property]?.(findings, value as never, environment);
    } else {
      const code = sourceText(corrected(value, originSafety(findings.merged.options)));
      wrongType(describeValue(value), code, advice?.(value));
    }
  } catch (error) {
    // A proxy can throw whenever it is read.
    wrongType(`unreadable (it threw ${quoteThrown(error)})`, example);
  }
}

/** Warns if a level sets `origin` and inherits `credentials: true`. */
function warnOfInheritedCredentials(findings: Findings): void {
  const { options, depths } = findings.merged;
  const isInherited = (depths.origin ?? 0) > (depths.credentials ?? 0);
  if (options.credentials === true && options.origin !== undefined && isInherited) {
    findings.warning(
      'credentials-inherited',
      ['origin', 'credentials'],
      'origin is set here, and the inherited `credentials: true` applies to its origins too',
      'Set `credentials: true` beside `origin`, or `credentials: false` if these origins need no cookies.',
    );
  }
}
