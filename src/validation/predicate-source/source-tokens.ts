/** One token of JavaScript source. Comments are not tokens. */
export interface SourceToken {
  readonly kind: 'word' | 'number' | 'text' | 'expression' | 'sign';
  readonly text: string;
  /** Whether a line break precedes it. */
  readonly onNewLine: boolean;
  /** Whether white space or a comment precedes it. */
  readonly spaced: boolean;
}

const SPACE = /(?:\s|\/\/[^\n\r\u2028\u2029]*|\/\*[\s\S]*?\*\/)*/y;
const WORD = /#?[\p{ID_Start}$_][\p{ID_Continue}$\u200c\u200d]*/uy;
const NUMBER = /(?:0[xob][\da-f_]+|(?:\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(?:e[+-]?\d+)?)n?/iy;
const TEXT = /"(?:[^"\\\n\r]|\\[\s\S])*"|'(?:[^'\\\n\r]|\\[\s\S])*'/y;
const TEMPLATE = /[`}](?:[^`\\$]|\\[\s\S]|\$(?!\{))*(?:`|\$\{)/y;
const EXPRESSION = /\/(?:[^/\\[\n\r]|\\.|\[(?:[^\]\\\n\r]|\\.)*\])+\/[a-z]*/y;
const SIGN = /=>|\.{3}|\?\.(?!\d)|[=!]==?|&&|\|\||\?\?|[<>]=|[\s\S]/y;

/** Words after which a slash begins a regular expression. */
const BEFORE_OPERANDS: ReadonlySet<string> = new Set(
  'await case delete do else in instanceof new of return throw typeof void yield'.split(' '),
);

/**
 * Splits the source of a function into tokens, in one pass. Good enough to find calls in source that is known to compile.
 *
 * @returns `undefined` where the source could not be followed to its end
 */
export function readSourceTokens(source: string): readonly SourceToken[] | undefined {
  const tokens: SourceToken[] = [];
  /** For each open brace, whether it belongs to a template. */
  const braces: boolean[] = [];
  let index = 0;
  const scanners = new Map<RegExp, RegExp>();
  const match = (expression: RegExp): string | undefined => {
    // A copy, because the position is the state of an expression.
    const scanner = scanners.get(expression) ?? new RegExp(expression);
    scanners.set(expression, scanner);
    scanner.lastIndex = index;
    return scanner.exec(source)?.[0];
  };
  while (index < source.length) {
    const space = match(SPACE) ?? '';
    index += space.length;
    if (index >= source.length) {
      break;
    }
    const character = source.charAt(index);
    const closesTemplate = character === '}' && braces.at(-1) === true;
    let kind: SourceToken['kind'] = 'sign';
    let text: string | undefined;
    if (character === '`' || closesTemplate) {
      if (character === '}') {
        braces.pop();
      }
      kind = 'text';
      text = match(TEMPLATE);
      if (text?.endsWith('${')) {
        braces.push(true);
      }
    } else if (character === '"' || character === "'") {
      kind = 'text';
      text = match(TEXT);
    } else if (character === '/' && isOperandNext(tokens.at(-1))) {
      kind = 'expression';
      text = match(EXPRESSION);
    } else if (/[\d.]/.test(character) && /^\.?\d/.test(source.slice(index, index + 2))) {
      kind = 'number';
      text = match(NUMBER);
    } else {
      const word = match(WORD);
      kind = word === undefined ? 'sign' : 'word';
      text = word ?? match(SIGN);
      if (text === '{') {
        braces.push(false);
      }
      if (text === '}') {
        braces.pop();
      }
    }
    if (text === undefined || text === '') {
      return undefined;
    }
    tokens.push({ kind, text, onNewLine: /[\n\r]/.test(space), spaced: space !== '' });
    index += text.length;
  }
  return tokens;
}

function isOperandNext(before: SourceToken | undefined): boolean {
  if (before === undefined) {
    return true;
  }
  if (before.kind === 'word') {
    return BEFORE_OPERANDS.has(before.text);
  }
  if (before.kind === 'text') {
    return before.text.endsWith('${');
  }
  return before.kind === 'sign' && before.text !== ')' && before.text !== ']';
}
