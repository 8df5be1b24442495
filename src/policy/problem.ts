import type { Target } from './merged-policy.js';

/** The codes of everything that stops the boot. */
export const PROBLEM_CODES = Object.freeze([
  'origin-missing',
  'origin-invalid',
  'origin-null',
  'option-type',
  'option-unknown',
  'method-invalid',
  'method-forbidden',
  'header-invalid',
  'header-forbidden',
  'header-prohibited',
  'max-age-range',
  'status-range',
  'policy-unknown',
  'policy-reserved',
  'path-invalid',
  'constraint-unsupported',
  'decorator-conflict',
  'decorator-misplaced',
  'module-duplicate',
  'module-lazy',
  'not-installed',
  'resolver-unknown',
  'resolver-scoped',
  'origin-expression',
  'credentials-wildcard-origin',
  'credentials-reflect-any',
  'credentials-insecure-origin',
  'credentials-public-suffix',
  'credentials-wildcard-expose',
] as const);

/** The code of something that stops the boot. */
export type ProblemCode = (typeof PROBLEM_CODES)[number];

/** One mistake in the configuration, as data. */
export interface CorsProblem {
  /** What kind of mistake it is. */
  readonly code: ProblemCode;
  /** Every place that has it: `CorsModule`, `policy "partners"`, `UsersController`, `UsersController.remove`. */
  readonly targets: readonly Target[];
  /** The option, for example `origin` or `allowedHeaders`; absent where the mistake is not in an option. */
  readonly property?: string;
  /** The offending value as it was written. */
  readonly value?: unknown;
  /** One sentence that says what is wrong and where an inherited value came from. */
  readonly message: string;
  /** One sentence that says how to fix it, with corrected code. */
  readonly remedy: string;
}

/** Something that boots but deserves a look; logged once at boot, grouped. */
export interface CorsWarning {
  /** A stable code, to silence it by. */
  readonly code: string;
  /** Every place it is about. */
  readonly targets: readonly Target[];
  /** What deserves a look. */
  readonly message: string;
  /** What to do about it. */
  readonly remedy: string;
}
