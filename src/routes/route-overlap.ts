import { type PathSegment, pathSegments } from './path-segments.js';
import { ANY_METHOD, answersMethod } from './route-entry.js';

/** What of a route decides which others it shares URLs with. */
export interface OverlappingRoute {
  readonly method: string;
  readonly path: string;
  /** `preflightIdentity` is equal where preflights may be cached side by side. */
  readonly policy: { readonly preflightIdentity: string };
  readonly versions: readonly unknown[] | undefined;
}

/** What sharing URLs means for one route. */
export interface RouteOverlap {
  readonly rivals: readonly string[];
  readonly ambiguous: boolean;
}

/** The methods a route for every method is looked up by. */
const PROBED_METHODS = Object.freeze(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);
/** Of a route that shares its URLs with none of another policy. */
export const NO_OVERLAP: RouteOverlap = Object.freeze({ rivals: Object.freeze([]), ambiguous: false });
/** Pathological sets of routes are not compared pair by pair beyond this many steps, but taken to overlap. */
const MOST_STEPS = 2_000_000;

/** Routes whose paths are indexed alike. */
interface Shape {
  readonly segments: readonly PathSegment[];
  readonly routes: OverlappingRoute[];
  /** Every route that may share a URL with these, themselves included. */
  neighbours: readonly OverlappingRoute[];
}

class ShapeNode {
  literals: Map<string, ShapeNode> | undefined;
  parameter: ShapeNode | undefined;
  /** Of the paths that end here. */
  ending: Shape | undefined;
  /** Of the paths that take anything from here on. */
  open: Shape | undefined;
}

/**
 * Finds, for every route, the methods of routes with another policy that may share one of its URLs, and whether a
 * version outside the URL hides which of two policies applies. Never narrower than the routers: a method named here
 * only costs a look-up, a method left out would let a cached preflight speak for another handler.
 */
export function findOverlaps(routes: readonly OverlappingRoute[]): RouteOverlap[] {
  if (routes.every((route) => route.policy === routes[0]?.policy)) {
    return routes.map(() => NO_OVERLAP);
  }
  const shapes: Shape[] = [];
  const root = new ShapeNode();
  const shapeOf: Shape[] = []; // in the order of the routes
  for (const route of routes) {
    const segments = pathSegments(route.path.toLowerCase());
    const node = nodeIn(root, segments);
    const place = segments.at(-1)?.kind === 'rest' ? 'open' : 'ending';
    let shape = node[place];
    if (shape === undefined) {
      shape = { segments, routes: [route], neighbours: [] };
      node[place] = shape;
      shapes.push(shape);
    } else {
      shape.routes.push(route);
    }
    shapeOf.push(shape);
  }
  const budget = { steps: MOST_STEPS };
  for (const shape of shapes) {
    const found: Shape[] = [];
    walk(root, shape.segments, 0, found, budget);
    if (budget.steps <= 0) {
      shape.neighbours = routes;
    } else if (found.length === 1) {
      shape.neighbours = shape.routes; // found itself: most routes share their URLs with nobody
    } else {
      shape.neighbours = [...new Set(found)].flatMap((other) => other.routes);
    }
  }
  return routes.map((route, index) => overlapOf(route, shapeOf[index]?.neighbours ?? routes));
}

function overlapOf(route: OverlappingRoute, neighbours: readonly OverlappingRoute[]): RouteOverlap {
  if (neighbours.length === 1) {
    return NO_OVERLAP; // only itself
  }
  const rivals = new Set<string>();
  let ambiguous = false;
  for (const other of neighbours) {
    if (other === route) {
      continue;
    }
    if (other.policy.preflightIdentity !== route.policy.preflightIdentity) {
      for (const method of other.method === ANY_METHOD ? PROBED_METHODS : [other.method]) {
        rivals.add(method);
      }
    }
    if (
      other.policy !== route.policy &&
      (other.versions !== undefined || route.versions !== undefined) &&
      (answersMethod(other.method, route.method) || answersMethod(route.method, other.method))
    ) {
      ambiguous = true;
    }
  }
  return rivals.size === 0 && !ambiguous
    ? NO_OVERLAP
    : Object.freeze({ rivals: Object.freeze([...rivals].sort()), ambiguous });
}

/** Where a path ends, or where it takes anything from; made where there is no such node yet. */
function nodeIn(root: ShapeNode, segments: readonly PathSegment[]): ShapeNode {
  let node = root;
  for (const segment of segments) {
    if (segment.kind === 'rest') {
      break;
    }
    node = segment.kind === 'parameter' ? parameterOf(node) : literalOf(node, segment.text);
  }
  return node;
}

function parameterOf(node: ShapeNode): ShapeNode {
  node.parameter ??= new ShapeNode();
  return node.parameter;
}

function literalOf(node: ShapeNode, text: string): ShapeNode {
  node.literals ??= new Map();
  let next = node.literals.get(text);
  if (next === undefined) {
    next = new ShapeNode();
    node.literals.set(text, next);
  }
  return next;
}

/** Collects the shapes that may share a URL with a path. */
function walk(
  node: ShapeNode,
  segments: readonly PathSegment[],
  at: number,
  found: Shape[],
  budget: { steps: number },
): void {
  if (--budget.steps < 0) {
    return;
  }
  if (node.open !== undefined) {
    found.push(node.open);
  }
  const segment = segments[at];
  if ((segment === undefined || segment.kind === 'rest') && node.ending !== undefined) {
    found.push(node.ending);
  }
  if (segment === undefined) {
    return;
  }
  if (segment.kind !== 'literal') {
    const following = segment.kind === 'rest' ? at : at + 1;
    for (const next of node.literals?.values() ?? []) {
      walk(next, segments, following, found, budget);
    }
    if (node.parameter !== undefined) {
      walk(node.parameter, segments, following, found, budget);
    }
    return;
  }
  const literal = node.literals?.get(segment.text);
  if (literal !== undefined) {
    walk(literal, segments, at + 1, found, budget);
  }
  if (node.parameter !== undefined) {
    walk(node.parameter, segments, at + 1, found, budget);
  }
}
