import type { CorsDecision } from '../policy/decision.js';
import { type GuardedResponse, takesFlatList } from './head-guard.js';
import { applyDecision } from './head-writer.js';

/** Some clients wait for a body that a 204 never has unless they are told. */
const NO_CONTENT = Object.freeze({ 'Content-Length': '0' });

/** Ends a response with a decision and nothing else. */
export function writePreflight(
  response: GuardedResponse & { end(): unknown },
  status: number,
  decision: CorsDecision,
): void {
  const head = applyDecision(response, NO_CONTENT, decision, takesFlatList);
  if (head === undefined) {
    response.writeHead(status);
  } else {
    response.writeHead(status, head);
  }
  response.end();
}
