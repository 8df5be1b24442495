import { PARAMETER, type PathSegment, REST } from './path-segments.js';
import type { RouteConstraint } from './route-constraint.js';
import { ANY_METHOD, answersMethod } from './route-entry.js';
import type { RouteNode, RouteTree } from './route-tree.js';

/** What of a route decides which others it shares URLs with. */
export interface OverlappingRoute {
  readonly method: string;
  /** `preflightIdentity` is equal where preflights may be cached side by side. */
  readonly policy: { readonly preflightIdentity: string };
  readonly versions: readonly unknown[] | undefined;
  readonly constraints?: readonly RouteConstraint[] | undefined;
}

/** What sharing URLs means for one route. */
export interface RouteOverlap {
  readonly otherMethods: readonly string[];
  readonly versionAmbiguous: boolean;
}

/** The methods a route for every method is looked up by. */
const PROBED_METHODS = Object.freeze(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);
/** Pathological sets of routes are not compared pair by pair beyond this many steps, but taken to overlap. */
const MOST_STEPS = 2_000_000;

/**
 * Finds, for every route, the methods of routes with another policy that may share one of its URLs, and whether a
 * version outside the URL, or another constraint, hides which of two policies applies. Never narrower than the routers: a method named here
 * only costs a look-up, a method left out would let a cached preflight speak for another handler.
 *
 * @param routes all routes
 * @param tree the same, by their paths
 * @returns what there is to say; nothing of a route that shares its URLs with none of another policy
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

/** The comparisons that one set of routes may take. */
export function stepBudget(): StepBudget {
  return { steps: MOST_STEPS };
}

/**
 * The routes that may share a URL with a path.
 * @returns `undefined` for too many to look for
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

/** Whether one of the methods of a route is one of another's. */
export function sharesMethod(route: OverlappingRoute, other: OverlappingRoute): boolean {
  return answersMethod(other.method, route.method) || answersMethod(route.method, other.method);
}

/** Whether a preflight does not show what the router compares for a route. */
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
  if (node.open !== undefined) {
    found.push(node.open);
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
