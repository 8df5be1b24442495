import { type CallbackStyle, isCallee } from './callback-style.js';
import { beginsStatement, type FunctionSource, splitByCommas, type TokenRange, textAt } from './function-source.js';
import type { SourceToken } from './source-tokens.js';

/** Remedies do not show longer functions, in characters. */
const LONGEST_SHOWN = 400;

/** Tokens and the text that replaces them. */
interface Replacement extends TokenRange {
  readonly text: string;
}

/**
 * Rewrites a function so that it returns its answer instead of passing it to a callback.
 *
 * @returns an arrow function on one line. `undefined` if the source does not show every answer, for example because the
 * callback is passed on, or called by another function inside. Also `undefined` for a long function.
 */
export function rewriteCallback({ source, name, calls }: CallbackStyle): string | undefined {
  const { tokens, parameters, body, isAsync, isBlock } = source;
  const [first, second, ...others] = parameters;
  if (first === undefined || second === undefined || others.length > 0) {
    return undefined;
  }
  const isSimple = tokens[first.start]?.kind === 'word' && first.end === first.start + 1;
  const mentions = tokens.slice(body.start, body.end).filter(({ text }) => text === name);
  const isRewritable =
    isSimple &&
    mentions.length === calls.length &&
    calls.every(({ plain, nested }) => plain && !nested) &&
    !tokens.some(({ text }) => /^(?:this|arguments|super|yield|switch)$/.test(text));
  const origin = textAt(source, first.start);
  const replacements = isRewritable ? replaceCalls(source, calls, origin) : undefined;
  if (replacements === undefined) {
    return undefined;
  }
  const written = write(source, body, replacements);
  const answer = isBlock ? /^return ([^;{}]*);?$/.exec(written)?.[1] : written;
  const text = `${isAsync ? 'async ' : ''}(${origin}) => ${answer ?? `{ ${written} }`}`;
  return text.length <= LONGEST_SHOWN && /^[ -~]*$/.test(text) ? text : undefined;
}

function replaceCalls(
  source: FunctionSource,
  calls: CallbackStyle['calls'],
  origin: string,
): readonly Replacement[] | undefined {
  const replacements: Replacement[] = [];
  /** Statements such as `ok ? callback(null, true) : callback(error)`, with the number of calls in each. */
  const choices = new Map<number, number>();
  for (const call of calls) {
    const close = source.closings.get(call.open) ?? call.open;
    const end = close + 1;
    const start = /^(?:void|await)$/.test(textAt(source, call.start - 1)) ? call.start - 1 : call.start;
    const answer = readAnswer(source, { start: call.open + 1, end: close }, origin);
    const place = placeOf(source, start, end);
    if (answer === undefined || place === undefined) {
      return undefined;
    }
    if (place === 'statement') {
      replacements.push({ start, end: endOfReturn(source, end), text: `return ${answer}` });
      continue;
    }
    replacements.push({ start, end, text: answer });
    if (place !== 'returned') {
      choices.set(place, (choices.get(place) ?? 0) + 1);
    }
  }
  for (const [start, count] of choices) {
    if (countChoices(source, start) !== count - 1) {
      return undefined;
    }
    replacements.push({ start, end: start + 1, text: `return ${textAt(source, start)}` });
  }
  return replacements;
}

/** The end of a `return` that follows a call, because the call becomes a `return` itself. Otherwise the end of the call. */
function endOfReturn(source: FunctionSource, end: number): number {
  const next = textAt(source, end) === ';' ? end + 1 : end;
  return textAt(source, next) === 'return' && /^[;}]$/.test(textAt(source, next + 1)) ? next + 1 : end;
}

/**
 * The position of a call: a statement, part of what is returned, or part of a choice that is a statement. For a choice
 * it is the index of that statement.
 *
 * @returns `undefined` if the result of the call is used in another way
 */
function placeOf(source: FunctionSource, start: number, end: number): 'statement' | 'returned' | number | undefined {
  const { tokens, openings, body, isBlock } = source;
  const next = textAt(source, end);
  const isWhole = end >= body.end || /^[;}]$/.test(next) || beginsStatement(source, end);
  if (!isWhole && !/^[:)]$/.test(next)) {
    return undefined;
  }
  if (isBlock && isWhole && isStatement(source, start)) {
    return 'statement';
  }
  const before = textAt(source, start - 1);
  if (start > body.start && !/^(?:return|[?:(]|&&)$/.test(before)) {
    return undefined;
  }
  for (let index = start; index >= body.start; index--) {
    const opening = index < start ? openings.get(index) : undefined;
    index = opening ?? index;
    const text = textAt(source, index);
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
  if (index === source.body.start || beginsStatement(source, index)) {
    return true;
  }
  const before = textAt(source, index - 1);
  return before === ')'
    ? textAt(source, (source.openings.get(index - 1) ?? 0) - 1) === 'if'
    : /^(?:[;{}]|else)$/.test(before);
}

/** The number of choices in a statement: `a ? b : c` has one. */
function countChoices(source: FunctionSource, start: number): number {
  let choices = 0;
  for (let index = start; index < source.body.end && !/^[;}]$/.test(textAt(source, index)); index++) {
    choices += textAt(source, index) === '?' ? 1 : 0;
  }
  return choices;
}

/** The value to return instead of passing arguments to a callback. */
function readAnswer(source: FunctionSource, range: TokenRange, origin: string): string | undefined {
  const [error = '', allowed, ...others] = splitByCommas(source, range).map((argument) => write(source, argument));
  if (others.length > 0) {
    return undefined;
  }
  // Other libraries deny without a second argument, and with an error.
  if (allowed === undefined || /^new [\w$]+\(/.test(error)) {
    return 'false';
  }
  if (/^(?:null|undefined|void 0|false|0|''|"")$/.test(error)) {
    return toBoolean(allowed, origin);
  }
  return /^[\w$]+$/.test(error) ? `!${error} && ${toBoolean(allowed, origin)}` : undefined;
}

/** Code that is `true` where other libraries allow the origin. They also accept a text or a list of origins. */
function toBoolean(allowed: string, origin: string): string {
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
    /\.(?:includes|test|some|every|has|startsWith|endsWith)\((?:[^()]|\([^()]*\))*\)$/.test(allowed) ||
    /^[\w$.()[\]' -]+ ?(?:[=!]==?|[<>]=?) ?-?[\w$.'"]+$/.test(allowed);
  // Any other expression may be a text, which is true for every origin.
  return isBoolean ? allowed : `[true, ${origin}].includes(${allowed})`;
}

/** Tokens as source on one line, without comments. */
function write(source: FunctionSource, { start, end }: TokenRange, replacements: readonly Replacement[] = []): string {
  let text = '';
  for (let index = start; index < end; ) {
    const token = source.tokens[index] as SourceToken;
    const replacement = replacements.find((candidate) => candidate.start === index);
    if (index > start) {
      const endsStatement = beginsStatement(source, index) && !/^[};]$/.test(textAt(source, index - 1));
      text += (endsStatement ? ';' : '') + (token.spaced ? ' ' : '');
    }
    text += replacement?.text ?? token.text;
    index = replacement?.end ?? index + 1;
  }
  return text;
}
