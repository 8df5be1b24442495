import type { TranslationNote } from '../origin/expression/origin-forms.js';
import type { Translation } from '../origin/expression/translate-expression.js';
import type { OriginEntry } from './origin-entry.js';
import { quoteValue } from './problems/quote-value.js';
import { splitExpressions, translationOf } from './remedies/corrected-expression.js';
import { translationRules } from './remedies/corrected-origin.js';

const NARROWED: readonly TranslationNote[] = ['open-start', 'open-end', 'needs-more', 'left-out'];

/** Reports a regular expression of the `origin` option, or a text that looks like one, with its translation. */
export function validateOriginExpression(entry: OriginEntry, expression: unknown): void {
  const parts = typeof expression === 'string' ? splitExpressions(expression) : [];
  const rules = translationRules(entry.safety);
  const advice = parts.length > 1 ? [] : adviceOn(translationOf(expression, rules));
  const kind = typeof expression === 'string' ? 'a text that looks like a regular expression' : 'a regular expression';
  entry.findings.problem(
    'origin-expression',
    ['origin'],
    expression,
    `${entry.place} is ${quoteValue(expression)}, ${kind}, where one missing \\., ^ or $ allows unrelated origins`,
    [`${entry.remedy()}.`, ...advice].join(' '),
  );
}

/** Notes on a translation, in sentences. */
function adviceOn(translation: Translation | undefined): readonly string[] {
  if (translation === undefined) {
    return ['Anyone can register hosts that the expression matches, so list the origins that you trust.'];
  }
  const { patterns, conditions, notes } = translation;
  const sentences: string[] = [];
  if (notes.has('no-scheme') && !patterns.includes('*')) {
    const loopback = patterns.some((pattern) => pattern.startsWith('http:'));
    sentences.push(`It names no scheme, so only https: is written${loopback ? ', and http: for loopback hosts' : ''}.`);
  }
  if (notes.has('secure')) {
    sentences.push('Because of credentials: true, http: is written for loopback hosts only.');
  }
  if (notes.has('dot')) {
    sentences.push('An unescaped dot is read as a dot.');
  }
  if (NARROWED.some((note) => notes.has(note)) && !patterns.includes('*')) {
    sentences.push('Unrelated hosts that it also matches are left out.');
  }
  if (conditions.length > 0) {
    sentences.push(
      'Patterns cannot say this exactly: check that every part that varies matches only hosts of your own.',
    );
  }
  return sentences;
}
