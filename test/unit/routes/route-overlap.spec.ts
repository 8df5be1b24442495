import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { findOverlaps, type OverlappingRoute, type RouteOverlap } from '../../../src/routes/route-overlap.js';
import { RouteTree } from '../../../src/routes/route-tree.js';
import { matcherOf, patterns, requestPaths } from './paths.js';

const METHODS = ['GET', 'HEAD', 'POST', 'DELETE', 'ALL'];

const ONE = { preflightIdentity: 'one' };
const TWO = { preflightIdentity: 'two' };
const THREE = { preflightIdentity: 'three' };
/** Another policy than {@link ONE} that answers preflights alike. */
const LIKE_ONE = { preflightIdentity: 'one' };

interface Route extends OverlappingRoute {
  readonly path: string;
}

function route(overrides: Partial<Route>): Route {
  return { method: 'GET', path: '/', policy: ONE, versions: undefined, ...overrides };
}

function overlapsOf(routes: readonly Route[]): RouteOverlap[] {
  const tree = new RouteTree<Route>();
  for (const one of routes) {
    tree.add(one.path, one);
  }
  const overlaps = findOverlaps(routes, tree);
  return routes.map((one) => overlaps.get(one) ?? { otherMethods: [], versionAmbiguous: false });
}

describe('findOverlaps', () => {
  it('finds every overlap that random paths reveal', () => {
    const routes = fc.array(
      fc.record({
        method: fc.constantFrom(...METHODS),
        path: patterns,
        policy: fc.constantFrom(ONE, TWO, THREE),
        versions: fc.constantFrom(undefined, undefined, ['1'], ['1', '2']),
      }),
      { minLength: 2, maxLength: 8 },
    );
    let met = 0;
    fc.assert(
      fc.property(routes, fc.array(requestPaths, { minLength: 20, maxLength: 20 }), (list, paths) => {
        const overlaps = overlapsOf(list);
        const matchers = list.map(({ path }) => matcherOf(path, { sensitive: false, trailing: true }));
        list.forEach((one, at) => {
          list.forEach((other, index) => {
            const meet = paths.some((path) => matchers[at]?.(path) && matchers[index]?.(path));
            if (at === index || one.policy === other.policy || !meet) {
              return;
            }
            met++;
            const otherMethods = other.method === 'ALL' ? ['GET', 'POST', 'DELETE', 'PUT'] : [other.method];
            expect(overlaps[at]?.otherMethods).toEqual(expect.arrayContaining(otherMethods));
            if ((one.versions ?? other.versions) !== undefined && shareMethod(one.method, other.method)) {
              expect(overlaps[at]?.versionAmbiguous).toBe(true);
            }
          });
        });
      }),
      { numRuns: 1_000 },
    );
    expect(met).toBeGreaterThan(1_000);
  });

  it('finds the same overlaps as a comparison of all pairs', () => {
    const segments = fc.array(fc.constantFrom('a', 'b', 'c', 'd', ':id', '*rest'), { maxLength: 4 });
    const paths = segments.map((texts) => `/${texts.join('/')}`);
    const policies = fc.constantFrom(ONE, TWO, THREE);
    const routes = fc.array(fc.record({ method: fc.constantFrom('GET', 'PUT'), path: paths, policy: policies }), {
      minLength: 1,
      maxLength: 12,
    });
    let [alone, shared] = [0, 0];
    fc.assert(
      fc.property(routes, (list) => {
        const all = list.map((one) => route(one));
        const expected = all.map((one) => {
          const others = all.filter((other) => other.policy !== one.policy && mayMeet(one.path, other.path));
          return [...new Set(others.map(({ method }) => method))].sort();
        });
        alone += expected.filter((otherMethods) => otherMethods.length === 0).length;
        shared += expected.filter((otherMethods) => otherMethods.length > 0).length;
        expect(overlapsOf(all).map(({ otherMethods }) => otherMethods)).toEqual(expected);
      }),
      { numRuns: 2_000 },
    );
    expect([alone > 2_000, shared > 2_000]).toEqual([true, true]);
  });

  it.each([
    ['/users', '/users', true],
    ['/users', '/Users', true],
    ['/users', '/users/', true],
    ['/users', '/users2', false],
    ['/users', '/user', false],
    ['/users/:id', '/users/me', true],
    ['/users/:id', '/users/:id/parts', false],
    ['/users/:id', '/users/:other', true],
    ['/users/:id', '/:any/me', true],
    ['/users/:id', '/items/:id', false],
    ['/users/:id', '/users', false],
    ['/users/*rest', '/users/a/b', true],
    ['/users/*rest', '/items/a', false],
    ['/*rest', '/items/a', true],
    ['/:a/:b', '/users/*rest', true],
    ['/x-:id', '/x-1', true],
    ['/users', '/users/*rest', true],
    ['/*rest', '/:id/parts', true],
    ['/a/*rest', '/a/:id/parts', true],
    ['/users{/:id}', '/users', true],
    ['/users{/:id}', '/users/a/b', true], // never narrower: text in braces counts as "anything from here on"
    ['/users{/:id}', '/items', false],
    ['/users{/:id}s', '/userss', true],
    ['/:id.json', '/a.json', true],
    ['/:id.json', '/a.json/b', false],
  ])('says whether %s and %s share a URL: %s', (one, other, expected) => {
    const list = [route({ path: one }), route({ path: other, method: 'PUT', policy: TWO })];
    expect(overlapsOf(list).map(({ otherMethods }) => otherMethods)).toEqual(expected ? [['PUT'], ['GET']] : [[], []]);
    expect(overlapsOf([...list].reverse()).map(({ otherMethods }) => otherMethods)).toEqual(
      expected ? [['GET'], ['PUT']] : [[], []],
    );
  });

  it('finds none between routes of one policy', () => {
    const list = [route({ path: '/a' }), route({ path: '/a', method: 'PUT' })];
    expect(overlapsOf(list)).toEqual([
      { otherMethods: [], versionAmbiguous: false },
      { otherMethods: [], versionAmbiguous: false },
    ]);
    const third = route({ path: '/b', policy: TWO });
    expect(overlapsOf([...list, third])).toEqual(
      [list, third].flat().map(() => ({ otherMethods: [], versionAmbiguous: false })),
    );
  });

  it('finds no other methods if the policies answer preflights alike', () => {
    const list = [route({}), route({ method: 'PUT', policy: LIKE_ONE })];
    expect(overlapsOf(list).map(({ otherMethods }) => otherMethods)).toEqual([[], []]);
  });

  it('names every method for a handler of all methods', () => {
    const list = [route({}), route({ method: 'ALL', policy: TWO })];
    expect(overlapsOf(list)[0]?.otherMethods).toEqual(['DELETE', 'GET', 'HEAD', 'OPTIONS', 'PATCH', 'POST', 'PUT']);
  });

  it.each([
    ['GET', 'GET', ['1'], ['2'], true],
    ['GET', 'GET', ['1'], undefined, true],
    ['GET', 'GET', undefined, undefined, false],
    ['GET', 'POST', ['1'], ['2'], false],
    ['HEAD', 'GET', ['1'], ['2'], true],
    ['GET', 'HEAD', ['1'], ['2'], true],
    ['ALL', 'POST', ['1'], ['2'], true],
    ['PUT', 'ALL', ['1'], ['2'], true],
  ])(
    'says whether the version hides the handler of %s and %s with versions %s and %s: %s',
    (one, other, versions, others, expected) => {
      const list = [route({ method: one, versions }), route({ method: other, versions: others, policy: TWO })];
      expect(overlapsOf(list).map(({ versionAmbiguous }) => versionAmbiguous)).toEqual([expected, expected]);
    },
  );

  it('returns frozen overlaps', () => {
    const list = [route({}), route({ method: 'PUT', policy: TWO })];
    for (const overlap of overlapsOf(list)) {
      expect([Object.isFrozen(overlap), Object.isFrozen(overlap.otherMethods)]).toEqual([true, true]);
    }
  });

  it('does not compare 10,000 ordinary routes in pairs', () => {
    const list = Array.from({ length: 10_000 }, (_, at) =>
      route({ path: `/resource${at}/:id`, policy: at % 2 === 0 ? ONE : TWO }),
    );
    expect(new Set(overlapsOf(list).map(({ otherMethods }) => otherMethods.length))).toEqual(new Set([0]));
  });

  it('searches once for all methods of a path', () => {
    // 200 paths that share URLs with 2,100 others each. Five times as many steps would exceed the budget.
    const shared = Array.from({ length: 200 }, (_, at) =>
      ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'].map((method) => route({ path: `/:tenant/things${at}`, method })),
    ).flat();
    const list = [
      ...shared,
      ...Array.from({ length: 2_100 }, (_, at) => route({ path: `/resource${at}/list`, policy: TWO })),
    ];
    expect(new Set(overlapsOf(list).map(({ otherMethods }) => otherMethods.length))).toEqual(new Set([0]));
  });

  it('takes all routes for overlapping if a comparison would never end', () => {
    // Each of these paths overlaps every other, in a growing number of ways.
    const list = Array.from({ length: 2_000 }, (_, at) =>
      route({
        path: `/${Array.from({ length: 11 }, (_, bit) => ((at >> bit) & 1 ? ':p' : `s${bit}`)).join('/')}`,
        method: at % 2 === 0 ? 'GET' : 'PUT',
        policy: at % 2 === 0 ? ONE : TWO,
      }),
    );
    list.push(route({ path: '/far/away', method: 'DELETE', policy: THREE }));
    const overlaps = overlapsOf(list);
    expect(overlaps[0]?.otherMethods).toEqual(expect.arrayContaining(['PUT']));
    expect(overlaps.at(-1)?.otherMethods).toEqual(['GET', 'PUT']);
  });
});

function shareMethod(one: string, other: string): boolean {
  const answers = (own: string, method: string) =>
    own === method || own === 'ALL' || (own === 'GET' && method === 'HEAD');
  return answers(one, other) || answers(other, one);
}

/** Whether two paths may have a URL in common, segment by segment; a wildcard also matches its parent. */
function mayMeet(one: string, other: string): boolean {
  const [left, right] = [one, other].map((path) => path.split('/').filter((text) => text !== '')) as [
    string[],
    string[],
  ];
  for (let at = 0; at <= Math.max(left.length, right.length); at++) {
    const [text, beside] = [left[at], right[at]];
    if (text === '*rest' || beside === '*rest') {
      return true;
    }
    const isAlike = text === beside || (text !== undefined && beside !== undefined && [text, beside].includes(':id'));
    if (!isAlike) {
      return false;
    }
  }
  return true;
}
