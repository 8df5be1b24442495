/** The characters of origins, in the order that every set keeps. A set is a text that has each of its characters once. */
export const ORIGIN_CHARACTERS = 'abcdefghijklmnopqrstuvwxyz0123456789-_.:/[]';
export const DIGITS = '0123456789';

/** The characters that the star of a pattern matches. */
export const STAR_CHARACTERS = 'abcdefghijklmnopqrstuvwxyz0123456789-';
const HOST_CHARACTERS = `${STAR_CHARACTERS}_.`;

/** Whether a set contains all characters of another. */
export function includesAll(set: string, other: string): boolean {
  return [...other].every((character) => set.includes(character));
}

/** The characters that two sets have in common, in the order of the first. */
export function intersection(set: string, other: string): string {
  return [...set].filter((character) => other.includes(character)).join('');
}

export function union(...sets: readonly string[]): string {
  return intersection(ORIGIN_CHARACTERS, sets.join(''));
}

/** The characters of a set that a host name can have. */
export function hostCharacters(set: string): string {
  return intersection(HOST_CHARACTERS, set);
}

/**
 * The origin characters that the source of a single character, class or escape matches. Upper-case letters count as
 * lower-case ones, because browsers send origins in lower case.
 *
 * @returns the set, and whether it has a letter that the source matches in upper case only
 */
export function charactersOf(source: string, flags: string): { readonly set: string; readonly upperCase: boolean } {
  if (/^[a-z0-9]$/.test(source)) {
    return { set: source, upperCase: false };
  }
  const expression = new RegExp(`^(?:${source})$`, flags);
  const matched = [...ORIGIN_CHARACTERS].filter((one) => expression.test(one) || expression.test(one.toUpperCase()));
  return { set: matched.join(''), upperCase: matched.some((one) => !expression.test(one)) };
}

/** A set as the source of a character class. */
export function classSource(set: string): string {
  if (set === DIGITS) {
    return '\\d';
  }
  if (set.length === 1) {
    return escapeSource(set);
  }
  const ranges = set.replace('abcdefghijklmnopqrstuvwxyz', 'a-z').replace(DIGITS, '0-9');
  const [, named = '', others = ''] = /^((?:a-z)?(?:0-9)?)(.*)$/.exec(ranges) ?? [];
  // At the end a hyphen is a character, elsewhere it makes a range.
  const plain = others.replace('-', '').replace(/[/[\]]/g, '\\$&');
  return `[${named}${plain}${others.includes('-') ? '-' : ''}]`;
}

/** The source of an expression that matches exactly a text. */
export function escapeSource(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}
