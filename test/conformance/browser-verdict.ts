import { headerValues, type RawResponse } from '../support/http-message.js';
import type { CredentialsMode, Verdict } from './vector.js';

/**
 * A browser's verdict on a response, written from the Fetch standard. It shares no code with the library, so both
 * cannot have the same mistake.
 */
export interface JudgedRequest {
  readonly method: string;
  /** The value of the `Origin` header; `undefined` if the request has none. */
  readonly origin: string | undefined;
  /** For a preflight: the requested method and header names. */
  readonly asked?: { readonly method: string; readonly headers: readonly string[] };
}

const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

/** The values of a header as one text, as the standard's "get" joins them; `undefined` without the header. */
function combined(response: RawResponse, name: string): string | undefined {
  const values = headerValues(response, name);
  return values.length === 0 ? undefined : values.join(', ');
}

/** https://fetch.spec.whatwg.org/#cors-check */
export function corsCheck(response: RawResponse, origin: string, mode: CredentialsMode): boolean {
  const allowed = combined(response, 'access-control-allow-origin');
  if (allowed === undefined) {
    return false;
  }
  if (mode === 'omit' && allowed === '*') {
    return true;
  }
  if (allowed !== origin) {
    return false;
  }
  return mode === 'omit' || combined(response, 'access-control-allow-credentials') === 'true';
}

/** The tokens of a list header: `undefined` if it does not parse, empty if it is absent. */
function tokenList(response: RawResponse, name: string): string[] | undefined {
  const value = combined(response, name);
  if (value === undefined) {
    return [];
  }
  const items = value
    .split(',')
    .map((item) => item.replace(/^[ \t]+|[ \t]+$/g, ''))
    .filter((item) => item !== '');
  return items.every((item) => TOKEN.test(item)) ? items : undefined;
}

/** https://fetch.spec.whatwg.org/#cors-preflight-fetch, steps 7 and on. */
function preflightPasses(response: RawResponse, request: JudgedRequest, mode: CredentialsMode): boolean {
  const { origin, asked } = request;
  if (origin === undefined || !asked || !corsCheck(response, origin, mode)) {
    return false;
  }
  if (response.status < 200 || response.status > 299) {
    return false;
  }
  const methods = tokenList(response, 'access-control-allow-methods');
  const headers = tokenList(response, 'access-control-allow-headers')?.map((name) => name.toLowerCase());
  if (!methods || !headers) {
    return false;
  }
  const wildcard = mode === 'omit';
  const methodPasses =
    methods.includes(asked.method) ||
    ['GET', 'HEAD', 'POST'].includes(asked.method) ||
    (wildcard && methods.includes('*'));
  return (
    methodPasses &&
    asked.headers.every(
      (name) => headers.includes(name) || (wildcard && name !== 'authorization' && headers.includes('*')),
    )
  );
}

export function browserVerdict(response: RawResponse, request: JudgedRequest, mode: CredentialsMode): Verdict {
  if (request.asked) {
    return preflightPasses(response, request, mode) ? 'pass' : 'fail';
  }
  return request.origin !== undefined && corsCheck(response, request.origin, mode) ? 'shared' : 'blocked';
}
