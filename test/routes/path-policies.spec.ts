import { describe, expect, it } from '@jest/globals';
import type { CompiledPolicy } from '../../src/policy/compiled-policy.js';
import { mergeLevels } from '../../src/policy/merge.js';
import { PolicyCompiler } from '../../src/policy/policy-compiler.js';
import { isAmbiguousPath, PathPolicies } from '../../src/routes/path-policies.js';

const compiler = new PolicyCompiler();
const policy = (name: string): CompiledPolicy =>
  compiler.compile(mergeLevels(name, [{ target: name, options: { origin: `https://${name}.example` } }]));
const wide = policy('wide');
const closed = compiler.compile(mergeLevels('closed', []));

function policiesOf(paths: readonly string[], caseSensitive: boolean): PathPolicies {
  return new PathPolicies(
    paths.map((path, at) => ({ path, policy: policy(`p${at}`) })),
    wide,
    closed,
    { caseSensitive },
  );
}

describe('path policies', () => {
  // p0 to p5, by position
  const PATHS = ['/users', '/users/files', '/graphql/', '/Docs', '/a.b', '/caf\u00e9'];

  it.each([
    ['/users', 'p0'],
    ['/users/', 'p0'],
    ['/users/5', 'p0'],
    ['/users/5/deep/er', 'p0'],
    ['/users2', 'wide'],
    ['/user', 'wide'],
    ['/user/s', 'wide'],
    ['/x/users', 'wide'],
    ['/users-x', 'wide'],
    ['/users;x', 'wide'],
    ['/users.json', 'wide'],
    ['/USERS', 'closed'],
    ['/Users/files', 'closed'],
    ['/users/files', 'p1'],
    ['/users/files/', 'p1'],
    ['/users/files/5', 'p1'],
    ['/users/files2', 'p0'],
    ['/users/Files', 'closed'],
    ['/USERS2', 'wide'],
    ['/graphql', 'p2'],
    ['/graphql/x', 'p2'],
    ['/docs', 'closed'],
    ['/Docs', 'p3'],
    ['/a.b', 'p4'],
    ['/aXb', 'wide'],
    ['/', 'wide'],
    ['', 'wide'],
    ['//', 'wide'],
    ['//users', 'p0'],
    ['/users//files', 'p1'],
    ['/users///files//', 'p1'],
    ['/%75sers', 'p0'],
    ['/users/%66iles', 'p1'],
    ['/%55sers', 'closed'],
    ['/caf%C3%A9', 'p5'],
    ['/caf\u00e9/x', 'p5'],
    ['/users%20', 'wide'],
    ['/users%3Fx', 'wide'],
    ['/users/..', 'closed'],
    ['/users/.', 'closed'],
    ['/users/../graphql', 'closed'],
    ['/./users', 'closed'],
    ['/elsewhere/../users', 'closed'],
    ['/..', 'closed'],
    ['/.', 'closed'],
    ['/users/.hidden', 'p0'],
    ['/users/..hidden', 'p0'],
    ['/users/hidden.', 'p0'],
    ['/users/...', 'p0'],
    ['/users%2Ffiles', 'closed'],
    ['/users%2ffiles', 'closed'],
    ['/users/%2e%2e/graphql', 'closed'],
    ['/users/%2E', 'closed'],
    ['/a%2eb', 'closed'],
    ['/users%5Cfiles', 'closed'],
    ['/users%5cfiles', 'closed'],
    ['/users\\files', 'closed'],
    ['\\users', 'closed'],
    ['/users/%', 'closed'],
    ['/users/%zz', 'closed'],
    ['/users/%FF', 'closed'],
    ['/elsewhere/%FF', 'closed'],
    ['/users/%C3%28', 'closed'],
    ['/%2575sers', 'wide'],
    ['/users%252Ffiles', 'wide'],
  ])('where case counts, %s has the policy %s', (path, expected) => {
    const { policy, listed } = policiesOf(PATHS, true).find(path);
    expect({ policy: policy.target, listed }).toEqual({ policy: expected, listed: /^p\d$/.test(expected) });
  });

  it.each([
    ['/USERS', 'p0'],
    ['/%55sers', 'p0'],
    ['/Users/FILES/x', 'p1'],
    ['/docs', 'p3'],
    ['/DOCS/x', 'p3'],
    ['/CAF\u00c9', 'p5'],
    ['/docs2', 'wide'],
  ])('where case does not count, %s has the policy %s', (path, expected) => {
    expect(policiesOf(PATHS, false).find(path).policy.target).toBe(expected);
  });

  it('of the root are those of everything', () => {
    const policies = policiesOf(['/', '/users'], true);
    expect(['/', '', '//', '/x', '/x/y', '/users2'].map((path) => policies.find(path).policy.target)).toEqual(
      Array(6).fill('p0'),
    );
    expect(policies.find('/users/x').policy.target).toBe('p1');
    expect(policies.find('/x/../y')).toEqual({ policy: closed, listed: false, enforce: false });
  });

  it.each(['/users/../x', '/%2F', '/%FF', '/\\', '/x'])(
    'where there are none, %s has the application-wide policy: no spelling can choose another',
    (path) => {
      expect(policiesOf([], true).find(path)).toEqual({ policy: wide, listed: false, enforce: false });
    },
  );

  it('hand out nothing that can be changed', () => {
    const policies = policiesOf(['/users'], true);
    for (const path of ['/users', '/x', '/..']) {
      expect(Object.isFrozen(policies.find(path))).toBe(true);
    }
  });

  it('are found in a long path without a copy for each of its segments beyond the longest one listed', () => {
    const path = `/users${'/x'.repeat(8_000)}`;
    const before = process.cpuUsage().user;
    for (let round = 0; round < 20; round++) {
      expect(policiesOf(['/users'], true).find(path).policy.target).toBe('p0');
    }
    expect(process.cpuUsage().user - before).toBeLessThan(3_000_000);
  });
});

describe('an ambiguous path', () => {
  it.each([
    '/a\\b',
    '/./a',
    '/a/./b',
    '/a/../b',
    '/a/.',
    '/a/..',
    '/%2e',
    '/%2E',
    '/a%2Fb',
    '/a%2fb',
    '/a%5cb',
    '/a%5Cb',
  ])('is %s', (path) => {
    expect(isAmbiguousPath(path)).toBe(true);
  });
  it.each(['/', '/a', '/.a', '/a.', '/..a', '/a..', '/...', '/a.b', '/%20', '/%2', '/%25', '/%252e', '/2e', ''])(
    'is not %s',
    (path) => {
      expect(isAmbiguousPath(path)).toBe(false);
    },
  );
});
