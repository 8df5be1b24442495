import { readExpression, readExpressionText, restoreExpression } from '../../origin/expression/expression-text.js';
import type { TranslationRules } from '../../origin/expression/origin-forms.js';
import { patternSource } from '../../origin/expression/pattern-source.js';
import { type Translation, translateExpression } from '../../origin/expression/translate-expression.js';
import { isRegExp } from '../../origin/is-regexp.js';
import { readOriginPattern } from '../../origin/pattern/origin-pattern.js';
import { parseOriginPattern } from '../../origin/pattern/parse-origin-pattern.js';
import { escapePattern, SourceCode, sourceText } from '../problems/quote-value.js';

/** Whether an entry of the `origin` option is a regular expression, or a text that looks like one. */
export function isExpression(entry: unknown): boolean {
  if (typeof entry !== 'string') {
    return isRegExp(entry);
  }
  // Most texts are origins: their characters are compared with the signs of expressions only if they are none.
  return typeof readOriginPattern(entry) === 'string' && readExpressionText(entry) !== undefined;
}

/** The expressions and origins in one text, separated by commas, semicolons or white space. */
export function splitExpressions(text: string): readonly string[] {
  // A comma also stands in `{1,3}`. After a slash, white space is a slip: `https:// example.com`.
  return text.split(/;|(?<!\/)\s+|,(?!\d*\})/).filter((part) => part !== '');
}

/** The translation of a regular expression, or of a text that looks like one. */
export function translationOf(entry: unknown, rules: TranslationRules): Translation | undefined {
  const written = isRegExp(entry) ? readExpression(entry) : readExpressionText(String(entry));
  const restored = written && restoreExpression(written);
  return restored && translateExpression(restored.source, restored.flags, rules);
}

/** The predicate for origins and patterns together with conditions. */
export function predicateCode(origins: readonly string[], conditions: readonly string[]): SourceCode {
  const patterns = origins.map((origin) => parseOriginPattern(origin).pattern);
  const exact = origins.filter((_origin, index) => !patterns[index]?.text.includes('*'));
  const [only, ...others] = exact;
  const listed = others.length > 0 ? `${sourceText(exact)}.includes(origin)` : `origin === ${sourceText(only)}`;
  const starred = patterns
    .filter((pattern) => pattern?.text.includes('*'))
    .map((pattern) => (pattern === undefined ? '' : testCode(patternSource(pattern), '')));
  const all = [...(exact.length === 0 ? [] : [listed]), ...starred, ...conditions];
  return new SourceCode(`(origin) => ${all.join(' || ')}`);
}

/** The condition that a translation makes of `origin`, if patterns cannot say it. */
export function conditionCode({ conditions }: Translation): readonly string[] {
  if (conditions.length === 0) {
    return [];
  }
  const tests = conditions.map(([source, flags]) => testCode(source, flags)).join(' && ');
  return [conditions.length > 1 ? `(${tests})` : tests];
}

/** The code that tests `origin` with an expression. */
export function testCode(source: string, flags: string): string {
  return `/${escapePattern(source).replaceAll('`', '\\u0060')}/${flags}.test(origin)`;
}
