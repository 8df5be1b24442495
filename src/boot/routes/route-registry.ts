import 'reflect-metadata';
import { type EnforcementCheck, enforcesAnything, FORBIDDEN_BODY } from '../../http/enforcement.js';
import type { HttpPlatform, RouteHandler } from '../../http/http-platform.js';
import { handlerTag } from '../../metadata/cors-metadata.accessor.js';
import { isGuarded } from '../../metadata/guard-metadata.js';
import type { RouteEntry } from '../../routes/route-entry.js';
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

/** The part of an adapter that routes are registered with. */
export interface RegisteringAdapter {
  reply(response: unknown, body: unknown, statusCode: number): unknown;
}

type Registering = Record<(typeof REGISTERING)[number], ((...values: unknown[]) => unknown) | undefined>;

/**
 * Knows which entry every route is that Nest asks the adapter to register, and tells the platform. A route is known by
 * its method, its path, its versions and the tag of its handler; by its place alone only where the handler has no
 * metadata, as Nest may leave routes out.
 */
export class RouteRegistry {
  #expected: readonly RouteEntry[] = [];
  #paths: NormalizedPaths | undefined;
  /** How many of the expected routes were registered in the order they are announced in: commonly all. */
  #taken = 0;
  /** What is left of them, by method and path, once one came out of turn: sorted routes, or one that is left out. */
  #waiting: Map<string, RouteEntry[]> | undefined;
  readonly #unknown: string[] = [];
  #hasRegistered = false;
  readonly #platform: HttpPlatform;
  readonly #enforcement: EnforcementCheck;
  readonly #unknownEntry: (method: string, path: string) => RouteEntry;

  constructor(
    platform: HttpPlatform,
    enforcement: EnforcementCheck,
    unknownEntry: (method: string, path: string) => RouteEntry,
  ) {
    this.#platform = platform;
    this.#enforcement = enforcement;
    this.#unknownEntry = unknownEntry;
  }

  /** Announces the routes that are going to be registered, in their order, and where to learn the forms of their paths. */
  expect(entries: readonly RouteEntry[], paths: NormalizedPaths): void {
    this.#expected = entries;
    this.#paths = paths;
    this.#taken = 0;
    this.#waiting = undefined;
    this.#unknown.length = 0;
    this.#hasRegistered = entries.length === 0;
  }

  /** Whether Nest has registered a route since routes were announced, or none was. */
  get hasRegistered(): boolean {
    return this.#hasRegistered;
  }

  /** Wraps the adapter's methods, on this instance only. */
  wrap(adapter: RegisteringAdapter): void {
    const registering = adapter as unknown as Registering;
    for (const name of REGISTERING) {
      const native = registering[name];
      if (typeof native === 'function') {
        const method = name.toUpperCase();
        registering[name] = (...values: unknown[]) => this.#register(adapter, native, method, values);
      }
    }
  }

  /** Forgets what was announced: whatever is registered from now on was not. */
  forget(): void {
    this.#expected = [];
    this.#taken = 0;
    this.#waiting = undefined;
  }

  /** What was announced and never registered. */
  missing(): string[] {
    const missing = this.#waiting === undefined ? this.#left() : [...this.#waiting.values()].flat();
    return missing.map(({ method, path, target }) => `${keyOf(method, this.#paths?.formOf(path) ?? path)} (${target})`);
  }

  /** What was registered unannounced. */
  unexpected(): readonly string[] {
    return this.#unknown;
  }

  #register(
    adapter: RegisteringAdapter,
    native: (...values: unknown[]) => unknown,
    method: string,
    values: readonly unknown[],
  ): unknown {
    // Other code that wraps the adapter may put middleware between the two.
    const [path, ...handlers] = values;
    const handler = handlers.pop();
    if (typeof path !== 'string' || typeof handler !== 'function') {
      return native.apply(adapter, [...values]);
    }
    // A handler has no metadata where its method was replaced by a function without any, and on Nest 11 where the adapter
    // has a setOnRouteTriggered() hook. Nest calls normalizePath() before each of its own routes, other code never does.
    const isAskedFor = this.#paths?.wasAnswered(path) === true;
    const tag = handlerTag(handler);
    const isBare = () => tag === undefined && !Reflect.hasOwnMetadata('path', handler);
    if (!isAskedFor && isBare()) {
      return native.apply(adapter, [...values]);
    }
    const accepts = ({ registered, versions }: RouteEntry) =>
      (isTagged(registered, tag) || isBare()) && this.#platform.servesVersions(handler, versions);
    const expected = this.#take(method, path, accepts);
    if (expected === undefined) {
      this.#unknown.push(keyOf(method, path));
    }
    this.#hasRegistered = true;
    const entry = expected ?? this.#unknownEntry(method, path);
    const served = this.#enforcing(adapter, entry, handler as RouteHandler);
    const register = (wrap: (handler: RouteHandler) => RouteHandler) =>
      native.call(adapter, path, ...handlers, withSameProperties(handler as RouteHandler, wrap(served)));
    return this.#platform.registerRoute(entry, register, expected?.path === path ? undefined : path);
  }

  /** A route whose handler was not known at boot, or replaced since, has no guard: it is refused before Nest sees it. */
  #enforcing(adapter: RegisteringAdapter, entry: RouteEntry, handler: RouteHandler): RouteHandler {
    if (!enforcesAnything(entry) || isGuarded(handler)) {
      return handler;
    }
    const enforcement = this.#enforcement;
    const platform = this.#platform;
    return function enforcing(this: unknown, request, response, next) {
      return platform.keeps(entry, request) && enforcement.refusalOf(request, response) !== undefined
        ? adapter.reply(response, { ...FORBIDDEN_BODY }, FORBIDDEN_BODY.statusCode)
        : handler.call(this, request, response, next);
    };
  }

  #take(method: string, path: string, accepts: (expected: RouteEntry) => boolean): RouteEntry | undefined {
    const next = this.#expected[this.#taken];
    if (next === undefined) {
      return undefined; // nothing is announced, or all of it came in its order
    }
    if (this.#waiting === undefined) {
      if (next.method === method && this.#paths?.formOf(next.path) === path && accepts(next)) {
        this.#taken++;
        return next;
      }
      this.#waiting = this.#byKey();
    }
    for (const built of this.#paths?.pathsOf(path) ?? []) {
      const waiting = this.#waiting.get(keyOf(method, built)) ?? [];
      const [entry, ...others] = waiting.filter(accepts);
      // Once a route was registered elsewhere than expected, the first match may be the wrong one.
      if (entry !== undefined && (this.#unknown.length === 0 || others.every((other) => isAlike(entry, other)))) {
        waiting.splice(waiting.indexOf(entry), 1);
        return entry;
      }
    }
    return undefined;
  }

  #left(): readonly RouteEntry[] {
    return this.#expected.slice(this.#taken);
  }

  #byKey(): Map<string, RouteEntry[]> {
    const waiting = new Map<string, RouteEntry[]>();
    for (const entry of this.#left()) {
      const key = keyOf(entry.method, entry.path);
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

/** Nest copies the metadata of the handler method, its path included, to what it registers. */
function isTagged(registered: object | undefined, tag: unknown): boolean {
  return registered !== undefined && handlerTag(registered) === tag;
}

/** Whether it makes no difference to requests which of two entries a route has. */
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
