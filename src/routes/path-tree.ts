/** A node of the tree, reached by whole segments. */
class PathNode<Value> {
  readonly children = new Map<string, PathNode<Value>>();
  values: readonly Value[] = [];
}

/** The values that a tree has for one reading of a path. */
interface Located<Value> {
  /** The values of the longest listed path that the reading begins with; none if there is no such path. */
  readonly values: readonly Value[];
  /** The values of the paths that a `..` leads out of. */
  readonly left: readonly Value[];
}

const NOTHING: readonly never[] = Object.freeze([]);

/** Listed paths with their values. The work of a search grows with the length of the path, not with the list. */
export class PathTree<Value> {
  readonly #root = new PathNode<Value>();

  /** Adds a value to a path. */
  add(path: string, value: Value): void {
    let node = this.#root;
    for (const segment of path.split('/').filter((text) => text !== '')) {
      let next = node.children.get(segment);
      if (next === undefined) {
        next = new PathNode();
        node.children.set(segment, next);
      }
      node = next;
    }
    node.values = [...node.values, value];
  }

  /** The values of the longest listed path that a path begins with, as it is written. */
  prefixOf(path: string): readonly Value[] {
    let node: PathNode<Value> | undefined = this.#root;
    let { values } = node;
    let start = path.charCodeAt(0) === 0x2f ? 1 : path.length; // without a slash it is below no listed path
    while (start < path.length) {
      const slash = path.indexOf('/', start);
      const end = slash === -1 ? path.length : slash;
      node = node.children.get(path.slice(start, end));
      if (node === undefined) {
        break;
      }
      values = node.values.length > 0 ? node.values : values;
      start = end + 1;
    }
    return values;
  }

  /**
   * The longest listed path that a path begins with once dot segments are resolved. A backslash separates segments like
   * a slash, and empty segments count for nothing.
   */
  resolve(path: string): Located<Value> {
    const nodes = [this.#root];
    let below = 0; // how many segments the path is deeper than the tree
    let left: readonly Value[] = NOTHING;
    for (let start = 0; start < path.length; ) {
      const end = segmentEnd(path, start);
      if (isParent(path, start, end)) {
        const node = nodes[nodes.length - 1] as PathNode<Value>;
        if (below > 0) {
          below--;
        } else {
          left = node.values.length === 0 || left.includes(node.values[0] as Value) ? left : [...left, ...node.values];
          nodes.length = Math.max(1, nodes.length - 1);
        }
      } else if (end > start && !isDot(path, start, end)) {
        const next = below > 0 ? undefined : nodes[nodes.length - 1]?.children.get(path.slice(start, end));
        if (next === undefined) {
          below++;
        } else {
          nodes.push(next);
        }
      }
      start = end + 1;
    }
    const values = nodes.map((node) => node.values).filter((one) => one.length > 0);
    return { values: values.at(-1) ?? NOTHING, left };
  }
}

function segmentEnd(path: string, start: number): number {
  let end = start;
  while (end < path.length && path.charCodeAt(end) !== 0x2f && path.charCodeAt(end) !== 0x5c) {
    end++;
  }
  return end;
}

function isDot(path: string, start: number, end: number): boolean {
  return end - start === 1 && path.charCodeAt(start) === 0x2e;
}

function isParent(path: string, start: number, end: number): boolean {
  return end - start === 2 && path.charCodeAt(start) === 0x2e && path.charCodeAt(start + 1) === 0x2e;
}
