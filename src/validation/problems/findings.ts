import type { MergedPolicy } from '../../policy/merge.js';
import type { PolicyProperty } from '../../policy/policy-options.js';
import { type CorsProblem, type CorsWarning, makeProblem, type ProblemCode } from './problem.js';

/** The codes of warnings about one policy. Other warnings are about the application. */
export const POLICY_WARNING_CODES = Object.freeze([
  'method-not-allowed-by-own-policy',
  'safelisted-method-omitted',
  'credentials-inherited',
  'insecure-origin',
  'loopback-in-production',
  'shared-host',
  'predicate-reflects-any',
  'wildcard-mixed',
  'max-age-above-chromium',
  'wildcard-headers-with-credentials',
] as const);

/** The code of a warning about one policy. */
export type PolicyWarningCode = (typeof POLICY_WARNING_CODES)[number];

/** Collects the problems and warnings of one merged policy. Adds to every message where the values were set. */
export class Findings {
  readonly problems: CorsProblem[] = [];
  readonly warnings: CorsWarning[] = [];
  readonly merged: MergedPolicy;

  constructor(merged: MergedPolicy) {
    this.merged = merged;
  }

  /**
   * @param properties the options that are wrong together, the one to report first
   * @param sentence the place, the value, and what is wrong with it, without a full stop
   * @param remedy sentences that begin with the corrected code
   */
  problem(
    code: ProblemCode,
    properties: readonly [PolicyProperty, ...PolicyProperty[]],
    value: unknown,
    sentence: string,
    remedy: string,
  ): void {
    const message = sentence + this.#whereSet(properties);
    this.problems.push(makeProblem(code, this.merged.target, properties[0], value, message, remedy));
  }

  /** As {@link problem}, but does not stop the boot. */
  warning(code: PolicyWarningCode, properties: readonly PolicyProperty[], sentence: string, remedy: string): void {
    const message = `${sentence}${this.#whereSet(properties)}.`;
    this.warnings.push(Object.freeze({ code, targets: Object.freeze([this.merged.target]), message, remedy }));
  }

  /**
   * Names the place even if it is the target. Targets that inherit one value then have the same message, so they are
   * reported as one problem.
   */
  #whereSet(properties: readonly PolicyProperty[]): string {
    const { sources } = this.merged;
    const known = properties.filter((property) => sources[property] !== undefined);
    const [place, ...others] = new Set(known.map((property) => sources[property]));
    if (others.length === 0) {
      return place === undefined ? '' : ` (set at ${place})`;
    }
    return ` (${known.map((property) => `${property} set at ${sources[property]}`).join(', ')})`;
  }
}
