import type { CompiledPolicy } from '../policy/compiled-policy.js';
import type { RouteEntry } from '../routes/route-entry.js';

/**
 * What is known of a response so far, in one slot: the method and URL as they arrived, as text, until the router names
 * a handler; then that handler's entry. A preflight that is passed on leaves the policy it was passed on by.
 */
export type ResponseState = string | RouteEntry | { readonly policy: CompiledPolicy };

/** The answer of a predicate or resolver for one request, with the policy that asked. */
export interface OriginVerdict {
  readonly policy: CompiledPolicy;
  readonly allowed: boolean;
}

/** The slots of one application on a raw response. Symbols of its own, so that two applications do not meet. */
export class ResponseSlots {
  readonly state: symbol = Symbol('nestjs-cors.state');
  readonly verdict: symbol = Symbol('nestjs-cors.verdict');
  /** Set where the policy of the handler that was reached refused the request. */
  readonly refused: symbol = Symbol('nestjs-cors.refused');
}

/** A raw response with the slots of some application on it. */
export type SlottedResponse = Record<symbol, unknown>;

/** The method and URL as they arrived, in one text: middleware may rewrite both before the head is written. */
export function captureTarget(method: string, url: string): string {
  return `${method} ${url}`;
}

/**
 * Keeps the method and URL of a request as they arrived, unless handling it left something else on its response. A
 * platform may take one request twice, the second time with another URL.
 *
 * @param before what was in the slot before the request was handled
 */
export function keepTarget(
  response: SlottedResponse,
  slot: symbol,
  before: unknown,
  method: string,
  url: string,
): void {
  if (response[slot] === before) {
    response[slot] = captureTarget(method, url);
  }
}

/** Takes a captured text apart. */
export function capturedTarget(captured: string): { readonly method: string; readonly url: string } {
  const space = captured.indexOf(' ');
  return { method: captured.slice(0, space), url: captured.slice(space + 1) };
}

/** Whether the client went away, so that nobody waits for the response. Asked before anybody has read the request. */
export function isGone(response: object): boolean {
  const { destroyed, stream, req } = response as {
    readonly destroyed?: boolean;
    readonly stream?: { readonly destroyed?: boolean };
    readonly req?: { readonly destroyed?: boolean; readonly readableEnded?: boolean };
  };
  // A response that waits behind others on its connection is not told that the connection is gone; its request is.
  const aborted = req?.destroyed === true && req.readableEnded !== true;
  return destroyed === true || stream?.destroyed === true || aborted;
}

/** Whether somebody answered already, or nobody waits any more: then there is no head left to write. */
export function isAnswered(response: object): boolean {
  return (response as { readonly headersSent?: boolean }).headersSent === true || isGone(response);
}
