import { isRegExp } from '../../origin/is-regexp.js';
import { escapePattern, escapeText, quoteName } from './source-text.js';

/** How much of a value a message shows, in characters. */
const LONGEST_QUOTE = 120;
/** How many entries of a list or an object are read: more than fit into a message. */
const MOST_ENTRIES = 12;
/** How many levels of objects are shown. */
const DEEPEST = 2;

/**
 * A value as messages show it: like source text, on one line, in printable ASCII, cut at 120 characters. Calls no
 * getter and no other code of the user, so it cannot throw or change anything.
 */
export function quoteValue(value: unknown): string {
  let text: string;
  try {
    text = quote(value, 0);
  } catch {
    text = 'an unreadable value'; // for example a revoked proxy
  }
  return text.length <= LONGEST_QUOTE ? text : `${text.slice(0, LONGEST_QUOTE - 3)}...`;
}

/** A thrown value as {@link quoteValue} shows it. For an error it is the message. */
export function quoteThrown(thrown: unknown): string {
  try {
    return quoteValue(thrown instanceof Error ? thrown.message : thrown);
  } catch {
    return 'something unreadable';
  }
}

function quote(value: unknown, depth: number): string {
  switch (typeof value) {
    case 'string':
      // Cut first, so that a megabyte is not escaped.
      return `'${escapeText(value.slice(0, LONGEST_QUOTE))}${value.length > LONGEST_QUOTE ? '...' : ''}'`;
    case 'bigint':
      return `${value.toString().slice(0, LONGEST_QUOTE)}n`;
    case 'symbol':
      return `Symbol(${escapeText((value.description ?? '').slice(0, LONGEST_QUOTE))})`;
    case 'function':
      return quoteFunction(value);
    case 'object':
      return value === null ? 'null' : quoteObject(value, depth);
    default:
      return Object.is(value, -0) ? '-0' : String(value);
  }
}

function quoteFunction(value: object): string {
  const kind = /^class\b/.test(Function.prototype.toString.call(value)) ? 'class' : 'function';
  const name = ownName(value);
  return name === undefined ? `a ${kind}` : `${kind} ${name}`;
}

function quoteObject(value: object, depth: number): string {
  if (isRegExp(value)) {
    return escapePattern(RegExp.prototype.toString.call(value));
  }
  if (depth >= DEEPEST) {
    return Array.isArray(value) ? '[...]' : '{...}';
  }
  if (Array.isArray(value)) {
    const { length } = value;
    const entries = Array.from({ length: Math.min(length, MOST_ENTRIES) }, (_, index) =>
      quoteProperty(value, String(index), depth),
    );
    return `[${entries.join(', ')}${length > MOST_ENTRIES ? ', ...' : ''}]`;
  }
  const className = classNameOf(value);
  if (className !== undefined) {
    return `an instance of ${className}`;
  }
  const names = Object.keys(value);
  const entries = names
    .slice(0, MOST_ENTRIES)
    .map((name) => `${quoteName(name)}: ${quoteProperty(value, name, depth)}`);
  return entries.length === 0 ? '{}' : `{ ${entries.join(', ')}${names.length > MOST_ENTRIES ? ', ...' : ''} }`;
}

function quoteProperty(value: object, name: string, depth: number): string {
  const descriptor = Object.getOwnPropertyDescriptor(value, name);
  if (descriptor === undefined) {
    return 'undefined';
  }
  return 'value' in descriptor ? quote(descriptor.value, depth + 1) : 'a getter';
}

/** The name of an object's class; `undefined` for plain objects. */
export function classNameOf(value: object): string | undefined {
  const prototype: unknown = Object.getPrototypeOf(value);
  const maker: unknown = prototype && Object.getOwnPropertyDescriptor(prototype, 'constructor')?.value;
  const name = typeof maker === 'function' ? ownName(maker) : undefined;
  return name === 'Object' ? undefined : name;
}

function ownName(value: object): string | undefined {
  const name: unknown = Object.getOwnPropertyDescriptor(value, 'name')?.value;
  return typeof name === 'string' && name !== '' ? escapeText(name.slice(0, LONGEST_QUOTE)) : undefined;
}
