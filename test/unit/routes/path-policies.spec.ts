import { describe, expect, it } from '@jest/globals';
import type { CompiledPolicy } from '../../../src/policy/compiled-policy.js';
import { mergeLevels } from '../../../src/policy/merge.js';
import { PolicyCompiler } from '../../../src/policy/policy-compiler.js';
import type { CorsPolicyOptions } from '../../../src/policy/policy-options.js';
import { type PathMatch, PathPolicies } from '../../../src/routes/path-policies.js';

const compiler = new PolicyCompiler();
const policy = (name: string): CompiledPolicy =>
  compiler.compile(mergeLevels(name, [{ target: name, options: { origin: `https://${name}.example` } }]));
const wide = policy('wide');
const ambiguous = compiler.ambiguous('ambiguous');

function policiesOf(paths: readonly string[], caseSensitive: boolean, semicolonDelimiter = false): PathPolicies {
  return new PathPolicies(
    paths.map((path, at) => ({ path, policy: policy(`p${at}`) })),
    wide,
    ambiguous,
    { caseSensitive, semicolonDelimiter },
  );
}

describe('PathPolicies', () => {
  // p0 to p4, by position
  const PATHS = ['/users', '/users/files', '/graphql/', '/Docs', '/a.b'];

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
    ['/users/files', 'p1'],
    ['/users/files/', 'p1'],
    ['/users/files/5', 'p1'],
    ['/users/files2', 'p0'],
    ['/USERS2', 'wide'],
    ['/graphql', 'p2'],
    ['/graphql/x', 'p2'],
    ['/Docs', 'p3'],
    ['/a.b', 'p4'],
    ['/aXb', 'wide'],
    ['/', 'wide'],
    ['', 'wide'],
    ['*', 'wide'],
    ['//', 'wide'],
    ['/caf%C3%A9', 'wide'],
    ['/users%20', 'wide'],
    ['/elsewhere/%FF', 'wide'],
    ['/elsewhere/%', 'wide'],
    ['/elsewhere/../other', 'wide'],
    ['/..', 'wide'],
    ['/.', 'wide'],
  ])('finds, for %s with one reading, the policy %s', (path, expected) => {
    const { policy, listed } = policiesOf(PATHS, true).find(path);
    expect({ policy: policy.target, listed }).toEqual({ policy: expected, listed: /^p\d$/.test(expected) });
  });

  it.each([
    ['/users/.hidden', 'p0'],
    ['/users/..hidden', 'p0'],
    ['/users/hidden.', 'p0'],
    ['/users/...', 'p0'],
    ['/users/.', 'p0'],
    ['/users/./x', 'p0'],
    ['/users/x/..', 'p0'],
    ['/users/x/../y', 'p0'],
    ['/users/5%2Fx', 'p0'],
    ['/users/@scope%2fname', 'p0'],
    ['/users/%255c', 'p0'],
    ['/users/a%5Cb', 'p0'],
    ['/users/a\\b', 'p0'],
    ['/users/%', 'p0'],
    ['/users/100%', 'p0'],
    ['/users/%zz', 'p0'],
    ['/users/%FF', 'p0'],
    ['/users/%C3%28', 'p0'],
    ['/users/5//x', 'p0'],
    ['/users/X', 'p0'],
    ['/users//', 'p0'],
    ['/users/%252e', 'p0'],
    ['/users/x/%252e%252e/y', 'p0'],
    ['/a.b/%2E', 'p4'],
  ])('finds, for %s whose readings agree, the policy %s', (path, expected) => {
    const { policy, listed } = policiesOf(PATHS, true).find(path);
    expect({ policy: policy.target, listed }).toEqual({ policy: expected, listed: true });
  });

  it.each([
    '/USERS',
    '/Users/files',
    '/users/Files',
    '/docs',
    '/%75sers',
    '/%55sers',
    '/%2575sers',
    '/users/%66iles',
    '/users%2Ffiles',
    '/users%2ffiles',
    '/users%252Ffiles',
    '/users/%25%36%36iles',
    '/users%5Cfiles',
    '/users\\files',
    '\\users',
    '/users\\',
    '/a%2eb',
    '//users',
    '/x//../users',
    '/users//files',
    '//host/users',
    '//host/x/..//users',
    '/\\host/users',
    '/%2fhost/users',
    '/users%3Fx',
    '/users%23x',
    '/./users',
    '/users/..',
    '/users/../graphql',
    '/users/../users',
    '/users/files/../x',
    '/users/files/../files',
    '/users/%2e%2e/graphql',
    '/users/%252e%252e/graphql',
    '/users/%25252e.',
    '/elsewhere/../users',
    '/elsewhere/..%2fusers',
    '/elsewhere/%2e%2e%5cusers',
    '/elsewhere/../users/../other',
    '/users/.\u002e/x',
    '/\u00e2\u0084\u00aa/../users',
    '/x%2Fy/../users',
    '/x%5Cy/../users',
    '/x%2Fy/%2e%2e/users',
    '/x%5Cy/%2e%2e/users',
    '/x%2Fy/../%75sers',
    '/x%5C%2575/../%75sers',
    '/x%2Fy/%252e%252e/users',
    '/x%252Fy/%252e%252e/users',
    '/x%252Fy/%25252e%25252e/users',
    '/users/x%2Fy/../../z',
    '/users/x%252Fy/%252e%252e/%252e%252e/z',
    '/users/x/%252e%252e/../files',
    '/x/%2525252e%2525252e/../../users',
  ])('finds %s ambiguous, because its readings differ or a .. leads out of an entry', (path) => {
    expect(policiesOf(PATHS, true).find(path)).toMatchObject({ target: 'ambiguous', listed: true, enforce: false });
  });

  it.each([
    ['/api//%252e%252e/internal', 'ambiguous'], // to who keeps empty segments
    ['/api/x%252f/%252e%252e/%252e%252e/internal', 'ambiguous'],
    ['/api/x/%252e%252e/y', 'wide'],
    ['/x/y/%2e%2e/api/internal', 'wide'],
    ['/x%20y/../api2/internal', 'wide'],
  ])('compares how common readers resolve dot segments: %s is %s', (path, expected) => {
    expect(policiesOf(['/api/internal'], true).find(path).target).toBe(expected);
  });

  it('compares the entries that a path leads through for readers that decode it once', () => {
    const policies = new PathPolicies(
      [
        { path: '/api', policy: wide },
        { path: '/api/internal', policy: policy('internal') },
        { path: '/api/internal/docs', policy: wide },
      ],
      wide,
      ambiguous,
      { caseSensitive: true, semicolonDelimiter: false },
    );
    expect(policies.find('/api/%69nternal/%64ocs').target).toBe('paths "/api"');
    expect(policies.find('/api/%69nternal/%2564ocs').target).toBe('ambiguous');
  });

  it.each([
    ['the Kelvin sign as bytes', '/\u00e2\u0084\u00aaiosks'],
    ['the Kelvin sign', '/%E2%84%AAiosks'],
    ['the long s', '/kio%C5%BFks'],
    ['the dotless i', '/k%C4%B1osks'],
    ['the sharp s of a mass', '/kiosks/ma%C3%9F'],
  ])('ignores the case of %s, which is ASCII in another case', (_, path) => {
    expect(policiesOf(['/kiosks', '/kiosks/mass'], true).find(path).target).toBe('ambiguous');
  });

  it('reads a semicolon in both ways if the router ends the path there', () => {
    const policies = policiesOf(PATHS, true, true);
    expect(
      ['/users;x', '/users/files;x', '/users/x;/files', '/users%3bx', '/x;/../users'].map(
        (path) => policies.find(path).target,
      ),
    ).toEqual(['ambiguous', 'ambiguous', 'paths "/users"', 'ambiguous', 'ambiguous']);
    expect(policies.find('/elsewhere;x').target).toBe('wide');
  });

  it('enforces the strictest of the readings', () => {
    const enforcing = (target: string, enforce: 'unsafe-methods' | 'all' | false) =>
      compiler.compile(mergeLevels(target, [{ target, options: { origin: `https://${target}.example`, enforce } }]));
    const policies = new PathPolicies(
      [
        { path: '/all', policy: enforcing('all', 'all') },
        { path: '/unsafe', policy: enforcing('unsafe', 'unsafe-methods') },
        { path: '/none', policy: enforcing('none', false) },
      ],
      enforcing('wide', 'all'), // enforces nothing where `paths` does not list it
      ambiguous,
      { caseSensitive: true, semicolonDelimiter: false },
    );
    expect(
      ['/none/../all', '/all/../unsafe', '/unsafe/../none', '/none/../x', '/x/../unsafe/../y', '/ALL'].map(
        (path) => policies.find(path).enforce,
      ),
    ).toEqual(['all', 'all', 'unsafe-methods', false, 'unsafe-methods', 'all']);
  });

  it('reports the strictest of the readings, beside those that refuse', () => {
    const of = (target: string, options: CorsPolicyOptions) =>
      compiler.compile(mergeLevels(target, [{ target, options: { origin: `https://${target}.example`, ...options } }]));
    const policies = new PathPolicies(
      [
        { path: '/tried', policy: of('tried', { enforce: 'all', enforceReportOnly: true }) },
        { path: '/unsafe', policy: of('unsafe', { enforce: 'unsafe-methods' }) },
      ],
      wide,
      ambiguous,
      { caseSensitive: true, semicolonDelimiter: false },
    );
    const enforced = ({ enforce, wouldEnforce }: PathMatch) => [enforce, wouldEnforce];
    expect(
      ['/tried', '/unsafe', '/x', '/tried/../x', '/unsafe/../tried'].map((path) => enforced(policies.find(path))),
    ).toEqual([
      [false, 'all'],
      ['unsafe-methods', false],
      [false, false],
      [false, 'all'],
      ['unsafe-methods', 'all'],
    ]);
  });

  it('finds only a .. that leads out of an entry ambiguous if all entries have one policy', () => {
    const policies = new PathPolicies(
      [
        { path: '/a', policy: wide },
        { path: '/b', policy: policy('b') },
        { path: '/b/c', policy: policy('b') },
      ],
      wide,
      ambiguous,
      { caseSensitive: true, semicolonDelimiter: false },
    );
    expect(
      ['/%61', '/A/x', '/x/..//a', '/b/%43', '/b/C', '/a/../x', '/b/c/../c'].map((path) => policies.find(path).target),
    ).toEqual(['paths "/a"', 'paths "/a"', 'paths "/a"', 'paths "/b"', 'paths "/b"', 'ambiguous', 'ambiguous']);
  });

  it.each([
    ['/USERS', 'p0'],
    ['/Users/%2e', 'p0'],
    ['/Users/FILES/x', 'p1'],
    ['/docs', 'p3'],
    ['/DOCS/x', 'p3'],
    ['/docs2', 'wide'],
  ])('finds, for %s on a router that ignores case, the policy %s', (path, expected) => {
    expect(policiesOf(PATHS, false).find(path).policy.target).toBe(expected);
  });

  it('applies an entry for the root to every path', () => {
    const policies = policiesOf(['/', '/users'], true);
    expect(['/', '', '//', '/x', '/x/y', '/users2'].map((path) => policies.find(path).policy.target)).toEqual(
      Array(6).fill('p0'),
    );
    expect(policies.find('/users/x').policy.target).toBe('p1');
    expect(policies.find('/x/../y').target).toBe('paths "/"');
    expect(policies.find('/../y').target).toBe('ambiguous');
    expect(policies.find('/x/../../y').target).toBe('ambiguous');
  });

  it.each(['/users/../x', '/%2F', '/%FF', '/\\', '/x'])(
    'where there are none, %s has the application-wide policy: no spelling can choose another',
    (path) => {
      expect(policiesOf([], true).find(path)).toEqual({
        target: 'wide',
        policy: wide,
        listed: false,
        enforce: false,
        wouldEnforce: false,
      });
    },
  );

  it('treats untouched policies as equal, by choice or without an origin', () => {
    const options = { enforce: 'all' } as const;
    const withoutOrigin = compiler.compile(mergeLevels('CorsModule', [{ target: 'CorsModule', options }]));
    const proxy = { path: '/proxy', policy: compiler.untouched('paths "/proxy"') };
    const policies = new PathPolicies([proxy], withoutOrigin, ambiguous, {
      caseSensitive: true,
      semicolonDelimiter: false,
    });
    expect(policies.find('/%70roxy/x')).toMatchObject({ target: 'paths "/proxy"', enforce: false });
    expect(policies.find('/proxy/../x').target).toBe('ambiguous');
  });

  it('returns frozen matches', () => {
    const policies = policiesOf(['/users'], true);
    for (const path of ['/users', '/x', '/..']) {
      expect(Object.isFrozen(policies.find(path))).toBe(true);
    }
  });

  it.each([
    ['segments', `/users${'/x'.repeat(8_000)}`],
    ['nested encodings', `/users/%${'25'.repeat(8_000)}2e`],
    ['encoded percent signs', `/users/${'%25'.repeat(5_000)}`],
    ['encodings of encodings', `/users/${'%%32%35'.repeat(2_300)}41`],
    ['dot segments', `/users/x${'/x/..'.repeat(3_200)}`],
    ['dot segments that leave an entry', `/users${'/../users'.repeat(1_700)}`],
    ['dot segments in every reading', `/%2e%2e${'//x%2f%252e%252e%255c%3f'.repeat(700)}`],
    ['backslashes', '\\'.repeat(16_000)],
    ['slashes', '/'.repeat(16_000)],
    ['question marks', `/${'%3f'.repeat(5_000)}`],
    ['invalid bytes', `/users/${'%ff'.repeat(5_000)}`],
  ])('needs a bounded time for 16,000 characters of %s', (_, path) => {
    const policies = policiesOf(['/users', '/users/files'], true);
    const before = process.cpuUsage().user;
    for (let round = 0; round < 20; round++) {
      policies.find(path);
    }
    expect(process.cpuUsage().user - before).toBeLessThan(1_000_000);
  });
});
