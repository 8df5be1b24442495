import type { CorsDecision } from '../../policy/decision.js';
import type { GuardedResponse, WriteHead } from './head-guard.js';
import { applyDecision } from './head-writer.js';

/** Some clients wait for a body that a 204 never has unless they are told. */
const NO_CONTENT = Object.freeze({ 'Content-Length': '0' });

/**
 * Ends a response with a decision and nothing else.
 * @param listWriter see `HttpPlatform.listWriter`: called past the guard, which has nothing to add
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
