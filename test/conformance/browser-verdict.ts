import { corsCheck, preflightPasses } from '../support/explanations/fetch-standard.js';
import type { RawResponse } from '../support/requests/http-message.js';
import type { CredentialsMode, Verdict } from './vector.js';

export interface JudgedRequest {
  /** The value of the `Origin` header; `undefined` if the request has none. */
  readonly origin: string | undefined;
  /** For a preflight: the requested method and header names. */
  readonly asked?: { readonly method: string; readonly headers: readonly string[] };
}

/** What a browser makes of a response, by the Fetch standard. */
export function browserVerdict(
  response: RawResponse,
  { origin, asked }: JudgedRequest,
  mode: CredentialsMode,
): Verdict {
  const request = origin === undefined ? undefined : { origin, credentials: mode === 'include' };
  if (asked) {
    return request && preflightPasses(response, request, asked) ? 'pass' : 'fail';
  }
  return request && corsCheck(response, request) ? 'shared' : 'blocked';
}
