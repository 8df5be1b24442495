import type { CompiledPolicy } from '../../policy/compiled-policy.js';
import type { CorsReason } from '../../policy/decision.js';

/**
 * Receives what developers should know about requests. Called while a request is handled, so a method must not throw,
 * and must not store something for every call. The texts in a report are not escaped yet.
 */
export interface RequestReports {
  /** A request was refused. */
  refused(refusal: Refusal): void;
  /** Middleware led a request to a handler with another policy. */
  rewritten(request: RewrittenRequest): void;
  /** A nested application decided about a response. */
  decidedByNested(application: NestedApplication): void;
  /** A policy removed CORS headers that other code set. Called for each such response. */
  headersRemoved(headers: RemovedHeaders): void;
  /**
   * Pages of other origins cannot embed a response that any origin may read. Called for the first such response.
   * @param target its handler; if there is none, the policy
   */
  embedsBlocked(target: string): void;
}

/** A refused request. */
export interface Refusal {
  readonly reason: CorsReason;
  /** Why a request with the reason `would-refuse` would be refused. */
  readonly because?: CorsReason | undefined;
  readonly preflight: boolean;
  readonly method: string;
  readonly url: string;
  readonly origin: string | undefined;
  /** The handler; if no handler is routed, the policy. */
  readonly target: string;
  /** The policy that decided. */
  readonly policy: CompiledPolicy;
  readonly requestedHeaders?: string | undefined;
  /** Present for a WebSocket handshake. */
  readonly handshake?: RefusedHandshake;
}

/** What is known of a refused WebSocket handshake only. */
export interface RefusedHandshake {
  /** What to write if a proxy terminates TLS; `undefined` where the page has another host than the server. */
  readonly trustProxy: string | undefined;
}

/** A request that reached a handler with another method or URL than it arrived with. */
export interface RewrittenRequest {
  /** The handler that was reached. */
  readonly target: string;
  /** The request that arrived: its policy answers the preflight. */
  readonly arrived: { readonly method: string; readonly url: string };
  readonly reached: { readonly method: string; readonly url: string };
}

/** An application with CorsModule inside this one. */
export interface NestedApplication {
  /** Its mount path, as the client requested it. */
  readonly path: string;
  /** The handler of this application that calls it, if a handler does. */
  readonly handler: string | undefined;
}

/** CORS headers of other code that a policy removed from a response, and did not send again. */
export interface RemovedHeaders {
  /** The handler; if there is none, the policy. */
  readonly target: string;
  readonly policy: CompiledPolicy;
  /** Names and values. The list is reused. */
  readonly headers: readonly unknown[];
}

/** The same reports with their errors ignored: a failing log must not change a response. */
export function safeReports(reports: RequestReports): RequestReports {
  return Object.freeze<RequestReports>({
    refused: withoutThrowing((refusal) => reports.refused(refusal)),
    rewritten: withoutThrowing((request) => reports.rewritten(request)),
    decidedByNested: withoutThrowing((application) => reports.decidedByNested(application)),
    headersRemoved: withoutThrowing((headers) => reports.headersRemoved(headers)),
    embedsBlocked: withoutThrowing((target) => reports.embedsBlocked(target)),
  });
}

function withoutThrowing<Report>(receive: (report: Report) => void): (report: Report) => void {
  return (report) => {
    try {
      receive(report);
    } catch {
      // See `safeReports`.
    }
  };
}
