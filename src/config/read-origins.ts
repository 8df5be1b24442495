import { readNotation } from '../origin/pattern/origin-notations.js';
import { parseOriginPattern } from '../origin/pattern/parse-origin-pattern.js';
import type { CorsProblem } from '../validation/problems/problem.js';
import { quoteValue } from '../validation/problems/quote-value.js';
import { SourceCode, sourceText } from '../validation/problems/source-text.js';
import { isExpression, splitExpressions } from '../validation/remedies/corrected-expression.js';
import { correctedOrigin, EXAMPLE_ORIGIN, type OriginSafety } from '../validation/remedies/corrected-origin.js';
import { EXPRESSION_FAULT } from '../validation/validate-origin-expression.js';
import { splitList } from './split-list.js';

/**
 * Checks the entries of a variable that lists origins. Its problems name the variable, not the policy that uses it.
 *
 * @param text the value of the variable, which has at least one entry
 */
export function findOriginProblems(name: string, text: string, safety: OriginSafety): readonly CorsProblem[] {
  const entries = isExpression(text) ? splitExpressions(text) : splitList(text, name);
  // A list in another notation, such as JSON, is one mistake, not one for each comma.
  const parts = readNotation(text) === undefined ? entries : [text];
  const { value, code } = correctedVariable(text, entries, safety);
  return parts.flatMap((part) => {
    const fault = faultOf(part);
    if (fault === undefined) {
      return [];
    }
    return [
      {
        code: fault.code,
        targets: [`environment variable ${name}`],
        property: 'origin',
        value: part,
        message: `${name} holds ${quoteValue(part)}, which ${fault.reason}.`,
        remedy:
          code === undefined
            ? `Set \`${name}=${value}\`.`
            : `No variable can hold this. Write it in the code: \`origin: ${sourceText(code)}\`.`,
      },
    ];
  });
}

function faultOf(part: string): (Pick<CorsProblem, 'code'> & { readonly reason: string }) | undefined {
  if (part === '*') {
    return undefined;
  }
  if (!isExpression(part)) {
    return parseOriginPattern(part).fault;
  }
  return { code: 'origin-expression', reason: `looks like ${EXPRESSION_FAULT}` };
}

/** The value that the variable should have, or the code to write instead of it. */
function correctedVariable(
  text: string,
  entries: readonly string[],
  safety: OriginSafety,
): { readonly value: string; readonly code?: SourceCode } {
  const whole = correctedOrigin(readNotation(text) === undefined ? entries : [text], safety);
  if (whole instanceof SourceCode) {
    return { value: EXAMPLE_ORIGIN, code: whole };
  }
  const corrected = Array.isArray(whole) ? whole : [String(whole)];
  return { value: corrected.join(',') };
}
