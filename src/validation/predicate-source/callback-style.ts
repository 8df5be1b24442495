import { after, type FunctionSource, readFunctionSource, type TokenRange, textAt } from './function-source.js';
import { bindsName, findNestedFunctions, type NestedFunction } from './nested-functions.js';
import type { SourceToken } from './source-tokens.js';

/** A call of the function's second parameter. */
export interface CallbackCall {
  /** The index of the first token. */
  readonly start: number;
  /** The index of the bracket before the arguments. */
  readonly open: number;
  /** Whether the parameter is called by its name: `callback(...)`, and not `callback.call(...)`. */
  readonly plain: boolean;
  /** Whether another function inside calls it. */
  readonly nested: boolean;
}

/** A function that answers through its second parameter. */
export interface CallbackStyle {
  readonly source: FunctionSource;
  /** The called expression: `callback`, or `arguments[1]`. */
  readonly name: string;
  /** At least one. */
  readonly calls: readonly CallbackCall[];
}

/** A name of the second parameter. */
interface Callback {
  readonly name: string;
  /** The index of the parameter in a list of that name. */
  readonly element?: number;
}

/**
 * Whether the source of a function calls its second parameter, like the callback of other CORS libraries. Does not
 * count a call of its methods, passing it on, or a call of something else with the same name.
 *
 * @param text the result of `Function.prototype.toString`
 */
export function readCallbackStyle(text: string): CallbackStyle | undefined {
  const source = readFunctionSource(text);
  if (source === undefined) {
    return undefined;
  }
  const nested = findNestedFunctions(source);
  for (const callback of findCallbacks(source)) {
    const calls = findCalls(source, nested, callback);
    if (calls.length > 0) {
      const { name, element } = callback;
      return { source, name: element === undefined ? name : `${name}[${element}]`, calls };
    }
  }
  return undefined;
}

/** Whether brackets after a token are the arguments of a call. */
export function isCallee(token: SourceToken | undefined): boolean {
  if (token?.kind === 'word') {
    return !/^(?:return|await|void|else|typeof)$/.test(token.text);
  }
  return token?.kind === 'sign' && /^[)\]]$/.test(token.text);
}

/** All ways to name the second parameter: by its own name, `arguments`, and rest parameters. */
function findCallbacks(source: FunctionSource): readonly Callback[] {
  const { tokens, parameters, isArrow } = source;
  const [first, second] = parameters;
  const callbacks: Callback[] = [];
  const isNamed = second && (second.end === second.start + 1 || textAt(source, second.start + 1) === '=');
  if (isNamed && tokens[second.start]?.kind === 'word') {
    callbacks.push({ name: textAt(source, second.start) });
  }
  if (!isArrow) {
    callbacks.push({ name: 'arguments', element: 1 });
  }
  for (const [range, element] of [
    [first, 1],
    [second, 0],
  ] as const) {
    if (range && textAt(source, range.start) === '...' && tokens[range.start + 1]?.kind === 'word') {
      callbacks.push({ name: textAt(source, range.start + 1), element });
    }
  }
  return callbacks;
}

function findCalls(
  source: FunctionSource,
  nested: readonly NestedFunction[],
  { name, element }: Callback,
): readonly CallbackCall[] {
  const { parameters, body } = source;
  const shadows = findShadows(source, nested, name);
  const calls: CallbackCall[] = [];
  // The default of a later parameter can also call it.
  const from = element === undefined ? (parameters[1]?.start ?? body.start) + 1 : body.start;
  for (let start = from; start < body.end; start++) {
    if (textAt(source, start) !== name || shadows.some((shadow) => contains(shadow, start))) {
      continue;
    }
    const call = readCall(source, start, element);
    if (call !== undefined) {
      calls.push({ ...call, nested: nested.some((inner) => inner.kind !== 'catch' && contains(inner, start)) });
    }
  }
  return calls;
}

function readCall(
  source: FunctionSource,
  start: number,
  element: number | undefined,
): Omit<CallbackCall, 'nested'> | undefined {
  const { tokens, closings } = source;
  const text = (index: number) => textAt(source, index);
  let next = start + 1;
  if (element !== undefined) {
    if (text(next) !== '[' || text(next + 1) !== String(element) || text(next + 2) !== ']') {
      return undefined;
    }
    next += 3;
  }
  if (/^(?:\.|\?\.|function|new)$/.test(text(start - 1))) {
    return undefined;
  }
  let first = start;
  if (text(start - 1) === '(' && text(next) === ')' && !isCallee(tokens[start - 2])) {
    first--;
    next++;
  }
  if (text(next) === '(') {
    // `name() {` is a method with that name.
    const isMethod = text((closings.get(next) ?? next) + 1) === '{';
    return isMethod ? undefined : { start: first, open: next, plain: true };
  }
  if (!/^\??\.$/.test(text(next))) {
    return undefined;
  }
  if (text(next + 1) === '(') {
    return { start: first, open: next + 1, plain: true };
  }
  const isCalled = /^(?:call|apply|bind)$/.test(text(next + 1)) && text(next + 2) === '(';
  return isCalled ? { start: first, open: next + 2, plain: false } : undefined;
}

/** Where the name means something else: functions with such a parameter, and blocks with such a variable. */
function findShadows(source: FunctionSource, nested: readonly NestedFunction[], name: string): readonly TokenRange[] {
  const { closings, body } = source;
  const shadows: TokenRange[] = nested.filter(({ parameters, kind }) =>
    name === 'arguments' ? kind === 'function' : bindsName(source, parameters, name),
  );
  for (let index = body.start; index < body.end; index++) {
    const isDeclaration = /^(?:let|const|var|class|function)$/.test(textAt(source, index));
    const declared = { start: index + 1, end: closings.get(index + 1) ?? index + 2 };
    if (isDeclaration && bindsName(source, declared, name)) {
      shadows.push(enclosingBlock(source, index));
    }
  }
  return shadows;
}

/** The block around a declaration. For a declaration in the head of a loop, the loop. */
function enclosingBlock(source: FunctionSource, at: number): TokenRange {
  const { closings, body } = source;
  let block: TokenRange = { start: body.start - 1, end: body.end };
  for (const [start, end] of closings) {
    if (start < at && at < end && start > block.start) {
      block = { start, end };
    }
  }
  if (textAt(source, block.start) !== '(') {
    return block;
  }
  let end = closings.get(block.end + 1) ?? block.end;
  while (textAt(source, block.end + 1) !== '{' && end < body.end && textAt(source, end) !== ';') {
    end = after(source, end);
  }
  return { start: block.start, end };
}

function contains({ start, end }: TokenRange, index: number): boolean {
  return index >= start && index < end;
}
