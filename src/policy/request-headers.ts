import type { CompiledPolicy } from './compiled-policy.js';
import { isToken, isTokenCode } from './http-token.js';

/** A longer Access-Control-Request-Headers is refused, in bytes. */
const LONGEST_REQUEST_HEADERS = 1024;
/** More names are refused. */
const MOST_REQUEST_HEADERS = 64;
/** More empty list elements are refused. */
const MOST_EMPTY_ELEMENTS = 16;

const COMMA = 0x2c;
const SPACE = 0x20;
const TAB = 0x09;

/** The result of reading Access-Control-Request-Headers with a policy. */
type RequestHeadersOutcome =
  /** Every name is allowed: the names in lower case, each once, separated by commas. Empty for no names. */
  | string
  /** A name is not allowed. */
  | typeof NOT_ALLOWED
  /** Too long, too many names, or a byte that no header name has. */
  | typeof MALFORMED;

export const NOT_ALLOWED = 0;
export const MALFORMED = 1;

/**
 * Whether a policy allows a request header, given in lower case. Without credentials `*` does not cover
 * `authorization`, as in the standard. Browsers accept it under `*` today.
 * @see https://fetch.spec.whatwg.org/#cors-non-wildcard-request-header-name
 */
function allowsRequestHeader(policy: CompiledPolicy, name: string): boolean {
  return policy.allowedHeaders.has(name) || (policy.anyHeader && (policy.credentials || name !== 'authorization'));
}

/**
 * Reads Access-Control-Request-Headers in one bounded pass. Accepts any order and case, white space and duplicates. A
 * refusal does not allocate in proportion to the header.
 * @see https://fetch.spec.whatwg.org/#http-access-control-request-headers
 */
export function readRequestHeaders(policy: CompiledPolicy, value: string | undefined): RequestHeadersOutcome {
  if (value === undefined || value.length === 0) {
    return '';
  }
  const length = value.length;
  if (length > LONGEST_REQUEST_HEADERS) {
    return MALFORMED;
  }
  let cleaned = '';
  let names = 0;
  let emptyElements = 0;
  let position = 0;
  while (position <= length) {
    let start = position;
    let end = value.indexOf(',', position);
    if (end === -1) {
      end = length;
    }
    position = end + 1;
    while (start < end && isBlank(value.charCodeAt(start))) {
      start++;
    }
    while (end > start && isBlank(value.charCodeAt(end - 1))) {
      end--;
    }
    if (start === end) {
      if (++emptyElements > MOST_EMPTY_ELEMENTS) {
        return MALFORMED;
      }
      continue;
    }
    if (++names > MOST_REQUEST_HEADERS) {
      return MALFORMED;
    }
    for (let index = start; index < end; index++) {
      if (!isTokenCode(value.charCodeAt(index))) {
        return MALFORMED;
      }
    }
    const name = value.slice(start, end).toLowerCase();
    if (!allowsRequestHeader(policy, name)) {
      return NOT_ALLOWED;
    }
    if (cleaned === '') {
      cleaned = name;
    } else if (!listIncludes(cleaned, name)) {
      cleaned += `,${name}`;
    }
  }
  return cleaned;
}

/** The names in Access-Control-Request-Headers that a policy allows, for the response that explains a refusal. */
export function grantedRequestHeaders(policy: CompiledPolicy, value: string | undefined): readonly string[] {
  return requestedNames(value).filter((name) => allowsRequestHeader(policy, name));
}

/** The names in Access-Control-Request-Headers that a policy does not allow. */
export function missingRequestHeaders(policy: CompiledPolicy, value: string | undefined): readonly string[] {
  return requestedNames(value).filter((name) => !allowsRequestHeader(policy, name));
}

/**
 * The names in Access-Control-Request-Headers: lower case, each once, in the order of the request, at most 64. Skips
 * what is not a name. Empty if the header is too long.
 */
export function requestedNames(value = ''): readonly string[] {
  if (value.length > LONGEST_REQUEST_HEADERS) {
    return [];
  }
  const elements = value.split(',', MOST_REQUEST_HEADERS + MOST_EMPTY_ELEMENTS).map((element) => element.trim());
  const names = elements.filter(isToken).slice(0, MOST_REQUEST_HEADERS);
  return [...new Set(names.map((name) => name.toLowerCase()))];
}

function isBlank(code: number): boolean {
  return code === SPACE || code === TAB;
}

/** Whether a list, joined by commas, has an element. The list is at most {@link LONGEST_REQUEST_HEADERS} long. */
function listIncludes(list: string, element: string): boolean {
  for (let at = list.indexOf(element); at !== -1; at = list.indexOf(element, at + 1)) {
    const end = at + element.length;
    const startsElement = at === 0 || list.charCodeAt(at - 1) === COMMA;
    if (startsElement && (end === list.length || list.charCodeAt(end) === COMMA)) {
      return true;
    }
  }
  return false;
}
