import 'reflect-metadata';
import type { HttpPlatform, RouteHandler } from '../http/http-platform.js';
import type { RouteEntry } from '../routes/route-entry.js';

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
 * Knows which entry every route is that Nest asks the adapter to register, and tells the platform. Entries wait under
 * method and path, in the order Nest registers them.
 */
export class RouteRegistry {
  readonly #waiting = new Map<string, RouteEntry[]>();
  readonly #unknown: string[] = [];

  constructor(
    private readonly platform: HttpPlatform,
    private readonly unknownEntry: (method: string, path: string) => RouteEntry,
  ) {}

  /** Announces the routes that are going to be registered. */
  expect(entries: readonly RouteEntry[]): void {
    for (const entry of entries) {
      const key = keyOf(entry.method, entry.path);
      const waiting = this.#waiting.get(key);
      if (waiting === undefined) {
        this.#waiting.set(key, [entry]);
      } else {
        waiting.push(entry);
      }
    }
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
    const missing = [...this.#waiting].flatMap(([key, entries]) =>
      entries.map((entry) => `${key} (${entry.target}) was expected and not registered`),
    );
    return [...this.#unknown.map((key) => `${key} was registered and not expected`), ...missing];
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
    return this.platform.registerRoute(entry, (wrap) =>
      native.call(adapter, path, withSameProperties(handler, wrap(handler))),
    );
  }

  #take(method: string, path: string): RouteEntry {
    const key = keyOf(method, path);
    const waiting = this.#waiting.get(key);
    const entry = waiting?.shift();
    if (waiting?.length === 0) {
      this.#waiting.delete(key);
    }
    if (entry === undefined) {
      this.#unknown.push(key);
      return this.unknownEntry(method, path);
    }
    return entry;
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
