import { type FunctionSource, readFunctionSource, type TokenRange } from './function-source.js';
import { bindsName, findNestedFunctions, type NestedFunction } from './nested-functions.js';

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
  /** What is called: `callback`, or `arguments[1]`. */
  readonly name: string;
  /** At least one. */
  readonly calls: readonly CallbackCall[];
}

/**
 * Whether the source of a function calls its second parameter, as the callback of other CORS libraries. Calling a method
 * of it, handing it on, or calling something else of the same name does not count. Native and bound functions have no
 * source.
 *
 * @param text what `Function.prototype.toString` says
 */
export function readCallbackStyle(text: string): CallbackStyle | undefined {
  const source = readFunctionSource(text);
  if (source === undefined) {
    return undefined;
  }
  const nested = findNestedFunctions(source);
  const [first, second] = source.parameters;
  const named = second && parameterName(source, second);
  const candidates = [
    named === undefined ? undefined : { name: named, element: undefined },
    source.isArrow ? undefined : { name: 'arguments', element: 1 },
    restParameter(source, first, 1),
    restParameter(source, second, 0),
  ];
  for (const candidate of candidates) {
    if (candidate === undefined) {
      continue;
    }
    const { name, element } = candidate;
    const calls = findCalls(source, nested, name, element);
    if (calls.length > 0) {
      return { source, name: element === undefined ? name : `${name}[${element}]`, calls };
    }
  }
  return undefined;
}

function parameterName({ tokens }: FunctionSource, { start, end }: TokenRange): string | undefined {
  const name = tokens[start];
  return name?.kind === 'word' && (end === start + 1 || tokens[start + 1]?.text === '=') ? name.text : undefined;
}

function restParameter({ tokens }: FunctionSource, range: TokenRange | undefined, element: number) {
  const name = range && tokens[range.start]?.text === '...' ? tokens[range.start + 1] : undefined;
  return name?.kind === 'word' ? { name: name.text, element } : undefined;
}

function findCalls(
  source: FunctionSource,
  nested: readonly NestedFunction[],
  name: string,
  element: number | undefined,
): readonly CallbackCall[] {
  const { tokens, body, parameters } = source;
  // The defaults of later parameters can call it too.
  const from = element === undefined ? (parameters[1]?.start ?? body.start) + 1 : body.start;
  const shadows = findShadows(source, nested, name);
  const calls: CallbackCall[] = [];
  for (let start = from; start < body.end; start++) {
    if (tokens[start]?.text !== name || shadows.some((shadow) => start >= shadow.start && start < shadow.end)) {
      continue;
    }
    const isElement = element === undefined || isIndex(source, start + 1, element);
    const call = isElement ? readCall(source, start, element === undefined ? start + 1 : start + 4) : undefined;
    if (call !== undefined) {
      calls.push({
        ...call,
        nested: nested.some((inner) => inner.isFunction && start >= inner.start && start < inner.end),
      });
    }
  }
  return calls;
}

function isIndex({ tokens }: FunctionSource, open: number, element: number): boolean {
  return tokens[open]?.text === '[' && tokens[open + 1]?.text === String(element) && tokens[open + 2]?.text === ']';
}

/** @param after the index of the token after the name */
function readCall(source: FunctionSource, start: number, after: number): Omit<CallbackCall, 'nested'> | undefined {
  const { tokens, closings } = source;
  const before = tokens[start - 1];
  if (before !== undefined && /^(?:\.|\?\.|function|new)$/.test(before.text)) {
    return undefined;
  }
  const isParenthesized = before?.text === '(' && tokens[after]?.text === ')' && !isCallee(tokens[start - 2]);
  const rest = isParenthesized ? after + 1 : after;
  const first = isParenthesized ? start - 1 : start;
  if (tokens[rest]?.text === '(') {
    // `name() {` is a method of that name.
    const isMethod = tokens[(closings.get(rest) ?? rest) + 1]?.text === '{';
    return isMethod ? undefined : { start: first, open: rest, plain: true };
  }
  if (tokens[rest]?.text !== '.' && tokens[rest]?.text !== '?.') {
    return undefined;
  }
  if (tokens[rest + 1]?.text === '(') {
    return { start: first, open: rest + 1, plain: true };
  }
  const isMethodOfFunctions = /^(?:call|apply|bind)$/.test(tokens[rest + 1]?.text ?? '');
  return isMethodOfFunctions && tokens[rest + 2]?.text === '('
    ? { start: first, open: rest + 2, plain: false }
    : undefined;
}

/** Whether brackets after a token are the arguments of a call. */
export function isCallee(token: FunctionSource['tokens'][number] | undefined): boolean {
  if (token === undefined) {
    return false;
  }
  if (token.kind === 'word') {
    return !/^(?:return|await|void|else|typeof)$/.test(token.text);
  }
  return token.kind === 'sign' && /^[)\]]$/.test(token.text);
}

/** Where the name means something else: functions with such a parameter, and blocks with such a variable. */
function findShadows(source: FunctionSource, nested: readonly NestedFunction[], name: string): readonly TokenRange[] {
  const { tokens, closings, body } = source;
  const shadows: TokenRange[] = nested.filter(({ parameters, hasArguments }) =>
    name === 'arguments' ? hasArguments : bindsName(source, parameters, name),
  );
  for (let index = body.start; index < body.end; index++) {
    if (!/^(?:let|const|var|class|function)$/.test(tokens[index]?.text ?? '')) {
      continue;
    }
    const pattern = closings.get(index + 1);
    const declared = { start: index + 1, end: pattern ?? index + 2 };
    if (bindsName(source, declared, name)) {
      shadows.push(enclosingBlock(source, index));
    }
  }
  return shadows;
}

/** The block around a declaration; of a loop's head the loop. */
function enclosingBlock({ tokens, closings, body }: FunctionSource, at: number): TokenRange {
  let block: TokenRange = { start: body.start - 1, end: body.end };
  for (const [open, close] of closings) {
    if (open < at && at < close && open > block.start) {
      block = { start: open, end: close };
    }
  }
  if (tokens[block.start]?.text !== '(') {
    return block;
  }
  let end = closings.get(block.end + 1) ?? block.end;
  while (tokens[block.end + 1]?.text !== '{' && end < body.end && tokens[end]?.text !== ';') {
    end = (closings.get(end) ?? end) + 1;
  }
  return { start: block.start, end };
}
