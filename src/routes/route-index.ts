import { pathSegments, trimSlashes } from './path-segments.js';

interface Indexed<Route> {
  readonly order: number;
  readonly route: Route;
}

class IndexNode<Route> {
  literals: Map<string, IndexNode<Route>> | undefined;
  parameter: IndexNode<Route> | undefined;
  /** Routes whose path ends here; made when there is one, as most nodes have none of one kind. */
  ending: Indexed<Route>[] | undefined;
  /** Routes that take anything from here on. */
  open: Indexed<Route>[] | undefined;
}

/** What a candidate turns out to be when it is put to the router's own matcher. */
export type CandidateVerdict =
  /** The router would pass it over. */
  | 'no'
  /** The router would take it. */
  | 'yes'
  /** The router would give up here with an error, so that no later route is reached. */
  | 'error';

/**
 * Finds the few routes that may match a path without asking them all, for routers that take the first one in the order
 * of registration. It only narrows down: every candidate is still put to the router's own matcher, and no route that
 * could match is ever left out. The cost of a look-up depends on the path, not on the number of routes.
 */
export class RouteIndex<Route> {
  readonly #root = new IndexNode<Route>();
  #size = 0;

  constructor(private readonly caseSensitive: boolean) {}

  /** Adds a route; routes are kept in the order of their registration. */
  add(path: string, route: Route): void {
    const indexed = { order: this.#size++, route };
    let node = this.#root;
    for (const segment of pathSegments(path)) {
      if (segment.kind === 'rest') {
        node.open = added(node.open, indexed);
        return;
      }
      if (segment.kind === 'parameter') {
        node.parameter ??= new IndexNode();
        node = node.parameter;
        continue;
      }
      const text = this.caseSensitive ? segment.text : segment.text.toLowerCase();
      node.literals ??= new Map();
      let next = node.literals.get(text);
      if (next === undefined) {
        next = new IndexNode();
        node.literals.set(text, next);
      }
      node = next;
    }
    node.ending = added(node.ending, indexed);
  }

  /** The first route, in the order of registration, that `check` takes. */
  first(pathname: string, check: (route: Route) => CandidateVerdict): Route | undefined {
    const search = new Search(check);
    this.#walk(this.#root, this.#normalize(pathname), 1, search);
    return search.found;
  }

  /** Every route `check` takes, in the order of registration, up to one that ends the router's walk. */
  all(pathname: string, check: (route: Route) => CandidateVerdict): Route[] {
    const collected: Indexed<Route>[] = [];
    this.#walk(this.#root, this.#normalize(pathname), 1, { take: (list) => collected.push(...list) });
    collected.sort((one, other) => one.order - other.order);
    const found: Route[] = [];
    for (const { route } of collected) {
      const verdict = check(route);
      if (verdict === 'error') {
        break;
      }
      if (verdict === 'yes') {
        found.push(route);
      }
    }
    return found;
  }

  #normalize(pathname: string): string {
    const trimmed = trimSlashes(pathname);
    return this.caseSensitive ? trimmed : trimmed.toLowerCase();
  }

  #walk(
    node: IndexNode<Route>,
    path: string,
    start: number,
    search: { take(list: readonly Indexed<Route>[]): void },
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
        this.#walk(next, path, end + 1, search);
      }
    }
    if (node.parameter !== undefined && end > start) {
      this.#walk(node.parameter, path, end + 1, search);
    }
  }
}

/** Most lists have one element: a literal takes the room of one, where `push` on an empty list makes room for many. */
function added<Element>(list: Element[] | undefined, element: Element): Element[] {
  if (list === undefined) {
    return [element];
  }
  list.push(element);
  return list;
}

/** Keeps the earliest candidate that was taken, and asks no candidate that comes after it. */
class Search<Route> {
  found: Route | undefined;
  #order = Number.POSITIVE_INFINITY;

  constructor(private readonly check: (route: Route) => CandidateVerdict) {}

  take(list: readonly Indexed<Route>[]): void {
    for (const { order, route } of list) {
      if (order >= this.#order) {
        return;
      }
      const verdict = this.check(route);
      if (verdict !== 'no') {
        this.#order = order;
        this.found = verdict === 'yes' ? route : undefined;
      }
    }
  }
}
