import { markFromEnvironment } from '../policy/environment-options.js';
import type { CorsPolicyOptions, EnforceOption } from '../policy/policy-options.js';
import { CorsConfigurationError } from '../validation/problems/configuration-error.js';
import type { CorsProblem, ProblemCode } from '../validation/problems/problem.js';
import { quoteValue } from '../validation/problems/quote-value.js';
import { findOriginProblems } from './read-origins.js';
import { splitList } from './split-list.js';

/** The application-wide policy, as read from environment variables. */
export type EnvironmentPolicy = Omit<CorsPolicyOptions, 'origin'> & {
  readonly origin: readonly string[];
};

type Environment = Readonly<Record<string, string | undefined>>;

/** How one variable is read. `read` returns `undefined` for an invalid text. */
interface Variable<Value> {
  readonly property: keyof CorsPolicyOptions;
  readonly code: ProblemCode;
  /** Completes "must be". */
  readonly form: string;
  readonly example: string;
  read(text: string): Value | undefined;
}

const list = (property: Variable<unknown>['property'], example: string): Variable<string[]> => ({
  property,
  code: 'option-type',
  form: 'a comma-separated list',
  example,
  read: (text) => splitList(text),
});

const toggle = (property: Variable<unknown>['property']): Variable<boolean> => ({
  property,
  code: 'option-type',
  form: 'true or false',
  example: 'true',
  read: (text) => (text === 'true' ? true : text === 'false' ? false : undefined),
});

const VARIABLES: Readonly<Record<string, Variable<unknown>>> = Object.freeze({
  CORS_ORIGINS: { ...list('origin', 'https://app.example.com,https://*.partner.example'), code: 'origin-missing' },
  CORS_METHODS: list('methods', 'GET,PUT,DELETE'),
  CORS_ALLOWED_HEADERS: list('allowedHeaders', 'content-type,authorization'),
  CORS_EXPOSED_HEADERS: list('exposedHeaders', 'x-total-count'),
  CORS_CREDENTIALS: toggle('credentials'),
  CORS_MAX_AGE: {
    property: 'maxAge',
    code: 'max-age-range',
    form: 'a whole number of seconds from 0 to 86400',
    example: '600',
    read: (text: string) => wholeNumber(text, 0, 86_400),
  },
  CORS_OPTIONS_SUCCESS_STATUS: {
    property: 'optionsSuccessStatus',
    code: 'status-range',
    form: 'a status from 200 to 299',
    example: '204',
    read: (text: string) => wholeNumber(text, 200, 299),
  },
  CORS_ENFORCE: {
    property: 'enforce',
    code: 'option-type',
    form: 'false, unsafe-methods or all',
    example: 'unsafe-methods',
    read: (text: string): EnforceOption | undefined =>
      text === 'false' ? false : text === 'unsafe-methods' || text === 'all' ? text : undefined,
  },
  CORS_ENFORCE_REPORT_ONLY: toggle('enforceReportOnly'),
});

/**
 * Reads the application-wide policy from environment variables: `CORS_ORIGINS` (required), `CORS_METHODS`,
 * `CORS_ALLOWED_HEADERS`, `CORS_EXPOSED_HEADERS` (comma-separated lists), `CORS_CREDENTIALS` (`true` or `false`),
 * `CORS_MAX_AGE` (seconds), `CORS_OPTIONS_SUCCESS_STATUS`, `CORS_ENFORCE` and `CORS_ENFORCE_REPORT_ONLY` (`true` or
 * `false`). A variable that is not set leaves its
 * option unset; a blank variable is a mistake. Every entry of `CORS_ORIGINS` is an origin, a pattern or `*`.
 *
 * @throws CorsConfigurationError with every variable that is missing, blank or invalid. Each problem names its
 * variable, and its remedy contains the value to set.
 */
export function readCorsEnvironment(environment: Environment): EnvironmentPolicy {
  const problems: CorsProblem[] = [];
  const options: Record<string, unknown> = {};
  for (const [name, variable] of Object.entries(VARIABLES)) {
    const text = Object.hasOwn(environment, name) ? environment[name]?.trim() : undefined;
    if (text === undefined && name !== 'CORS_ORIGINS') {
      continue;
    }
    const value = text === undefined || text === '' ? undefined : readSafely(variable, text);
    if (value === undefined) {
      const fault = text === undefined ? 'is not set' : text === '' ? 'is blank' : `is ${quoteValue(text)}`;
      problems.push({
        code: variable.code,
        targets: [`environment variable ${name}`],
        property: variable.property,
        value: text,
        message: `${name} ${fault} but must be ${variable.form}.`,
        remedy: `Set \`${name}=${variable.example}\`${name === 'CORS_ORIGINS' ? '' : ', or remove the variable'}.`,
      });
      continue;
    }
    options[variable.property] = value;
  }
  if (options.origin !== undefined) {
    const safety = { credentials: options.credentials === true, insecureAllowed: false };
    problems.unshift(...findOriginProblems('CORS_ORIGINS', environment.CORS_ORIGINS ?? '', safety));
  }
  if (problems.length > 0) {
    throw new CorsConfigurationError(problems);
  }
  markFromEnvironment(options);
  return Object.freeze(options) as EnvironmentPolicy;
}

/** A list of only commas counts as invalid. */
function readSafely(variable: Variable<unknown>, text: string): unknown {
  try {
    return variable.read(text);
  } catch {
    return undefined;
  }
}

function wholeNumber(text: string, least: number, most: number): number | undefined {
  const value = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  return value >= least && value <= most ? value : undefined;
}
