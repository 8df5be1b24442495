import type { CorsDecision } from '../../policy/decision.js';
import type { GuardedResponse } from '../head/head-guard.js';
import { applyDecision } from '../head/head-writer.js';

/** The body of a refusal. The reason stays in the log. The code tells it from the application's own 403 responses. */
export const FORBIDDEN_BODY = Object.freeze({
  statusCode: 403,
  message: 'Cross-origin request refused',
  error: 'Forbidden',
  code: 'cors-forbidden',
});

/** Refuses a request that reaches no handler, and so no exception filter. */
export function writeForbidden(response: GuardedResponse, decision: CorsDecision): void {
  const body = JSON.stringify(FORBIDDEN_BODY);
  const target = response as GuardedResponse & { statusCode: number; end(body: string): unknown };
  target.statusCode = FORBIDDEN_BODY.statusCode;
  applyDecision(target, undefined, decision, false);
  target.setHeader('Content-Type', 'application/json; charset=utf-8' as never);
  target.setHeader('Content-Length', String(Buffer.byteLength(body)) as never);
  target.end(body);
}
