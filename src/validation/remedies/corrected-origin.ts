import type { TranslationRules } from '../../origin/expression/origin-forms.js';
import { isLoopbackHost } from '../../origin/grammar/origin-hosts.js';
import { rangeSource } from '../../origin/pattern/origin-ranges.js';
import { parseOriginPattern } from '../../origin/pattern/parse-origin-pattern.js';
import { coversStrangers } from '../../origin/pattern/shared-hosts.js';
import type { SourceCode } from '../problems/quote-value.js';
import {
  conditionCode,
  isExpression,
  predicateCode,
  splitExpressions,
  testCode,
  translationOf,
} from './corrected-expression.js';

/** Stands in remedies wherever the origin that was meant cannot be told. */
export const EXAMPLE_ORIGIN = 'https://app.example.com';

const readHref: (() => string) | undefined = Object.getOwnPropertyDescriptor(URL.prototype, 'href')?.get;

/** What the rest of a policy makes of its origins. */
export interface OriginSafety {
  /** Whether the policy allows credentials. */
  readonly credentials: boolean;
  /** Whether it has `dangerouslyAllowInsecureOrigins`. */
  readonly insecureAllowed: boolean;
}

/** The origins most likely meant: always a valid value of `origin` in a policy of that kind. */
export function correctedOrigin(value: unknown, safety: OriginSafety): true | string | string[] | SourceCode {
  if (value === true && !safety.credentials) {
    return true;
  }
  const entries = Array.isArray(value) || value instanceof Set ? [...value] : [value];
  const corrected = entries.map((entry) => correctedEntry(entry, safety));
  const origins = [...new Set(corrected.flatMap((entry) => entry.origins))];
  const conditions = [...new Set(corrected.flatMap((entry) => entry.conditions))];
  if (conditions.length > 0 && !origins.includes('*')) {
    return predicateCode(origins, conditions);
  }
  const [first = EXAMPLE_ORIGIN, ...others] = origins;
  return Array.isArray(value) || others.length > 0 ? [first, ...others] : first;
}

/** What one entry of a list should be. */
export interface CorrectedEntry {
  /** One origin or pattern, several (a comma list in one string), or none. */
  readonly origins: readonly string[];
  /** Code that says whether `origin` matches an expression that patterns cannot say. */
  readonly conditions: readonly string[];
}

/** What one entry of a list should be. */
export function correctedEntry(entry: unknown, safety: OriginSafety): CorrectedEntry {
  const text = typeof entry === 'string' ? entry : textOfObject(entry);
  if (!isExpression(text ?? entry)) {
    return text === undefined ? { origins: [], conditions: [] } : correctedText(text, safety);
  }
  const parts = text === undefined ? [] : splitExpressions(text);
  if (parts.length > 1) {
    const corrected = parts.map((part) => correctedEntry(part, safety));
    return {
      origins: corrected.flatMap(({ origins }) => origins),
      conditions: corrected.flatMap(({ conditions }) => conditions),
    };
  }
  const translation = translationOf(text ?? entry, translationRules(safety));
  return {
    origins: translation?.patterns ?? [],
    conditions: translation === undefined ? [] : conditionCode(translation),
  };
}

/** What an expression may become in a policy of that kind. */
export function translationRules(safety: OriginSafety): TranslationRules {
  return {
    secureOnly: mustBeSecure(safety),
    everyOrigin: !safety.credentials,
    accepts: (pattern) => safeOrigin(pattern, safety).includes(pattern),
  };
}

function correctedText(text: string, safety: OriginSafety): CorrectedEntry {
  if (text.trim() === '*') {
    return { origins: safeOrigin('*', safety), conditions: [] };
  }
  const parsed = parseOriginPattern(text);
  const meant = parsed.fault === undefined ? [text] : [parsed.fault.suggestion ?? []].flat();
  const range = meant.length === 0 ? rangeSource(text, mustBeSecure(safety)) : undefined;
  return {
    origins: meant.flatMap((origin) => safeOrigin(origin, safety)),
    conditions: range === undefined ? [] : [testCode(range, '')],
  };
}

function mustBeSecure({ credentials, insecureAllowed }: OriginSafety): boolean {
  return credentials && !insecureAllowed;
}

/** The text that a `URL` or a `String` object holds. Runs no code of the object's. */
export function textOfObject(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null) {
    return undefined;
  }
  for (const read of [() => readHref?.call(value), () => String.prototype.valueOf.call(value)]) {
    try {
      return read();
    } catch {
      // It is not an object of this kind.
    }
  }
  return undefined;
}

/** @param origin a valid origin or pattern, or `'*'` */
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
