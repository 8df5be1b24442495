import type { PolicySource } from '../../policy/policy-source.js';

/** How many targets a text names. The others are counted. */
const MOST_TARGETS = 5;

/** The codes of all problems. A problem stops the boot. */
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

/** The code of a problem. */
export type ProblemCode = (typeof PROBLEM_CODES)[number];

/** One mistake in the configuration, as data. It stops the boot. */
export interface CorsProblem {
  /** The kind of mistake. It does not change between versions. */
  readonly code: ProblemCode;
  /** Every place with this mistake: `CorsModule`, `policy "partners"`, `UsersController`, `UsersController.remove`. */
  readonly targets: readonly PolicySource[];
  /** The option, for example `origin` or `allowedHeaders`; absent if the mistake is not in an option. */
  readonly property?: string;
  /** The wrong value, as the user wrote it. */
  readonly value?: unknown;
  /** One sentence: the value, what is wrong with it, and where it was set. */
  readonly message: string;
  /** How to fix it, with corrected code. */
  readonly remedy: string;
}

/** A possible mistake. It is logged once at boot and does not stop it. */
export interface CorsWarning {
  /** The code to list in `diagnostics.silence`. It does not change between versions. */
  readonly code: string;
  /** Every place that the warning is about. */
  readonly targets: readonly PolicySource[];
  /** One sentence: the value and what is wrong with it. */
  readonly message: string;
  /** How to fix it. */
  readonly remedy: string;
}

/**
 * Makes the problem of one option. Every message about an option has this form: the place, the value, what is wrong
 * with it, and where it was set.
 *
 * @param property the path of the option, such as `maxAge` or `resolver.timeout`
 * @param sentence the message without its full stop
 */
export function makeProblem(
  code: ProblemCode,
  target: PolicySource,
  property: string | undefined,
  value: unknown,
  sentence: string,
  remedy: string,
): CorsProblem {
  return Object.freeze({
    code,
    targets: Object.freeze([target]),
    ...(property === undefined ? {} : { property }),
    value,
    message: `${sentence}.`,
    remedy,
  });
}

/**
 * Joins the problems that differ only in their targets. The first one keeps its position. Targets keep their order,
 * each once.
 */
export function groupProblems(problems: readonly CorsProblem[]): CorsProblem[] {
  const groups = new Map<string, { first: CorsProblem; targets: Set<PolicySource> }>();
  for (const problem of problems) {
    // The message quotes the value and names the place where it was set.
    const key = JSON.stringify([problem.code, problem.property, problem.message, problem.remedy]);
    const group = groups.get(key) ?? { first: problem, targets: new Set() };
    groups.set(key, group);
    for (const target of problem.targets) {
      group.targets.add(target);
    }
  }
  return [...groups.values()].map(({ first, targets }) =>
    Object.freeze({ ...first, targets: Object.freeze([...targets]) }),
  );
}

/** Targets as one text: `CorsModule, UsersController.list and 18 more`. */
export function listTargets(targets: readonly PolicySource[]): string {
  // Show one more than the limit: "and 1 more" would not be shorter.
  if (targets.length <= MOST_TARGETS + 1) {
    return targets.join(', ');
  }
  return `${targets.slice(0, MOST_TARGETS).join(', ')} and ${targets.length - MOST_TARGETS} more`;
}
