import 'reflect-metadata';
import type { HttpPlatform, RouteHandler } from '../http/http-platform.js';
import type { RouteEntry } from '../routes/route-entry.js';
import type { NormalizedPaths } from './normalized-paths.js';

/** The adapter methods Nest registers routes with. */
const REGISTERING = Object.freeze([
  'get',
  'post',
  'put',
  'patch',
  'delete',
  'head',
  'options',
  'all',
  'search',
  'query',
  'propfind',
  'proppatch',
  'mkcol',
  'copy',
  'move',
  'lock',
  'unlock',
] as const);

type Registering = Record<(typeof REGISTERING)[number], ((...values: unknown[]) => unknown) | undefined>;

/**
 * Knows which entry every route is that Nest asks the adapter to register, and tells the platform. Nest registers them
 * in the order they are announced in, unless it is told to sort them: then they are known by method and path.
 */
export class RouteRegistry {
  #expected: readonly RouteEntry[] = [];
  #paths: NormalizedPaths | undefined;
  /** How many of the expected routes were registered in their order. */
  #taken = 0;
  /** What is left of them, by method and path, once one came out of turn. */
  #waiting: Map<string, RouteEntry[]> | undefined;
  readonly #unknown: string[] = [];

  constructor(
    private readonly platform: HttpPlatform,
    private readonly unknownEntry: (method: string, path: string) => RouteEntry,
  ) {}

  /** Announces the routes that are going to be registered, in their order, and where to learn the forms of their paths. */
  expect(entries: readonly RouteEntry[], paths: NormalizedPaths): void {
    this.#expected = entries;
    this.#paths = paths;
  }

  /** Wraps the adapter's methods, on this instance only. */
  wrap(adapter: object): void {
    const registering = adapter as Registering;
    for (const name of REGISTERING) {
      const native = registering[name];
      if (typeof native === 'function') {
        registering[name] = (...values: unknown[]) => this.#register(adapter, native, name, values);
      }
    }
  }

  /** What was announced and never registered, and what was registered unannounced. Empty when all is well. */
  differences(): string[] {
    const missing = this.#waiting === undefined ? this.#left() : [...this.#waiting.values()].flat();
    return [
      ...this.#unknown.map((key) => `${key} was registered and not expected`),
      ...missing.map(
        ({ method, path, target }) => `${keyOf(method, path)} (${target}) was expected and not registered`,
      ),
    ];
  }

  #register(
    adapter: object,
    native: (...values: unknown[]) => unknown,
    name: string,
    values: readonly unknown[],
  ): unknown {
    const [path, handler] = values;
    if (values.length !== 2 || typeof path !== 'string' || !isNestHandler(handler)) {
      return native.apply(adapter, [...values]); // a route of somebody else's: not a controller
    }
    const method = name.toUpperCase();
    const entry = this.#take(method, path);
    return this.platform.registerRoute(entry, path, (wrap) =>
      native.call(adapter, path, withSameProperties(handler, wrap(handler))),
    );
  }

  #take(method: string, path: string): RouteEntry {
    if (this.#waiting === undefined) {
      const next = this.#expected[this.#taken];
      if (next !== undefined && next.method === method && this.#paths?.noted(next.path) === path) {
        this.#taken++;
        return next;
      }
    }
    this.#waiting ??= this.#byKey();
    const key = keyOf(method, path);
    const waiting = this.#waiting.get(key);
    const entry = waiting?.shift();
    if (entry === undefined) {
      this.#unknown.push(key);
      return this.unknownEntry(method, path);
    }
    return entry;
  }

  #left(): readonly RouteEntry[] {
    return this.#expected.slice(this.#taken);
  }

  #byKey(): Map<string, RouteEntry[]> {
    const waiting = new Map<string, RouteEntry[]>();
    for (const entry of this.#left()) {
      const key = keyOf(entry.method, this.#paths?.of(entry.path) ?? entry.path);
      const others = waiting.get(key);
      if (others === undefined) {
        waiting.set(key, [entry]);
      } else {
        others.push(entry);
      }
    }
    return waiting;
  }
}

function keyOf(method: string, path: string): string {
  return `${method} ${path}`;
}

/** Nest copies the metadata of the handler method, its path included, to what it registers. */
function isNestHandler(handler: unknown): handler is RouteHandler {
  return (
    typeof handler === 'function' &&
    Reflect.hasOwnMetadata('path', handler) &&
    Reflect.hasOwnMetadata('method', handler)
  );
}

/** Platforms and their plugins read a route's options from its handler. */
function withSameProperties(from: RouteHandler, to: RouteHandler): RouteHandler {
  if (from === to) {
    return to;
  }
  Object.assign(to, from);
  Object.defineProperty(to, 'name', { configurable: true, value: from.name });
  for (const key of Reflect.getOwnMetadataKeys(from)) {
    Reflect.defineMetadata(key, Reflect.getOwnMetadata(key, from), to);
  }
  return to;
}
