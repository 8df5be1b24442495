import { PARAMETER, type PathSegment, REST } from './path-segments.js';
import type { RouteConstraint } from './route-constraint.js';
import { ANY_METHOD, answersMethod } from './route-entry.js';
import type { RouteNode, RouteTree } from './route-tree.js';

/** The properties of a route that decide which routes it shares URLs with. */
export interface OverlappingRoute {
  readonly method: string;
  /** The `preflightIdentity` is equal for policies whose preflights may be cached side by side. */
  readonly policy: { readonly preflightIdentity: string };
  readonly versions: readonly unknown[] | undefined;
  readonly constraints?: readonly RouteConstraint[] | undefined;
}

/** The effect of shared URLs on one route. See `RouteEntry`. */
export interface RouteOverlap {
  readonly otherMethods: readonly string[];
  readonly versionAmbiguous: boolean;
}

/** The methods that stand for a route for every method. */
const PROBED_METHODS = Object.freeze(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);
/** After this many steps of comparison, all routes count as overlapping: some sets of routes would take too long. */
const MOST_STEPS = 2_000_000;

/**
 * Finds the routes of different policies that may share a URL. It may find too many, which only costs a look-up. If it
 * missed one, browsers would use a cached preflight for another handler.
 *
 * @param routes all routes
 * @param tree the same routes, by their paths
 * @returns the routes that share a URL with a route of another policy
 */
export function findOverlaps<Route extends OverlappingRoute>(
  routes: readonly Route[],
  tree: RouteTree<Route>,
): ReadonlyMap<Route, RouteOverlap> {
  const overlaps = new Map<Route, RouteOverlap>();
  if (routes.every((route) => route.policy === routes[0]?.policy)) {
    return overlaps;
  }
  const budget = stepBudget();
  tree.visitShared((list, segments) => {
    const neighbours = neighboursOf(tree, segments, budget) ?? routes;
    for (const route of list) {
      const overlap = overlapOf(route, neighbours);
      if (overlap !== undefined) {
        overlaps.set(route, overlap);
      }
    }
  });
  return overlaps;
}

/** The remaining comparisons for one set of routes. */
interface StepBudget {
  steps: number;
}

/** A new budget for one set of routes. */
export function stepBudget(): StepBudget {
  return { steps: MOST_STEPS };
}

/**
 * The routes that may share a URL with a path.
 * @returns `undefined` if the budget is spent
 */
export function neighboursOf<Route>(
  tree: RouteTree<Route>,
  segments: readonly PathSegment[],
  budget: StepBudget,
): readonly Route[] | undefined {
  const found: (readonly Route[])[] = [];
  walk(tree.root, segments, 0, found, budget);
  return budget.steps <= 0 ? undefined : found.flat();
}

function overlapOf(route: OverlappingRoute, neighbours: readonly OverlappingRoute[]): RouteOverlap | undefined {
  const otherMethods = new Set<string>();
  let versionAmbiguous = false;
  for (const other of neighbours) {
    if (other === route) {
      continue;
    }
    if (other.policy.preflightIdentity !== route.policy.preflightIdentity) {
      for (const method of other.method === ANY_METHOD ? PROBED_METHODS : [other.method]) {
        otherMethods.add(method);
      }
    }
    if (other.policy !== route.policy && (isHidden(other) || isHidden(route)) && sharesMethod(route, other)) {
      versionAmbiguous = true;
    }
  }
  return otherMethods.size === 0 && !versionAmbiguous
    ? undefined
    : Object.freeze({ otherMethods: Object.freeze([...otherMethods].sort()), versionAmbiguous });
}

/** Whether two routes answer the same method. */
export function sharesMethod(route: OverlappingRoute, other: OverlappingRoute): boolean {
  return answersMethod(other.method, route.method) || answersMethod(route.method, other.method);
}

/** Whether the router compares something for a route that a preflight does not show. */
function isHidden({ versions, constraints }: OverlappingRoute): boolean {
  return versions !== undefined || constraints !== undefined;
}

/** Collects the routes that may share a URL with a path. */
function walk<Route>(
  node: RouteNode<Route>,
  segments: readonly PathSegment[],
  at: number,
  found: (readonly Route[])[],
  budget: StepBudget,
): void {
  if (--budget.steps < 0) {
    return;
  }
  if (node.rest !== undefined) {
    found.push(node.rest);
  }
  const segment = segments[at];
  if ((segment === undefined || segment === REST) && node.ending !== undefined) {
    found.push(node.ending);
  }
  if (segment === undefined) {
    return;
  }
  if (segment === PARAMETER || segment === REST) {
    const following = segment === REST ? at : at + 1;
    for (const next of node.literals?.values() ?? []) {
      walk(next, segments, following, found, budget);
    }
    if (node.parameter !== undefined) {
      walk(node.parameter, segments, following, found, budget);
    }
    return;
  }
  const literal = node.literals?.get(segment);
  if (literal !== undefined) {
    walk(literal, segments, at + 1, found, budget);
  }
  if (node.parameter !== undefined) {
    walk(node.parameter, segments, at + 1, found, budget);
  }
}
