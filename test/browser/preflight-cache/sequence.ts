import type { Claim } from '../matrix/row.js';
import type { PageRequest } from '../page/page-request.js';

/** The requests of the sequences, all to one URL at a time, and which permission each needs. */
export const REQUESTS = Object.freeze({
  /** Allowed, and its preflight's answer names Authorization. */
  read: { method: 'GET', headers: { authorization: 'Bearer a', 'x-trace': '1' } },
  /** A POST needs no permission for its method, and here has none for its header. */
  create: { method: 'POST', headers: { authorization: 'Bearer a' } },
  /** Allowed to another origin. */
  replace: { method: 'PUT', headers: { 'x-trace': '1' } },
  /** Disabled. */
  remove: { method: 'DELETE' },
}) satisfies Record<string, Omit<PageRequest, 'url'>>;

export type RequestName = keyof typeof REQUESTS;

/** Several requests to one URL. What was read of each is joined by commas. */
export interface Sequence extends Claim {
  readonly path: string;
  readonly requests: readonly RequestName[];
  /** Sent to the API directly, or through the proxy that changes the preflights' max-age. */
  readonly through: 'nothing' | 'the proxy';
}
