import { SmallProject } from './support/small-project.js';

const GREEN = `it('is green', () => expect(1).toBe(1));\n`;
const RED = `it('is red', () => expect(1).toBe(2));\n`;
const closing = (line: string) => `console.log(${JSON.stringify(line)});\n`;

// The coverage threshold applies too: half of these branches are untested.
const HALF_TESTED = {
  'src/half.ts': `export const half = (yes: boolean): number => (yes ? 1 : 0);\n`,
  'test/half.spec.ts': `import { half } from '../src/half.js';\nit('is half', () => expect(half(true)).toBe(1));\n`,
};

describe('npm test', () => {
  const run = (files: Record<string, string>, args: string[] = [], environment: Record<string, string> = {}) => {
    const project = new SmallProject(files);
    try {
      const { code, lines, errors } = project.run('scripts/test.mjs', args, environment);
      return { code, last: lines.at(-1), text: lines.join('\n'), errors };
    } finally {
      project.remove();
    }
  };

  it('prints the sum of the suites and the browser suites in its last line', () => {
    const files = {
      'test/a.spec.ts': GREEN + GREEN,
      'test/browser/run.mjs': closing('40 passed, 0 failed') + closing('and no more'),
    };
    expect(run(files)).toMatchObject({ code: 0, last: '42 passed, 0 failed' });
  }, 300_000);

  it.each<[string, Record<string, string>, string, string]>([
    ['a red test', { 'test/a.spec.ts': GREEN + RED }, '1 passed, 1 failed', ''],
    [
      'a suite that cannot be loaded',
      { 'test/a.spec.ts': GREEN, 'test/b.spec.ts': `import './gone.js';\n` },
      '1 passed, 1 failed',
      'could not run',
    ],
    ['no test at all', { 'test/notes.md': '' }, '0 passed, 1 failed', 'Jest crashed or found no test'],
    ['a missed coverage threshold', HALF_TESTED, '1 passed, 1 failed', 'coverage threshold'],
    [
      'a red browser test',
      { 'test/a.spec.ts': GREEN, 'test/browser/run.mjs': closing('3 passed, 2 failed') },
      '4 passed, 2 failed',
      '',
    ],
    [
      'browser suites that stop half-way',
      { 'test/a.spec.ts': GREEN, 'test/browser/run.mjs': closing('3 passed') },
      '1 passed, 1 failed',
      'the browser suites ended without',
    ],
    [
      'browser suites that run nothing',
      { 'test/a.spec.ts': GREEN, 'test/browser/run.mjs': closing('0 passed, 0 failed') },
      '1 passed, 1 failed',
      'the browser suites ran no test',
    ],
    [
      'browser suites that crash at the end',
      { 'test/a.spec.ts': GREEN, 'test/browser/run.mjs': `${closing('3 passed, 0 failed')}process.exit(3);\n` },
      '4 passed, 1 failed',
      'ended with code 3',
    ],
  ])(
    'counts %s as a failure',
    (_, files, last, reason) => {
      const result = run(files);
      expect(result).toMatchObject({ code: 1, last });
      expect(result.text).toContain(reason);
    },
    60_000,
  );

  it('passes its arguments to Jest, and then runs no browsers and no coverage', () => {
    const files = { ...HALF_TESTED, 'test/a.spec.ts': RED, 'test/browser/run.mjs': closing('1 passed, 1 failed') };
    expect(run(files, ['test/half', '-t', 'is half'])).toMatchObject({ code: 0, last: '1 passed, 0 failed' });
  }, 300_000);

  it('runs the unit tests alone with --fast: no property tests, end-to-end tests, browsers or coverage', () => {
    const files = {
      ...HALF_TESTED,
      'test/unit/a.spec.ts': GREEN,
      'test/unit/b.property.spec.ts': RED,
      'test/e2e/c.spec.ts': RED,
      'test/browser/run.mjs': closing('1 passed, 1 failed'),
    };
    expect(run(files, ['--fast'])).toMatchObject({ code: 0, last: '1 passed, 0 failed' });
    expect(run(files, ['--fast', '-t', 'is green'])).toMatchObject({ code: 0, last: '1 passed, 0 failed' });
  }, 300_000);

  it('prints no line for a suite that passes, and the whole failure and log of one that does not', () => {
    const { errors } = run({
      'test/a.spec.ts': `console.log('logged by a');\n${GREEN}`,
      'test/b.spec.ts': `console.warn('logged by b');\n${RED}`,
      'test/c.spec.ts': `import './gone.js';\n`,
    });
    expect(errors).not.toContain('a.spec.ts');
    expect(errors).not.toContain('logged by a');
    expect(errors).toContain('console.warn: logged by b');
    expect(errors).toContain('FAIL test/b.spec.ts');
    expect(errors).toContain('expect(1).toBe(2)');
    expect(errors).toContain('FAIL test/c.spec.ts');
    expect(errors).toContain('Could not locate module ./gone.js');
    expect(errors).toMatch(/^3 suites in \d+ s$/m);
  }, 300_000);

  it('counts skipped tests as failures if every suite is required', () => {
    const files = { 'test/a.spec.ts': GREEN + GREEN.replace('it(', 'it.skip(') };
    expect(run(files)).toMatchObject({ code: 0, last: '1 passed, 0 failed' });
    expect(run(files, [], { NESTJS_CORS_REQUIRE_ALL: '1' })).toMatchObject({ code: 1, last: '1 passed, 1 failed' });
  }, 300_000);
});
