import 'reflect-metadata';
import type { Enforcement, ReplyingAdapter } from '../../http/enforcement/enforcement.js';
import type { HttpPlatform, RouteHandler } from '../../http/http-platform.js';
import type { RouteEntry } from '../../routes/route-entry.js';
import { isGuarded } from '../metadata/guard-metadata.js';
import type { ExpectedRoutes } from './expected-routes.js';
import { handlerTag } from './handler-tag.js';

/** The adapter's methods that Nest calls to register routes. */
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

/** Tells the platform the entry of each route that Nest registers. */
export class RouteRegistry {
  #expected: ExpectedRoutes | undefined;
  readonly #platform: HttpPlatform;
  readonly #enforcement: Enforcement;
  readonly #unknownEntry: (method: string, path: string) => RouteEntry;

  constructor(
    platform: HttpPlatform,
    enforcement: Enforcement,
    unknownEntry: (method: string, path: string) => RouteEntry,
  ) {
    this.#platform = platform;
    this.#enforcement = enforcement;
    this.#unknownEntry = unknownEntry;
  }

  /** Sets the routes that Nest registers next. Without them, every route of Nest is unknown. */
  expect(routes: ExpectedRoutes | undefined): void {
    this.#expected = routes;
  }

  /** Wraps the adapter's methods, on this instance only. */
  wrap(adapter: ReplyingAdapter): void {
    const registering = adapter as unknown as Registering;
    for (const name of REGISTERING) {
      const native = registering[name];
      if (typeof native === 'function') {
        const method = name.toUpperCase();
        registering[name] = (...values: unknown[]) => this.#register(adapter, native, method, values);
      }
    }
  }

  #register(
    adapter: ReplyingAdapter,
    native: (...values: unknown[]) => unknown,
    method: string,
    values: readonly unknown[],
  ): unknown {
    // Other code that wraps the adapter may add middleware between path and handler.
    const [path, ...handlers] = values;
    const handler = handlers.pop();
    if (typeof path !== 'string' || typeof handler !== 'function' || !this.#isNestRoute(handler)) {
      return native.apply(adapter, [...values]);
    }
    const expected = this.#expected?.take(method, path, handler);
    const entry = expected ?? this.#unknownEntry(method, path);
    const served = isGuarded(handler)
      ? (handler as RouteHandler)
      : this.#enforcement.before(handler as RouteHandler, entry, adapter);
    const register = (wrap: (handler: RouteHandler) => RouteHandler) =>
      native.call(adapter, path, ...handlers, withPropertiesOf(handler as RouteHandler, wrap(served)));
    return this.#platform.registerRoute(entry, register, expected?.path === path ? undefined : path);
  }

  #isNestRoute(handler: object): boolean {
    return this.#expected?.isNestRegistering === true || handlerTag(handler) !== undefined;
  }
}

/** Platforms and their plugins read the options of a route from its handler. */
function withPropertiesOf(from: RouteHandler, to: RouteHandler): RouteHandler {
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
