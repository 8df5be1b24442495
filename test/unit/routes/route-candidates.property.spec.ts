import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { allCandidates, type CandidateVerdict, firstCandidate } from '../../../src/routes/route-candidates.js';
import { RouteTree } from '../../../src/routes/route-tree.js';
import { matcherOf, patterns, type RouterMatching, requestPaths } from './paths.js';

interface Route {
  readonly order: number;
  readonly pattern: string;
  readonly matches: (path: string) => boolean;
}

const matchings: fc.Arbitrary<RouterMatching> = fc.record({ sensitive: fc.boolean(), trailing: fc.boolean() });

/** The candidates of a tree for a router that has its routes in the given order. */
function search<One>(tree: RouteTree<One>, routes: readonly One[], check: (route: One) => CandidateVerdict) {
  const known = new Map(routes.map((route, order) => [route, { order, route }]));
  const router = {
    registered: (route: One) => known.get(route),
    check: ({ route }: { readonly order: number; readonly route: One }) => check(route),
  };
  return {
    first: (path: string) => firstCandidate(tree, path, undefined, router)?.route,
    all: (path: string) => allCandidates(tree, path, undefined, router).map(({ route }) => route),
  };
}

/** The routes are added to the tree in one order and registered in another; some are added twice, some never registered. */
function build(list: readonly string[], matching: RouterMatching) {
  const tree = new RouteTree<Route>();
  const routes = list.map((pattern, order) => ({ order, pattern, matches: matcherOf(pattern, matching) }));
  for (const route of [...routes].reverse()) {
    tree.add(route.pattern, route);
    if (route.order % 3 === 0) {
      tree.add(route.pattern, route);
      tree.add(route.pattern, { ...route, order: -1 });
    }
  }
  return { tree, routes };
}

const matched =
  (path: string) =>
  (route: Route): CandidateVerdict =>
    route.matches(path) ? 'yes' : 'no';

describe('the search for candidates, compared with a scan of all routes,', () => {
  const drawn = [
    fc.array(patterns, { minLength: 1, maxLength: 25 }),
    matchings,
    fc.array(requestPaths, { minLength: 8, maxLength: 8 }),
  ] as const;

  it('finds the first route that the router matches', () => {
    let found = 0;
    fc.assert(
      fc.property(...drawn, (list, matching, paths) => {
        const { tree, routes } = build(list, matching);
        for (const path of paths) {
          const expected = routes.find((route) => route.matches(path));
          found += expected === undefined ? 0 : 1;
          expect({ path, first: search(tree, routes, matched(path)).first(path)?.order }).toEqual({
            path,
            first: expected?.order,
          });
        }
      }),
      { numRuns: 600 },
    );
    expect(found).toBeGreaterThan(1_000);
  });

  it('finds all routes that the router matches, in order', () => {
    fc.assert(
      fc.property(...drawn, (list, matching, paths) => {
        const { tree, routes } = build(list, matching);
        for (const path of paths) {
          const found = search(tree, routes, matched(path)).all(path);
          expect(found).toEqual(routes.filter((route) => route.matches(path)));
        }
      }),
      { numRuns: 300 },
    );
  });

  it('stops where the router stops with an error', () => {
    fc.assert(
      fc.property(...drawn, fc.nat(24), (list, matching, paths, failing) => {
        const { tree, routes } = build(list, matching);
        for (const path of paths) {
          const check = (route: Route) =>
            route.matches(path) ? (route.order === failing ? ('error' as const) : ('yes' as const)) : ('no' as const);
          const matching = routes.filter((route) => route.matches(path));
          const reached = matching.findIndex(({ order }) => order === failing);
          const { first, all } = search(tree, routes, check);
          expect(first(path)?.order).toBe(reached === 0 ? undefined : matching[0]?.order);
          expect(all(path)).toEqual(reached === -1 ? matching : matching.slice(0, reached));
        }
      }),
      { numRuns: 300 },
    );
  });
});

/** The candidates of a tree with these paths. */
function treeOf(paths: readonly string[], check: (path: string) => CandidateVerdict = () => 'yes') {
  const tree = new RouteTree<string>();
  for (const path of paths) {
    tree.add(path, path);
  }
  return search(tree, paths, check);
}

describe('the candidates of a path', () => {
  it('are few, however many routes there are', () => {
    const paths = Array.from({ length: 10_000 }, (_, at) => `/resource${at}/:id`);
    let asked = 0;
    const { first } = treeOf([...paths, '/:any'], () => {
      asked++;
      return 'yes';
    });
    expect({ found: first('/RESOURCE777/5/'), asked }).toEqual({ found: '/resource777/:id', asked: 1 });
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
  ])('do not include the route %s for the path %s', (pattern, path) => {
    expect(treeOf([pattern]).all(path)).toEqual([]);
  });

  it.each([
    ['/Users', '/users'],
    ['/Users', '/uSERS'],
    ['/', '/'],
    ['/', '//'],
    ['/', ''],
    ['/*rest', '/'],
    ['{/*rest}', ''],
  ])('include the route %s for the path %s', (pattern, path) => {
    expect(treeOf([pattern]).first(path)).toBe(pattern);
  });

  it('are checked once each along a long path', () => {
    const paths = Array.from({ length: 20 }, (_, depth) => [
      `${'/:a'.repeat(depth + 1)}/*rest`,
      `${'/a'.repeat(depth + 1)}/*rest`,
    ]).flat();
    const asked: string[] = [];
    treeOf(paths, (path) => {
      asked.push(path);
      return 'no';
    }).first('/a'.repeat(8_000));
    expect(asked.sort()).toEqual([...paths].sort());
  });
});
