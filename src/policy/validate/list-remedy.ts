import type { PolicyProperty } from '../policy-options.js';
import { sourceText } from './quote-value.js';

/** Longer lists are not written out in a remedy. */
const LONGEST_SHOWN_LIST = 12;

/**
 * The remedy for one entry of a list: the whole list as it should be, so that applying it mends every entry at once,
 * or the entry alone where the list is long.
 *
 * @param list the list as it was written
 * @param corrected the list as it should be
 * @param entry what to write in place of the faulty entry; `undefined` where it should go
 */
export function listRemedy(
  property: PolicyProperty,
  list: readonly unknown[],
  corrected: () => unknown,
  entry: unknown,
): string {
  if (list.length <= LONGEST_SHOWN_LIST) {
    return `Write \`${property}: ${sourceText(corrected())}\``;
  }
  return entry === undefined ? 'Remove this entry' : `Write \`${sourceText(entry)}\` in its place`;
}
