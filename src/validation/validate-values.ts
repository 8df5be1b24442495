import type { PolicyProperty } from '../policy/policy-options.js';
import { POLICY_RULES } from './options/policy-rules.js';
import type { Findings } from './problems/findings.js';
import { quoteValue, sourceText } from './problems/quote-value.js';
import {
  correctedEnforce,
  correctedMaxAge,
  correctedStatus,
  correctedSwitch,
  LONGEST_MAX_AGE,
} from './remedies/corrected-values.js';

/** What Chromium shortens longer cache times to, in seconds. */
const LONGEST_IN_CHROMIUM = 7200;

/** Checks `credentials`, `maxAge`, `optionsSuccessStatus`, `enforce` and `dangerouslyAllowInsecureOrigins`. */
export function validateValues(findings: Findings): void {
  validateSwitch(findings, 'credentials');
  validateMaxAge(findings);
  validateStatus(findings);
  validateEnforce(findings);
  validateSwitch(findings, 'dangerouslyAllowInsecureOrigins');
}

function validateSwitch(findings: Findings, property: 'credentials' | 'dangerouslyAllowInsecureOrigins'): void {
  const value: unknown = findings.merged.options[property];
  if (value !== undefined && typeof value !== 'boolean') {
    wrongType(findings, property, value, correctedSwitch(value));
  }
}

/** @see https://fetch.spec.whatwg.org/#http-access-control-max-age */
function validateMaxAge(findings: Findings): void {
  const value: unknown = findings.merged.options.maxAge;
  if (value === undefined) {
    return;
  }
  if (typeof value !== 'number') {
    wrongType(findings, 'maxAge', value, correctedMaxAge(value));
  } else if (!Number.isInteger(value) || value < 0 || value > LONGEST_MAX_AGE) {
    const hint =
      value > LONGEST_MAX_AGE ? '; no browser keeps a preflight longer, and the unit is not milliseconds' : '';
    findings.problem(
      'max-age-range',
      ['maxAge'],
      value,
      `maxAge is ${quoteValue(value)} but must be ${POLICY_RULES.maxAge.must}${hint}`,
      `Write \`maxAge: ${correctedMaxAge(value)}\`; 0 keeps browsers from caching preflights.`,
    );
  } else if (value > LONGEST_IN_CHROMIUM) {
    findings.warning(
      'max-age-above-chromium',
      ['maxAge'],
      `maxAge is ${value} but Chromium keeps a preflight for ${LONGEST_IN_CHROMIUM} seconds at most`,
      `Write \`maxAge: ${LONGEST_IN_CHROMIUM}\`, or expect only Firefox to keep preflights longer.`,
    );
  }
}

/** @see https://fetch.spec.whatwg.org/#ok-status */
function validateStatus(findings: Findings): void {
  const value: unknown = findings.merged.options.optionsSuccessStatus;
  if (value === undefined) {
    return;
  }
  if (typeof value !== 'number') {
    wrongType(findings, 'optionsSuccessStatus', value, correctedStatus(value));
  } else if (!Number.isInteger(value) || value < 200 || value > 299) {
    findings.problem(
      'status-range',
      ['optionsSuccessStatus'],
      value,
      `optionsSuccessStatus is ${quoteValue(value)} but must be ${POLICY_RULES.optionsSuccessStatus.must}: browsers accept no other answer to a preflight`,
      `Write \`optionsSuccessStatus: ${correctedStatus(value)}\`.`,
    );
  }
}

function validateEnforce(findings: Findings): void {
  const value: unknown = findings.merged.options.enforce;
  if (value === undefined || value === false || value === 'unsafe-methods' || value === 'all') {
    return;
  }
  wrongType(findings, 'enforce', value, correctedEnforce(value));
}

function wrongType(
  findings: Findings,
  property: PolicyProperty,
  value: unknown,
  corrected: string | number | boolean,
): void {
  findings.problem(
    'option-type',
    [property],
    value,
    `${property} is ${quoteValue(value)} but must be ${POLICY_RULES[property].must}`,
    `Write \`${property}: ${sourceText(corrected)}\`.`,
  );
}
