import type { PageRequest } from '../../page/page-request.js';
import type { Claim } from '../matrix/row.js';

/** The requests of the sequences, all to one URL, and the permissions that they need. */
export const REQUESTS = Object.freeze({
  /** Allowed. The preflight response lists Authorization. */
  read: { method: 'GET', headers: { authorization: 'Bearer a', 'x-trace': '1' } },
  /** A POST needs no permission for its method. Its header is not allowed here. */
  create: { method: 'POST', headers: { authorization: 'Bearer a' } },
  /** Allowed for another origin. */
  replace: { method: 'PUT', headers: { 'x-trace': '1' } },
  /** Disabled. */
  remove: { method: 'DELETE' },
}) satisfies Record<string, Omit<PageRequest, 'url'>>;

export type RequestName = keyof typeof REQUESTS;

/** Several requests to one URL. Their results are joined by commas. */
export interface Sequence extends Claim {
  readonly path: string;
  readonly requests: readonly RequestName[];
  /** Sent to the API directly, or through the proxy that changes max-age. */
  readonly through: 'nothing' | 'the proxy';
}
