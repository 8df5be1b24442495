import type { MergedPolicy } from '../../policy/merge.js';
import type { PolicyProperty } from '../../policy/policy-options.js';
import type { CorsProblem, CorsWarning, ProblemCode } from './problem.js';

/** The codes of what boots but deserves a look in a policy. Of the application as a whole there are others. */
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

/** The code of what boots but deserves a look in a policy. */
export type PolicyWarningCode = (typeof POLICY_WARNING_CODES)[number];

/** What a check has to say about one merged policy; the place each value came from is added to every sentence. */
export class Findings {
  readonly problems: CorsProblem[] = [];
  readonly warnings: CorsWarning[] = [];
  readonly merged: MergedPolicy;

  constructor(merged: MergedPolicy) {
    this.merged = merged;
  }

  /**
   * @param properties the options the mistake is in, the one to report first
   * @param sentence what is wrong, without the full stop: where the options were set is added
   */
  problem(
    code: ProblemCode,
    properties: readonly [PolicyProperty, ...PolicyProperty[]],
    value: unknown,
    sentence: string,
    remedy: string,
  ): void {
    this.problems.push(
      Object.freeze({
        code,
        targets: Object.freeze([this.merged.target]),
        property: properties[0],
        value,
        message: `${sentence}${this.#whereSet(properties)}.`,
        remedy,
      }),
    );
  }

  /** As {@link problem}, for what does not stop the boot. */
  warning(code: PolicyWarningCode, properties: readonly PolicyProperty[], sentence: string, remedy: string): void {
    this.warnings.push(
      Object.freeze({
        code,
        targets: Object.freeze([this.merged.target]),
        message: `${sentence}${this.#whereSet(properties)}.`,
        remedy,
      }),
    );
  }

  /**
   * Says the place even where it is the target itself: the sentence is then the same for every target that inherits
   * the value, and they become one problem.
   */
  #whereSet(properties: readonly PolicyProperty[]): string {
    const known = properties.filter((property) => this.merged.sources[property] !== undefined);
    const places = new Set(known.map((property) => this.merged.sources[property]));
    if (known.length === 0) {
      return '';
    }
    if (places.size === 1) {
      return ` (set at ${[...places].join('')})`;
    }
    return ` (${known.map((property) => `${property} set at ${this.merged.sources[property]}`).join(', ')})`;
  }
}
