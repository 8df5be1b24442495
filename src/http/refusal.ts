import type { CorsReason } from '../policy/decision.js';

/** Told about every refusal, on the request path: must not throw, and must bound what it keeps. */
export type ReportRefusal = (refusal: Refusal) => void;

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
