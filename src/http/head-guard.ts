import type { CorsDecision } from '../policy/decision.js';
import { applyDecision, type HeadHeaders, type HeadResponse } from './head-writer.js';

/** Node's `writeHead` in all its forms. */
export type WriteHead = (
  this: GuardedResponse,
  statusCode: number,
  reason?: string | HeadHeaders,
  headers?: HeadHeaders,
) => unknown;

/** A response whose head is guarded. */
export interface GuardedResponse extends HeadResponse {
  readonly headersSent: boolean;
  readonly req?: { readonly httpVersionMajor?: number };
  writeHead: WriteHead;
}

/**
 * Makes the `writeHead` that puts the decision on a response at the last moment, so that it survives filters that
 * clear headers, raw writes, streams and redirects.
 *
 * @param original finds the `writeHead` that was there before
 * @param decide the decision for a response; `undefined` leaves it untouched
 * @param flat whether responses take a flat list of names and values
 */
export function guardHead(
  original: (response: GuardedResponse, guard: WriteHead) => WriteHead,
  decide: (response: GuardedResponse) => CorsDecision | undefined,
  flat: (response: GuardedResponse) => boolean,
): WriteHead {
  return function writeHead(this: GuardedResponse, statusCode, reason, headers) {
    const write = original(this, writeHead);
    // A second head is Node's to refuse, with its own error.
    const decision = this.headersSent ? undefined : decide(this);
    if (decision === undefined || (decision.outcome === 'untouched' && decision.vary.length === 0)) {
      return headers === undefined
        ? reason === undefined
          ? write.call(this, statusCode)
          : write.call(this, statusCode, reason)
        : write.call(this, statusCode, reason, headers);
    }
    const hasReason = typeof reason === 'string';
    const passed = applyDecision(this, hasReason ? headers : (headers ?? reason), decision, flat);
    if (hasReason) {
      return passed === undefined ? write.call(this, statusCode, reason) : write.call(this, statusCode, reason, passed);
    }
    return passed === undefined ? write.call(this, statusCode) : write.call(this, statusCode, passed);
  };
}

/**
 * The `writeHead` that a response inherits; not the guard, which an object that is made from a guarded response inherits
 * in its turn.
 */
export function inheritedWriteHead(response: GuardedResponse, guard: WriteHead): WriteHead {
  let holder = Object.getPrototypeOf(response) as GuardedResponse;
  let { writeHead } = holder;
  while (writeHead === guard) {
    holder = Object.getPrototypeOf(holder) as GuardedResponse;
    writeHead = holder.writeHead;
  }
  return writeHead;
}

/** Whether a response takes a flat list of names and values; those of HTTP/2 do not. */
export function takesFlatList(response: GuardedResponse): boolean {
  // Not by looking for its `stream`: that would search all its prototypes each time.
  return response.req?.httpVersionMajor !== 2;
}
