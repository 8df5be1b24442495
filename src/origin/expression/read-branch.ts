import { hasOpaqueHost } from '../grammar/schemes.js';
import { ORIGIN_CHARACTERS } from './character-set.js';
import { type Branch, type Part, part, textsOf } from './expand-expression.js';

/** How the origins are narrower than the expression, or why it cannot match an origin. */
export type BranchNote =
  /** It names no scheme. */
  | 'no-scheme'
  /** It does not begin with `^`, or begins with a part for anything. */
  | 'open-start'
  /** It does not end with `$`, or ends with a part for anything. */
  | 'open-end'
  /** More must follow after the host: it ends with a part for one or more of anything. */
  | 'needs-more'
  /** It cannot match an origin as it is: a path must follow, or no scheme precedes. */
  | 'unmatched'
  /** An unescaped dot was read as a dot. */
  | 'dot'
  /** The colon before the port is optional by itself: `:?\d*`. */
  | 'optional-colon'
  /** It spells something that origins never have, such as upper case. */
  | 'not-sent'
  /** It has a lookaround or upper case that matters, which the parts do not say. */
  | 'assertion';

/** One branch of an expression, split as an origin is. */
export interface BranchShape {
  /** Without the colon; empty where the branch names none. */
  readonly schemes: readonly string[];
  readonly host: readonly Part[];
  /** `undefined` where the branch names none. */
  readonly port: readonly Part[] | undefined;
  readonly notes: ReadonlySet<BranchNote>;
}

const MOST_SCHEMES = 8;
const ANYTHING = part(ORIGIN_CHARACTERS, 0, Number.POSITIVE_INFINITY);
const SEPARATOR = ['/', '/'];

/**
 * Splits a branch into scheme, host and port.
 *
 * @returns `undefined` for a branch that cannot match an origin
 */
export function readBranch(branch: Branch): BranchShape | undefined {
  const notes = new Set<BranchNote>();
  const read = readParts(branch, notes);
  if (read === undefined) {
    return undefined;
  }
  // `/./` without `^` and `$` matches every origin.
  const parts = read.some(isWild) && read.every((one) => one.dot || isWild(one)) ? [ANYTHING] : read;
  const [schemes, afterScheme] = readScheme(parts, notes);
  const rest = afterScheme.slice(0, pathStart(afterScheme, notes));
  for (let last = rest.at(-1); last !== undefined && isOpen(last); last = rest.at(-1)) {
    rest.pop();
    if (rest.length === 0) {
      // Every host, which the port and the end of the host belong to.
      rest.push({ ...last, least: 1 });
      notes.delete('needs-more');
      break;
    }
    notes.add(last.least > 0 ? 'needs-more' : 'open-end');
  }
  const last = rest.at(-1);
  if (last !== undefined && /^[a-z\d]$/.test(last.set) && last.least <= 1 && last.most > 1 && last.unit === undefined) {
    // `localhost*` is a pattern of file names: as an expression the star repeats the t.
    notes.add('open-end');
    rest[rest.length - 1] = { ...last, least: 1, most: 1 };
  }
  const colon = portColon(rest);
  const host = colon === -1 ? rest : rest.slice(0, colon);
  const port = colon === -1 ? undefined : rest.slice(colon + 1);
  if (colon !== -1 && rest[colon]?.least === 0) {
    notes.add('optional-colon');
  }
  for (const { dot, upperCase } of [...host, ...(port ?? [])]) {
    if (dot) {
      notes.add('dot');
    }
    // An opaque host keeps its upper case, which the sets of parts do not.
    if (upperCase) {
      notes.add(schemes.some(hasOpaqueHost) ? 'assertion' : 'not-sent');
    }
  }
  return { schemes, host, port, notes };
}

/** The parts between the anchors, with a part for anything where there is none. */
function readParts(branch: Branch, notes: Set<BranchNote>): readonly Part[] | undefined {
  const parts: Part[] = [];
  let [started, ended] = [false, false];
  for (const [index, item] of branch.entries()) {
    if (item.kind === 'part') {
      if (ended && item.least > 0) {
        return undefined;
      }
      if (!ended) {
        parts.push(item);
      }
    } else if (item.kind === 'start') {
      if (parts.some(({ least }) => least > 0)) {
        return undefined;
      }
      parts.length = 0;
      started = true;
    } else if (item.kind === 'end') {
      ended = true;
    } else if (item.kind === 'assertion' || (index > 0 && index < branch.length - 1)) {
      notes.add('assertion');
    } else {
      // \b at either end of the expression: hosts and ports begin and end with letters or digits.
      notes.add('not-sent');
    }
  }
  if (!started) {
    notes.add('open-start');
  }
  return [...(started ? [] : [ANYTHING]), ...parts, ...(ended ? [] : [ANYTHING])];
}

function readScheme(
  parts: readonly Part[],
  notes: Set<BranchNote>,
): readonly [schemes: readonly string[], rest: readonly Part[]] {
  const colon = parts.findIndex((one, index) => isLiteral(one, ':') && hasSeparator(parts, index + 1));
  if (colon !== -1) {
    const before = dropOpening(parts.slice(0, colon));
    // Without `^` the end of a scheme may be all that is spelled.
    const schemes = (textsOf(before, MOST_SCHEMES) ?? []).filter(
      (text) => before.length === colon || /^https?$|^.{4}/.test(text),
    );
    if (schemes.length === 0) {
      notes.add('no-scheme');
    }
    return [schemes, parts.slice(colon + 3)];
  }
  // `^https?.*\.example\.com$`: the colon and the slashes are in the part for anything.
  const rest = dropOpening(parts);
  const open = rest.findIndex(isWild);
  const before = open === -1 ? [] : (textsOf(rest.slice(0, open), MOST_SCHEMES) ?? []);
  if (before.length > 0 && before.every((text) => /^https?$/.test(text))) {
    notes.add('open-start');
    return [before, rest.slice(open)];
  }
  notes.add('no-scheme');
  if (!isWild(parts[0])) {
    notes.add('unmatched');
  }
  return [[], hasSeparator(rest, 0) ? rest.slice(SEPARATOR.length) : parts];
}

function hasSeparator(parts: readonly Part[], index: number): boolean {
  return SEPARATOR.every((slash, offset) => isLiteral(parts[index + offset], slash));
}

function dropOpening(parts: readonly Part[]): readonly Part[] {
  const first = parts.findIndex((one) => !isWild(one));
  return first === -1 ? [] : parts.slice(first);
}

/** The index of the slash that ends the host and the port. */
function pathStart(parts: readonly Part[], notes: Set<BranchNote>): number {
  const slash = parts.findIndex(({ set }) => set === '/');
  if (slash === -1) {
    return parts.length;
  }
  // What follows an optional slash says nothing about origins; one that must be there never is.
  if (parts.slice(slash).some(({ least }) => least > 0)) {
    notes.add('unmatched');
  }
  return slash;
}

function portColon(parts: readonly Part[]): number {
  const bracket = parts.findIndex((one) => isLiteral(one, ']'));
  return parts.findIndex(({ set }, index) => index > bracket && set === ':');
}

function isLiteral(one: Part | undefined, character: string): boolean {
  return one !== undefined && one.set === character && one.least === 1 && one.most === 1;
}

/** Whether a part matches any text, the end of a host and the beginning of another part included. */
function isWild(one: Part | undefined): boolean {
  return one !== undefined && one.most === Number.POSITIVE_INFINITY && /^(?=.*\/)(?=.*:)(?=.*a)/.test(one.set);
}

/** Whether a part at the end of a branch goes on into labels or a port. */
function isOpen(one: Part | undefined): boolean {
  return one !== undefined && one.most > 8 && /[.:]/.test(one.set) && /[a-z0-9]/.test(one.set);
}
