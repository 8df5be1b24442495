/** Longer names are cut, in characters. */
const LONGEST_NAME = 120;

const ESCAPES: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t', '\\': '\\\\', "'": "\\'" };

/** Code in a remedy that is not a plain value, such as a function. */
export class SourceCode {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/**
 * A valid option value as source text for a remedy. It is never cut, so that users can paste it. It has no backticks,
 * because remedies put code between backticks.
 *
 * @param value a string, number, boolean, {@link SourceCode} or a list of them
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

/** Escapes a text for a single-quoted literal: quotes, backslashes, and everything that is not printable ASCII. */
export function escapeText(text: string): string {
  return escapePattern(text.replace(/[\n\r\t\\']/g, (character) => ESCAPES[character] ?? ''));
}

/** Escapes what is not printable ASCII in the source of a regular expression, which keeps its own backslashes. */
export function escapePattern(source: string): string {
  return source.replace(/[^ -~]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** A property name as source text. */
export function quoteName(name: string): string {
  return isIdentifier(name) ? name : `'${escapeText(name.slice(0, LONGEST_NAME))}'`;
}

/** A property of an object as source text: `resolver.timeout`, `resolver['time out']`. */
export function quoteMember(owner: string, name: string): string {
  return isIdentifier(name) ? `${owner}.${name}` : `${owner}[${quoteName(name)}]`;
}

function isIdentifier(name: string): boolean {
  return /^[A-Za-z_$][\w$]{0,63}$/.test(name);
}
