import type { CorsReason } from '../../policy/decision.js';

/**
 * The property of a raw response with the check of the application that serves it, once the request reached a handler
 * that enforces. A registered symbol: guards stay on classes, which applications and copies of this package share.
 */
export const ENFORCEMENT_CHECK = Symbol.for('nestjs-cors.enforcement');

/** Called after the guards of a handler and before its interceptors. */
export interface EnforcementCheck {
  /**
   * Why the handler that was reached must not run; `undefined` where it may. Reports a request that is only served
   * because of `enforceReportOnly`.
   * @param response as handlers see it
   */
  refusalOf(response: object): EnforcedRefusal | undefined;
}

/** The refusal of a request by the policy of its handler. */
export interface EnforcedRefusal {
  readonly reason: CorsReason;
  readonly target: string;
}
