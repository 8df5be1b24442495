/**
 * What a browser does with a request of a page, in the slow and obvious way of the Fetch standard. Shares no code with
 * the library.
 */
import {
  type CheckedResponse,
  combined,
  corsCheck,
  tokenList,
} from '../../../../support/explanations/fetch-standard.js';
import type { DrawnRequest, JudgedRequest, Reading } from '../library-case.js';
import type { Engine } from './engines.js';

const SAFELISTED_METHODS = ['GET', 'HEAD', 'POST'];
const SAFELISTED_TYPES = ['application/x-www-form-urlencoded', 'multipart/form-data', 'text/plain'];
const UNSAFE_BYTE = /["():<>?@[\\\]{}\u007f]|[^\t\u0020-\u007e]/;

/** https://fetch.spec.whatwg.org/#cors-safelisted-response-header-name */
const SAFELISTED_RESPONSE_HEADERS = [
  'cache-control',
  'content-language',
  'content-length',
  'content-type',
  'expires',
  'last-modified',
  'pragma',
];

/** https://fetch.spec.whatwg.org/#forbidden-response-header-name */
const FORBIDDEN_RESPONSE_HEADERS = ['set-cookie', 'set-cookie2'];

/** https://fetch.spec.whatwg.org/#cors-safelisted-request-header */
function isSafelisted(name: string, value: string): boolean {
  if (value.length > 128) {
    return false;
  }
  switch (name) {
    case 'accept':
      return !UNSAFE_BYTE.test(value);
    case 'accept-language':
    case 'content-language':
      return /^[0-9A-Za-z *,\-.;=]*$/.test(value);
    case 'content-type':
      return !UNSAFE_BYTE.test(value) && SAFELISTED_TYPES.includes(value.replace(/;.*/, '').trim().toLowerCase());
    default:
      return false;
  }
}

/**
 * The headers that are sent. A `no-cors` request loses those that would need a preflight, and a body without a type is
 * text.
 */
export function headersSent({ headers, mode, body }: DrawnRequest): Readonly<Record<string, string>> {
  const entries = Object.entries(headers).filter(([name, value]) => mode === 'cors' || isSafelisted(name, value));
  return { ...(body !== undefined && { 'content-type': 'text/plain;charset=UTF-8' }), ...Object.fromEntries(entries) };
}

/**
 * The header names that a preflight requests, in its order.
 * @see https://fetch.spec.whatwg.org/#cors-unsafe-request-header-names
 */
export function unsafeNames({ headers }: DrawnRequest): string[] {
  return Object.entries(headers)
    .filter(([name, value]) => !isSafelisted(name, value))
    .map(([name]) => name)
    .sort();
}

/** Whether a cross-origin request needs a preflight. */
export function needsPreflight(request: DrawnRequest): boolean {
  return request.mode === 'cors' && (!SAFELISTED_METHODS.includes(request.method) || unsafeNames(request).length > 0);
}

/**
 * The Origin header of the actual request.
 * @see https://fetch.spec.whatwg.org/#append-a-request-origin-header
 */
export function originSent(
  { origin, apiOrigin, request: { mode, method } }: JudgedRequest,
  { sendsOriginToLoopback }: Engine,
): string | undefined {
  if (mode === 'cors' && origin !== apiOrigin) {
    return origin;
  }
  if (method === 'GET' || method === 'HEAD') {
    return undefined;
  }
  // The default referrer policy hides the origin of a secure page from a plain server.
  return isDowngrade(origin, apiOrigin) && !sendsOriginToLoopback ? 'null' : origin;
}

export function isDowngrade(origin: string, apiOrigin: string): boolean {
  return origin.startsWith('https:') && apiOrigin.startsWith('http:');
}

/** What a page reads of the response to its request. */
export function readingOf(
  response: CheckedResponse & Pick<Reading, 'body'>,
  { origin, apiOrigin, request }: JudgedRequest,
): Reading | 'blocked' | 'opaque' {
  if (origin === apiOrigin) {
    return visibleParts(response, () => true);
  }
  if (request.mode === 'no-cors') {
    return 'opaque';
  }
  const credentials = request.credentials === 'include';
  if (!corsCheck(response, { origin, credentials })) {
    return 'blocked';
  }
  // https://fetch.spec.whatwg.org/#ref-for-concept-response-cors-exposed-header-name-list
  const exposed = (tokenList(response, 'access-control-expose-headers') ?? []).map((name) => name.toLowerCase());
  const isStar = !credentials && exposed.includes('*');
  return visibleParts(
    response,
    (name) => isStar || exposed.includes(name) || SAFELISTED_RESPONSE_HEADERS.includes(name),
  );
}

function visibleParts(
  response: CheckedResponse & Pick<Reading, 'body'>,
  isVisible: (name: string) => boolean,
): Reading {
  const names = new Set(response.headerLines.map(([name]) => name.toLowerCase()));
  const visible = [...names].filter((name) => isVisible(name) && !FORBIDDEN_RESPONSE_HEADERS.includes(name)).sort();
  return {
    status: response.status,
    body: response.body,
    headers: comparableHeaders(visible.map((name) => [name, combined(response, name) ?? ''])),
  };
}

/** Headers without the time, with lists in one order. `Vary` is for caches, and tells a page nothing. */
export function comparableHeaders(entries: readonly (readonly [string, string])[]): Record<string, string> {
  return Object.fromEntries(
    entries
      .filter(([name]) => name !== 'vary')
      .map(([name, value]) => {
        const isList = name === 'access-control-expose-headers';
        return [name, name === 'date' ? '' : isList ? value.split(',').sort().join() : value];
      }),
  );
}
