import type { CorsDecision } from '../policy/decision.js';
import { type GuardedResponse, takesFlatList } from './head-guard.js';
import { applyDecision } from './head-writer.js';
import { mergeVary } from './vary.js';

/** Some clients wait for a body that a 204 never has unless they are told. */
const CONTENT_LENGTH = 'Content-Length';
const NO_CONTENT = Object.freeze({ [CONTENT_LENGTH]: '0' });

/** Ends a response with a decision and nothing else. */
export function writePreflight(
  response: GuardedResponse & { end(): unknown },
  status: number,
  decision: CorsDecision,
): void {
  const flat = takesFlatList(response);
  const head =
    flat && response.getHeaderNames().length === 0
      ? wholeHead(decision)
      : applyDecision(response, NO_CONTENT, decision, flat);
  if (head === undefined) {
    response.writeHead(status);
  } else {
    response.writeHead(status, head);
  }
  response.end();
}

/** The head of a response on which nothing was set: one list of the right length, which Node takes as it is. */
function wholeHead({ headers, vary: names }: CorsDecision): string[] {
  const vary = mergeVary(undefined, names);
  const { length } = headers;
  const head = new Array<string>(length + (vary === undefined ? 2 : 4));
  head[0] = CONTENT_LENGTH;
  head[1] = '0';
  for (let index = 0; index < length; index++) {
    head[index + 2] = headers[index] as string;
  }
  if (vary !== undefined) {
    head[length + 2] = 'Vary';
    head[length + 3] = vary as string;
  }
  return head;
}
