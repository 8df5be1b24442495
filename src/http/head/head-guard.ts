import { ServerResponse } from 'node:http';
import type { CorsDecision } from '../../policy/decision.js';
import type { HeadHeaders, HeadResponse } from './head.js';
import { applyDecision } from './head-writer.js';

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

/**
 * Sends a list of names and values as it is; another `writeHead` may read it as an object. Other responses (HTTP/2,
 * injected, of serverless adapters) have a `writeHead` of their own.
 */
const NODE_WRITE_HEAD = ServerResponse.prototype.writeHead as unknown as WriteHead;

/** Some clients wait for a body that a 204 never has, unless its length is given. */
const NO_CONTENT = Object.freeze({ 'Content-Length': '0' });

/** Where a guard gets its decisions; `undefined` leaves a response as it is. */
interface HeadDecisions {
  /** @param passed the headers that were passed to `writeHead` */
  decisionAtHead(response: HeadResponse, passed: unknown): CorsDecision | undefined;
  /** For a response that may belong to an outer application. */
  decisionInside(response: HeadResponse, passed: unknown): CorsDecision | undefined;
}

/** Receives what a guard does to the headers of other code. */
interface HeadObserver {
  /** @param removed names and values, as a flat list that is reused */
  headersRemoved(response: object, removed: readonly unknown[]): void;
  /** @param headers those that were passed to `writeHead` */
  headLeftAlone(response: HeadResponse, headers: unknown): void;
}

/** Guards the heads of one application's responses. */
export class HeadGuard {
  readonly #writeHead: WriteHead;
  readonly #decisions: HeadDecisions & HeadObserver;

  /** @param lists whether headers may go to Node's own `writeHead` in a list, without being set on the response */
  constructor(decisions: HeadDecisions & HeadObserver, lists: boolean) {
    this.#decisions = decisions;
    this.#writeHead = guardHead(
      inheritedWriteHead,
      (response, passed) => decisions.decisionAtHead(response, passed),
      lists,
      decisions,
    );
  }

  /**
   * Puts the guard on a response.
   * @returns whether the response had a `writeHead` of its own: a wrapper's, or the guard of an outer application
   */
  protect(response: GuardedResponse & { writeHeader?: WriteHead }): boolean {
    if (response.writeHeader === this.#writeHead) {
      return false; // the same response again; its `writeHead` may have been wrapped since
    }
    const isWrapped = Object.hasOwn(response, 'writeHead');
    const guard = isWrapped ? this.#guardBefore(response.writeHead) : this.#writeHead;
    response.writeHead = guard;
    response.writeHeader = guard;
    return isWrapped;
  }

  /** Node's own `writeHead` below the guard; `undefined` where other code has wrapped it. */
  nodesWriteHead(response: GuardedResponse): WriteHead | undefined {
    const guard = this.#writeHead;
    const write = response.writeHead === guard ? inheritedWriteHead(response, guard) : undefined;
    return write === NODE_WRITE_HEAD ? write : undefined;
  }

  #guardBefore(original: WriteHead): WriteHead {
    return guardHead(
      () => original,
      (response, passed) => this.#decisions.decisionInside(response, passed),
      false,
      this.#decisions,
    );
  }
}

/**
 * Makes the `writeHead` that puts the decision on a response at the last moment, so that filters that clear headers,
 * raw writes, streams and redirects keep it.
 *
 * @param original finds the `writeHead` that was there before
 * @param lists see {@link HeadGuard}
 */
export function guardHead(
  original: (response: GuardedResponse, guard: WriteHead) => WriteHead,
  decide: (response: GuardedResponse, passed: unknown) => CorsDecision | undefined,
  lists: boolean,
  observer: HeadObserver,
): WriteHead {
  const removed: unknown[] = []; // reused, so that no request allocates one
  return function writeHead(this: GuardedResponse, statusCode, reason, headers) {
    const write = original(this, writeHead);
    const hasReason = typeof reason === 'string';
    const given = hasReason ? headers : (headers ?? reason);
    // Node refuses a second head with its own error.
    const decision = this.headersSent ? undefined : decide(this, given);
    if (decision === undefined || (decision.outcome === 'untouched' && decision.vary.length === 0)) {
      if (decision !== undefined) {
        observer.headLeftAlone(this, given);
      }
      return headers === undefined
        ? reason === undefined
          ? write.call(this, statusCode)
          : write.call(this, statusCode, reason)
        : write.call(this, statusCode, reason, headers);
    }
    const takesList = lists && write === NODE_WRITE_HEAD;
    if (removed.length > 0) {
      removed.length = 0;
    }
    const passed = applyDecision(this, given, decision, takesList, removed);
    if (removed.length > 0) {
      observer.headersRemoved(this, removed);
    }
    if (hasReason) {
      return passed === undefined ? write.call(this, statusCode, reason) : write.call(this, statusCode, reason, passed);
    }
    return passed === undefined ? write.call(this, statusCode) : write.call(this, statusCode, passed);
  };
}

/** The `writeHead` that a response inherits, without the guard: an object made from a guarded response inherits that. */
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
 * Ends a response with a decision and nothing else.
 * @param listWriter see `HttpPlatform.listWriter`. It bypasses the guard, which has nothing to add
 */
export function writePreflight(
  response: GuardedResponse & { end(): unknown },
  status: number,
  decision: CorsDecision,
  listWriter: WriteHead | undefined,
): void {
  if (listWriter !== undefined) {
    listWriter.call(response, status, applyDecision(response, NO_CONTENT, decision, true));
  } else {
    applyDecision(response, undefined, decision, false);
    response.setHeader('Content-Length', '0' as never);
    response.writeHead(status);
  }
  response.end();
}
