import { compileOrigins } from '../../../../src/origin/compile-origins.js';
import type { TranslationRules } from '../../../../src/origin/expression/origin-forms.js';
import { type Translation, translateExpression } from '../../../../src/origin/expression/translate-expression.js';
import { isWellFormedOrigin } from '../../../../src/origin/grammar/origin-grammar.js';
import { translationRules } from '../../../../src/validation/remedies/corrected-origin.js';

/** The rules of a policy without credentials, and of one with them. */
export const PLAIN: TranslationRules = translationRules({ credentials: false, insecureAllowed: false });
export const CREDENTIALS: TranslationRules = translationRules({ credentials: true, insecureAllowed: false });

export function translate(expression: RegExp, rules = PLAIN): Translation | undefined {
  return translateExpression(expression.source, expression.flags, rules);
}

/** What a translation shows: patterns, or the source of the predicate's conditions. */
export function shown(translation: Translation | undefined): readonly string[] | string | undefined {
  if (translation === undefined) {
    return undefined;
  }
  const { patterns, conditions } = translation;
  return conditions.length === 0 ? patterns : conditions.map(([source, flags]) => `/${source}/${flags}`).join(' && ');
}

/** Whether what a translation shows allows an origin. A policy calls it with well-formed origins only. */
export function allowing(translation: Translation): (origin: string) => boolean {
  const { patterns, conditions } = translation;
  const expressions = conditions.map(([source, flags]) => new RegExp(source, flags));
  const conditionsHold = (origin: string) =>
    expressions.length > 0 && expressions.every((expression) => expression.test(origin));
  const matcher = compileOrigins([...patterns]);
  return (origin) =>
    isWellFormedOrigin(origin) &&
    (matcher.kind === 'any' || (matcher.kind === 'static' && matcher.allows(origin)) || conditionsHold(origin));
}

/** The same expression without a position that it keeps between calls. */
export function stateless(expression: RegExp): RegExp {
  return new RegExp(expression.source, expression.flags.replace(/[gy]/g, ''));
}
