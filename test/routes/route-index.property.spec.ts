import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { RouteIndex } from '../../src/routes/route-index.js';
import { matcherOf, patterns, type RouterMatching, requestPaths } from './paths.js';

interface Route {
  readonly order: number;
  readonly pattern: string;
  readonly matches: (path: string) => boolean;
}

const matchings: fc.Arbitrary<RouterMatching> = fc.record({ sensitive: fc.boolean(), trailing: fc.boolean() });

function build(list: readonly string[], matching: RouterMatching) {
  const index = new RouteIndex<Route>(matching.sensitive);
  const routes = list.map((pattern, order) => ({ order, pattern, matches: matcherOf(pattern, matching) }));
  for (const route of routes) {
    index.add(route.pattern, route);
  }
  return { index, routes };
}

describe('the route index against a scan of all routes', () => {
  const drawn = [
    fc.array(patterns, { minLength: 1, maxLength: 25 }),
    matchings,
    fc.array(requestPaths, { minLength: 8, maxLength: 8 }),
  ] as const;

  it('finds the first route that the router matches', () => {
    let found = 0;
    fc.assert(
      fc.property(...drawn, (list, matching, paths) => {
        const { index, routes } = build(list, matching);
        for (const path of paths) {
          const expected = routes.find((route) => route.matches(path));
          found += expected === undefined ? 0 : 1;
          expect({ path, first: index.first(path, (route) => (route.matches(path) ? 'yes' : 'no'))?.order }).toEqual({
            path,
            first: expected?.order,
          });
        }
      }),
      { numRuns: 600 },
    );
    expect(found).toBeGreaterThan(1_000);
  });

  it('finds all of them, in order', () => {
    fc.assert(
      fc.property(...drawn, (list, matching, paths) => {
        const { index, routes } = build(list, matching);
        for (const path of paths) {
          expect(index.all(path, (route) => (route.matches(path) ? 'yes' : 'no'))).toEqual(
            routes.filter((route) => route.matches(path)),
          );
        }
      }),
      { numRuns: 300 },
    );
  });

  it('stops where the router would stop with an error', () => {
    fc.assert(
      fc.property(...drawn, fc.nat(24), (list, matching, paths, failing) => {
        const { index, routes } = build(list, matching);
        for (const path of paths) {
          const check = (route: Route) =>
            route.matches(path) ? (route.order === failing ? ('error' as const) : ('yes' as const)) : ('no' as const);
          const matching = routes.filter((route) => route.matches(path));
          const reached = matching.findIndex(({ order }) => order === failing);
          expect(index.first(path, check)?.order).toBe(reached === 0 ? undefined : matching[0]?.order);
          expect(index.all(path, check)).toEqual(reached === -1 ? matching : matching.slice(0, reached));
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe('the route index', () => {
  it('asks about a handful of routes, however many there are', () => {
    const index = new RouteIndex<string>(false);
    for (let at = 0; at < 10_000; at++) {
      index.add(`/resource${at}/:id`, `one ${at}`);
    }
    index.add('/:any', 'any');
    let asked = 0;
    const found = index.first('/RESOURCE777/5/', () => {
      asked++;
      return 'yes';
    });
    expect({ found, asked }).toEqual({ found: 'one 777', asked: 1 });
  });

  it.each([
    ['/users', '/users/5'],
    ['/users/:id', '/users'],
    ['/users/:id', '/users/'],
    ['/users/:id', '/users//'],
    ['/users/:id', '/users2/5'],
    ['/users', '//users'],
    ['/users', 'users'],
    ['/users', ''],
    ['/:id', '/'],
  ])('does not take %s for a candidate of %s', (pattern, path) => {
    const index = new RouteIndex<string>(true);
    index.add(pattern, pattern);
    expect(index.all(path, () => 'yes')).toEqual([]);
  });

  it.each([
    [true, '/Users', '/users', false],
    [false, '/Users', '/uSERS', true],
    [true, '/', '/', true],
    [true, '/', '//', true],
    [true, '/', '', true],
    [true, '/*rest', '/', true],
    [true, '{/*rest}', '', true],
  ])('case-sensitive %s: %s is a candidate of %s: %s', (caseSensitive, pattern, path, expected) => {
    const index = new RouteIndex<string>(caseSensitive);
    index.add(pattern, pattern);
    expect(index.first(path, () => 'yes') === pattern).toBe(expected);
  });

  it('is not walked twice by one long path', () => {
    const index = new RouteIndex<number>(true);
    for (let depth = 1; depth <= 20; depth++) {
      index.add('/:a'.repeat(depth), depth);
      index.add(`${'/a'.repeat(depth)}`, depth + 100);
    }
    let asked = 0;
    index.all('/a'.repeat(8_000), () => {
      asked++;
      return 'no';
    });
    expect(asked).toBe(0);
  });
});
