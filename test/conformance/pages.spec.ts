import { describe, expect, it } from '@jest/globals';
import { openPage } from 'nestjs-cors/testing';
import { isWellFormedOrigin } from '../../src/origin/grammar/origin-grammar.js';
import { HandlerSpy } from '../support/handler-spy.js';
import { describePlatforms, type RunningApp, startApp } from '../support/platforms.js';
import { buildFixture } from './fixtures.js';
import { type CredentialsMode, readVectors, type VectorRequest, type Verdict } from './vector.js';
import { headerText } from './vector-values.js';

/** What a script writes so that its browser sends the request of a vector. */
interface Intent {
  readonly origin: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly isPreflight: boolean;
}

/** `undefined` for requests that only tools and attackers send. */
function intentOf({ method, headers }: VectorRequest): Intent | undefined {
  const {
    Origin: origin = '',
    'Access-Control-Request-Method': asked,
    'Access-Control-Request-Headers': list = '',
    ...others
  } = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(headerText(value))]));
  const names = list.split(',').filter((name) => name !== '');
  const isPreflight = asked !== undefined;
  const isDue = names.length > 0 || !['GET', 'HEAD', 'POST'].includes(asked ?? '');
  const isSent =
    (origin === 'null' || isWellFormedOrigin(origin)) &&
    Object.keys(others).length === 0 &&
    /^(?!TRACE)[A-Z]+$/.test(asked ?? method) &&
    /^[a-z,-]*$/.test(list) &&
    list === [...new Set(names)].sort().join() &&
    (!isPreflight || isDue);
  // No safelisted header may have this value, so every name needs permission.
  const written = Object.fromEntries(names.map((name) => [name, '"']));
  return isSent ? { origin, method: asked ?? method, headers: written, isPreflight } : undefined;
}

const judged = readVectors().vectors.filter(({ expect: { browser } }) => browser !== undefined);
const sendable = judged.flatMap((vector) => {
  const { request } = vector;
  const intent = request && intentOf(request);
  return intent ? [{ vector, intent, path: request.path }] : [];
});

async function verdictOf(server: RunningApp, path: string, intent: Intent, mode: CredentialsMode): Promise<Verdict> {
  const { origin, method, headers, isPreflight } = intent;
  const page = openPage(server.app, origin);
  const response = await page.fetch(path, { method, headers, credentials: mode }).catch(() => undefined);
  expect(page.exchanges[0]?.preflight).toBe(isPreflight);
  const isShared = response !== undefined;
  return isPreflight ? (page.exchanges.length > 1 ? 'pass' : 'fail') : isShared ? 'shared' : 'blocked';
}

describe('the vectors that a page can send', () => {
  it('are 88 of the 123 with a verdict', () => {
    expect([sendable.length, judged.length]).toEqual([88, 123]);
  });
});

describePlatforms('a page that makes the request of a vector', (platform) => {
  const cases = sendable.filter(({ vector }) => (vector.platform ?? platform.name) === platform.name);

  it.each(cases.map((one) => [one.vector.id, one] as const))('gets its verdict: %s', async (_id, sent) => {
    const { vector, intent, path } = sent;
    const { module, configure, afterStart } = buildFixture(vector, new HandlerSpy());
    const server = await startApp(platform, module, { configure });
    try {
      afterStart();
      const omit = await verdictOf(server, path, intent, 'omit');
      const include = await verdictOf(server, path, intent, 'include');
      expect({ omit, include }).toEqual(vector.expect.browser);
    } finally {
      await server.close();
    }
  });
});
