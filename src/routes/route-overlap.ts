import { type PathSegment, pathSegments } from './path-segments.js';
import { ANY_METHOD, answersMethod } from './route-entry.js';

/** What of a route decides which others it shares URLs with. */
export interface OverlappingRoute {
  readonly method: string;
  readonly path: string;
  /** Equal for policies whose preflights may be cached side by side. */
  readonly preflightIdentity: string;
  /** Equal for routes that come to the same policy. */
  readonly policy: unknown;
  readonly versions: readonly unknown[] | undefined;
}

/** What sharing URLs means for one route. */
export interface RouteOverlap {
  readonly rivals: readonly string[];
  readonly ambiguous: boolean;
}

/** The methods a route for every method is looked up by. */
const PROBED_METHODS = Object.freeze(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);
const NO_OVERLAP: RouteOverlap = Object.freeze({ rivals: Object.freeze([]), ambiguous: false });
/** Pathological sets of routes are not compared pair by pair beyond this many steps, but taken to overlap. */
const MOST_STEPS = 2_000_000;

/** Routes whose paths are indexed alike. */
interface Shape<Route> {
  readonly segments: readonly PathSegment[];
  readonly routes: Route[];
  /** Every route that may share a URL with these, themselves included. */
  neighbours: readonly Route[];
}

class ShapeNode<Route> {
  literals: Map<string, ShapeNode<Route>> | undefined;
  parameter: ShapeNode<Route> | undefined;
  readonly ending: Shape<Route>[] = [];
  readonly open: Shape<Route>[] = [];
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
  const shapes = new Map<string, Shape<OverlappingRoute>>();
  const root = new ShapeNode<OverlappingRoute>();
  const shapeOf: Shape<OverlappingRoute>[] = []; // in the order of the routes
  for (const route of routes) {
    const segments = pathSegments(route.path.toLowerCase());
    const key = keyOf(segments);
    let shape = shapes.get(key);
    if (shape === undefined) {
      shape = { segments, routes: [], neighbours: [] };
      shapes.set(key, shape);
      insert(root, shape);
    }
    shape.routes.push(route);
    shapeOf.push(shape);
  }
  const budget = { steps: MOST_STEPS };
  for (const shape of shapes.values()) {
    const found: Shape<OverlappingRoute>[] = [];
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

/** Equal for paths that are indexed alike. */
function keyOf(segments: readonly PathSegment[]): string {
  let key = '';
  for (const segment of segments) {
    key += segment.kind === 'literal' ? `/${segment.text}` : `:${segment.kind}`;
  }
  return key;
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
    if (other.preflightIdentity !== route.preflightIdentity) {
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

function insert<Route>(root: ShapeNode<Route>, shape: Shape<Route>): void {
  let node = root;
  for (const segment of shape.segments) {
    if (segment.kind === 'rest') {
      node.open.push(shape);
      return;
    }
    if (segment.kind === 'parameter') {
      node.parameter ??= new ShapeNode();
      node = node.parameter;
      continue;
    }
    node.literals ??= new Map();
    let next = node.literals.get(segment.text);
    if (next === undefined) {
      next = new ShapeNode();
      node.literals.set(segment.text, next);
    }
    node = next;
  }
  node.ending.push(shape);
}

function walk<Route>(
  node: ShapeNode<Route>,
  segments: readonly PathSegment[],
  at: number,
  found: Shape<Route>[],
  budget: { steps: number },
): void {
  if (--budget.steps < 0) {
    return;
  }
  found.push(...node.open);
  const segment = segments[at];
  if (segment === undefined) {
    found.push(...node.ending);
    return;
  }
  if (segment.kind === 'rest') {
    found.push(...node.ending);
    for (const next of children(node)) {
      walk(next, segments, at, found, budget);
    }
    return;
  }
  if (segment.kind === 'parameter') {
    for (const next of children(node)) {
      walk(next, segments, at + 1, found, budget);
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

function* children<Route>(node: ShapeNode<Route>): Generator<ShapeNode<Route>> {
  yield* node.literals?.values() ?? [];
  if (node.parameter !== undefined) {
    yield node.parameter;
  }
}
