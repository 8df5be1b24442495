import { readSourceTokens, type SourceTokens } from './source-tokens.js';

/** Longer sources are not read, in characters. */
const LONGEST_SOURCE = 100_000;

/** A statement cannot end after these words. */
const CONTINUED_WORDS =
  /^(?:async|await|case|class|const|delete|do|else|extends|function|in|instanceof|let|new|of|throw|try|typeof|var|void)$/;

/** Tokens from `start` up to `end`, which is not included. */
export interface TokenRange {
  readonly start: number;
  readonly end: number;
}

/** The source of one function, split into its parts. */
export interface FunctionSource extends SourceTokens {
  readonly isAsync: boolean;
  readonly isArrow: boolean;
  readonly parameters: readonly TokenRange[];
  /** Without its braces. */
  readonly body: TokenRange;
  /** Whether the body is a block. Otherwise it is the expression of an arrow function. */
  readonly isBlock: boolean;
}

/**
 * Reads the source of a function: an arrow function, a `function` or a method.
 *
 * @returns `undefined` for classes, native and bound functions, and source that it cannot follow
 */
export function readFunctionSource(text: string): FunctionSource | undefined {
  const source = text.length > LONGEST_SOURCE ? undefined : readSourceTokens(text);
  if (source === undefined || textAt(source, 0) === 'class') {
    return undefined;
  }
  const { tokens, closings } = source;
  const isAsync = textAt(source, 0) === 'async' && textAt(source, 1) !== '=>';
  const first = isAsync ? 1 : 0;
  if (tokens[first]?.kind === 'word' && textAt(source, first + 1) === '=>') {
    const parameters = [{ start: first, end: first + 1 }];
    return { ...source, isAsync, isArrow: true, parameters, ...readBody(source, first + 2) };
  }
  let open = 0;
  while (open < tokens.length && textAt(source, open) !== '(') {
    open = after(source, open);
  }
  const close = closings.get(open);
  if (close === undefined) {
    return undefined;
  }
  const isArrow = textAt(source, close + 1) === '=>';
  const { body, isBlock } = readBody(source, close + (isArrow ? 2 : 1));
  const isNative = textAt(source, body.start) === '[' && textAt(source, body.start + 1) === 'native';
  if ((!isArrow && !isBlock) || isNative) {
    return undefined;
  }
  const parameters = splitByCommas(source, { start: open + 1, end: close });
  return { ...source, isAsync, isArrow, parameters, body, isBlock };
}

/** The text of a token, empty where there is none. */
export function textAt({ tokens }: SourceTokens, index: number): string {
  return tokens[index]?.text ?? '';
}

/** The index after a token, or after the closing bracket if the token opens one. */
export function after({ closings }: SourceTokens, index: number): number {
  return (closings.get(index) ?? index) + 1;
}

/** Splits tokens at the commas outside brackets. */
export function splitByCommas(source: SourceTokens, { start, end }: TokenRange): readonly TokenRange[] {
  const ranges: TokenRange[] = [];
  let from = start;
  for (let index = start; index < end; index = after(source, index)) {
    if (textAt(source, index) === ',') {
      ranges.push({ start: from, end: index });
      from = index + 1;
    }
  }
  return from < end ? [...ranges, { start: from, end }] : ranges;
}

/** Whether a token at the start of a line begins a statement, so that the one before ends without a semicolon. */
export function beginsStatement(source: SourceTokens, index: number): boolean {
  const token = source.tokens[index];
  const before = source.tokens[index - 1];
  if (before === undefined || !token?.onNewLine || token.text.startsWith('}')) {
    return false;
  }
  if (token.kind === 'sign' ? !/^[!~]$/.test(token.text) : /^(?:in|instanceof|of)$/.test(token.text)) {
    return false;
  }
  if (before.kind === 'word') {
    return !CONTINUED_WORDS.test(before.text);
  }
  if (before.text === ')') {
    return !/^(?:if|for|while|with)$/.test(textAt(source, (source.openings.get(index - 1) ?? 0) - 1));
  }
  return before.kind === 'sign' ? /^[\]}]$/.test(before.text) : !before.text.endsWith('${');
}

function readBody(source: SourceTokens, start: number): Pick<FunctionSource, 'body' | 'isBlock'> {
  const close = textAt(source, start) === '{' ? source.closings.get(start) : undefined;
  return close === undefined
    ? { body: { start, end: source.tokens.length }, isBlock: false }
    : { body: { start: start + 1, end: close }, isBlock: true };
}
