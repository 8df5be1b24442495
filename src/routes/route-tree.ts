import { PARAMETER, type PathSegment, pathSegments, REST } from './path-segments.js';

/** A node of the tree: the segments that may follow, and the routes that end here. */
export class RouteNode<Route> {
  /** The nodes after literal segments, by lower-case text. */
  literals: Map<string, RouteNode<Route>> | undefined;
  parameter: RouteNode<Route> | undefined;
  /** Routes whose path ends here. Lists are only made for routes, because most nodes have none. */
  ending: Route[] | undefined;
  /** Routes that match any segments from here. */
  rest: Route[] | undefined;
}

/**
 * Routes by the segments of their paths. A search finds every route that some router may match, and maybe more: case
 * and trailing slashes do not count, and a segment that is neither a literal nor a parameter matches anything from
 * there.
 */
export class RouteTree<Route> {
  readonly root = new RouteNode<Route>();

  /** Adds a route after the routes of the same segments. */
  add(path: string, route: Route): void {
    let node = this.root;
    for (const segment of pathSegments(path.toLowerCase())) {
      if (segment === REST) {
        node.rest = appended(node.rest, route);
        return;
      }
      node = segment === PARAMETER ? parameterOf(node) : literalOf(node, segment);
    }
    node.ending = appended(node.ending, route);
  }

  /**
   * Visits the routes that may share URLs with other routes, in lists of the same segments. Most routes are left out:
   * they are alone below a literal segment, and no parameter or wildcard matches that segment.
   * @param visit must not store the segments, which change after the call
   */
  visitShared(visit: Visit<Route>): void {
    visitBelow(this.root, [], true, visit);
  }
}

type Visit<Route> = (routes: readonly Route[], segments: readonly PathSegment[]) => void;

/** Most lists have one route. A list made for one takes an eighth of the memory that an empty list grows to. */
function appended<Route>(list: Route[] | undefined, route: Route): Route[] {
  if (list === undefined) {
    return [route];
  }
  list.push(route);
  return list;
}

/** @param apart whether no other segments lead to this node */
function visitBelow<Route>(node: RouteNode<Route>, segments: PathSegment[], apart: boolean, visit: Visit<Route>): void {
  const { ending, rest, literals, parameter } = node;
  if (ending !== undefined) {
    visit(ending, segments);
  }
  const at = segments.length;
  if (rest !== undefined) {
    segments[at] = REST;
    visit(rest, segments);
  }
  const stillApart = apart && rest === undefined && parameter === undefined;
  for (const [text, next] of literals ?? []) {
    if (!stillApart || !hasOneRoute(next)) {
      segments[at] = text;
      visitBelow(next, segments, stillApart, visit);
    }
  }
  if (parameter !== undefined) {
    segments[at] = PARAMETER;
    visitBelow(parameter, segments, apart && rest === undefined && literals === undefined, visit);
  }
  segments.length = at;
}

function hasOneRoute<Route>(from: RouteNode<Route>): boolean {
  let node: RouteNode<Route> | undefined = from;
  while (node !== undefined) {
    const { ending, rest, literals, parameter }: RouteNode<Route> = node;
    const routes = (ending?.length ?? 0) + (rest?.length ?? 0);
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
