import type { PolicyProperty } from '../../policy/policy-options.js';
import { findFault, LIST_RULES, type ListProperty } from '../options/list-rules.js';
import { SourceCode, sourceText } from '../problems/source-text.js';

/** Remedies show only the entry if the list is longer. */
const LONGEST_SHOWN_LIST = 12;
/** As above, where the whole list becomes one predicate. */
const LONGEST_REWRITTEN_LIST = 50;

/**
 * The remedy for one entry of a list, without its full stop. It shows the whole corrected list, so that applying it
 * once corrects every entry. For a long list it shows only the entry.
 *
 * @param list the list as the user wrote it
 * @param corrected returns the corrected list
 * @param entry the correct entries in place of the wrong one, none if the user should remove it
 */
export function listRemedy(
  property: PolicyProperty,
  list: readonly unknown[],
  corrected: () => unknown,
  entry: readonly string[],
): string {
  const whole = list.length <= LONGEST_REWRITTEN_LIST ? corrected() : undefined;
  if (list.length <= LONGEST_SHOWN_LIST || whole instanceof SourceCode) {
    return `Write \`${property}: ${sourceText(whole)}\``;
  }
  return entry.length === 0 ? 'Remove this entry' : `Write \`${entry.map(sourceText).join(', ')}\` in its place`;
}

/**
 * The list that the user most likely meant: always a valid one.
 *
 * @param value a list, a Set, or one string with commas or spaces, as other libraries accept it
 * @param credentials whether the policy allows credentials, where `'*'` exposes nothing
 */
export function correctedList(property: ListProperty, value: unknown, credentials: boolean): readonly string[] {
  const list = Array.isArray(value) || value instanceof Set ? [...value] : [value];
  const texts = list.flatMap((entry) =>
    typeof entry === 'string' ? entry.replace(/:[^,]*/g, '').split(/[,\s]+/) : [entry],
  );
  const corrected = texts.flatMap((text) => correctedName(property, text, credentials));
  // An example in place of names that no policy can allow would allow more than was asked for.
  const isExampleNeeded = corrected.length === 0 && !texts.every((text) => isRemovable(property, text));
  return isExampleNeeded ? LIST_RULES[property].example : [...new Set(corrected)];
}

/** Whether an entry is a name that no policy can allow, with or without credentials. */
function isRemovable(property: ListProperty, entry: unknown): boolean {
  const rule = LIST_RULES[property];
  const found = findFault(rule, entry, false);
  return found !== undefined && found.code !== `${rule.kind}-invalid`;
}

/** The name that an entry most likely means, such as `x-a` for `'x-a: 1'`, or an empty list if it has no valid meaning. */
export function correctedName(property: ListProperty, entry: unknown, credentials: boolean): readonly string[] {
  const rule = LIST_RULES[property];
  if (typeof entry !== 'string') {
    return [];
  }
  const trimmed = entry.split(':', 1).join('').trim();
  const name = rule.kind === 'method' ? trimmed.toUpperCase() : trimmed;
  return findFault(rule, name, credentials) === undefined ? [name] : [];
}
