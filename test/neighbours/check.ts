import { HandlerSpy } from '../support/handler-spy.js';
import type { Platform } from '../support/start-app.js';
import type { Neighbour } from './neighbour.js';
import { ask, type Question, WAYS, type Way } from './question.js';

/** The result of each request: `passed`, or what differs. */
export type Checks = Record<string, string>;

/** Starts a neighbour's application and asks all its questions. */
export async function checkNeighbour(neighbour: Neighbour, platform: Platform): Promise<Checks> {
  const spy = new HandlerSpy();
  const running = await neighbour.start(platform, spy);
  const checks: Checks = {};
  const askIn = async (ways: readonly Way[], name: string, question: Question) => {
    for (const way of ways) {
      checks[name === '' ? way : `${name}: ${way}`] = await ask(question.send ?? running.send, spy, question, way).then(
        () => 'passed',
        (error: Error) => `failed: ${error.message}`,
      );
    }
  };
  try {
    for (const [name, question] of Object.entries(running.questions)) {
      await askIn(WAYS, name, question);
    }
    for (const [name, question] of Object.entries(running.errors)) {
      await askIn(['request allowed', 'request refused'], `error ${question.status} ${name}`.trim(), question);
    }
  } finally {
    await running.close();
  }
  return checks;
}
