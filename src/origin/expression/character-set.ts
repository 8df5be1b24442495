/**
 * The characters that an origin consists of, in the order in which every set keeps them. A set is a text of some of
 * them, each once.
 */
export const ORIGIN_CHARACTERS = 'abcdefghijklmnopqrstuvwxyz0123456789-_.:/[]';
export const DIGITS = '0123456789';

const STAR_CHARACTERS = 'abcdefghijklmnopqrstuvwxyz0123456789-';
const HOST_CHARACTERS = `${STAR_CHARACTERS}_.`;

/** The union of sets. */
export function union(...sets: readonly string[]): string {
  return [...ORIGIN_CHARACTERS].filter((character) => sets.some((set) => set.includes(character))).join('');
}

/** The characters of a set that a host name can have. */
export function hostCharacters(set: string): string {
  return [...HOST_CHARACTERS].filter((character) => set.includes(character)).join('');
}

/** Whether a set has every character that the star of a pattern matches. */
export function coversStar(set: string): boolean {
  return [...STAR_CHARACTERS].every((character) => set.includes(character));
}

/** Whether a set has every digit. */
export function coversDigits(set: string): boolean {
  return [...DIGITS].every((digit) => set.includes(digit));
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
  const lower = [...ORIGIN_CHARACTERS].filter((character) => expression.test(character));
  const set = [...ORIGIN_CHARACTERS].filter(
    (character) => lower.includes(character) || expression.test(character.toUpperCase()),
  );
  return { set: set.join(''), upperCase: set.length > lower.length };
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
  // A hyphen at the end is a character, elsewhere it makes a range.
  const plain = others.replace('-', '').replace(/[/[\]]/g, '\\$&');
  return `[${named}${plain}${others.includes('-') ? '-' : ''}]`;
}

/** A text as the source of an expression that matches just this text. */
export function escapeSource(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}
