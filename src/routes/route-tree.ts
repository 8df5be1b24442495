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
    this.list(pathSegments(path.toLowerCase())).push(route);
  }

  /** The routes of a path, to add to; made where there are none yet. */
  list(segments: readonly PathSegment[]): Route[] {
    let node = this.root;
    for (const segment of segments) {
      if (segment === REST) {
        node.open ??= [];
        return node.open;
      }
      node = segment === PARAMETER ? parameterOf(node) : literalOf(node, segment);
    }
    node.ending ??= [];
    return node.ending;
  }
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
