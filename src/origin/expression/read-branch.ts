import { hasOpaqueHost } from '../grammar/schemes.js';
import { type Branch, type Part, part, textsOf } from './branches.js';
import { ORIGIN_CHARACTERS } from './character-set.js';

/** How the origins of a branch differ from what it matches. */
export type BranchNote =
  /** It names no scheme. */
  | 'no-scheme'
  /** It does not begin with `^`, or begins with a part for anything. */
  | 'open-start'
  /** It does not end with `$`, or ends with a part for anything. */
  | 'open-end'
  /** Something must follow the host: it ends with a part for one or more of anything. */
  | 'needs-more'
  /** It matches no origin: a path must follow, or text without a scheme begins it. */
  | 'unmatched'
  /** It has an unescaped dot, which is read as a dot. */
  | 'dot'
  /** The colon before the port is optional by itself: `:?\d*`. */
  | 'optional-colon'
  /** It names something that origins never have, such as upper case. */
  | 'not-sent'
  /** It has a lookaround, or upper case that matters. The parts do not say it. */
  | 'assertion';

/** A branch, split as an origin is. */
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
  const authority = withoutOpenEnd(withoutPath(afterScheme, notes), notes);
  const colon = portColon(authority);
  const host = colon === -1 ? authority : authority.slice(0, colon);
  const port = colon === -1 ? undefined : authority.slice(colon + 1);
  if (authority[colon]?.least === 0) {
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
  let parts: Part[] = [ANYTHING];
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
      parts = [];
      started = true;
    } else if (item.kind === 'end') {
      ended = true;
    } else {
      // Hosts and ports begin and end with letters or digits, as `\b` at either end of the expression says.
      const isEdge = item.kind === 'boundary' && (index === 0 || index === branch.length - 1);
      notes.add(isEdge ? 'not-sent' : 'assertion');
    }
  }
  if (!started) {
    notes.add('open-start');
  }
  return ended ? parts : [...parts, ANYTHING];
}

function readScheme(
  parts: readonly Part[],
  notes: Set<BranchNote>,
): readonly [schemes: readonly string[], rest: readonly Part[]] {
  const colon = parts.findIndex((one, index) => isLiteral(one, ':') && hasSlashes(parts, index + 1));
  if (colon !== -1) {
    const before = withoutOpenStart(parts.slice(0, colon));
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
  const rest = withoutOpenStart(parts);
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
  return [[], hasSlashes(rest, 0) ? rest.slice(2) : parts];
}

function hasSlashes(parts: readonly Part[], index: number): boolean {
  return isLiteral(parts[index], '/') && isLiteral(parts[index + 1], '/');
}

function withoutOpenStart(parts: readonly Part[]): readonly Part[] {
  const first = parts.findIndex((one) => !isWild(one));
  return first === -1 ? [] : parts.slice(first);
}

/** The parts before the slash that ends the host and the port. */
function withoutPath(parts: readonly Part[], notes: Set<BranchNote>): readonly Part[] {
  const slash = parts.findIndex(({ set }) => set === '/');
  if (slash === -1) {
    return parts;
  }
  // The text after an optional slash says nothing about origins. An origin never has a slash there.
  if (parts.slice(slash).some(({ least }) => least > 0)) {
    notes.add('unmatched');
  }
  return parts.slice(0, slash);
}

function withoutOpenEnd(parts: readonly Part[], notes: Set<BranchNote>): readonly Part[] {
  const end = parts.map(isOpen).lastIndexOf(false) + 1;
  for (const one of parts.slice(Math.max(end, 1))) {
    notes.add(one.least > 0 ? 'needs-more' : 'open-end');
  }
  const [first] = parts;
  if (end === 0 && first !== undefined) {
    // Every host: its end and the port belong to the first part.
    notes.delete('needs-more');
    return [{ ...first, least: 1 }];
  }
  const rest = parts.slice(0, end);
  const last = rest[end - 1];
  // `localhost*` is a pattern of file names: as an expression the star repeats the t.
  const isFilePattern =
    last !== undefined && /^[a-z\d]$/.test(last.set) && last.least <= 1 && last.most > 1 && last.unit === undefined;
  if (!isFilePattern) {
    return rest;
  }
  notes.add('open-end');
  return [...rest.slice(0, -1), { ...last, least: 1, most: 1 }];
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
function isOpen(one: Part): boolean {
  return one.most > 8 && /[.:]/.test(one.set) && /[a-z0-9]/.test(one.set);
}
