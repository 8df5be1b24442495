import { parseOriginPattern } from '../../origin/pattern/parse-origin-pattern.js';
import { quoteValue } from '../../validation/problems/quote-value.js';
import { sourceText } from '../../validation/problems/source-text.js';
import type { Remarks } from './remarks.js';

/** A note names at most this many texts. */
const MOST_NAMED = 3;

/** Names texts that are equal to no origin that a browser sends. */
export function noteUnmatched(texts: readonly string[], { notes }: Remarks): void {
  const patterns: string[] = [];
  const others: string[] = [];
  const meant: string[] = [];
  for (const text of texts) {
    const { pattern, fault } = parseOriginPattern(text);
    (pattern === undefined ? others : patterns).push(text);
    meant.push(...[fault?.suggestion ?? []].flat());
  }
  if (patterns.length > 0) {
    notes.push(
      `${someOf(patterns)}: there it is a text that no origin equals, so it is left out. Here it is a pattern: add it to \`origin\` if you mean that.`,
    );
  }
  if (others.length > 0) {
    const suggestion =
      meant.length === 0 ? '' : ` Did you mean ${meant.slice(0, MOST_NAMED).map(sourceText).join(', ')}?`;
    notes.push(`${someOf(others)}: no page that may be allowed has this origin, so it is left out.${suggestion}`);
  }
}

function someOf(texts: readonly string[]): string {
  const named = texts.slice(0, MOST_NAMED).map(quoteValue).join(', ');
  return texts.length > MOST_NAMED ? `${named} and ${texts.length - MOST_NAMED} more` : named;
}
