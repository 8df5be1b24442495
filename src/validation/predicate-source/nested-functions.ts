import { after, beginsStatement, type FunctionSource, type TokenRange, textAt } from './function-source.js';

/** A function, a method or a `catch` inside another function, from its parameters to the end of its body. */
export interface NestedFunction extends TokenRange {
  readonly parameters: TokenRange;
  readonly kind: 'arrow' | 'function' | 'catch';
}

/** Finds every function, method and `catch` in the parameters and the body of a function. */
export function findNestedFunctions(source: FunctionSource): readonly NestedFunction[] {
  const { closings, openings, body, parameters, isArrow, isBlock } = source;
  const ownArrow = isArrow ? body.start - (isBlock ? 2 : 1) : -1;
  const found: NestedFunction[] = [];
  for (let index = (parameters[0]?.start ?? body.start) + 1; index < body.end; index++) {
    const text = textAt(source, index);
    if (text === '=>' && index !== ownArrow) {
      const start = openings.get(index - 1) ?? index - 1;
      found.push({ start, end: endOfArrow(source, index + 1), parameters: { start, end: index }, kind: 'arrow' });
    } else if (text === '(' && index >= body.start) {
      const close = closings.get(index) ?? index;
      const end = textAt(source, close + 1) === '{' ? closings.get(close + 1) : undefined;
      if (end !== undefined && isFunctionHead(source, index)) {
        const kind = textAt(source, index - 1) === 'catch' ? 'catch' : 'function';
        found.push({ start: index, end, parameters: { start: index, end: close }, kind });
      }
    }
  }
  return found;
}

/** Whether tokens contain a name that is not a property. */
export function bindsName(source: FunctionSource, { start, end }: TokenRange, name: string): boolean {
  for (let index = start; index < end; index++) {
    const isProperty = /^\??\.$/.test(textAt(source, index - 1)) || textAt(source, index + 1) === ':';
    if (textAt(source, index) === name && !isProperty) {
      return true;
    }
  }
  return false;
}

/** Whether a bracket before a block begins the parameters of a function or method, and not the head of a statement. */
function isFunctionHead(source: FunctionSource, open: number): boolean {
  const before = textAt(source, open - 1);
  if (before === 'function' || textAt(source, open - 2) === 'function') {
    return true;
  }
  return /^(?:[\w$]+|\]|\*|["'].*)$/su.test(before) && !/^(?:if|for|while|switch|with)$/.test(before);
}

function endOfArrow(source: FunctionSource, start: number): number {
  const { closings, body } = source;
  if (textAt(source, start) === '{') {
    return closings.get(start) ?? body.end;
  }
  let index = start;
  while (index < body.end && !/^[,;)\]}]$/.test(textAt(source, index))) {
    index = after(source, index);
    if (beginsStatement(source, index)) {
      return index;
    }
  }
  return Math.min(index, body.end);
}
