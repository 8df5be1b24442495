import type { Target } from '../merged-policy.js';
import type { CorsProblem } from '../problem.js';

/**
 * Makes one problem of the same mistake in many targets: same code, option and value, set at the same place. The
 * first of a kind keeps its position; its targets are in the order they were met, each once.
 */
export function groupProblems(problems: readonly CorsProblem[]): CorsProblem[] {
  const groups = new Map<string, { first: CorsProblem; targets: Set<Target> }>();
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
