import { readExpression, readExpressionText, restoreExpression } from '../../origin/expression/expression-text.js';
import type { TranslationRules } from '../../origin/expression/origin-forms.js';
import { patternSource } from '../../origin/expression/pattern-source.js';
import { type Translation, translateExpression } from '../../origin/expression/translate-expression.js';
import { isRegExp } from '../../origin/is-regexp.js';
import { readOriginPattern } from '../../origin/pattern/origin-pattern.js';
import { parseOriginPattern } from '../../origin/pattern/parse-origin-pattern.js';
import { escapePattern, SourceCode, sourceText } from '../problems/source-text.js';

/** Whether an entry of the `origin` option is a regular expression, or a string that looks like one. */
export function isExpression(entry: unknown): boolean {
  if (typeof entry !== 'string') {
    return isRegExp(entry);
  }
  return typeof readOriginPattern(entry) === 'string' && readExpressionText(entry) !== undefined;
}

/** The expressions and origins in one string, separated by commas, semicolons or white space. */
export function splitExpressions(text: string): readonly string[] {
  // A comma is also part of `{1,3}`. After a slash, white space is a typing mistake: `https:// example.com`.
  return text.split(/;|(?<!\/)\s+|,(?!\d*\})/).filter((part) => part !== '');
}

/** The translation of a regular expression, or of a string that looks like one. */
export function translationOf(entry: unknown, rules: TranslationRules): Translation | undefined {
  const written = isRegExp(entry) ? readExpression(entry) : readExpressionText(String(entry));
  const restored = written && restoreExpression(written);
  return restored && translateExpression(restored.source, restored.flags, rules);
}

/** A predicate that allows origins and patterns, and what the conditions allow. */
export function predicateCode(origins: readonly string[], conditions: readonly string[]): SourceCode {
  const exact: string[] = [];
  const starred: string[] = [];
  for (const origin of origins) {
    const { pattern } = parseOriginPattern(origin);
    if (pattern?.text.includes('*')) {
      starred.push(testCode(patternSource(pattern), ''));
    } else {
      exact.push(origin);
    }
  }
  const listed = exact.length > 1 ? `${sourceText(exact)}.includes(origin)` : `origin === ${sourceText(exact[0])}`;
  return new SourceCode(
    `(origin) => ${[...(exact.length === 0 ? [] : [listed]), ...starred, ...conditions].join(' || ')}`,
  );
}

/** The condition of a translation, for what patterns cannot say. */
export function conditionCode({ conditions }: Translation): readonly string[] {
  const tests = conditions.map(([source, flags]) => testCode(source, flags));
  return tests.length > 1 ? [`(${tests.join(' && ')})`] : tests;
}

/** The code that tests `origin` with a regular expression. */
export function testCode(source: string, flags: string): string {
  return `/${escapePattern(source).replaceAll('`', '\\u0060')}/${flags}.test(origin)`;
}
