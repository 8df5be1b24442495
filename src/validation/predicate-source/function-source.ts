import { readSourceTokens, type SourceToken } from './source-tokens.js';

/** Longer sources are not read, in characters. */
const LONGEST_SOURCE = 100_000;

/** Words that are never the last one of a statement. */
const WORDS_THAT_GO_ON: ReadonlySet<string> = new Set(
  'async await case class const delete do else extends function in instanceof let new of throw try typeof var void'.split(
    ' ',
  ),
);

/** Tokens from `start` up to `end`. */
export interface TokenRange {
  readonly start: number;
  readonly end: number;
}

/** The source of one function, split into its parts. Numbers are indices of tokens. */
export interface FunctionSource {
  readonly tokens: readonly SourceToken[];
  /** For each opening bracket the index of its closing one. */
  readonly closings: ReadonlyMap<number, number>;
  /** For each closing bracket the index of its opening one. */
  readonly openings: ReadonlyMap<number, number>;
  readonly isAsync: boolean;
  readonly isArrow: boolean;
  readonly parameters: readonly TokenRange[];
  /** Without its braces. */
  readonly body: TokenRange;
  /** Whether the body is a block, and not the expression of an arrow function. */
  readonly isBlock: boolean;
}

/**
 * Reads the source of a function: an arrow function, a `function` or a method.
 *
 * @returns `undefined` for classes, native and bound functions, and whatever could not be followed
 */
export function readFunctionSource(text: string): FunctionSource | undefined {
  if (text.length > LONGEST_SOURCE) {
    return undefined;
  }
  const tokens = readSourceTokens(text);
  const closings = tokens && readClosings(tokens);
  if (tokens === undefined || closings === undefined || tokens[0]?.text === 'class') {
    return undefined;
  }
  const openings = new Map([...closings].map(([open, close]) => [close, open]));
  const isAsync = tokens[0]?.text === 'async' && tokens[1]?.text !== '=>';
  const first = isAsync ? 1 : 0;
  if (tokens[first]?.kind === 'word' && tokens[first + 1]?.text === '=>') {
    const parameters = [{ start: first, end: first + 1 }];
    return { tokens, closings, openings, isAsync, isArrow: true, parameters, ...readBody(tokens, closings, first + 2) };
  }
  let open = 0;
  while (open < tokens.length && tokens[open]?.text !== '(') {
    open = (closings.get(open) ?? open) + 1;
  }
  const close = closings.get(open);
  if (close === undefined) {
    return undefined;
  }
  const isArrow = tokens[close + 1]?.text === '=>';
  const body = readBody(tokens, closings, close + (isArrow ? 2 : 1));
  if (!isArrow && !body.isBlock) {
    return undefined;
  }
  if (tokens[body.body.start]?.text === '[' && tokens[body.body.start + 1]?.text === 'native') {
    return undefined;
  }
  return {
    tokens,
    closings,
    openings,
    isAsync,
    isArrow,
    parameters: splitByCommas(tokens, closings, open + 1, close),
    ...body,
  };
}

/** Splits tokens at the commas that are in no brackets of their own. */
export function splitByCommas(
  tokens: readonly SourceToken[],
  closings: ReadonlyMap<number, number>,
  start: number,
  end: number,
): readonly TokenRange[] {
  const ranges: TokenRange[] = [];
  let from = start;
  for (let index = start; index < end; index = (closings.get(index) ?? index) + 1) {
    if (tokens[index]?.text !== ',') {
      continue;
    }
    ranges.push({ start: from, end: index });
    from = index + 1;
  }
  if (from < end) {
    ranges.push({ start: from, end });
  }
  return ranges;
}

/** Whether a statement without a semicolon ends before a token, because the token begins a line. */
export function beginsStatement({ tokens, openings }: FunctionSource, index: number): boolean {
  const token = tokens[index];
  const before = tokens[index - 1];
  if (before === undefined || !token?.onNewLine || token.text.startsWith('}')) {
    return false;
  }
  if (token.kind === 'sign' ? !/^[!~]$/.test(token.text) : /^(?:in|instanceof|of)$/.test(token.text)) {
    return false;
  }
  if (before.kind === 'word') {
    return !WORDS_THAT_GO_ON.has(before.text);
  }
  if (before.text === ')') {
    return !/^(?:if|for|while|with)$/.test(tokens[(openings.get(index - 1) ?? 0) - 1]?.text ?? '');
  }
  return before.kind === 'sign' ? /^[\]}]$/.test(before.text) : !before.text.endsWith('${');
}

function readBody(
  tokens: readonly SourceToken[],
  closings: ReadonlyMap<number, number>,
  start: number,
): Pick<FunctionSource, 'body' | 'isBlock'> {
  const close = tokens[start]?.text === '{' ? closings.get(start) : undefined;
  return close === undefined
    ? { body: { start, end: tokens.length }, isBlock: false }
    : { body: { start: start + 1, end: close }, isBlock: true };
}

function readClosings(tokens: readonly SourceToken[]): ReadonlyMap<number, number> | undefined {
  const closings = new Map<number, number>();
  const open: number[] = [];
  for (const [index, { kind, text }] of tokens.entries()) {
    const isTemplate = kind === 'text' && !/^["']/.test(text);
    if (kind === 'sign' ? /^[)\]}]$/.test(text) : isTemplate && text.startsWith('}')) {
      const opening = open.pop();
      if (opening === undefined) {
        return undefined;
      }
      closings.set(opening, index);
    }
    if (kind === 'sign' ? /^[([{]$/.test(text) : isTemplate && text.endsWith('${')) {
      open.push(index);
    }
  }
  return open.length === 0 ? closings : undefined;
}
