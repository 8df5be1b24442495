import { beginsStatement, type FunctionSource, type TokenRange } from './function-source.js';

/** Words that may stand before brackets and a block without making a method of them. */
const CONTROL_WORDS: ReadonlySet<string> = new Set(['if', 'for', 'while', 'switch', 'with', 'function']);

/** A function, a method or a `catch` inside another function. */
export interface NestedFunction extends TokenRange {
  readonly parameters: TokenRange;
  /** Whether it is a function, and not a `catch`. */
  readonly isFunction: boolean;
  /** Whether it has `arguments` of its own. */
  readonly hasArguments: boolean;
}

/** Every function, method and `catch` in a function's parameters and body, from its parameters to the end of its body. */
export function findNestedFunctions(source: FunctionSource): readonly NestedFunction[] {
  const { tokens, closings, openings, body, parameters } = source;
  const found: NestedFunction[] = [];
  for (let index = (parameters[0]?.start ?? body.start) + 1; index < body.end; index++) {
    const text = tokens[index]?.text;
    if (text === '=>' && !(source.isArrow && index === arrowOf(source))) {
      const start = tokens[index - 1]?.text === ')' ? (openings.get(index - 1) ?? index) : index - 1;
      const end = endOfArrow(source, index + 1);
      found.push({ start, end, parameters: { start, end: index }, isFunction: true, hasArguments: false });
    } else if (text === '(') {
      const close = closings.get(index) ?? index;
      const end = tokens[close + 1]?.text === '{' ? closings.get(close + 1) : undefined;
      const before = tokens[index - 1];
      const named = before?.kind === 'word' ? before.text : undefined;
      const isMethod = before !== undefined && /^(?:[\w$]+|\]|\*|["'].*)$/su.test(before.text);
      const isFunction = named === 'function' || tokens[index - 2]?.text === 'function';
      if (end === undefined || index < body.start || !(isFunction || (isMethod && !CONTROL_WORDS.has(named ?? '')))) {
        continue;
      }
      const isFunctionBlock = named !== 'catch';
      const parameters = { start: index, end: close };
      found.push({ start: index, end, parameters, isFunction: isFunctionBlock, hasArguments: isFunctionBlock });
    }
  }
  return found;
}

/** Whether the parameters of a nested function bind a name. */
export function bindsName({ tokens }: FunctionSource, { start, end }: TokenRange, name: string): boolean {
  for (let index = start; index < end; index++) {
    const before = tokens[index - 1]?.text;
    if (tokens[index]?.text === name && before !== '.' && before !== '?.' && tokens[index + 1]?.text !== ':') {
      return true;
    }
  }
  return false;
}

function arrowOf({ body, isBlock }: FunctionSource): number {
  return body.start - (isBlock ? 2 : 1);
}

function endOfArrow(source: FunctionSource, start: number): number {
  const { tokens, closings, body } = source;
  if (tokens[start]?.text === '{') {
    return closings.get(start) ?? body.end;
  }
  let index = start;
  while (index < body.end) {
    if (/^[,;)\]}]$/.test(tokens[index]?.text ?? '')) {
      return index;
    }
    const next = (closings.get(index) ?? index) + 1;
    if (beginsStatement(source, next)) {
      return next;
    }
    index = next;
  }
  return body.end;
}
