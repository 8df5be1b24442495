import type { PolicyProperty } from '../policy-options.js';
import { SourceCode, sourceText } from './quote-value.js';

/** Longer lists are not written out in a remedy. */
const LONGEST_SHOWN_LIST = 12;
/** Longer lists are not written out even where the remedy needs code for the whole list. */
const LONGEST_REWRITTEN_LIST = 50;

/**
 * The remedy for one entry of a list: the whole list as it should be, so that applying it corrects every entry at once,
 * or the entry alone where the list is long.
 *
 * @param list the list as it was written
 * @param corrected the list as it should be
 * @param entry what to write in place of the faulty entry; `undefined` where it should go, a list for several
 */
export function listRemedy(
  property: PolicyProperty,
  list: readonly unknown[],
  corrected: () => unknown,
  entry: unknown,
): string {
  const whole = list.length <= LONGEST_REWRITTEN_LIST ? corrected() : undefined;
  if (list.length <= LONGEST_SHOWN_LIST || whole instanceof SourceCode) {
    return `Write \`${property}: ${sourceText(whole)}\``;
  }
  const entries = Array.isArray(entry) ? entry : entry === undefined ? [] : [entry];
  return entries.length === 0 ? 'Remove this entry' : `Write \`${entries.map(sourceText).join(', ')}\` in its place`;
}
