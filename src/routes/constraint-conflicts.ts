import { neighboursOf, type OverlappingRoute, sharesMethod, stepBudget } from './route-overlap.js';
import type { RouteTree } from './route-tree.js';

/** The most combinations of values that are compared. */
export const MOST_COMBINATIONS = 64;

/** Why the policy of a preflight is unknown. */
export type ConflictCause =
  | { readonly kind: 'asynchronous' | 'unlisted'; readonly strategy: string; readonly value: unknown }
  | { readonly kind: 'combinations'; readonly strategies: readonly string[]; readonly count: number };

/** Routes of one URL and method that have different policies, and constraints that no list of values can tell apart. */
export interface ConstraintConflict<Route> {
  readonly routes: readonly Route[];
  readonly cause: ConflictCause;
}

/**
 * Finds routes of one URL and method that answer preflights differently, and whose constraints allow no list of
 * candidates.
 *
 * @param routes all routes
 * @param tree the same routes, by their paths
 */
export function findConstraintConflicts<Route extends OverlappingRoute>(
  routes: readonly Route[],
  tree: RouteTree<Route>,
): ConstraintConflict<Route>[] {
  const conflicts: ConstraintConflict<Route>[] = [];
  if (routes.every(({ constraints }) => constraints === undefined)) {
    return conflicts;
  }
  const reported = new Set<Route>();
  const budget = stepBudget();
  tree.visitShared((list, segments) => {
    const neighbours = neighboursOf(tree, segments, budget) ?? routes;
    for (const route of list) {
      if (reported.has(route)) {
        continue;
      }
      const alike = neighbours.filter((other) => other === route || sharesMethod(route, other));
      const different = alike.filter((other) => isToldApart(route, other));
      const cause = different.length === 0 ? undefined : causeOf([route, ...different], alike);
      if (cause !== undefined) {
        const conflicting = [route, ...different];
        conflicts.push({ routes: conflicting, cause });
        for (const one of conflicting) {
          reported.add(one);
        }
      }
    }
  });
  return conflicts;
}

/** Whether a constraint decides between two routes that answer preflights differently. */
function isToldApart(route: OverlappingRoute, other: OverlappingRoute): boolean {
  return (
    route.policy.preflightIdentity !== other.policy.preflightIdentity &&
    (route.constraints !== undefined || other.constraints !== undefined)
  );
}

function causeOf(
  conflicting: readonly OverlappingRoute[],
  alike: readonly OverlappingRoute[],
): ConflictCause | undefined {
  const constraints = conflicting.flatMap((route) => route.constraints ?? []);
  const unsupported =
    constraints.find(({ asynchronous }) => asynchronous) ?? constraints.find(({ values }) => values === undefined);
  if (unsupported === undefined) {
    return tooMany(alike);
  }
  const { strategy, value, asynchronous } = unsupported;
  return { kind: asynchronous ? 'asynchronous' : 'unlisted', strategy, value };
}

function tooMany(routes: readonly OverlappingRoute[]): ConflictCause | undefined {
  const values = new Map<string, Set<unknown>>();
  const add = (strategy: string, more: readonly unknown[]): void => {
    values.set(strategy, new Set([...(values.get(strategy) ?? []), ...more]));
  };
  for (const { constraints = [], versions = [] } of routes) {
    for (const constraint of constraints) {
      add(constraint.strategy, constraint.values ?? []);
    }
    add('version', versions);
  }
  let count = 1;
  for (const { size } of values.values()) {
    count *= size + 1; // a request may have none of them
  }
  const strategies = [...values].flatMap(([strategy, { size }]) => (size === 0 ? [] : [strategy]));
  return count > MOST_COMBINATIONS ? { kind: 'combinations', strategies, count } : undefined;
}
