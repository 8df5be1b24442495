import { describe, expect, it } from '@jest/globals';
import { findConstraintConflicts } from '../../../src/routes/constraint-conflicts.js';
import type { RouteConstraint } from '../../../src/routes/route-constraint.js';
import { RouteTree } from '../../../src/routes/route-tree.js';

interface Route {
  readonly path: string;
  readonly method: string;
  readonly policy: { readonly preflightIdentity: string };
  readonly versions: readonly unknown[] | undefined;
  readonly constraints?: readonly RouteConstraint[] | undefined;
}

function route(
  path: string,
  identity: string,
  constraints?: readonly RouteConstraint[],
  more: Partial<Route> = {},
): Route {
  return { path, method: 'GET', policy: { preflightIdentity: identity }, versions: undefined, constraints, ...more };
}

const listed = (strategy: string, ...values: string[]): RouteConstraint => ({
  strategy,
  value: values,
  values,
  asynchronous: false,
});
const unlisted = (strategy: string): RouteConstraint => ({
  strategy,
  value: /a/,
  values: undefined,
  asynchronous: false,
});
const later = (strategy: string): RouteConstraint => ({ strategy, value: 'a', values: ['a'], asynchronous: true });

function conflicts(...routes: Route[]) {
  const tree = new RouteTree<Route>();
  for (const one of routes) {
    tree.add(one.path, one);
  }
  return findConstraintConflicts(routes, tree).map((found) => ({
    routes: found.routes.map((one) => routes.indexOf(one)),
    cause: found.cause,
  }));
}

describe('findConstraintConflicts', () => {
  it.each([
    ['asynchronous', later('t')],
    ['unlisted', unlisted('t')],
  ])('finds %s constraints that choose between policies', (kind, constraint) => {
    expect(conflicts(route('/a', 'p', [constraint]), route('/a', 'q'))).toEqual([
      { routes: [0, 1], cause: { kind, strategy: 't', value: constraint.value } },
    ]);
  });

  it('finds conflicts at URLs that several paths share', () => {
    expect(conflicts(route('/a/:id', 'p', [later('t')]), route('/a/b', 'q'))).toHaveLength(1);
    expect(conflicts(route('/a/*', 'p'), route('/a/b/c', 'q', [later('t')]))).toHaveLength(1);
  });

  it.each([
    ['all have one policy', [route('/a', 'p', [later('t')]), route('/a', 'p')]],
    ['no URL is shared', [route('/a', 'p', [later('t')]), route('/b', 'q')]],
    ['the method tells them apart', [route('/a', 'p', [later('t')]), route('/a', 'q', undefined, { method: 'PUT' })]],
    ['values are listed', [route('/a', 'p', [listed('t', 'a')]), route('/a', 'q', [listed('t', 'b')])]],
    [
      'routes with other policies have no constraints',
      [route('/:id', 'p'), route('/a', 'p', [later('t')]), route('/b', 'q'), route('/b', 'p')],
    ],
  ])('finds no conflict where %s', (_, routes) => {
    expect(conflicts(...routes)).toEqual([]);
  });

  it('finds conflicts with methods that answer for others', () => {
    expect(conflicts(route('/a', 'p', [later('t')], { method: 'ALL' }), route('/a', 'q'))).toHaveLength(1);
    expect(conflicts(route('/a', 'p', [later('t')]), route('/a', 'q', undefined, { method: 'HEAD' }))).toHaveLength(1);
  });

  it('counts the combinations of values and versions, and allows 64', () => {
    const values = (name: string, count: number) => listed(name, ...Array.from({ length: count }, (_, at) => `${at}`));
    const of = (tenants: number, versions: number) =>
      conflicts(
        route('/a', 'p', [values('t', tenants)], { versions: Array.from({ length: versions }, (_, at) => at) }),
        route('/a', 'q', [listed('t', '0')]),
      );
    expect(of(63, 0)).toEqual([]);
    expect(of(15, 3)).toEqual([]);
    expect(of(64, 0)).toMatchObject([{ cause: { kind: 'combinations', strategies: ['t'], count: 65 } }]);
    expect(of(16, 3)).toMatchObject([{ cause: { kind: 'combinations', strategies: ['t', 'version'], count: 68 } }]);
  });
});
