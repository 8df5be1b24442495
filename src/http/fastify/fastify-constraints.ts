import 'reflect-metadata';
import { Interner } from '../../policy/interner.js';
import type { RouteConstraint } from '../../routes/route-constraint.js';
import type { RawRequest } from '../http-platform.js';
import type { ConstraintStore, ConstraintStrategy, FastifyRouter } from './fastify-router.js';
import { listedValues } from './listed-values.js';

/** The metadata key of `@RouteConstraints()` in Nest's Fastify package. */
const CONSTRAINTS = '__fastify_route_constraints__';

/** Stands, in a look-up, for every value of a request that matches a value named by a route. */
class NamedValue {
  readonly value: unknown;

  constructor(value: unknown) {
    this.value = value;
  }
}

type Constraints = Readonly<Record<string, unknown>>;

const NO_CONSTRAINTS: readonly Constraints[] = Object.freeze([Object.freeze({})]);

/**
 * The constraints by which Fastify's router chooses between routes of one method and URL. A preflight shows the host.
 * It does not show what other strategies will read from the actual request, so every value that a route names is tried.
 *
 * Each strategy compares values in its own way, so the values that match are unknown. The storages of the router are
 * therefore wrapped: a look-up can find the routes that name a value, without a value that matches.
 *
 * One look-up for each set of values that a route names finds every route that a request can reach. If a request
 * reaches a route, so does a request with only the values of this route: with fewer values, no other route starts to
 * match.
 */
export class FastifyConstraints {
  /** Whether a route has a constraint that a preflight does not show, besides its version. */
  #inUse = false;
  readonly #versions = new Set<unknown>();
  #sets = NO_CONSTRAINTS;
  #countedRoutes = 0;
  readonly #router: FastifyRouter;
  readonly #nestVersion: unknown;

  /**
   * @param nestVersion the strategy with which Nest's adapter reads versions
   * @throws Error when this version of Fastify's router makes its storages in another way
   */
  constructor(router: FastifyRouter, nestVersion: unknown) {
    this.#router = router;
    this.#nestVersion = nestVersion;
    const { constrainer } = router;
    const newStore = constrainer.newStoreForConstraint;
    if (typeof newStore !== 'function') {
      throw new Error(
        'nestjs-cors cannot follow the route constraints of this version of Fastify. Use a version of ' +
          '@nestjs/platform-fastify from the compatibility table of nestjs-cors.',
      );
    }
    constrainer.newStoreForConstraint = (name) => this.#watched(name, newStore.call(constrainer, name));
  }

  /** Whether some route has a constraint, besides its version, that a preflight does not show. */
  get inUse(): boolean {
    return this.#inUse;
  }

  /** Every version that a route names. */
  get versions(): ReadonlySet<unknown> {
    return this.#versions;
  }

  /** The constraints that a preflight shows: the host, and the version of a request that names none. */
  shown(raw: RawRequest): Constraints {
    const { strategies } = this.#router.constrainer;
    const { headers } = raw;
    return {
      ...(strategies.host?.isCustom === true ? {} : { host: headers.host || headers[':authority'] }),
      ...(strategies.version === this.#nestVersion ? { version: strategies.version?.deriveConstraint?.(raw) } : {}),
    };
  }

  /** The constraints that a preflight does not show: each different set of a route, and the empty set. */
  sets(): readonly Constraints[] {
    if (!this.#inUse) {
      return NO_CONSTRAINTS;
    }
    const { routes } = this.#router;
    if (routes.length !== this.#countedRoutes) {
      this.#countedRoutes = routes.length;
      this.#sets = differentSets(routes.map(({ opts }) => this.#hidden(opts.constraints)));
    }
    return this.#sets;
  }

  /**
   * The constraints of a handler that a preflight does not show.
   * @param handler the function that Nest registers
   * @param versioned whether Nest replaces a version among them by the version of the handler
   */
  of(handler: object, versioned: boolean): readonly RouteConstraint[] | undefined {
    const written = Reflect.getMetadata(CONSTRAINTS, handler) as Constraints | undefined;
    if (written === undefined) {
      return undefined;
    }
    const constraints: RouteConstraint[] = [];
    for (const [name, value] of Object.entries(written)) {
      const strategy = this.#strategy(name);
      if (!this.#isShown(name) && !(versioned && name === 'version')) {
        const asynchronous = strategy?.isAsync === true;
        // A missing strategy may be added later. Otherwise the router rejects the route.
        const isListed = strategy === undefined || this.#matchesByList(name);
        const values = isListed ? [value].flat() : listedValues(strategy, value);
        constraints.push(Object.freeze({ strategy: name, value, values, asynchronous }));
      }
    }
    return constraints.length === 0 ? undefined : Object.freeze(constraints);
  }

  #strategy(name: string): ConstraintStrategy | undefined {
    const { strategies } = this.#router.constrainer;
    return Object.hasOwn(strategies, name) ? strategies[name] : undefined;
  }

  /** The built-in strategy reads the Host header, which is the same in a preflight. */
  #isShown(name: string): boolean {
    return name === 'host' && this.#strategy(name)?.isCustom !== true;
  }

  #isNestVersion(name: string): boolean {
    return name === 'version' && this.#strategy(name) === this.#nestVersion;
  }

  /** Whether a route matches exactly the versions that it names, as with Nest's strategy and the built-in one. */
  #matchesByList(name: string): boolean {
    return name === 'version' && (this.#isNestVersion(name) || this.#strategy(name)?.isCustom !== true);
  }

  #hidden(constraints: Constraints = {}): Constraints {
    return Object.fromEntries(
      Object.entries(constraints)
        .filter(([name]) => !this.#isShown(name) && !this.#isNestVersion(name))
        .map(([name, value]) => [name, new NamedValue(value)]),
    );
  }

  #watched(name: string, store: ConstraintStore): ConstraintStore {
    if (this.#isShown(name)) {
      return store;
    }
    if (this.#isNestVersion(name)) {
      return watchedStore(store, (version) => {
        for (const one of [version].flat()) {
          this.#versions.add(one);
        }
      });
    }
    this.#inUse = true;
    return namedStore(store);
  }
}

function watchedStore(store: ConstraintStore, see: (value: unknown) => void): ConstraintStore {
  const { set } = store;
  store.set = (value, routes) => {
    see(value);
    return set.call(store, value, routes);
  };
  return store; // the same object: a look-up costs no more
}

function namedStore(store: ConstraintStore): ConstraintStore {
  const named = new Map<unknown, number>();
  return {
    get: (value) => (value instanceof NamedValue ? named.get(value.value) : store.get(value)),
    set: (value, routes) => {
      named.set(value, (named.get(value) ?? 0) | routes); // the router stores routes as bits
      return store.set(value, routes);
    },
  };
}

/** Each different set once, and the empty set. */
function differentSets(sets: readonly Constraints[]): readonly Constraints[] {
  const interner = new Interner();
  const different = new Map<string, Constraints>([['', {}]]);
  for (const set of sets) {
    const key = Object.entries(set)
      .map(([name, named]) => `${name}=${interner.numberOf((named as NamedValue).value)}`)
      .sort()
      .join();
    if (!different.has(key)) {
      different.set(key, Object.freeze(set));
    }
  }
  return Object.freeze([...different.values()]);
}
