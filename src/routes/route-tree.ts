import { PARAMETER, type PathSegment, pathSegments, REST } from './path-segments.js';

/** Where paths part: what may follow the segments that lead here. */
export class RouteNode<Route> {
  /** By lower-case text. */
  literals: Map<string, RouteNode<Route>> | undefined;
  parameter: RouteNode<Route> | undefined;
  /** Routes whose path ends here; made when there is one, as most nodes have none of one kind. */
  ending: Route[] | undefined;
  /** Routes that take anything from here on. */
  open: Route[] | undefined;
}

/**
 * Routes by the segments of their paths, never narrower than any router reads them: case and slashes at the end count for
 * nothing, and what is not plainly a literal or one whole parameter takes anything from there on.
 */
export class RouteTree<Route> {
  readonly root = new RouteNode<Route>();

  /** Adds a route, after those of the same segments. */
  add(path: string, route: Route): void {
    let node = this.root;
    for (const segment of pathSegments(path.toLowerCase())) {
      if (segment === REST) {
        node.open = appended(node.open, route);
        return;
      }
      node = segment === PARAMETER ? parameterOf(node) : literalOf(node, segment);
    }
    node.ending = appended(node.ending, route);
  }

  /**
   * Shows the routes that may share URLs with others, those of the same segments together. Left out is what most routes
   * are: the only one below a text, where whatever leads to that text leads nowhere else by a parameter or a wildcard.
   * @param visit must not keep the segments: they are those of the moment
   */
  visitShared(visit: Visit<Route>): void {
    visitBelow(this.root, [], true, visit);
  }
}

type Visit<Route> = (routes: readonly Route[], segments: readonly PathSegment[]) => void;

/** Most lists have one route: one that is made for it is an eighth of what an empty one grows to. */
function appended<Route>(list: Route[] | undefined, route: Route): Route[] {
  if (list === undefined) {
    return [route];
  }
  list.push(route);
  return list;
}

/** @param apart whether what is below can be reached in this way only */
function visitBelow<Route>(node: RouteNode<Route>, segments: PathSegment[], apart: boolean, visit: Visit<Route>): void {
  const { ending, open, literals, parameter } = node;
  if (ending !== undefined) {
    visit(ending, segments);
  }
  const at = segments.length;
  if (open !== undefined) {
    segments[at] = REST;
    visit(open, segments);
  }
  const stillApart = apart && open === undefined && parameter === undefined;
  for (const [text, next] of literals ?? []) {
    if (!stillApart || !hasOneRoute(next)) {
      segments[at] = text;
      visitBelow(next, segments, stillApart, visit);
    }
  }
  if (parameter !== undefined) {
    segments[at] = PARAMETER;
    visitBelow(parameter, segments, apart && open === undefined && literals === undefined, visit);
  }
  segments.length = at;
}

function hasOneRoute<Route>(from: RouteNode<Route>): boolean {
  let node: RouteNode<Route> | undefined = from;
  while (node !== undefined) {
    const { ending, open, literals, parameter }: RouteNode<Route> = node;
    const routes = (ending?.length ?? 0) + (open?.length ?? 0);
    if (routes + (literals?.size ?? 0) + (parameter === undefined ? 0 : 1) !== 1) {
      return false;
    }
    if (routes === 1) {
      return true;
    }
    node = parameter ?? literals?.values().next().value;
  }
  return false;
}

function parameterOf<Route>(node: RouteNode<Route>): RouteNode<Route> {
  node.parameter ??= new RouteNode();
  return node.parameter;
}

function literalOf<Route>(node: RouteNode<Route>, text: string): RouteNode<Route> {
  node.literals ??= new Map();
  let next = node.literals.get(text);
  if (next === undefined) {
    next = new RouteNode();
    node.literals.set(text, next);
  }
  return next;
}
