import { isLoopbackHost } from '../../origin/grammar/origin-hosts.js';
import { isRegExp } from '../../origin/is-regexp.js';
import { readOriginPattern } from '../../origin/pattern/origin-pattern.js';
import { parseOriginPattern } from '../../origin/pattern/parse-origin-pattern.js';
import { readCallbackStyle } from '../../validation/predicate-source/callback-style.js';
import { rewriteCallback } from '../../validation/predicate-source/rewritten-callback.js';
import { quoteValue } from '../../validation/problems/quote-value.js';
import { sourceText } from '../../validation/problems/source-text.js';
import {
  conditionCode,
  predicateCode,
  testCode,
  translationOf,
} from '../../validation/remedies/corrected-expression.js';
import { describeValue, EXAMPLE_ORIGIN, translationRules } from '../../validation/remedies/corrected-origin.js';
import type { NativeOptions } from './native-options.js';
import type { Remarks } from './remarks.js';
import { noteUnmatched } from './unmatched-origins.js';

/** Longer code is not printed, in characters. */
const LONGEST_CODE = 1000;
/** Longer functions are not printed, in characters. */
const LONGEST_FUNCTION = 200;
const LIST_ORIGINS = `add \`origin: ['${EXAMPLE_ORIGIN}']\` with the origins you trust`;

/** The origins of an `enableCors()` call. */
export interface TranslatedOrigin {
  /**
   * - `off`: the call has no effect
   * - `any`: every origin, without credentials
   * - `some`: those of the code
   * - `none`: no origin, or those that have no translation
   */
  readonly kind: 'off' | 'any' | 'some' | 'none';
  /** The value of the option `origin`, absent for `off` and `none`. */
  readonly code?: string;
  /** Whether the code has `http:` origins that need `dangerouslyAllowInsecureOrigins`. */
  readonly insecure?: boolean;
}

const NONE: TranslatedOrigin = Object.freeze({ kind: 'none' });
const ANY: TranslatedOrigin = Object.freeze({ kind: 'any', code: "'*'" });

/**
 * Translates the option `origin`. The result never allows an origin that the library refuses.
 *
 * @param credentials whether the library sends `Access-Control-Allow-Credentials`
 */
export function translateOrigin(
  { platform, values: { origin } }: NativeOptions,
  credentials: boolean,
  remarks: Remarks,
): TranslatedOrigin {
  const isText = (value: unknown) => typeof value === 'string' || (platform === 'express' && value instanceof String);
  if (!origin) {
    remarks.notes.push(
      platform === 'express' || origin === false
        ? `With \`origin: ${quoteValue(origin)}\` the call sets no headers.`
        : `With \`origin: ${quoteValue(origin)}\` every request fails with 500.`,
    );
    return { kind: 'off' };
  }
  if (isText(origin)) {
    return String(origin) === '*' ? ANY : translateText(String(origin), credentials, remarks);
  }
  if (typeof origin === 'function') {
    return translateFunction(platform, origin, credentials, remarks);
  }
  if (platform === 'fastify' && Array.isArray(origin) && origin.includes('*')) {
    return ANY;
  }
  const entries = [origin].flat(Number.POSITIVE_INFINITY).filter(Boolean);
  const every = entries.find((entry) => !isText(entry) && !isRegExp(entry));
  return every === undefined
    ? translateList(origin, entries, credentials, remarks)
    : translateReflection(every === true ? '' : `${describeValue(every)} counts as true there`, credentials, remarks);
}

/** A fixed text is sent to every origin, and browsers compare it. */
function translateText(text: string, credentials: boolean, remarks: Remarks): TranslatedOrigin {
  if (!isExact(text)) {
    noteUnmatched([text], remarks);
    return NONE;
  }
  remarks.differences.push(
    'Only that origin gets headers, with `Vary: Origin`; enableCors() sends them to every origin.',
  );
  return { kind: 'some', code: sourceText(text), insecure: credentials && isInsecure(text) };
}

/** @param reason why a value means the same as `true` */
function translateReflection(reason: string, credentials: boolean, remarks: Remarks): TranslatedOrigin {
  const because = reason === '' ? '' : ` (${reason})`;
  if (credentials) {
    remarks.notes.push(
      `\`origin: true\`${because} with credentials has no translation, because it lets every website read private data: ${LIST_ORIGINS}.`,
    );
    return NONE;
  }
  if (reason !== '') {
    remarks.notes.push(`\`origin\` allows every origin${because}.`);
  }
  remarks.differences.push('Responses carry `Access-Control-Allow-Origin: *`, not the origin of the request.');
  return ANY;
}

function translateList(
  origin: unknown,
  entries: readonly unknown[],
  credentials: boolean,
  remarks: Remarks,
): TranslatedOrigin {
  // The library compares with `===`, so a String object matches nothing.
  const texts = entries.filter((entry) => !isRegExp(entry)).map(String);
  const exact = entries.filter((entry): entry is string => typeof entry === 'string' && isExact(entry));
  const origins: string[] = [...exact];
  const conditions: string[] = [];
  for (const expression of entries.filter(isRegExp)) {
    const code = translateExpression(expression as RegExp, credentials, remarks);
    origins.push(...code.origins);
    conditions.push(...code.conditions);
  }
  noteUnmatched(
    texts.filter((text) => !exact.includes(text)),
    remarks,
  );
  if (entries.length === 0) {
    remarks.notes.push(
      'An empty list allows no origin. For a list that is empty in production, leave `origin` out there: ' +
        `\`...(isProduction ? {} : { origin: ['${EXAMPLE_ORIGIN}'] })\`.`,
    );
  }
  if (origins.includes('*')) {
    return ANY;
  }
  const unique = [...new Set(origins)];
  if (unique.length === 0 && conditions.length === 0) {
    return NONE;
  }
  const isPredicate = conditions.length > 0;
  const value = isPredicate
    ? predicateCode(unique, [...new Set(conditions)])
    : Array.isArray(origin) || unique.length > 1
      ? unique
      : unique[0];
  const code = sourceText(value);
  if (code.length > LONGEST_CODE) {
    remarks.notes.push(`\`origin\` has ${entries.length} entries, too many to print: add your own list.`);
    return NONE;
  }
  return { kind: 'some', code, insecure: credentials && !isPredicate && unique.some(isInsecure) };
}

/** An expression is translated only if it matches an origin as it is: the translation allows no more. */
function translateExpression(
  expression: RegExp,
  credentials: boolean,
  remarks: Remarks,
): { readonly origins: readonly string[]; readonly conditions: readonly string[] } {
  const nothing = { origins: [], conditions: [] };
  const written = quoteValue(expression);
  const translation = translationOf(expression, translationRules({ credentials, insecureAllowed: false }));
  if (translation === undefined) {
    remarks.notes.push(
      `${written} has no translation, because it matches hosts that anyone can register: ${LIST_ORIGINS}.`,
    );
    return nothing;
  }
  const { patterns, notes } = translation;
  if (notes.has('unmatched') || notes.has('not-sent') || notes.has('https')) {
    remarks.notes.push(`${written} matches no origin that may be allowed here, so it is left out.`);
    return nothing;
  }
  const { source, flags } = expression;
  if (patterns.includes('*')) {
    if (/^\^?\.[*+]\$?$/.test(source)) {
      return { origins: ['*'], conditions: [] };
    }
    remarks.notes.push(`${written} allows every website. The origin \`null\` is left out.`);
    return { origins: [], conditions: [testCode(source, flags.replace(/[gy]/g, ''))] };
  }
  remarks.notes.push(
    `${written} is translated to what it was meant to match. Unrelated hosts and \`null\` are left out.`,
  );
  return { origins: patterns, conditions: conditionCode(translation) };
}

function translateFunction(
  platform: NativeOptions['platform'],
  origin: object,
  credentials: boolean,
  remarks: Remarks,
): TranslatedOrigin {
  const source: string = Function.prototype.toString.call(origin);
  const style = readCallbackStyle(source);
  const isAsyncArrow = platform === 'fastify' && /^async \(?[\w$]+\)? =>[ -~]*$/.test(source);
  const code = style !== undefined ? rewriteCallback(style) : isAsyncArrow ? source : undefined;
  if (code === undefined || (style === undefined && code.length > LONGEST_FUNCTION)) {
    remarks.notes.push(
      'The function `origin` cannot be rewritten from its source: add `origin: (origin) => ...` that returns true or false, or a promise of it.',
    );
    return NONE;
  }
  if (/^(?:async )?\([\w$]+\) => true$/.test(code)) {
    return translateReflection('the function allows all of them', credentials, remarks);
  }
  remarks.notes.push(
    'The function is called for requests with an `Origin` other than `null` only, and only `true` allows.',
  );
  const [compared, name] = /\[true, ([\w$]+)\]\.includes\(/.exec(code) ?? [];
  if (compared !== undefined) {
    remarks.notes.push(
      `\`${compared}...)\` expects \`true\` or an origin. For an answer that is a list, write \`list.includes(${name})\`.`,
    );
  }
  remarks.differences.push('If the function fails, the origin is refused; enableCors() answers with 500.');
  return { kind: 'some', code };
}

/** Whether browsers send a text as it is. Here a star is a pattern, there it matches nothing. */
function isExact(text: string): boolean {
  return !text.includes('*') && typeof readOriginPattern(text) !== 'string';
}

function isInsecure(origin: string): boolean {
  const { pattern } = parseOriginPattern(origin);
  return pattern?.scheme === 'http' && !isLoopbackHost(pattern.host);
}
