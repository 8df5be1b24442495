import { type CallbackCall, type CallbackStyle, isCallee } from './callback-style.js';
import { beginsStatement, type FunctionSource, splitByCommas, type TokenRange } from './function-source.js';
import type { SourceToken } from './source-tokens.js';

/** Longer functions are not shown in a remedy, in characters. */
const LONGEST_SHOWN = 400;

/** Texts that take the place of tokens: of the first one of each range. */
interface Replacement extends TokenRange {
  readonly text: string;
}

/**
 * The same function, which returns its answer instead of handing it to a callback.
 *
 * @returns source of an arrow function on one line, or `undefined` where the source does not say enough: the callback is
 * handed on or called by another function inside, or the function is long
 */
export function rewriteCallback({ source, name, calls }: CallbackStyle): string | undefined {
  const { tokens, parameters, body } = source;
  const [first, second, ...others] = parameters;
  if (first === undefined || second === undefined || others.length > 0) {
    return undefined;
  }
  const origin = tokens[first.start];
  if (origin?.kind !== 'word' || first.end !== first.start + 1) {
    return undefined;
  }
  const mentions = tokens.slice(body.start, body.end).filter(({ text }) => text === name);
  if (mentions.length !== calls.length) {
    return undefined;
  }
  if (tokens.some(({ text }) => /^(?:this|arguments|super|yield|switch)$/.test(text))) {
    return undefined;
  }
  const replacements = replaceCalls(source, calls, origin.text);
  if (replacements === undefined) {
    return undefined;
  }
  const written = write(source, replacements);
  const head = `${source.isAsync ? 'async ' : ''}(${origin.text}) => `;
  const answer = /^return ([^;{}]*);?$/.exec(written)?.[1];
  const text = head + (source.isBlock && answer === undefined ? `{ ${written} }` : (answer ?? written));
  return text.length <= LONGEST_SHOWN && /^[ -_a-~]*$/.test(text) ? text : undefined;
}

function replaceCalls(
  source: FunctionSource,
  calls: readonly CallbackCall[],
  origin: string,
): readonly Replacement[] | undefined {
  const { tokens, closings } = source;
  const replacements: Replacement[] = [];
  /** Statements such as `ok ? callback(null, true) : callback(error)`, with the number of calls in each. */
  const choices = new Map<number, number>();
  for (const call of calls) {
    const close = closings.get(call.open);
    if (close === undefined || !call.plain || call.nested) {
      return undefined;
    }
    const answer = readAnswer(source, splitByCommas(tokens, closings, call.open + 1, close), origin);
    const end = close + 1;
    const start = /^(?:void|await)$/.test(tokens[call.start - 1]?.text ?? '') ? call.start - 1 : call.start;
    const place = placeOf(source, start, end);
    if (answer === undefined || place === undefined) {
      return undefined;
    }
    if (typeof place === 'number') {
      choices.set(place, (choices.get(place) ?? 0) + 1);
    }
    const isStatementCall = place === 'statement';
    replacements.push({
      start,
      end: isStatementCall ? endOfReturn(source, end) : end,
      text: isStatementCall ? `return ${answer}` : answer,
    });
  }
  for (const [start, count] of choices) {
    if (countChoices(source, start) !== count - 1) {
      return undefined;
    }
    replacements.push({ start, end: start + 1, text: `return ${tokens[start]?.text}` });
  }
  return replacements;
}

/** The end of `return` after a call that becomes a `return` itself, or of the call. */
function endOfReturn({ tokens }: FunctionSource, end: number): number {
  const next = tokens[end]?.text === ';' ? end + 1 : end;
  return tokens[next]?.text === 'return' && /^[;}]$/.test(tokens[next + 1]?.text ?? '') ? next + 1 : end;
}

/**
 * Where a call stands: as a statement, in what is returned, or in a choice that is a statement, of which it is the index.
 *
 * @returns `undefined` where something else is made of the call's result
 */
function placeOf(source: FunctionSource, start: number, end: number): 'statement' | 'returned' | number | undefined {
  const { tokens, openings, body, isBlock } = source;
  const isWhole = end >= body.end || /^[;}]$/.test(tokens[end]?.text ?? '') || beginsStatement(source, end);
  if (!isWhole && !/^[:)]$/.test(tokens[end]?.text ?? '')) {
    return undefined;
  }
  if (isBlock && isWhole && isStatement(source, start)) {
    return 'statement';
  }
  const before = tokens[start - 1]?.text ?? '';
  if (start > body.start && !/^(?:return|[?:(]|&&)$/.test(before)) {
    return undefined;
  }
  for (let index = start; index >= body.start; index--) {
    const opening = index < start ? openings.get(index) : undefined;
    index = opening ?? index;
    const text = tokens[index]?.text ?? '';
    if (text === 'return' || (index === body.start && !isBlock)) {
      return 'returned';
    }
    if (index === start) {
      continue;
    }
    if (opening === undefined && (text === '(' ? isCallee(tokens[index - 1]) : /^[;{[=]$/.test(text))) {
      return undefined;
    }
    if (isBlock && isStatement(source, index)) {
      return /^[?:]$/.test(before) ? index : undefined;
    }
  }
  return undefined;
}

/** Whether a token is the first one of a statement. */
function isStatement(source: FunctionSource, index: number): boolean {
  const { tokens, openings, body } = source;
  if (index === body.start || beginsStatement(source, index)) {
    return true;
  }
  const before = tokens[index - 1]?.text ?? '';
  if (before === ')') {
    return tokens[(openings.get(index - 1) ?? 0) - 1]?.text === 'if';
  }
  return /^(?:[;{}]|else)$/.test(before);
}

/** How often a statement chooses: `a ? b : c` does once. */
function countChoices({ tokens, body }: FunctionSource, start: number): number {
  let choices = 0;
  for (let index = start; index < body.end && !/^[;}]$/.test(tokens[index]?.text ?? ''); index++) {
    if (tokens[index]?.text === '?') {
      choices++;
    }
  }
  return choices;
}

/** The value that a predicate returns instead of passing it to a callback. */
function readAnswer(source: FunctionSource, passed: readonly TokenRange[], origin: string): string | undefined {
  const [error, allowed, ...others] = passed.map((range) => write(source, [], range));
  if (others.length > 0) {
    return undefined;
  }
  // Without a second argument, and with an error, other libraries deny.
  if (allowed === undefined || /^new [\w$]+\(/.test(error ?? '')) {
    return 'false';
  }
  const isNoError = /^(?:null|undefined|void 0|false|0|''|"")$/.test(error ?? '');
  if (!isNoError) {
    return /^[\w$]+$/.test(error ?? '') ? `!${error} && ${toBoolean(allowed, origin)}` : undefined;
  }
  return toBoolean(allowed, origin);
}

function toBoolean(allowed: string, origin: string): string {
  // Other libraries take a text or a list for the origins, too.
  if (/^(?:true|!0|'\*'|"\*")$/.test(allowed) || allowed === origin) {
    return 'true';
  }
  if (/^(?:false|!1|null|undefined|void 0)$/.test(allowed)) {
    return 'false';
  }
  if (/^(?:'[^']*'|"[^"]*")$/.test(allowed)) {
    return `${origin} === ${allowed}`;
  }
  if (/^\[.*\]$/.test(allowed)) {
    return `${allowed}.includes(${origin})`;
  }
  const isBoolean =
    /^!(?![^()]*[&|?])/.test(allowed) ||
    /\.(?:includes|test|some|every|has|startsWith|endsWith)\([^()]*\)$/.test(allowed) ||
    /^[\w$.()[\]' -]+ ?(?:[=!]==?|[<>]=?) ?-?[\w$.'"]+$/.test(allowed);
  // It may be a text, which is true for every origin.
  return isBoolean ? allowed : `[true, ${origin}].includes(${allowed})`;
}

/** Tokens as source on one line, without comments. */
function write(source: FunctionSource, replacements: readonly Replacement[], range: TokenRange = source.body): string {
  const { tokens } = source;
  let text = '';
  let index = range.start;
  while (index < range.end) {
    const token = tokens[index] as SourceToken;
    const replacement = replacements.find(({ start }) => start === index);
    if (index > range.start) {
      if (beginsStatement(source, index) && !/^[};]$/.test(tokens[index - 1]?.text ?? '')) {
        text += ';';
      }
      if (token.spaced) {
        text += ' ';
      }
    }
    text += replacement?.text ?? token.text;
    index = replacement?.end ?? index + 1;
  }
  return text;
}
