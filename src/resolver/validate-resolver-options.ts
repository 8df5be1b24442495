import type { Target } from '../policy/merged-policy.js';
import type { CorsProblem } from '../policy/problem.js';
import { RESOLVER_DEFAULTS, type ResolverOptions } from './resolver-options.js';

interface OptionRule {
  readonly accepts: (value: unknown) => boolean;
  /** Completes "must be". */
  readonly expected: string;
  /** The right side of the corrected line of code. */
  readonly example: string;
}

/** The longest delay a timer can have; longer ones would fire at once. */
const LONGEST_DELAY = 2_147_483_647;

function wholeNumber(least: number, most: number, unit: string, example: number): OptionRule {
  return {
    accepts: (value) => Number.isInteger(value) && (value as number) >= least && (value as number) <= most,
    expected: `a whole number of ${unit} from ${least} to ${most}`,
    example: String(example),
  };
}

const RULES: { readonly [Name in keyof Required<ResolverOptions>]: OptionRule } = Object.freeze({
  cache: { accepts: (value) => typeof value === 'boolean', expected: 'true or false', example: 'true' },
  maxEntries: wholeNumber(1, 1_000_000, 'entries', RESOLVER_DEFAULTS.maxEntries),
  allowedTtl: wholeNumber(0, LONGEST_DELAY, 'milliseconds', RESOLVER_DEFAULTS.allowedTtl),
  deniedTtl: wholeNumber(0, LONGEST_DELAY, 'milliseconds', RESOLVER_DEFAULTS.deniedTtl),
  staleIfError: wholeNumber(0, LONGEST_DELAY, 'milliseconds', 300_000),
  timeout: wholeNumber(1, LONGEST_DELAY, 'milliseconds', RESOLVER_DEFAULTS.timeout),
  store: {
    accepts: (value) => isObject(value) && ['get', 'set', 'delete'].every((name) => typeof value[name] === 'function'),
    expected: 'an object with the methods get, set and delete',
    example: "new Keyv(new KeyvRedis('redis://localhost:6379'))",
  },
  localTtl: wholeNumber(0, LONGEST_DELAY, 'milliseconds', RESOLVER_DEFAULTS.localTtl),
  namespace: {
    accepts: (value) => typeof value === 'string' && /^[A-Za-z0-9._:-]{1,64}$/.test(value),
    expected: 'a string of 1 to 64 of the characters A-Z a-z 0-9 . _ : -',
    example: `'${RESOLVER_DEFAULTS.namespace}'`,
  },
});

/**
 * Finds every mistake in the `resolver` option of the module: codes `option-type` and `option-unknown`.
 *
 * @param value the option as it was written; `undefined` is fine
 * @param target where it was written
 */
export function validateResolverOptions(value: unknown, target: Target = 'CorsModule'): readonly CorsProblem[] {
  if (value === undefined) {
    return [];
  }
  if (!isObject(value) || Array.isArray(value)) {
    return [problem('option-type', target, 'resolver', value, 'must be an object', 'resolver: { allowedTtl: 60000 }')];
  }
  const problems: CorsProblem[] = [];
  for (const name of Object.keys(value)) {
    const property = `resolver.${name}`;
    const written = value[name];
    if (!Object.hasOwn(RULES, name)) {
      const known = Object.keys(RULES).join(', ');
      problems.push({
        code: 'option-unknown',
        targets: [target],
        property,
        value: written,
        message: `${target}: ${JSON.stringify(property)} is not an option.`,
        remedy: `Remove it or use one of ${known}, for example resolver: { timeout: ${RESOLVER_DEFAULTS.timeout} }.`,
      });
      continue;
    }
    const rule = RULES[name as keyof ResolverOptions];
    if (written !== undefined && !rule.accepts(written)) {
      const code = `resolver: { ${name}: ${rule.example} }`;
      problems.push(problem('option-type', target, property, written, `must be ${rule.expected}`, code));
    }
  }
  return problems;
}

function problem(
  code: CorsProblem['code'],
  target: Target,
  property: string,
  value: unknown,
  demand: string,
  example: string,
): CorsProblem {
  return {
    code,
    targets: [target],
    property,
    value,
    message: `${target}: ${property} ${demand}, not ${describe(value)}.`,
    remedy: `Write ${example}.`,
  };
}

/** Values in words, short whatever they are: a message must not fail, or swell, over the value it complains about. */
function describe(value: unknown): string {
  if (typeof value === 'string') {
    return JSON.stringify(value.length > 80 ? `${value.slice(0, 80)}...` : value);
  }
  if (Array.isArray(value)) {
    return 'a list';
  }
  if (typeof value === 'object' && value !== null) {
    return 'an object';
  }
  return typeof value === 'function' ? 'a function' : String(value);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
