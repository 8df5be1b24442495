import { isRegExp } from '../../origin/is-regexp.js';

/** How much of a value a message shows, in characters. */
const LONGEST_QUOTE = 120;
/** How many entries of a list or an object are looked at; more than fit into a message anyway. */
const MOST_ENTRIES = 12;
const DEEPEST = 2;

/**
 * A value as it is shown in messages: like source text, on one line, printable ASCII only, cut at 120 characters.
 * Reads no getters and calls nothing of the user's, so that quoting a value can neither throw nor change anything.
 */
export function quoteValue(value: unknown): string {
  let text: string;
  try {
    text = quote(value, 0);
  } catch {
    // A revoked proxy, for example.
    text = 'an unreadable value';
  }
  return cut(text);
}

/** What was thrown, as {@link quoteValue} shows it: of an error its message. */
export function quoteThrown(thrown: unknown): string {
  try {
    return quoteValue(thrown instanceof Error ? thrown.message : thrown);
  } catch {
    return 'something unreadable';
  }
}

/** Escapes a text for a single-quoted literal: quotes, backslashes, and everything that is not printable ASCII. */
export function escapeText(text: string): string {
  return text.replace(/[\\']|[^ -~]/g, (character) => {
    switch (character) {
      case '\n':
        return '\\n';
      case '\r':
        return '\\r';
      case '\t':
        return '\\t';
      case '\\':
      case "'":
        return `\\${character}`;
      default:
        return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
    }
  });
}

function cut(text: string): string {
  return text.length <= LONGEST_QUOTE ? text : `${text.slice(0, LONGEST_QUOTE - 3)}...`;
}

function quote(value: unknown, depth: number): string {
  switch (typeof value) {
    case 'string':
      // Cut before escaping: a message never needs to escape a megabyte.
      return `'${escapeText(value.slice(0, LONGEST_QUOTE))}${value.length > LONGEST_QUOTE ? '...' : ''}'`;
    case 'bigint':
      return `${value.toString().slice(0, LONGEST_QUOTE)}n`;
    case 'symbol':
      return `Symbol(${escapeText((value.description ?? '').slice(0, LONGEST_QUOTE))})`;
    case 'function':
      return quoteFunction(value);
    case 'object':
      return value === null ? 'null' : quoteObject(value, depth);
    case 'number':
      return Object.is(value, -0) ? '-0' : String(value);
    default:
      return String(value);
  }
}

function quoteFunction(value: object): string {
  const kind = /^class\b/.test(Function.prototype.toString.call(value)) ? 'class' : 'function';
  const name = ownName(value);
  return name === undefined ? `a ${kind}` : `${kind} ${name}`;
}

function ownName(value: object): string | undefined {
  const name: unknown = Object.getOwnPropertyDescriptor(value, 'name')?.value;
  return typeof name === 'string' && name !== '' ? escapeText(name.slice(0, LONGEST_QUOTE)) : undefined;
}

/** The name of the class that an object is an instance of; `undefined` for plain objects. */
function className(value: object): string | undefined {
  const prototype: unknown = Object.getPrototypeOf(value);
  const maker: unknown =
    prototype === null ? undefined : Object.getOwnPropertyDescriptor(prototype, 'constructor')?.value;
  const name = typeof maker === 'function' ? ownName(maker) : undefined;
  return name === 'Object' ? undefined : name;
}

function quoteObject(value: object, depth: number): string {
  if (isRegExp(value)) {
    return escapePattern(RegExp.prototype.toString.call(value));
  }
  if (depth >= DEEPEST) {
    return Array.isArray(value) ? '[...]' : '{...}';
  }
  const entries: string[] = [];
  if (Array.isArray(value)) {
    for (let index = 0; index < Math.min(value.length, MOST_ENTRIES); index++) {
      entries.push(quoteProperty(value, String(index), depth));
    }
    return `[${entries.join(', ')}${value.length > MOST_ENTRIES ? ', ...' : ''}]`;
  }
  const instanceOf = className(value);
  if (instanceOf !== undefined) {
    return `an instance of ${instanceOf}`;
  }
  const names = Object.keys(value);
  for (const name of names.slice(0, MOST_ENTRIES)) {
    entries.push(`${quoteName(name)}: ${quoteProperty(value, name, depth)}`);
  }
  if (entries.length === 0) {
    return '{}';
  }
  return `{ ${entries.join(', ')}${names.length > MOST_ENTRIES ? ', ...' : ''} }`;
}

function quoteProperty(value: object, name: string, depth: number): string {
  const descriptor = Object.getOwnPropertyDescriptor(value, name);
  if (descriptor === undefined) {
    return 'undefined';
  }
  return 'value' in descriptor ? quote(descriptor.value, depth + 1) : 'a getter';
}

/** A property name as source text. */
export function quoteName(name: string): string {
  return /^[A-Za-z_$][\w$]{0,63}$/.test(name) ? name : `'${escapeText(name.slice(0, LONGEST_QUOTE))}'`;
}

/** A pattern's source keeps its own backslashes; only what cannot be printed is escaped. */
export function escapePattern(source: string): string {
  return source.replace(/[^ -~]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** Source text for a remedy that is not the text of a plain value, such as a function. */
export class SourceCode {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/**
 * A valid option value as source text for a remedy: never cut, so that it can be pasted, and without backticks, between
 * which remedies put their code.
 * @param value a string, number, boolean, code or a list of them
 */
export function sourceText(value: unknown): string {
  if (Array.isArray(value)) {
    return `[${value.map(sourceText).join(', ')}]`;
  }
  if (value instanceof SourceCode) {
    return value.text;
  }
  return typeof value === 'string' ? `'${escapeText(value).replaceAll('`', '\\u0060')}'` : String(value);
}
