import type { OriginEntry } from './origin-entry.js';
import { quoteValue } from './quote-value.js';

/** Reports a regular expression of the `origin` option. */
export function validateOriginExpression(entry: OriginEntry, regexp: RegExp): void {
  entry.findings.problem(
    'origin-expression',
    ['origin'],
    regexp,
    `${entry.place} is ${quoteValue(regexp)}, a regular expression, where one missing \\., ^ or $ allows unrelated origins`,
    `${entry.remedy()}.`,
  );
}
