import { classSource, union } from './character-set.js';
import type { ExpressionNode } from './parse-expression.js';

const MOST_BRANCHES = 1024;
const LONGEST_BRANCH = 1000;
const MOST_UNROLLED = 4;

/** A part of a branch: characters out of a set, between `least` and `most` of them. */
export interface Part {
  readonly kind: 'part';
  readonly set: string;
  readonly least: number;
  readonly most: number;
  /** The source of what is repeated; `undefined` for the set. */
  readonly unit: string | undefined;
  /** Whether every text out of the set matches. Otherwise the set is only an upper bound. */
  readonly full: boolean;
  /** Whether it is one unescaped dot. */
  readonly dot: boolean;
  readonly upperCase: boolean;
}

/** A part, or a position. */
export type BranchItem = Part | { readonly kind: 'start' | 'end' | 'boundary' | 'assertion' };

/** One way through an expression, without choices. */
export type Branch = readonly BranchItem[];

/** A part of characters out of a set. */
export function part(set: string, least: number, most: number, more: Partial<Part> = {}): Part {
  return {
    kind: 'part',
    set,
    least,
    most,
    unit: undefined,
    full: true,
    dot: false,
    upperCase: false,
    ...more,
  };
}

/**
 * Every way through an expression.
 *
 * @returns `undefined` where there are too many
 */
export function expandExpression(node: ExpressionNode): readonly Branch[] | undefined {
  switch (node.kind) {
    case 'character':
      return [[part(node.set, 1, 1, { dot: node.dot, upperCase: node.upperCase })]];
    case 'sequence':
      return product(node.items.map(expandExpression));
    case 'choice':
      return limited(node.options.map(expandExpression));
    case 'repeat':
      return expandRepeat(node.item, node.least, node.most);
    default:
      return [[{ kind: node.kind }]];
  }
}

function expandRepeat(item: ExpressionNode, least: number, most: number): readonly Branch[] | undefined {
  if (item.kind === 'character') {
    const dot = item.dot && least === 1 && most === 1;
    return [[part(item.set, least, most, { dot, upperCase: item.upperCase })]];
  }
  const once = expandExpression(item);
  if (once === undefined) {
    return undefined;
  }
  if (most > MOST_UNROLLED) {
    const bodies = once.map((branch) => branch.filter((one) => one.kind === 'part'));
    const looped = loop(bodies, least);
    // An assertion holds in each round, not for all rounds together.
    if (once.some((branch) => branch.some(({ kind }) => kind !== 'part'))) {
      return [[{ kind: 'assertion' }, ...looped]];
    }
    return least === 0 && looped.length > 1 ? [[], looped] : [looped];
  }
  const counts: (readonly Branch[] | undefined)[] = [];
  for (let count = least; count <= most; count++) {
    counts.push(product(Array.from({ length: count }, () => once)));
  }
  return limited(counts);
}

/** A group that is repeated often, as parts that are not groups. */
function loop(bodies: readonly (readonly Part[])[], least: number): Branch {
  const [first, second, ...others] = bodies[0] ?? [];
  if (bodies.length === 1 && first !== undefined && second !== undefined && others.length === 0) {
    // In an origin no label is empty, so that `(?:[a-z]+\.)+` and `[a-z.]+\.` match the same.
    if (isDot(second)) {
      return [labels(first, least), second];
    }
    if (isDot(first)) {
      return [first, labels(second, least)];
    }
    const separated = isSeparated(first, second) || isSeparated(second, first);
    if (separated) {
      const unit = `(?:${partSource(first)}${partSource(second)})`;
      return [loopPart([first, second], least, unit)];
    }
  }
  return [loopPart(bodies.flat(), least)];
}

function labels(label: Part, least: number): Part {
  const full = label.full && label.least <= 1 && label.most === Number.POSITIVE_INFINITY && least <= 1;
  return part(union(label.set, '.'), 1, Number.POSITIVE_INFINITY, { full, upperCase: label.upperCase });
}

function loopPart(parts: readonly Part[], least: number, unit?: string): Part {
  return part(union(...parts.map(({ set }) => set)), Math.min(least, 1), Number.POSITIVE_INFINITY, {
    full: false,
    upperCase: parts.some(({ upperCase }) => upperCase),
    unit,
  });
}

/** Every text that parts spell, or `undefined` if there are more than `limit`. */
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

/** Whether a part is one dot, escaped or not. */
function isDot(one: Part): boolean {
  return one.least === 1 && one.most === 1 && (one.set === '.' || one.dot);
}

/** Whether one character separates texts that do not contain it. */
function isSeparated(separator: Part, text: Part): boolean {
  const single = separator.least === 1 && separator.most === 1 && separator.set.length === 1;
  return single && !text.set.includes(separator.set) && text.unit === undefined;
}

/** The source of a part that has at least one character. */
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

function product(lists: readonly (readonly Branch[] | undefined)[]): readonly Branch[] | undefined {
  let branches: BranchItem[][] = [[]];
  for (const list of lists) {
    if (list === undefined || branches.length * list.length > MOST_BRANCHES) {
      return undefined;
    }
    const [only] = list;
    if (list.length === 1 && only !== undefined) {
      // In place: copying every branch for every character would be quadratic.
      for (const branch of branches) {
        branch.push(...only);
      }
    } else {
      branches = branches.flatMap((start) => list.map((end) => [...start, ...end]));
    }
    if (branches.some(({ length }) => length > LONGEST_BRANCH)) {
      return undefined;
    }
  }
  return branches;
}

function limited(lists: readonly (readonly Branch[] | undefined)[]): readonly Branch[] | undefined {
  const branches: Branch[] = [];
  for (const list of lists) {
    if (list === undefined || branches.length + list.length > MOST_BRANCHES) {
      return undefined;
    }
    branches.push(...list);
  }
  return branches;
}
