import type { CorsReason } from '../policy/decision.js';

/** Told about every refusal, on the request path: must not throw, and must bound what it keeps. */
export type ReportRefusal = (refusal: Refusal) => void;

/** Receives requests that middleware led to a handler with another policy. Must not throw or grow without bound. */
export type ReportRewrite = (rewrite: Rewrite) => void;

/** Receives responses that an application inside this one decided about. Must not throw or grow without bound. */
export type ReportInside = (inside: Inside) => void;

/** An application with CorsModule that answers within this one. The path is not escaped yet. */
export interface Inside {
  /** Its mount path, as the client requested it. */
  readonly path: string;
  /** The handler of this application that calls it, if a handler does. */
  readonly handler: string | undefined;
}

/** A request that reached a handler by another method or URL than it arrived with. The texts are not escaped yet. */
export interface Rewrite {
  /** The handler that was reached. */
  readonly target: string;
  /** The request that arrived: the policy for it answers the preflight. */
  readonly arrived: { readonly method: string; readonly url: string };
  readonly reached: { readonly method: string; readonly url: string };
}

/** A request that was refused, for the log. The texts from the network are not escaped yet. */
export interface Refusal {
  readonly reason: CorsReason;
  readonly preflight: boolean;
  readonly method: string;
  readonly url: string;
  readonly origin: string | undefined;
  /** The handler, or the policy where no handler is routed. */
  readonly target: string;
  readonly requestedHeaders?: string | undefined;
}
