import { trimSlashes } from './path-segments.js';
import type { RouteNode, RouteTree } from './route-tree.js';

/** Whether the router would choose a candidate. */
export type CandidateVerdict =
  /** The router skips it. */
  | 'no'
  /** The router chooses it. */
  | 'yes'
  /** The router stops here with an error, so it reaches no later route. */
  | 'error';

/** A registered route, with its place in the order of registration. */
export interface Ordered {
  readonly order: number;
}

/** A router that chooses the first route that matches, in the order of registration. */
export interface RouterOrder<Route, Registered extends Ordered, Query> {
  /** `undefined` for a route that is not registered. */
  registered(route: Route): Registered | undefined;
  check(registered: Registered, pathname: string, query: Query): CandidateVerdict;
}

/**
 * The first route, in the order of registration, that the router would choose. The tree only narrows the search: it
 * leaves out no route that may match, and the router checks every candidate itself. The cost depends on the path, not
 * on the number of routes.
 */
export function firstCandidate<Route, Registered extends Ordered, Query>(
  tree: RouteTree<Route>,
  pathname: string,
  query: Query,
  router: RouterOrder<Route, Registered, Query>,
): Registered | undefined {
  const search = new FirstSearch(pathname, query, router);
  walk(tree.root, comparable(pathname), 1, search);
  return search.found;
}

/** Every route that the router would choose, in the order of registration, up to one where it stops with an error. */
export function allCandidates<Route, Registered extends Ordered, Query>(
  tree: RouteTree<Route>,
  pathname: string,
  query: Query,
  router: RouterOrder<Route, Registered, Query>,
): Registered[] {
  const collected = new Set<Registered>();
  walk(tree.root, comparable(pathname), 1, {
    visit(routes) {
      for (const route of routes) {
        const registered = router.registered(route);
        if (registered !== undefined) {
          collected.add(registered);
        }
      }
    },
  });
  const found: Registered[] = [];
  for (const registered of [...collected].sort((one, other) => one.order - other.order)) {
    const verdict = router.check(registered, pathname, query);
    if (verdict === 'error') {
      break;
    }
    if (verdict === 'yes') {
      found.push(registered);
    }
  }
  return found;
}

function comparable(pathname: string): string {
  return trimSlashes(pathname).toLowerCase();
}

function walk<Route>(
  node: RouteNode<Route>,
  path: string,
  start: number,
  search: { visit(routes: readonly Route[]): void },
): void {
  if (node.rest !== undefined) {
    search.visit(node.rest);
  }
  if (start > path.length) {
    if (node.ending !== undefined) {
      search.visit(node.ending);
    }
    return;
  }
  let end = path.indexOf('/', start);
  if (end === -1) {
    end = path.length;
  }
  if (node.literals !== undefined) {
    const next = node.literals.get(path.slice(start, end));
    if (next !== undefined) {
      walk(next, path, end + 1, search);
    }
  }
  if (node.parameter !== undefined && end > start) {
    walk(node.parameter, path, end + 1, search);
  }
}

/** Remembers the earliest candidate that the router chooses, and checks none that comes after it. */
class FirstSearch<Route, Registered extends Ordered, Query> {
  found: Registered | undefined = undefined;
  #order = Number.POSITIVE_INFINITY;
  readonly #pathname: string;
  readonly #query: Query;
  readonly #router: RouterOrder<Route, Registered, Query>;

  constructor(pathname: string, query: Query, router: RouterOrder<Route, Registered, Query>) {
    this.#pathname = pathname;
    this.#query = query;
    this.#router = router;
  }

  visit(routes: readonly Route[]): void {
    for (const route of routes) {
      const registered = this.#router.registered(route);
      if (registered === undefined || registered.order >= this.#order) {
        continue;
      }
      const verdict = this.#router.check(registered, this.#pathname, this.#query);
      if (verdict !== 'no') {
        this.#order = registered.order;
        this.found = verdict === 'yes' ? registered : undefined;
      }
    }
  }
}
