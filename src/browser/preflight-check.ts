import { lowerCaseName } from '../policy/header-names.js';
import { isSafelistedMethod } from '../policy/methods.js';
import { checkAccess } from './access-check.js';
import { type PreflightCheck, WEBKIT_HEADERS } from './engines.js';
import { type Failure, failure, type Names } from './failure.js';
import { type HttpResponse, type TokenList, tokenList } from './http-response.js';
import type { PageRequest } from './page-request.js';
import type { Preflight } from './preflight.js';
import { redirectTarget } from './redirect.js';

const REDIRECT: Names = ['PreflightDisallowedRedirect', 'CORSExternalRedirectNotAllowed', 'preflight-status'];
const STATUS: Names = ['PreflightInvalidStatus', 'CORSPreflightDidNotSucceed', 'preflight-status'];
const METHODS_UNREADABLE: Names = [
  'InvalidAllowMethodsPreflightResponse',
  'CORSInvalidAllowMethod',
  'header-unreadable',
];
const HEADERS_UNREADABLE: Names = [
  'InvalidAllowHeadersPreflightResponse',
  'CORSInvalidAllowHeader',
  'header-unreadable',
];
const METHOD: Names = ['MethodDisallowedByPreflightResponse', 'CORSMethodNotFound', 'method-not-allowed'];
const HEADERS: Names = [
  'HeaderDisallowedByPreflightResponse',
  'CORSMissingAllowHeaderFromPreflight',
  'header-not-allowed',
];

/**
 * Every check that the answer to a preflight fails.
 * @see https://fetch.spec.whatwg.org/#cors-preflight-fetch
 */
export function checkPreflight(request: PageRequest, preflight: Preflight, response: HttpResponse): Failure[] {
  const methods = tokenList(response, 'access-control-allow-methods');
  const headers = tokenList(response, 'access-control-allow-headers');
  return [
    checkPreflightAccess(request, response),
    checkStatus(response),
    unreadable(methods, 'methods-readable', METHODS_UNREADABLE, 'Access-Control-Allow-Methods'),
    unreadable(headers, 'headers-readable', HEADERS_UNREADABLE, 'Access-Control-Allow-Headers'),
    methods.unreadable === undefined ? checkMethod(request, preflight, methods.tokens) : undefined,
    headers.unreadable === undefined ? checkHeaders(request, preflight, response) : undefined,
  ].filter((failed) => failed !== undefined);
}

/**
 * The names that need permission and that a response does not allow: in lower case, sorted. A list that cannot be read
 * allows none.
 */
export function refusedHeaders(request: PageRequest, preflight: Preflight, response: HttpResponse): readonly string[] {
  const { tokens, unreadable } = tokenList(response, 'access-control-allow-headers');
  if (unreadable !== undefined) {
    return preflight.headers;
  }
  if (!request.credentials && tokens.includes('*')) {
    return [];
  }
  const allowed = new Set(tokens.map(lowerCaseName));
  return preflight.headers.filter((name) => !allowed.has(name));
}

/** Whether only `*` allows `authorization`. Browsers accept that, and the standard forbids it. */
export function isAuthorizationUnderWildcard(preflight: Preflight, response: HttpResponse): boolean {
  const { tokens } = tokenList(response, 'access-control-allow-headers');
  return (
    preflight.headers.includes('authorization') &&
    tokens.includes('*') &&
    !tokens.some((token) => lowerCaseName(token) === 'authorization')
  );
}

/** Chromium has names of its own for the CORS check of a preflight. */
function checkPreflightAccess(request: PageRequest, response: HttpResponse): Failure | undefined {
  const failed = checkAccess(request, response);
  return (
    failed &&
    Object.freeze({
      ...failed,
      chromium: Object.freeze({ ...failed.chromium, name: `Preflight${failed.chromium.name}` }),
    })
  );
}

function checkStatus(response: HttpResponse): Failure | undefined {
  const { status } = response;
  if (redirectTarget(response) !== undefined) {
    return failure('redirect', REDIRECT, { webkit: String(status) });
  }
  const parameters = { firefox: String(status), webkit: String(status) };
  return status >= 200 && status <= 299 ? undefined : failure('status', STATUS, parameters);
}

function unreadable(list: TokenList, check: PreflightCheck, names: Names, header: string): Failure | undefined {
  const element = list.unreadable;
  return element === undefined ? undefined : failure(check, names, { firefox: element, webkit: header });
}

function checkMethod(
  { credentials }: PageRequest,
  { method }: Preflight,
  listed: readonly string[],
): Failure | undefined {
  const allowed = isSafelistedMethod(method) || listed.includes(method) || (!credentials && listed.includes('*'));
  return allowed ? undefined : failure('method', METHOD, { chromium: method, webkit: method });
}

function checkHeaders(request: PageRequest, preflight: Preflight, response: HttpResponse): Failure | undefined {
  const refused = refusedHeaders(request, preflight, response);
  const [first] = refused;
  if (first === undefined) {
    return undefined;
  }
  // Firefox goes through the headers by alphabet. Chromium's order is that of a hash table.
  return failure('headers', HEADERS, { chromium: first, firefox: first, webkit: webkitHeader(request, refused) });
}

/** WebKit goes through the headers in the order of the page: first those that it knows, then the others. */
function webkitHeader({ headers }: PageRequest, refused: readonly string[]): string | undefined {
  const names = new Set(refused);
  const written = headers.map(({ name }) => name).filter((name) => names.has(lowerCaseName(name)));
  const known = written.map((name) => WEBKIT_HEADERS.find((one) => lowerCaseName(one) === lowerCaseName(name)));
  return known.find((name) => name !== undefined) ?? written[0];
}
