import { mergeLevels } from '../../../src/policy/merge.js';
import type { CorsPolicyOptions } from '../../../src/policy/policy-options.js';
import { copyOptions } from '../../../src/validation/options/copy-options.js';
import type { OptionsTable } from '../../../src/validation/options/options-table.js';
import { DECORATOR_TABLE } from '../../../src/validation/options/policy-table.js';
import type { ValidationEnvironment, ValidationSubject } from '../../../src/validation/origin-entry.js';
import type { CorsProblem } from '../../../src/validation/problems/problem.js';
import { type PolicyValidation, validatePolicy } from '../../../src/validation/validate-policy.js';

export const ORIGIN = 'https://app.example.com';

/** A boot with repeatable random numbers. */
export function environment(overrides: Partial<ValidationEnvironment> = {}): ValidationEnvironment {
  let state = 7;
  const random = () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
  return { production: false, random, probed: new Map(), faultlessLists: new Map(), ...overrides };
}

/** Validates options as a decorator on one handler has them, without any other level. */
export function validate(
  options: object,
  overrides: Partial<ValidationEnvironment> = {},
  subject: ValidationSubject = {},
): PolicyValidation {
  const target = 'UsersController.remove';
  const merged = mergeLevels(target, [{ target, options: options as CorsPolicyOptions }]);
  return validatePolicy(merged, environment(overrides), subject);
}

/** The codes of the problems in options that are valid but for what is given. */
export function codes(options: object, overrides: Partial<ValidationEnvironment> = {}): string[] {
  return validate({ origin: ORIGIN, ...options }, overrides).problems.map(({ code }) => code);
}

/** The codes of the warnings in options that are valid but for what is given. */
export function warningCodes(
  options: object,
  overrides: Partial<ValidationEnvironment> = {},
  subject: ValidationSubject = {},
): string[] {
  return validate({ origin: ORIGIN, ...options }, overrides, subject).warnings.map(({ code }) => code);
}

/** The result of reading options; those of a decorator, without another table. */
export function copied(value: unknown, table: OptionsTable = DECORATOR_TABLE) {
  const problems: CorsProblem[] = [];
  const options = copyOptions(value, table, { target: 'CorsModule' }, problems) as Record<string, unknown>;
  return { options, problems };
}

/** The code in a remedy that sets options: `origin: [...]`. */
export function remedyCode(problem: CorsProblem): string[] {
  return [...problem.remedy.matchAll(/`([A-Za-z]+: [^`]*|\{[^`]*\})`/g)].map((match) => match[1] ?? '');
}

/** The options after pasting code from a remedy into them. */
export function applied(options: object, code: string): Record<string, unknown> {
  const literal = code.startsWith('{') ? code : `{ ${code} }`;
  return { ...options, ...new Function(`return (${literal});`)() };
}
