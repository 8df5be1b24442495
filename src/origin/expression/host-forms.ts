import { hasOpaqueHost } from '../grammar/schemes.js';
import { type Part, part, textsOf } from './branches.js';
import { DIGITS, hostCharacters, includesAll, STAR_CHARACTERS } from './character-set.js';
import type { BranchShape } from './read-branch.js';

/** A family of hosts. */
export interface HostForm {
  /** The host with a star for each part that varies; `*` alone is every host. */
  readonly text: string;
  /** The parts that the stars stand for, in their order: at least one character of each. */
  readonly stars: readonly Part[];
  /** Whether a pattern with this text matches no more than the expression does. */
  readonly exact: boolean;
  /** Whether it has a dot where the expression has a part for anything, which matches more. */
  readonly narrowed: boolean;
}

type Variant = Pick<HostForm, 'text' | 'stars'>;

const MOST_VARIANTS = 64;
const MOST_SPELLED = 32;
/** Each further star multiplies the time for an origin that does not match by the length of the origin. */
const MOST_STARS = 3;
const LONGEST_LABEL = 60;
/** The rest of a label without its optional part: nothing, or a hyphen at one end. */
const EMPTY_OR_CUT_LABEL = /^$|^[.-]|[.-]$|\.[.-]|-\./;
/** Stands where a part for anything matched nothing. Between two names it was meant to be a dot at least. */
const LEFT_OUT = '\0';
const OCTET = part(DIGITS, 1, 3);

/**
 * The hosts of a branch.
 *
 * @returns `undefined` where there are too many to write down
 */
export function hostForms({ schemes, host, port, notes }: BranchShape): readonly HostForm[] | undefined {
  let variants: Variant[] = [{ text: '', stars: [] }];
  for (const one of merged(host)) {
    const ends = spelled(one);
    if (variants.length * ends.length > MOST_VARIANTS) {
      return undefined;
    }
    variants = variants.flatMap(({ text, stars }) =>
      ends.map((end) => ({ text: text + end.text, stars: [...stars, ...end.stars] })),
    );
    if (variants.some(({ stars }) => stars.length > MOST_STARS)) {
      return undefined;
    }
  }
  const isOpen = notes.has('open-end') && port === undefined;
  // Other schemes have opaque hosts, which may be anything.
  const isOpaque = schemes.length > 0 && schemes.every(hasOpaqueHost);
  const dotted = variants.filter(({ text }) => !/[a-z\d]\0[a-z\d]/.test(text));
  const narrowed = dotted.length < variants.length;
  return dotted
    .map(({ text, stars }) => ({ text: text.replaceAll(LEFT_OUT, ''), stars }))
    .map((variant) => (isOpen ? completedAddress(variant) : variant))
    .filter(({ text }) => isOpaque || !EMPTY_OR_CUT_LABEL.test(text))
    .flatMap((variant) => formsOf(variant, narrowed));
}

/** A part in a host: its texts if they are few, otherwise a star; and nothing if it is optional. */
function spelled(one: Part): readonly Variant[] {
  // A literal keeps its character, also a bracket or a colon of an IPv6 address.
  const set = one.dot ? '.' : one.set.length === 1 ? one.set : hostCharacters(one.set);
  const isAnything = one.set.includes('.') && isUnbounded(one);
  const nothing: Variant[] = one.least === 0 ? [{ text: isAnything ? LEFT_OUT : '', stars: [] }] : [];
  if (set === '') {
    return nothing;
  }
  const texts = textsOf([{ ...one, set, least: Math.max(one.least, 1) }], MOST_SPELLED);
  return texts === undefined
    ? [...nothing, { text: '*', stars: [{ ...one, set }] }]
    : [...nothing, ...texts.map((text) => ({ text, stars: [] }))];
}

/** Neighbouring parts of the same characters as one. */
function merged(parts: readonly Part[]): readonly Part[] {
  const result: Part[] = [];
  for (const one of parts) {
    const last = result.at(-1);
    const areOpen = last !== undefined && isUnbounded(last) && isUnbounded(one) && last.full && one.full;
    const wider = !areOpen ? undefined : covers(last, one) ? last : covers(one, last) ? one : undefined;
    if (last === undefined || wider === undefined) {
      result.push(one);
    } else {
      result[result.length - 1] = { ...wider, least: last.least + one.least };
    }
  }
  return result;
}

/** Whether the first of two neighbours matches all that both match together. */
function covers(one: Part, other: Part): boolean {
  const [set, otherSet] = [hostCharacters(one.set), hostCharacters(other.set)];
  return set === otherSet || (other.least === 0 && includesAll(set, otherSet));
}

function isUnbounded(one: Part): boolean {
  return one.most > MOST_SPELLED;
}

/** `192.168.` of an expression without `$` was meant as all addresses that begin so. */
function completedAddress(variant: Variant): Variant {
  if (!/^(?:\d{1,3}\.){1,3}(?:\d{1,3})?$/.test(variant.text)) {
    return variant;
  }
  const octets = variant.text.split('.').filter((octet) => octet !== '');
  const missing = 4 - octets.length;
  if (missing === 0) {
    return variant;
  }
  return { text: [...octets, ...Array(missing).fill('*')].join('.'), stars: Array(missing).fill(OCTET) };
}

/** The forms of a variant, with the dot that was meant between a part for anything and a name: `.*example\.com`. */
function formsOf({ text, stars }: Variant, narrowed: boolean): readonly HostForm[] {
  const [star, ...others] = stars;
  if (star === undefined) {
    return [{ text, stars, exact: true, narrowed }];
  }
  const [label = '', ...rest] = text.split('.');
  if (others.length > 0 || !label.includes('*')) {
    return [{ text, stars, exact: false, narrowed }];
  }
  const isWhole = star.full && star.least <= 1 && star.most >= LONGEST_LABEL && includesAll(star.set, STAR_CHARACTERS);
  const hasDots = star.set.includes('.');
  // The star of a pattern is one label or more, a part without a dot is just one.
  if (label === '*') {
    return [{ text, stars, exact: isWhole && hasDots, narrowed }];
  }
  const [before = '', after = ''] = label.split('*');
  if (!hasDots || after === '' || after.startsWith('-')) {
    return [{ text, stars, exact: isWhole, narrowed }];
  }
  const name = [after, ...rest].join('.');
  const starred: HostForm = { text: `${before}*.${name}`, stars, exact: isWhole, narrowed: true };
  return before === '' ? [starred] : [{ text: `${before}.${name}`, stars: [], exact: true, narrowed: true }, starred];
}
