import type { TranslationRules } from '../../origin/expression/origin-forms.js';
import { isLoopbackHost } from '../../origin/grammar/origin-hosts.js';
import { rangeSource } from '../../origin/pattern/origin-ranges.js';
import { parseOriginPattern } from '../../origin/pattern/parse-origin-pattern.js';
import { coversStrangers } from '../../origin/pattern/shared-hosts.js';
import type { CorsPolicyOptions } from '../../policy/policy-options.js';
import { quoteValue } from '../problems/quote-value.js';
import type { SourceCode } from '../problems/source-text.js';
import {
  conditionCode,
  isExpression,
  predicateCode,
  splitExpressions,
  testCode,
  translationOf,
} from './corrected-expression.js';

/** The origin in remedies if the intended origin is unknown. */
export const EXAMPLE_ORIGIN = 'https://app.example.com';

const readHref: (() => string) | undefined = Object.getOwnPropertyDescriptor(URL.prototype, 'href')?.get;

/** The options of a policy that restrict its origins. */
export interface OriginSafety {
  /** Whether the policy allows credentials. */
  readonly credentials: boolean;
  /** Whether it has `dangerouslyAllowInsecureOrigins`. */
  readonly insecureAllowed: boolean;
}

/** The correct form of one entry of a list. */
export interface CorrectedEntry {
  /** Origins and patterns: one, several (for a comma list in one string), or none. */
  readonly origins: readonly string[];
  /** Code that tests `origin`, for what patterns cannot say. */
  readonly conditions: readonly string[];
}

/** Reads the options that restrict origins. They may be invalid. */
export function originSafety(options: Pick<CorsPolicyOptions, 'credentials' | 'dangerouslyAllowInsecureOrigins'>) {
  return {
    credentials: options.credentials === true,
    insecureAllowed: options.dangerouslyAllowInsecureOrigins === true,
  };
}

/** The origins that the user most likely meant: always a valid value of `origin` in a policy of that kind. */
export function correctedOrigin(value: unknown, safety: OriginSafety): true | string | string[] | SourceCode {
  if (value === true && !safety.credentials) {
    return true;
  }
  const entries = Array.isArray(value) || value instanceof Set ? [...value] : [value];
  const corrected = joined(entries.map((entry) => correctedEntry(entry, safety)));
  const origins = [...new Set(corrected.origins)];
  const conditions = [...new Set(corrected.conditions)];
  if (conditions.length > 0 && !origins.includes('*')) {
    return predicateCode(origins, conditions);
  }
  const [first = EXAMPLE_ORIGIN, ...others] = origins;
  return Array.isArray(value) || others.length > 0 ? [first, ...others] : first;
}

/** The likely meaning of one entry of a list. */
export function correctedEntry(entry: unknown, safety: OriginSafety): CorrectedEntry {
  const text = typeof entry === 'string' ? entry : textOfObject(entry);
  if (!isExpression(text ?? entry)) {
    return text === undefined ? joined([]) : correctedText(text, safety);
  }
  const parts = text === undefined ? [] : splitExpressions(text);
  if (parts.length > 1) {
    return joined(parts.map((part) => correctedEntry(part, safety)));
  }
  const translation = translationOf(text ?? entry, translationRules(safety));
  return translation === undefined
    ? joined([])
    : { origins: translation.patterns, conditions: conditionCode(translation) };
}

/** The rules for translating an expression in a policy of that kind. */
export function translationRules(safety: OriginSafety): TranslationRules {
  return {
    secureOnly: mustBeSecure(safety),
    everyOrigin: !safety.credentials,
    accepts: (pattern) => safeOrigin(pattern, safety).includes(pattern),
  };
}

/** As `quoteValue`, but names a `URL` or `String` object, which looks like a string in a log. */
export function describeValue(value: unknown): string {
  const text = textOfObject(value);
  return text === undefined
    ? quoteValue(value)
    : `a ${value instanceof URL ? 'URL' : 'String'} object with the text ${quoteValue(text)}`;
}

/** The text of a `URL` or a `String` object. Runs no code of the object. */
function textOfObject(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null) {
    return undefined;
  }
  for (const read of [() => readHref?.call(value), () => String.prototype.valueOf.call(value)]) {
    try {
      return read();
    } catch {
      // The object is of another kind.
    }
  }
  return undefined;
}

function correctedText(text: string, safety: OriginSafety): CorrectedEntry {
  if (text.trim() === '*') {
    return { origins: safeOrigin('*', safety), conditions: [] };
  }
  const { fault } = parseOriginPattern(text);
  const meant = fault === undefined ? [text] : [fault.suggestion ?? []].flat();
  const range = meant.length === 0 ? rangeSource(text, mustBeSecure(safety)) : undefined;
  return {
    origins: meant.flatMap((origin) => safeOrigin(origin, safety)),
    conditions: range === undefined ? [] : [testCode(range, '')],
  };
}

/**
 * The origin or pattern if the policy may allow it, its `https:` form if only that is allowed, otherwise nothing.
 *
 * @param origin a valid origin or pattern, or `'*'`
 */
function safeOrigin(origin: string, safety: OriginSafety): string[] {
  if (origin === '*') {
    return safety.credentials ? [] : [origin];
  }
  const { pattern } = parseOriginPattern(origin);
  if (pattern === undefined || (safety.credentials && pattern.subdomains && coversStrangers(pattern))) {
    return [];
  }
  if (mustBeSecure(safety) && pattern.scheme === 'http' && !isLoopbackHost(pattern.host)) {
    const secure = origin.replace('http:', 'https:');
    return parseOriginPattern(secure).pattern === undefined ? [] : [secure];
  }
  return [origin];
}

function mustBeSecure({ credentials, insecureAllowed }: OriginSafety): boolean {
  return credentials && !insecureAllowed;
}

function joined(entries: readonly CorrectedEntry[]): CorrectedEntry {
  return {
    origins: entries.flatMap(({ origins }) => origins),
    conditions: entries.flatMap(({ conditions }) => conditions),
  };
}
