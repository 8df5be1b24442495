import { ServerResponse } from 'node:http';
import type { CorsDecision } from '../../policy/decision.js';
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
  readonly req?: unknown;
  writeHead: WriteHead;
}

/** Other responses (HTTP/2, injected, of serverless adapters) have a `writeHead` of their own. */
const NODE_WRITE_HEAD = ServerResponse.prototype.writeHead as unknown as WriteHead;

/**
 * Makes the `writeHead` that puts the decision on a response at the last moment, so that it survives filters that
 * clear headers, raw writes, streams and redirects.
 *
 * @param original finds the `writeHead` that was there before
 * @param decide the decision for a response; `undefined` leaves it untouched
 * @param lists whether headers may go to Node's own `writeHead` in a list, without being set on the response
 */
export function guardHead(
  original: (response: GuardedResponse, guard: WriteHead) => WriteHead,
  decide: (response: GuardedResponse) => CorsDecision | undefined,
  lists: boolean,
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
    const takesList = lists && isNodes(write);
    const passed = applyDecision(this, hasReason ? headers : (headers ?? reason), decision, takesList);
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

/**
 * Puts a guard on a response.
 *
 * @param guard calls the `writeHead` that the response inherits
 * @param guardBefore makes a guard that calls a `writeHead` of the response's own: a wrapper's, or the guard of an
 * application around this one
 * @returns whether the response had a `writeHead` of its own
 */
export function protectHead(
  response: GuardedResponse & { writeHeader?: WriteHead },
  guard: WriteHead,
  guardBefore: (original: WriteHead) => WriteHead,
): boolean {
  if (response.writeHeader === guard) {
    return false; // the same response again; its `writeHead` may have been wrapped since
  }
  const isWrapped = Object.hasOwn(response, 'writeHead');
  const first = isWrapped ? guardBefore(response.writeHead) : guard;
  response.writeHead = first;
  response.writeHeader = first;
  return isWrapped;
}

/** Whether a `writeHead` is Node's own: it sends a list of names and values as it is. Others may read it as an object. */
export function isNodes(writeHead: WriteHead): boolean {
  return writeHead === NODE_WRITE_HEAD;
}
