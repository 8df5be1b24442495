import { isRegExp } from '../../origin/is-regexp.js';
import type { PolicyProperty, ResourcePolicyOption } from '../../policy/policy-options.js';
import { classNameOf } from '../problems/quote-value.js';
import { SourceCode, sourceText } from '../problems/source-text.js';
import { correctedList } from '../remedies/corrected-list.js';
import { correctedOrigin, EXAMPLE_ORIGIN, type OriginSafety } from '../remedies/corrected-origin.js';
import {
  correctedEnforce,
  correctedMaxAge,
  correctedResourcePolicy,
  correctedStatus,
  correctedSwitch,
  RESOURCE_POLICIES,
} from '../remedies/corrected-values.js';
import { LIST_RULES, type ListProperty } from './list-rules.js';
import type { OptionRule } from './options-table.js';

/** The values that one option of a policy accepts, and the likely meaning of a wrong value. */
export interface PolicyRule extends OptionRule {
  /** Whether a value has the right type. `validatePolicy` checks its content once the levels are merged. */
  readonly hasType: (value: unknown) => boolean;
  /** The value that the user most likely meant: always a valid one, so that the code in a remedy boots. */
  readonly corrected: (value: unknown, safety: OriginSafety) => unknown;
  /** Completes the remedy for a value of a wrong type. */
  readonly advice?: (value: unknown) => string;
}

const SWITCH: PolicyRule = {
  must: 'true or false',
  example: 'false',
  hasType: (value) => typeof value === 'boolean',
  corrected: correctedSwitch,
};

/** The options of a policy. */
export const POLICY_RULES: { readonly [name in PolicyProperty]: PolicyRule } = Object.freeze({
  origin: {
    must: "'*', an origin, a pattern, a predicate, a resolver class or a list",
    example: sourceText(EXAMPLE_ORIGIN),
    hasType: (value: unknown) =>
      value === true || /^(?:string|function)$/.test(typeof value) || Array.isArray(value) || isRegExp(value),
    corrected: (value: unknown, safety: OriginSafety) => {
      const className = resolverClassName(value);
      return className === undefined ? correctedOrigin(value, safety) : new SourceCode(className);
    },
    advice: adviceOnOrigin,
  },
  methods: listOf('methods'),
  allowedHeaders: listOf('allowedHeaders'),
  exposedHeaders: listOf('exposedHeaders'),
  credentials: SWITCH,
  maxAge: {
    must: 'a whole number of seconds from 0 to 86400',
    example: '600',
    hasType: isNumber,
    corrected: correctedMaxAge,
  },
  optionsSuccessStatus: {
    must: 'a whole number from 200 to 299',
    example: '204',
    hasType: isNumber,
    corrected: correctedStatus,
  },
  enforce: {
    must: "false, 'unsafe-methods' or 'all'",
    example: "'unsafe-methods'",
    hasType: (value: unknown) => value === false || value === 'unsafe-methods' || value === 'all',
    corrected: correctedEnforce,
  },
  enforceReportOnly: SWITCH,
  resourcePolicy: {
    must: "'same-origin', 'same-site' or 'cross-origin'",
    example: "'cross-origin'",
    hasType: (value: unknown) => RESOURCE_POLICIES.includes(value as ResourcePolicyOption),
    corrected: correctedResourcePolicy,
  },
  dangerouslyAllowInsecureOrigins: SWITCH,
});

function listOf(property: ListProperty): PolicyRule {
  const { kind, example } = LIST_RULES[property];
  return {
    must: `a list of ${kind} names`,
    example: sourceText(example),
    hasType: Array.isArray,
    corrected: (value, { credentials }) => correctedList(property, value, credentials),
  };
}

function adviceOnOrigin(value: unknown): string {
  if (value === false) {
    return ' To close a route, leave `origin` out or use `@DisableCors()`.';
  }
  if (value instanceof Promise) {
    return ' For options that are known later, use `CorsModule.forRootAsync({ useFactory: async () => options })`.';
  }
  return resolverClassName(value) === undefined ? '' : ' Pass the resolver class, not an instance.';
}

/** The name of the class if a value is an instance of a resolver class. */
function resolverClassName(value: unknown): string | undefined {
  try {
    return typeof value === 'object' && value !== null && 'resolve' in value ? classNameOf(value) : undefined;
  } catch {
    return undefined; // a proxy
  }
}

function isNumber(value: unknown): boolean {
  return typeof value === 'number';
}
