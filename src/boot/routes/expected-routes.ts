import type { HttpPlatform } from '../../http/http-platform.js';
import type { RouteEntry } from '../../routes/route-entry.js';
import { handlerTag } from './handler-tag.js';
import type { NormalizedPaths } from './normalized-paths.js';

/**
 * Recognises the routes of an application when Nest registers them: by method, path, versions and the tag of the
 * handler. Some functions have no tag, because another function without metadata replaced the handler, or because Nest
 * 11 wraps handlers for `setOnRouteTriggered()`. They are recognised without it, while Nest registers its routes.
 */
export class ExpectedRoutes {
  /** Nest usually registers all routes in the expected order: this many were. */
  #inOrder = 0;
  /** The routes that are left after one was registered out of order, by method and path. */
  #outOfOrder: Map<string, RouteEntry[]> | undefined;
  #hasRegistered: boolean;
  readonly #unexpected: string[] = [];
  readonly #entries: readonly RouteEntry[];
  readonly #paths: NormalizedPaths;
  readonly #platform: Pick<HttpPlatform, 'servesVersions'>;

  /** @param entries the routes, in the order in which Nest registers them */
  constructor(entries: readonly RouteEntry[], paths: NormalizedPaths, platform: Pick<HttpPlatform, 'servesVersions'>) {
    this.#entries = entries;
    this.#paths = paths;
    this.#platform = platform;
    this.#hasRegistered = entries.length === 0;
  }

  /** Whether Nest has registered a route, or has none to register. */
  get hasRegistered(): boolean {
    return this.#hasRegistered;
  }

  /** Whether Nest registers its routes now, so that a handler without a tag may be one of them. */
  get isNestRegistering(): boolean {
    return this.#paths.isNestRegistering;
  }

  /** The routes that Nest registered and that were not expected. */
  get unexpected(): readonly string[] {
    return this.#unexpected;
  }

  /** The expected routes that Nest did not register. */
  missing(): string[] {
    const missing = this.#outOfOrder === undefined ? this.#left() : [...this.#outOfOrder.values()].flat();
    return missing.map(({ method, path, target }) => `${keyOf(method, this.#paths.normalized(path))} (${target})`);
  }

  /** Finds the entry of a route that is being registered, once. */
  take(method: string, path: string, handler: object): RouteEntry | undefined {
    this.#hasRegistered = true;
    const entry = this.#takeNext(method, path, handler) ?? this.#takeOutOfOrder(method, path, handler);
    if (entry === undefined) {
      this.#unexpected.push(keyOf(method, path));
    }
    return entry;
  }

  #takeNext(method: string, path: string, handler: object): RouteEntry | undefined {
    const next = this.#entries[this.#inOrder];
    if (
      this.#outOfOrder !== undefined ||
      next?.method !== method ||
      this.#paths.normalized(next.path) !== path ||
      !this.#isFor(next, handler)
    ) {
      return undefined;
    }
    this.#inOrder++;
    return next;
  }

  #takeOutOfOrder(method: string, path: string, handler: object): RouteEntry | undefined {
    this.#outOfOrder ??= groupByKey(this.#left());
    for (const original of this.#paths.originals(path)) {
      const expected = this.#outOfOrder.get(keyOf(method, original)) ?? [];
      const [entry, ...others] = expected.filter((one) => this.#isFor(one, handler));
      // If a route was registered at an unexpected place before, the first match may be the wrong one.
      if (entry !== undefined && (this.#unexpected.length === 0 || others.every((other) => isAlike(entry, other)))) {
        expected.splice(expected.indexOf(entry), 1);
        return entry;
      }
    }
    return undefined;
  }

  #isFor({ registered, versions }: RouteEntry, handler: object): boolean {
    const tag = handlerTag(handler);
    const hasSameTag = tag === undefined || (registered !== undefined && handlerTag(registered) === tag);
    return hasSameTag && this.#platform.servesVersions(handler, versions);
  }

  #left(): readonly RouteEntry[] {
    return this.#entries.slice(this.#inOrder);
  }
}

function groupByKey(entries: readonly RouteEntry[]): Map<string, RouteEntry[]> {
  const groups = new Map<string, RouteEntry[]>();
  for (const entry of entries) {
    const key = keyOf(entry.method, entry.path);
    const group = groups.get(key);
    if (group === undefined) {
      groups.set(key, [entry]);
    } else {
      group.push(entry);
    }
  }
  return groups;
}

/** Whether two entries mean the same for every request. */
function isAlike(one: RouteEntry, other: RouteEntry): boolean {
  return (
    one.policy === other.policy &&
    one.acceptsHost === undefined &&
    other.acceptsHost === undefined &&
    one.versions === undefined &&
    other.versions === undefined &&
    one.constraints === undefined &&
    other.constraints === undefined
  );
}

function keyOf(method: string, path: string): string {
  return `${method} ${path}`;
}
