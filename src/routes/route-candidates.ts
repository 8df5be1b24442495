import { trimSlashes } from './path-segments.js';
import type { RouteNode, RouteTree } from './route-tree.js';

/** What a candidate turns out to be when it is put to the router's own matcher. */
export type CandidateVerdict =
  /** The router would pass it over. */
  | 'no'
  /** The router would take it. */
  | 'yes'
  /** The router would give up here with an error, so that no later route is reached. */
  | 'error';

/** A route that a router has: its place in the order of registration, and whatever else is known of it. */
export interface Ordered {
  readonly order: number;
}

/** How a router that takes the first route in the order of registration sees candidates. */
export interface RouterOrder<Route, Registered extends Ordered> {
  /** `undefined` for a route that is not registered. */
  registered(route: Route): Registered | undefined;
  check(registered: Registered): CandidateVerdict;
}

/**
 * The first route, in the order of registration, that the router would take, found without asking about all of them. The
 * tree only narrows down: every candidate is still put to the router's own matcher, and no route that could match is
 * left out. The cost depends on the path, not on the number of routes.
 */
export function firstCandidate<Route, Registered extends Ordered>(
  tree: RouteTree<Route>,
  pathname: string,
  router: RouterOrder<Route, Registered>,
): Registered | undefined {
  const search = new Search(router);
  walk(tree.root, comparable(pathname), 1, search);
  return search.found;
}

/** Every route the router would take, in the order of registration, up to one that ends the router's walk. */
export function allCandidates<Route, Registered extends Ordered>(
  tree: RouteTree<Route>,
  pathname: string,
  router: RouterOrder<Route, Registered>,
): Registered[] {
  const collected = new Set<Registered>();
  walk(tree.root, comparable(pathname), 1, {
    take(routes) {
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
    const verdict = router.check(registered);
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
  search: { take(routes: readonly Route[]): void },
): void {
  if (node.open !== undefined) {
    search.take(node.open);
  }
  if (start > path.length) {
    if (node.ending !== undefined) {
      search.take(node.ending);
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

/** Keeps the earliest candidate that was taken, and asks no candidate that comes after it. */
class Search<Route, Registered extends Ordered> {
  found: Registered | undefined;
  #order = Number.POSITIVE_INFINITY;
  readonly #router: RouterOrder<Route, Registered>;

  constructor(router: RouterOrder<Route, Registered>) {
    this.#router = router;
  }

  take(routes: readonly Route[]): void {
    for (const route of routes) {
      const registered = this.#router.registered(route);
      if (registered === undefined || registered.order >= this.#order) {
        continue;
      }
      const verdict = this.#router.check(registered);
      if (verdict !== 'no') {
        this.#order = registered.order;
        this.found = verdict === 'yes' ? registered : undefined;
      }
    }
  }
}
