import { escapePattern } from '../../validation/problems/source-text.js';
import type { CorsRoute } from './cors-route.js';
import { methodText, pathText } from './route-text.js';

/** The routes at and below one path. */
interface PathNode {
  readonly path: string;
  readonly parent: PathNode | undefined;
  readonly depth: number;
  readonly children: Map<string, PathNode>;
  /** The routes that end here. */
  readonly routes: CorsRoute[];
  /** The number of routes here and below. */
  total: number;
}

/** A part of a group: routes of one path, or all routes of the group at and below a path. */
interface CoverItem {
  readonly node: PathNode;
  readonly below: boolean;
  readonly routes: readonly CorsRoute[];
}

/** Describes groups of routes by their paths, so that every route of the group is counted in exactly one item. */
export class PathCover {
  readonly #root = nodeOf('', undefined);
  readonly #nodes = new Map<CorsRoute, PathNode>();

  /** @param routes of all groups */
  constructor(routes: readonly CorsRoute[]) {
    for (const route of routes) {
      this.#add(route);
    }
  }

  /**
   * The items of a group.
   *
   * @param fold whether a path is one item if all routes at and below it are in the group
   * @param fits whether the items fit into their place; otherwise longer paths are merged into shorter ones
   */
  itemsOf(routes: readonly CorsRoute[], fold: boolean, fits: (texts: readonly string[]) => boolean): readonly string[] {
    let items = this.#named(routes);
    if (fold) {
      items = mergeUniform(items);
    }
    let texts = items.map(textOf);
    while (items.length > 1 && !fits(texts)) {
      items = mergeDeepest(items);
      texts = items.map(textOf);
    }
    return texts;
  }

  #add(route: CorsRoute): void {
    let node = this.#root;
    node.total++;
    for (const segment of route.path.split('/').filter((text) => text !== '')) {
      let child = node.children.get(segment);
      if (child === undefined) {
        child = nodeOf(`${node.path}/${segment}`, node);
        node.children.set(segment, child);
      }
      node = child;
      node.total++;
    }
    node.routes.push(route);
    this.#nodes.set(route, node);
  }

  #named(routes: readonly CorsRoute[]): readonly CoverItem[] {
    const byNode = new Map<PathNode, CorsRoute[]>();
    for (const route of routes) {
      const node = this.#nodes.get(route) as PathNode;
      byNode.set(node, [...(byNode.get(node) ?? []), route]);
    }
    return sorted([...byNode].map(([node, own]) => ({ node, below: false, routes: own })));
  }
}

function nodeOf(path: string, parent: PathNode | undefined): PathNode {
  return {
    path,
    parent,
    depth: parent === undefined ? 0 : parent.depth + 1,
    children: new Map(),
    routes: [],
    total: 0,
  };
}

/** Merges the items below each path all of whose routes are in the group. */
function mergeUniform(items: readonly CoverItem[]): readonly CoverItem[] {
  const counts = new Map<PathNode, number>();
  const itemCounts = new Map<PathNode, number>();
  for (const { node, routes } of items) {
    for (let at: PathNode | undefined = node; at !== undefined; at = at.parent) {
      counts.set(at, (counts.get(at) ?? 0) + routes.length);
      itemCounts.set(at, (itemCounts.get(at) ?? 0) + 1);
    }
  }
  return merged(items, (item) => {
    let to: PathNode | undefined;
    for (let at: PathNode | undefined = item.node; at !== undefined; at = at.parent) {
      if (counts.get(at) === at.total && (itemCounts.get(at) ?? 0) > 1) {
        to = at;
      }
    }
    return to;
  });
}

/** Merges the items with the longest paths into those of the path above. */
function mergeDeepest(items: readonly CoverItem[]): readonly CoverItem[] {
  const deepest = Math.max(...items.map(({ node }) => node.depth));
  return merged(items, ({ node }) => (node.depth === deepest ? (node.parent ?? node) : undefined));
}

/** Merges items into the path that `to` names; those without one stay, unless they are at or below such a path. */
function merged(items: readonly CoverItem[], to: (item: CoverItem) => PathNode | undefined): readonly CoverItem[] {
  const targets = new Map(items.map((item) => [item, to(item)]));
  const merging = new Set(targets.values());
  const byNode = new Map<PathNode, CorsRoute[]>();
  const left: CoverItem[] = [];
  for (const item of items) {
    const target = targets.get(item) ?? (merging.has(item.node) || item.below ? item.node : undefined);
    if (target === undefined) {
      left.push(item);
    } else {
      byNode.set(target, [...(byNode.get(target) ?? []), ...item.routes]);
    }
  }
  return sorted([...left, ...[...byNode].map(([node, routes]) => ({ node, below: true, routes }))]);
}

function sorted(items: readonly CoverItem[]): readonly CoverItem[] {
  return [...items].sort(({ node: { path: one } }, { node: { path: other } }) => (one < other ? -1 : 1));
}

function textOf({ node, below, routes }: CoverItem): string {
  if (below) {
    const count = routes.length === node.total ? `${node.total}` : `${routes.length} of ${node.total}`;
    return `${escapePattern(node.path)}/** (${count})`;
  }
  const byPath = new Map<string, string[]>();
  for (const route of routes) {
    const path = pathText(route);
    byPath.set(path, [...(byPath.get(path) ?? []), methodText(route)]);
  }
  return [...byPath].map(([path, methods]) => `${methods.join(' ')} ${path}`).join(', ');
}
