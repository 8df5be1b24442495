import { describe, expect, it } from '@jest/globals';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import fc from 'fast-check';
import { FastifyConstraints } from '../../../src/http/fastify/fastify-constraints.js';
import { type FastifyRouter, routerOf } from '../../../src/http/fastify/fastify-router.js';

type Value = string | readonly string[];
type Storage = () => { get(value: string): number | undefined; set(value: Value, routes: number): unknown };

/** A storage that finds the first registered value that matches. */
function first(matches: (registered: string, value: string) => boolean): Storage {
  return () => {
    const routes = new Map<string, number>();
    return {
      get: (value) => [...routes].find(([registered]) => matches(registered, value))?.[1],
      set: (registered, route) => routes.set(String(registered), route),
    };
  };
}

/** A storage that stores texts in its own form. */
function keyed(keysOf: (value: Value) => readonly string[]): Storage {
  return () => {
    const routes = new Map<string, number>();
    return {
      get: (value) => keysOf(value).flatMap((key) => routes.get(key) ?? [])[0],
      set: (value, route) => {
        for (const key of keysOf(value)) {
          routes.set(key, route);
        }
      },
    };
  };
}

/** Storages whose values can be listed. */
const LISTED: Readonly<Record<string, Storage>> = {
  text: keyed((value) => [String(value)]),
  'without case': keyed((value) => [String(value).toLowerCase()]),
  lists: keyed((value) => [value].flat()),
};
/** Storages that are supported only if all handlers of a URL have one policy. */
const OTHERS: Readonly<Record<string, Storage>> = {
  prefix: first((registered, value) => value.startsWith(registered)),
  fallback: first((registered, value) => registered === '*' || registered === value),
  expression: first((registered, value) => new RegExp(registered.replace('*', '.*')).test(value)),
  length: first((registered, value) => registered.length > value.length),
};
const VALUES = ['a', 'ab', 'A', 'b', '*', 'ba'];
const LISTS = [
  ['a', 'b'],
  ['b', 'ab'],
];
const PATHS = ['/x', '/x/y', '/:p', '/:p/y', '/x/:q', '/:p/:q', '/*', '/x/*'];
const URLS = ['/x', '/x/y', '/z', '/z/y', '/x/z', '/x/y/z', '/z/z/z'];

type Drawn = { readonly one: Value | undefined; readonly two: Value | undefined };

function routesOf(storages: readonly string[]) {
  const drawnFor = (storage?: string) =>
    fc.option(fc.constantFrom<Value>(...(storage === 'lists' ? LISTS : VALUES), ...VALUES), { nil: undefined });
  const one = fc.record({ path: fc.constantFrom(...PATHS), one: drawnFor(storages[0]), two: drawnFor(storages[1]) });
  return fc.array(one, { minLength: 2, maxLength: 12 });
}

function constraintsOf({ one, two }: Drawn): Record<string, Value> {
  return { ...(one === undefined ? {} : { one }), ...(two === undefined ? {} : { two }) };
}

interface Instance {
  route(options: object): unknown;
}

/** Draws routes. For each request, it gives the route that is reached and the routes that the sets of constraints find. */
function compare(
  storages: Readonly<Record<string, Storage>>,
  agree: (reached: unknown, found: Set<unknown>) => boolean,
) {
  let reached = 0;
  const name = fc.constantFrom(...Object.keys(storages));
  fc.assert(
    fc.property(
      fc.tuple(name, name).chain((names) => fc.tuple(fc.constant(names), routesOf(names))),
      fc.boolean(),
      ([names, routes], mustMatchWhenDerived) => {
        const strategy = (position: 0 | 1, more: object) => ({
          name: position === 0 ? 'one' : 'two',
          storage: storages[names[position]],
          validate: () => true,
          deriveConstraint: () => undefined,
          ...more,
        });
        const strategies = { one: strategy(0, {}), two: strategy(1, { mustMatchWhenDerived }) };
        const adapter = new FastifyAdapter({ routerOptions: { constraints: strategies } as never });
        const instance = adapter.getInstance() as unknown as Instance;
        const router = routerOf(instance);
        const constraints = new FastifyConstraints(router, undefined);
        const taken = new Set<string>();
        routes.forEach(({ path, ...drawn }, id) => {
          const key = JSON.stringify([path, constraintsOf(drawn)]);
          if (!taken.has(key)) {
            taken.add(key);
            instance.route({
              method: 'GET',
              url: path,
              handler() {},
              constraints: constraintsOf(drawn),
              config: { id },
            });
          }
        });
        for (const url of URLS) {
          const found = new Set(constraints.sets().map((set) => reachedBy(router, url, set)));
          found.delete(undefined);
          for (const one of [undefined, ...VALUES, 'abcd', '']) {
            for (const two of [undefined, 'a', 'ab', 'q']) {
              const id = reachedBy(router, url, constraintsOf({ one, two }));
              reached += id === undefined ? 0 : 1;
              if (id !== undefined && !agree(id, found)) {
                throw new Error(`${url} with one=${one} two=${two} reaches ${id}, found ${[...found]}`);
              }
            }
          }
        }
      },
    ),
    { numRuns: 60 },
  );
  expect(reached).toBeGreaterThan(1_000);
}

describe('FastifyConstraints', () => {
  it('leads to every route that a request can reach', () => {
    compare(LISTED, (reached, found) => found.has(reached));
  });

  it('leads to a route whenever a request can reach one, however the storages compare', () => {
    compare({ ...LISTED, ...OTHERS }, (_, found) => found.size > 0);
  });

  it('has only the empty set if no route has a constraint', () => {
    const instance = new FastifyAdapter().getInstance() as unknown as Instance;
    const constraints = new FastifyConstraints(routerOf(instance), undefined);
    instance.route({ method: 'GET', url: '/x', handler() {} });
    expect([constraints.inUse, constraints.sets()]).toEqual([false, [{}]]);
    instance.route({ method: 'GET', url: '/x', handler() {}, constraints: { host: 'one.test' } });
    expect([constraints.inUse, constraints.sets()]).toEqual([false, [{}]]);
  });

  it('throws an error that names Fastify if the router makes its storages in another way', () => {
    const router = { constrainer: {} } as FastifyRouter;
    expect(() => new FastifyConstraints(router, undefined)).toThrow(
      'nestjs-cors cannot follow the route constraints of this version of Fastify.',
    );
  });
});

function reachedBy(router: FastifyRouter, url: string, constraints: object): unknown {
  const store = router.find('GET', url, constraints)?.store as { config: { id: number } } | undefined;
  return store?.config.id;
}
