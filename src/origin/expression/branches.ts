import { classSource, union } from './character-set.js';

const MOST_BRANCHES = 1024;
const LONGEST_BRANCH = 1000;
const MOST_UNROLLED = 4;

/** A part of a branch: characters out of a set, between `least` and `most` of them. */
export interface Part {
  readonly kind: 'part';
  readonly set: string;
  readonly least: number;
  readonly most: number;
  /** The source of a repeated group, instead of the set. */
  readonly unit?: string | undefined;
  /** Whether every text out of the set matches. Otherwise the set is only an upper bound. */
  readonly full: boolean;
  /** Whether it is one unescaped dot. */
  readonly dot: boolean;
  /** Whether it names a letter in upper case only. */
  readonly upperCase: boolean;
}

/** A part, or a position: `^`, `$`, `\b`; `assertion` stands for lookarounds and `\B`, which no pattern can say. */
export type BranchItem = Part | { readonly kind: 'start' | 'end' | 'boundary' | 'assertion' };

/** One way through an expression, without choices. */
export type Branch = readonly BranchItem[];

/** Every way through an expression; `undefined` where there are too many. */
export type Branches = readonly Branch[] | undefined;

export function part(set: string, least: number, most: number, more: Partial<Part> = {}): Part {
  return { kind: 'part', set, least, most, full: true, dot: false, upperCase: false, ...more };
}

/** One branch of alternatives after another. */
export function sequenceOf(items: readonly Branches[]): Branches {
  let branches: BranchItem[][] = [[]];
  for (const item of items) {
    if (item === undefined || branches.length * item.length > MOST_BRANCHES) {
      return undefined;
    }
    const [only] = item;
    if (item.length === 1 && only !== undefined) {
      // In place: copying every branch for every character would be quadratic.
      for (const branch of branches) {
        branch.push(...only);
      }
    } else {
      branches = branches.flatMap((start) => item.map((end) => [...start, ...end]));
    }
    if (branches.some(({ length }) => length > LONGEST_BRANCH)) {
      return undefined;
    }
  }
  return branches;
}

/** The branches of all alternatives. Alternatives of one character each become one set. */
export function choiceOf(options: readonly Branches[]): Branches {
  const characters = options.map(characterOf).filter(isPlain);
  if (options.length > 1 && characters.length === options.length) {
    return [[part(union(...characters.map(({ set }) => set)), 1, 1, { upperCase: characters.some(isUpperCase) })]];
  }
  const branches: Branch[] = [];
  for (const option of options) {
    if (option === undefined || branches.length + option.length > MOST_BRANCHES) {
      return undefined;
    }
    branches.push(...option);
  }
  return branches;
}

/** An item between `least` and `most` times. */
export function repetitionOf(item: Branches, least: number, most: number): Branches {
  const character = characterOf(item);
  if (character !== undefined) {
    return [[{ ...character, least, most, dot: character.dot && least === 1 && most === 1 }]];
  }
  if (item === undefined) {
    return undefined;
  }
  if (most <= MOST_UNROLLED) {
    const counts = Array.from({ length: most - least + 1 }, (_, index) => least + index);
    return choiceOf(counts.map((count) => sequenceOf(Array.from({ length: count }, () => item))));
  }
  const looped = loopOf(
    item.map((branch) => branch.filter((one) => one.kind === 'part')),
    least,
  );
  // An assertion holds in each round, not for all rounds together.
  if (item.some((branch) => branch.some(({ kind }) => kind !== 'part'))) {
    return [[{ kind: 'assertion' }, ...looped]];
  }
  return least === 0 && looped.length > 1 ? [[], looped] : [looped];
}

/** The single character that an item is. */
function characterOf(item: Branches): Part | undefined {
  const one = item?.length === 1 && item[0]?.length === 1 ? item[0][0] : undefined;
  return one?.kind === 'part' && one.least === 1 && one.most === 1 ? one : undefined;
}

/** Whether a part is known and no unescaped dot. */
function isPlain(one: Part | undefined): one is Part {
  return one?.dot === false;
}

/** A group that is repeated often, as parts that are not groups. */
function loopOf(bodies: readonly (readonly Part[])[], least: number): Branch {
  const [first, second, ...others] = bodies[0] ?? [];
  if (bodies.length === 1 && first !== undefined && second !== undefined && others.length === 0) {
    // No label of an origin is empty, so that `(?:[a-z]+\.)+` and `[a-z.]+\.` match the same.
    if (isDot(second)) {
      return [labels(first, least), second];
    }
    if (isDot(first)) {
      return [first, labels(second, least)];
    }
    if (isSeparated(first, second) || isSeparated(second, first)) {
      return [loopPart([first, second], least, `(?:${partSource(first)}${partSource(second)})`)];
    }
  }
  return [loopPart(bodies.flat(), least)];
}

function labels(label: Part, least: number): Part {
  const full = label.full && label.least <= 1 && label.most === Number.POSITIVE_INFINITY && least <= 1;
  return part(union(label.set, '.'), 1, Number.POSITIVE_INFINITY, { full, upperCase: label.upperCase });
}

function loopPart(parts: readonly Part[], least: number, unit?: string): Part {
  const upperCase = parts.some(isUpperCase);
  const set = union(...parts.map((one) => one.set));
  return part(set, Math.min(least, 1), Number.POSITIVE_INFINITY, { full: false, upperCase, unit });
}

function isUpperCase({ upperCase }: Part): boolean {
  return upperCase;
}

/** Whether a part is one dot, escaped or not. */
function isDot(one: Part): boolean {
  return one.least === 1 && one.most === 1 && (one.set === '.' || one.dot);
}

/** Whether one character separates texts that do not contain it. */
function isSeparated(separator: Part, text: Part): boolean {
  const single = separator.least === 1 && separator.most === 1 && separator.set.length === 1;
  return single && !text.set.includes(separator.set) && text.unit === undefined;
}

/** Every text that parts spell; `undefined` where there are more than `limit`. */
export function textsOf(parts: readonly Part[], limit: number): readonly string[] | undefined {
  let texts = [''];
  for (const { set, unit, least, most } of parts) {
    if (unit !== undefined || most > limit || texts.length * set.length ** most > limit) {
      return undefined;
    }
    let ends = [''];
    const all = least === 0 ? [''] : [];
    for (let length = 1; length <= most; length++) {
      ends = ends.flatMap((end) => [...set].map((character) => end + character));
      if (length >= least) {
        all.push(...ends);
      }
    }
    texts = texts.flatMap((text) => all.map((end) => text + end));
  }
  return texts;
}

/** The source of a part, at least once. */
export function partSource({ set, unit, least, most }: Part): string {
  return `${unit ?? classSource(set)}${quantifier(Math.max(least, 1), most)}`;
}

function quantifier(least: number, most: number): string {
  if (most === Number.POSITIVE_INFINITY) {
    return least === 1 ? '+' : `{${least},}`;
  }
  if (least === most) {
    return least === 1 ? '' : `{${least}}`;
  }
  return `{${least},${most}}`;
}
