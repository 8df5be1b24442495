import { POLICY_RULES } from './options/policy-rules.js';
import type { Findings } from './problems/findings.js';
import { correctedMaxAge, correctedStatus, LONGEST_MAX_AGE } from './remedies/corrected-values.js';

/** The longest time that Chromium caches a preflight, in seconds. */
const LONGEST_IN_CHROMIUM = 7200;

/** @see https://fetch.spec.whatwg.org/#http-access-control-max-age */
export function validateMaxAge(findings: Findings, value: number): void {
  if (!isWholeNumber(value, 0, LONGEST_MAX_AGE)) {
    const hint = value > LONGEST_MAX_AGE ? ', the longest time that browsers cache a preflight' : '';
    findings.problem(
      'max-age-range',
      ['maxAge'],
      value,
      `maxAge is ${value} but must be ${POLICY_RULES.maxAge.must}${hint}`,
      `Write \`maxAge: ${correctedMaxAge(value)}\`. With 0, browsers do not cache preflights.`,
    );
  } else if (value > LONGEST_IN_CHROMIUM) {
    findings.warning(
      'max-age-above-chromium',
      ['maxAge'],
      `maxAge is ${value}, but Chromium caches a preflight for at most ${LONGEST_IN_CHROMIUM} seconds`,
      `Write \`maxAge: ${LONGEST_IN_CHROMIUM}\`, or expect only Firefox to cache preflights longer.`,
    );
  }
}

/** @see https://fetch.spec.whatwg.org/#ok-status */
export function validateStatus(findings: Findings, value: number): void {
  if (!isWholeNumber(value, 200, 299)) {
    findings.problem(
      'status-range',
      ['optionsSuccessStatus'],
      value,
      `optionsSuccessStatus is ${value} but must be ${POLICY_RULES.optionsSuccessStatus.must}, because browsers accept no other status for a preflight`,
      `Write \`optionsSuccessStatus: ${correctedStatus(value)}\`.`,
    );
  }
}

function isWholeNumber(value: number, least: number, most: number): boolean {
  return Number.isInteger(value) && value >= least && value <= most;
}
