import { SmallProject } from './support/small-project.js';

const SOURCE = `export const allows = (origin: string): boolean => origin === 'https://app.example.com';\n`;
const SPEC = `
  import { allows } from '../src/allows.js';
  it('allows the one origin', () => expect(allows('https://app.example.com')).toBe(true));
  it('refuses another port', () => expect(allows('https://app.example.com:8443')).toBe(false));
  it('is red anyway', () => expect(allows('')).toBe(true));
`;
const apply = {
  file: 'src/allows.ts',
  find: '===',
  replace: '!==',
  spec: 'test/allows.spec.ts',
  test: 'the one origin',
};

describe('the sabotage runner', () => {
  let project: SmallProject;
  beforeAll(() => {
    project = new SmallProject({ 'src/allows.ts': SOURCE, 'test/allows.spec.ts': SPEC });
  });
  afterAll(() => project.remove());

  const run = (patch: object) => {
    project.write('patches.mjs', `export const patches = ${JSON.stringify([{ name: 'damage', ...apply, ...patch }])};`);
    return project.run('scripts/sabotage/run.mjs', ['--patches=patches.mjs']);
  };

  it('counts damage as caught if the named test fails', () => {
    expect(run({})).toMatchObject({
      code: 0,
      lines: ['caught    damage  1 red, such as "allows the one origin"', '1 passed, 0 failed'],
    });
  }, 300_000);

  it.each([
    ['damage no test notices', { replace: '==' }, 'every test that matches /the one origin/ stays green'],
    [
      'damage that keeps the tests from loading',
      { find: '=> origin ===', replace: '=> origin.startsWith(', test: 'the one' },
      'cannot be loaded',
    ],
    [
      'damage only another test notices',
      { find: `origin === 'https://app.example.com'`, replace: `origin.startsWith('https://app.example.com')` },
      'stays green',
    ],
    ['a patch that no longer fits', { find: 'origin ====' }, 'does not apply: src/allows.ts has 0 places like it'],
    ['a patch that fits twice', { find: 'origin' }, 'does not apply: src/allows.ts has 2 places like it'],
    ['a patch to a file that is gone', { file: 'src/gone.ts' }, 'does not apply: src/gone.ts has 0 places like it'],
    [
      'a test that does not exist',
      { test: 'the two origins' },
      'no test of test/allows.spec.ts matches /the two origins/',
    ],
    ['a test that was red before', { test: 'red anyway' }, 'before any damage, "is red anyway" is failed'],
  ])(
    'counts %s as a failure',
    (_, patch, reason) => {
      const { code, lines } = run(patch);
      expect(lines).toEqual([expect.stringMatching(/^SURVIVED {2}damage {2}/), '0 passed, 1 failed']);
      expect(lines[0]).toContain(reason);
      expect(code).toBe(1);
    },
    60_000,
  );

  it('counts an empty list as a failure', () => {
    project.write('patches.mjs', 'export const patches = [];');
    expect(project.run('scripts/sabotage/run.mjs', ['--patches=patches.mjs'])).toMatchObject({
      code: 1,
      lines: ['no sabotage to try', '0 passed, 0 failed'],
    });
  });
});
