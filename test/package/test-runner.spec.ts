import { SmallProject } from './support/small-project.js';

const GREEN = `it('is green', () => expect(1).toBe(1));\n`;
const RED = `it('is red', () => expect(1).toBe(2));\n`;
const TYPES = `// @ts-expect-error: not assignable to type 'string'\nexport const origin: string = 1;\n`;
// Without the types of the test tools, which take seconds to read.
const TSCONFIG = JSON.stringify({ compilerOptions: { strict: true, types: [], skipLibCheck: true } });
const closing = (line: string) => `console.log(${JSON.stringify(line)});\n`;

// Coverage is judged too; half of the branches here go untested.
const HALF_TESTED = {
  'src/half.ts': `export const half = (yes: boolean): number => (yes ? 1 : 0);\n`,
  'test/half.spec.ts': `import { half } from '../src/half.js';\nit('is half', () => expect(half(true)).toBe(1));\n`,
};

describe('npm test', () => {
  const run = (files: Record<string, string>, args: string[] = [], environment: Record<string, string> = {}) => {
    const project = new SmallProject(files);
    try {
      const { code, lines } = project.run('scripts/test.mjs', args, environment);
      return { code, last: lines.at(-1), text: lines.join('\n') };
    } finally {
      project.remove();
    }
  };

  it('sums the suites, the type tests and the browser suites in its last line', () => {
    const files = {
      'test/a.spec.ts': GREEN + GREEN,
      'tsconfig.json': TSCONFIG,
      'test/types/a.ts': TYPES,
      'test/browser/run.mjs': closing('40 passed, 0 failed') + closing('and no more'),
    };
    expect(run(files)).toMatchObject({ code: 0, last: '44 passed, 0 failed' });
  }, 60_000);

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

  it('counts each type that is refused for another reason, or not at all, or unexpectedly', () => {
    const files = {
      'tsconfig.json': TSCONFIG,
      'test/types/as-expected.ts': TYPES,
      'test/types/compiles.ts': TYPES.replace('= 1', `= ''`),
      'test/types/other-words.ts': TYPES.replace('not assignable', 'unknown'),
      'test/types/no-words.ts': TYPES.replace(/:.*/, ''),
      'test/types/unexpected.ts': TYPES.replace(/.*\n/, ''),
      'test/a.spec.ts': GREEN,
    };
    const { code, last, text } = run(files);
    expect({ code, last }).toEqual({ code: 1, last: '6 passed, 4 failed' });
    expect(text).toContain('test/types/compiles.ts:2: compiles, though it must not');
    expect(text).toContain(`test/types/other-words.ts:2: is refused, but not with "unknown to type 'string'"`);
    expect(text).toContain('test/types/no-words.ts:2: @ts-expect-error must say in which words');
    expect(text).toContain('test/types/unexpected.ts:1: does not compile');
  }, 60_000);

  it('hands its arguments to Jest, and then runs nothing else and asks for no coverage', () => {
    const files = { ...HALF_TESTED, 'test/a.spec.ts': RED, 'test/browser/run.mjs': closing('1 passed, 1 failed') };
    expect(run(files, ['test/half', '-t', 'is half'])).toMatchObject({ code: 0, last: '1 passed, 0 failed' });
  }, 60_000);

  it('counts skipped tests as failures where everything is required', () => {
    const files = { 'test/a.spec.ts': GREEN + GREEN.replace('it(', 'it.skip(') };
    expect(run(files)).toMatchObject({ code: 0, last: '1 passed, 0 failed' });
    expect(run(files, [], { NESTJS_CORS_REQUIRE_ALL: '1' })).toMatchObject({ code: 1, last: '1 passed, 1 failed' });
  }, 60_000);
});
