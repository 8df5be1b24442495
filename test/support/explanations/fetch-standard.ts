import { headerValues, type RawResponse } from '../requests/http-message.js';

/**
 * The checks of the Fetch standard, written word by word. They share no code with the library, so both cannot have the
 * same mistake.
 */
export type CheckedResponse = Pick<RawResponse, 'status' | 'headerLines'>;

/** The origin of a page, and whether its credentials mode is `include`. */
export interface CheckedRequest {
  readonly origin: string;
  readonly credentials: boolean;
}

const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

/**
 * The values of a header as one text; `undefined` without the header.
 * @see https://fetch.spec.whatwg.org/#concept-header-list-get
 */
export function combined(response: CheckedResponse, name: string): string | undefined {
  const values = headerValues(response, name).map((value) => value.trim());
  return values.length === 0 ? undefined : values.join(', ');
}

/**
 * The tokens of a list header: `undefined` if it does not parse, empty if it is absent.
 * @see https://fetch.spec.whatwg.org/#extract-header-list-values
 */
export function tokenList(response: CheckedResponse, name: string): string[] | undefined {
  const items = (combined(response, name) ?? '')
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
  return items.every((item) => TOKEN.test(item)) ? items : undefined;
}

/** https://fetch.spec.whatwg.org/#cors-check */
export function corsCheck(response: CheckedResponse, { origin, credentials }: CheckedRequest): boolean {
  const allowed = combined(response, 'access-control-allow-origin');
  if (allowed === undefined) {
    return false;
  }
  if (!credentials && allowed === '*') {
    return true;
  }
  if (allowed !== origin) {
    return false;
  }
  return !credentials || combined(response, 'access-control-allow-credentials') === 'true';
}

/**
 * Whether a response allows the method and the header names that a preflight asks for.
 * @see https://fetch.spec.whatwg.org/#cors-preflight-fetch, step 7
 */
export function preflightPasses(
  response: CheckedResponse,
  request: CheckedRequest,
  asked: { readonly method: string; readonly headers: readonly string[] },
): boolean {
  if (!corsCheck(response, request) || response.status < 200 || response.status > 299) {
    return false;
  }
  const methods = tokenList(response, 'access-control-allow-methods');
  const headers = tokenList(response, 'access-control-allow-headers')?.map((name) => name.toLowerCase());
  if (!methods || !headers) {
    return false;
  }
  const isMethodAllowed =
    methods.includes(asked.method) ||
    ['GET', 'HEAD', 'POST'].includes(asked.method) ||
    (!request.credentials && methods.includes('*'));
  const isStar = !request.credentials && headers.includes('*');
  return (
    isMethodAllowed && asked.headers.every((name) => headers.includes(name) || (name !== 'authorization' && isStar))
  );
}
