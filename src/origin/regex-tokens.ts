/** One element of a regular expression's source, as far as its structure goes. */
export type RegexToken =
  | { readonly kind: 'start' | 'end' | 'or' | 'close' | 'atom' }
  /** A group; plain if it only groups: no lookaround, no inline flags. */
  | { readonly kind: 'open'; readonly plain: boolean }
  | { readonly kind: 'quantifier'; readonly least: number; readonly most: number };

/**
 * The structure of a regular expression: groups, alternatives, anchors and quantifiers; everything else, escapes and
 * character classes included, is an atom. The source is known to compile, so nothing is checked here.
 */
export function readRegexTokens(regexp: RegExp): readonly RegexToken[] {
  const { source } = regexp;
  const nestedClasses = regexp.flags.includes('v');
  const bracesInEscapes = regexp.unicode || nestedClasses;
  const quantifier = /(?:[*+?]|\{(\d+)(,(\d*))?\})\??/y;
  const group = /\((?:\?(?:(:|<(?![=!])[^>]*>)|<?[=!]|[^:)]*:))?/y;
  const tokens: RegexToken[] = [];
  let index = 0;
  while (index < source.length) {
    quantifier.lastIndex = index;
    const repeated = quantifier.exec(source);
    if (repeated !== null) {
      tokens.push(readQuantifier(repeated));
      index = quantifier.lastIndex;
      continue;
    }
    group.lastIndex = index;
    const opened = group.exec(source);
    if (opened !== null) {
      tokens.push({ kind: 'open', plain: opened[0] === '(' || opened[1] !== undefined });
      index = group.lastIndex;
      continue;
    }
    const character = source.charAt(index);
    tokens.push({ kind: STRUCTURAL.get(character) ?? 'atom' });
    if (character === '\\') index = endOfEscape(source, index, bracesInEscapes);
    else if (character === '[') index = endOfClass(source, index, nestedClasses);
    else index++;
  }
  return tokens;
}

const STRUCTURAL: ReadonlyMap<string, 'start' | 'end' | 'or' | 'close'> = new Map([
  ['^', 'start'],
  ['$', 'end'],
  ['|', 'or'],
  [')', 'close'],
] as const);

function readQuantifier(match: RegExpExecArray): RegexToken {
  const [text, least, comma, most] = match;
  if (least === undefined) {
    const symbol = text.charAt(0);
    return { kind: 'quantifier', least: symbol === '+' ? 1 : 0, most: symbol === '?' ? 1 : Number.POSITIVE_INFINITY };
  }
  const atLeast = Number(least);
  if (comma === undefined) return { kind: 'quantifier', least: atLeast, most: atLeast };
  return { kind: 'quantifier', least: atLeast, most: most ? Number(most) : Number.POSITIVE_INFINITY };
}

function endOfEscape(source: string, index: number, braces: boolean): number {
  const after = index + 2;
  if (!braces || source.charAt(after) !== '{') return after;
  // \u{1f600} and \p{Letter}: the braces belong to the escape. Anywhere else they repeat it.
  return 'upP'.includes(source.charAt(index + 1)) ? source.indexOf('}', after) + 1 : after;
}

function endOfClass(source: string, start: number, nested: boolean): number {
  let depth = 0;
  let index = start;
  do {
    const character = source.charAt(index);
    if (character === '\\') index++;
    else if (character === '[' && (depth === 0 || nested)) depth++;
    else if (character === ']') depth--;
    index++;
  } while (depth > 0 && index < source.length);
  return index;
}
