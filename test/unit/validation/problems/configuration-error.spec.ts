import vm from 'node:vm';
import { MODULE_TABLE } from '../../../../src/boot/options/module-option-tables.js';
import { mergeLevels } from '../../../../src/policy/merge.js';
import type { CorsPolicyOptions } from '../../../../src/policy/policy-options.js';
import { copyOptions } from '../../../../src/validation/options/copy-options.js';
import { CorsConfigurationError } from '../../../../src/validation/problems/configuration-error.js';
import type { CorsProblem } from '../../../../src/validation/problems/problem.js';
import { groupProblems } from '../../../../src/validation/problems/problem.js';
import { validatePolicy } from '../../../../src/validation/validate-policy.js';
import { environment } from '../validation.js';

const problem: CorsProblem = {
  code: 'max-age-range',
  targets: ['CorsModule'],
  property: 'maxAge',
  value: -1,
  message: 'maxAge is -1.',
  remedy: 'Write `maxAge: 0`.',
};

it('a CorsConfigurationError has a name, frozen problems and a readable message', () => {
  const problems = [problem];
  const error = new CorsConfigurationError(problems);
  problems.push(problem);
  expect(error).toBeInstanceOf(Error);
  expect(error.name).toBe('CorsConfigurationError');
  expect(error.problems).toEqual([problem]);
  expect(Object.isFrozen(error.problems)).toBe(true);
  expect(error.message).toBe(
    'The CORS configuration has 1 mistake:\n\n' +
      '1. max-age-range in CorsModule\n   maxAge is -1.\n   Write `maxAge: 0`.\n',
  );
  expect(String(error)).toMatch(/^CorsConfigurationError: The CORS configuration has 1 mistake:/);
});

it.each([
  [6, 'C0, C1, C2, C3, C4, C5'],
  [7, 'C0, C1, C2, C3, C4 and 2 more'],
])('a message shows %i targets as %s', (count, text) => {
  const targets = Array.from({ length: count }, (_, index) => `C${index}`);
  expect(new CorsConfigurationError([{ ...problem, targets }]).message).toContain(`max-age-range in ${text}\n`);
});

describe('instanceof CorsConfigurationError', () => {
  class Derived extends CorsConfigurationError {}

  it('holds for an error of another copy of the package', () => {
    const foreign = vm.runInNewContext(`
      const error = new Error('configuration');
      Object.defineProperty(error, Symbol.for('nestjs-cors.configuration-error'), { value: true });
      error;
    `);
    expect(foreign instanceof CorsConfigurationError).toBe(true);
    expect(foreign instanceof Derived).toBe(false);
  });

  it('does not hold for other values', () => {
    const others = [new Error('x'), null, undefined, 'CorsConfigurationError', { name: 'CorsConfigurationError' }];
    for (const other of others) {
      expect((other as unknown) instanceof CorsConfigurationError).toBe(false);
    }
  });

  it('tells a derived class from its base', () => {
    expect(new Derived([problem]) instanceof CorsConfigurationError).toBe(true);
    expect(new Derived([problem]) instanceof Derived).toBe(true);
    expect(new CorsConfigurationError([problem]) instanceof Derived).toBe(false);
  });
});

it('a CorsConfigurationError lists eight different mistakes of a module', () => {
  const problems: CorsProblem[] = [];
  const options = copyOptions(
    {
      origin: ['https://app.example.com/', 'http://admin.example.com'],
      methods: 'GET,PUT,patch',
      allowedHeaders: ['Content-Type', 'Cookie', 'X-Trace\u0000'],
      exposedHeaders: ['*'],
      credentials: true,
      maxAge: 600_000,
      preflightContinue: false,
    },
    MODULE_TABLE,
    { target: 'CorsModule' },
    problems,
  ) as CorsPolicyOptions;
  for (const target of ['CorsModule', 'UsersController.list', 'UsersController.remove']) {
    const merged = mergeLevels(target, [{ target: 'CorsModule', options }]);
    problems.push(...validatePolicy(merged, environment()).problems);
  }
  const error = new CorsConfigurationError(groupProblems(problems));
  expect(error.problems).toHaveLength(8);
  expect(new Set(error.problems.map(({ code }) => code)).size).toBe(8);
  expect(error.message).toMatchSnapshot();
});
