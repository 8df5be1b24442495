/** One token of JavaScript source. Comments are not tokens. */
export interface SourceToken {
  readonly kind: 'word' | 'number' | 'text' | 'expression' | 'sign';
  readonly text: string;
  /** Whether a line break precedes it. */
  readonly onNewLine: boolean;
  /** Whether white space or a comment precedes it. */
  readonly spaced: boolean;
}

/** Source, split into tokens. Numbers are indices of tokens. */
export interface SourceTokens {
  readonly tokens: readonly SourceToken[];
  /** The closing bracket of each opening one. A template literal has brackets at `${` and `}`. */
  readonly closings: ReadonlyMap<number, number>;
  /** The opening bracket of each closing one. */
  readonly openings: ReadonlyMap<number, number>;
}

const SPACE = /^(?:\s|\/\/[^\n\r\u2028\u2029]*|\/\*[\s\S]*?\*\/)*/;
const TEMPLATE = /^[`}](?:[^`\\$]|\\[\s\S]|\$(?!\{))*(?:`|\$\{)/;
const EXPRESSION = /^\/(?:[^/\\[\n\r]|\\.|\[(?:[^\]\\\n\r]|\\.)*\])+\/[a-z]*/;
/** All other tokens, in the order in which to try them. */
const OTHERS: readonly (readonly [SourceToken['kind'], RegExp])[] = [
  ['text', /^(?:"(?:[^"\\\n\r]|\\[\s\S])*"|'(?:[^'\\\n\r]|\\[\s\S])*')/],
  ['number', /^(?:0[xob][\da-f_]+|(?:\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(?:e[+-]?\d+)?)n?/i],
  ['word', /^#?[\p{ID_Start}$_][\p{ID_Continue}$\u200c\u200d]*/u],
  ['sign', /^(?:=>|\.{3}|\?\.(?!\d)|[=!]==?|&&|\|\||\?\?|[<>]=|[^"'])/],
];

/** A slash after these words begins a regular expression. */
const BEFORE_OPERANDS = /^(?:await|case|delete|do|else|in|instanceof|new|of|return|throw|typeof|void|yield)$/;

/**
 * Splits the source of a function into tokens, in one pass. It only has to find calls in source that compiles.
 *
 * @returns `undefined` for source that it cannot follow to the end
 */
export function readSourceTokens(source: string): SourceTokens | undefined {
  const tokens: SourceToken[] = [];
  const closings = new Map<number, number>();
  const openings = new Map<number, number>();
  const open: number[] = [];
  let rest = source;
  for (;;) {
    const space = SPACE.exec(rest)?.[0] ?? '';
    rest = rest.slice(space.length);
    if (rest === '') {
      return open.length === 0 ? { tokens, closings, openings } : undefined;
    }
    const token = readToken(rest, tokens.at(-1), tokens[open.at(-1) ?? -1]);
    if (token === undefined) {
      return undefined;
    }
    const index = tokens.push({ ...token, onNewLine: /[\n\r]/.test(space), spaced: space !== '' }) - 1;
    rest = rest.slice(token.text.length);
    if (/^(?:[)\]}]$|\})/.test(token.text)) {
      const opening = open.pop();
      if (opening === undefined) {
        return undefined;
      }
      closings.set(opening, index);
      openings.set(index, opening);
    }
    if (/^[([{]$/.test(token.text) || token.text.endsWith('${')) {
      open.push(index);
    }
  }
}

function readToken(
  rest: string,
  before: SourceToken | undefined,
  opening: SourceToken | undefined,
): Pick<SourceToken, 'kind' | 'text'> | undefined {
  const candidates =
    rest.startsWith('`') || (rest.startsWith('}') && opening?.text.endsWith('${'))
      ? [['text', TEMPLATE] as const]
      : rest.startsWith('/') && beginsOperand(before)
        ? [['expression', EXPRESSION] as const]
        : OTHERS;
  for (const [kind, expression] of candidates) {
    const text = expression.exec(rest)?.[0];
    if (text !== undefined) {
      return { kind, text };
    }
  }
  return undefined;
}

/** Whether a slash after a token begins a regular expression. */
function beginsOperand(before: SourceToken | undefined): boolean {
  switch (before?.kind) {
    case 'word':
      return BEFORE_OPERANDS.test(before.text);
    case 'text':
      return before.text.endsWith('${');
    case 'number':
    case 'expression':
      return false;
    default:
      return before?.text !== ')' && before?.text !== ']';
  }
}
