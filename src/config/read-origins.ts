import { readNotation } from '../origin/origin-notations.js';
import { parseOriginPattern } from '../origin/parse-origin-pattern.js';
import type { CorsProblem } from '../policy/problem.js';
import { correctedEntry, EXAMPLE_ORIGIN, type OriginSafety } from '../policy/validate/corrected-origin.js';
import { quoteValue } from '../policy/validate/quote-value.js';
import { splitList } from './split-list.js';

/**
 * Checks the entries of a variable that lists origins, so that a mistake names the variable and not the place where its
 * value is used.
 *
 * @param text the value of the variable, which has at least one entry
 */
export function findOriginProblems(name: string, text: string, safety: OriginSafety): readonly CorsProblem[] {
  const entries = splitList(text, name);
  // A list in another notation, such as JSON, is one mistake and not one for each comma.
  const parts = readNotation(text) === undefined ? entries : [text];
  const value = correctedVariable(text, entries, safety);
  return parts.flatMap((part) => {
    const { fault } = part === '*' ? {} : parseOriginPattern(part);
    if (fault === undefined) return [];
    return [
      {
        code: fault.code,
        targets: [`environment variable ${name}`],
        property: 'origin',
        value: part,
        message: `${name} holds ${quoteValue(part)}, which ${fault.reason}.`,
        remedy: `Set \`${name}=${value}\`.`,
      },
    ];
  });
}

function correctedVariable(text: string, entries: readonly string[], safety: OriginSafety): string {
  const whole = correctedEntry(text, safety);
  const corrected = whole.length > 0 ? whole : entries.flatMap((entry) => correctedEntry(entry, safety));
  return corrected.length === 0 ? EXAMPLE_ORIGIN : [...new Set(corrected)].join(',');
}
