import type { PolicySource } from '../../policy/policy-source.js';

/** How many targets are written out before the rest is counted. */
const MOST_TARGETS = 5;

/** Targets as one text: `CorsModule, UsersController.list and 18 more`. */
export function listTargets(targets: readonly PolicySource[]): string {
  // One more than the limit is written out: "and 1 more" would be no shorter.
  if (targets.length <= MOST_TARGETS + 1) {
    return targets.join(', ');
  }
  return `${targets.slice(0, MOST_TARGETS).join(', ')} and ${targets.length - MOST_TARGETS} more`;
}

/**
 * Makes one problem of the same mistake in many targets: same code, option and value, set at the same place. The
 * first of a kind keeps its position; its targets are in the order they were met, each once.
 */
export function groupProblems(problems: readonly CorsProblem[]): CorsProblem[] {
  const groups = new Map<string, { first: CorsProblem; targets: Set<PolicySource> }>();
  for (const problem of problems) {
    // The message quotes the value and names the place it was set at.
    const key = JSON.stringify([problem.code, problem.property, problem.message, problem.remedy]);
    const group = groups.get(key);
    if (group === undefined) {
      groups.set(key, { first: problem, targets: new Set(problem.targets) });
    } else {
      for (const target of problem.targets) {
        group.targets.add(target);
      }
    }
  }
  return [...groups.values()].map(({ first, targets }) =>
    Object.freeze({ ...first, targets: Object.freeze([...targets]) }),
  );
}

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
  readonly targets: readonly PolicySource[];
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
  readonly targets: readonly PolicySource[];
  /** What deserves a look. */
  readonly message: string;
  /** What to do about it. */
  readonly remedy: string;
}
