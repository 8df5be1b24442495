import type { Translation } from '../origin/expression/translate-expression.js';
import type { OriginEntry } from './origin-entry.js';
import { quoteValue } from './problems/quote-value.js';
import { splitExpressions, translationOf } from './remedies/corrected-expression.js';
import { translationRules } from './remedies/corrected-origin.js';

/** Completes "which looks like". */
export const EXPRESSION_FAULT = 'a regular expression: one missing `\\.`, `^` or `$` allows unrelated origins';

/** Reports a regular expression of the `origin` option, or a string that looks like one, with its translation. */
export function validateOriginExpression(entry: OriginEntry, expression: unknown): void {
  const isText = typeof expression === 'string';
  const isList = isText && splitExpressions(expression).length > 1;
  const advice = isList ? [] : adviceOn(translationOf(expression, translationRules(entry.safety)));
  entry.findings.problem(
    'origin-expression',
    ['origin'],
    expression,
    `${entry.place} is ${quoteValue(expression)}, ${isText ? 'which looks like ' : ''}${EXPRESSION_FAULT}`,
    [`${entry.remedy()}.`, ...advice].join(' '),
  );
}

/** Explains a translation, in sentences. */
function adviceOn(translation: Translation | undefined): readonly string[] {
  if (translation === undefined) {
    return ['Anyone can register a host that the expression matches, so list the origins you trust.'];
  }
  const { patterns, conditions, notes } = translation;
  const sentences: string[] = [];
  if (notes.has('no-scheme') && !patterns.includes('*')) {
    const loopback = patterns.some((pattern) => pattern.startsWith('http:'));
    sentences.push(
      `The expression has no scheme, so this allows only https:${loopback ? ', and http: for loopback hosts' : ''}.`,
    );
  }
  if (notes.has('secure')) {
    sentences.push('With `credentials: true`, this allows http: for loopback hosts only.');
  }
  if (notes.has('dot')) {
    sentences.push('An unescaped dot is read as a dot.');
  }
  const isNarrower = (['open-start', 'open-end', 'needs-more', 'left-out'] as const).some((note) => notes.has(note));
  if (isNarrower && !patterns.includes('*')) {
    sentences.push('Unrelated hosts that the expression matches are left out.');
  }
  if (conditions.length > 0) {
    sentences.push('Patterns cannot say this exactly. Check that every variable part matches only your own hosts.');
  }
  return sentences;
}
