import { lowerCaseName } from '../policy/header-names.js';
import { isToken } from '../policy/http-token.js';

/** One line of a response's head. Two lines of one name are not the same as one line with a comma. */
export interface HeaderLine {
  readonly name: string;
  readonly value: string;
}

/** A response as it arrives over the wire. */
export interface HttpResponse {
  readonly status: number;
  readonly headers: readonly HeaderLine[];
}

/** The connection was refused or reset, so no response arrived. */
export type ConnectionFailed = 'connection-failed';

/**
 * The values of a header, one for each line.
 * @param name in lower case
 */
export function headerLines(response: HttpResponse, name: string): readonly string[] {
  return response.headers.filter((line) => lowerCaseName(line.name) === name).map(({ value }) => trimBlanks(value));
}

/**
 * The value of a header, several lines joined; `undefined` without the header.
 * @param name in lower case
 * @see https://fetch.spec.whatwg.org/#concept-header-list-get
 */
export function headerValue(response: HttpResponse, name: string): string | undefined {
  const lines = headerLines(response, name);
  return lines.length === 0 ? undefined : lines.join(', ');
}

/** The elements of a list header. */
export interface TokenList {
  /** Without empty elements. */
  readonly tokens: readonly string[];
  /** The first element that is not a token. Then browsers ignore the whole list. */
  readonly unreadable: string | undefined;
}

/**
 * Reads a list of tokens. Without the header it is empty.
 * @param name in lower case
 * @see https://fetch.spec.whatwg.org/#extract-header-list-values
 */
export function tokenList(response: HttpResponse, name: string): TokenList {
  const tokens = splitList(headerValue(response, name) ?? '').filter((element) => element !== '');
  return { tokens, unreadable: tokens.find((token) => !isToken(token)) };
}

/** The elements of a list, without white space around them. */
export function splitList(value: string): string[] {
  return value.split(',').map(trimBlanks);
}

/** Removes HTTP white space at both ends, in one pass: an expression would be quadratic on long runs of spaces. */
export function trimBlanks(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && isBlank(text.charCodeAt(start))) {
    start++;
  }
  while (end > start && isBlank(text.charCodeAt(end - 1))) {
    end--;
  }
  return text.slice(start, end);
}

/** A space, a tab, or the end of a line. */
function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09 || code === 0x0a || code === 0x0d;
}
