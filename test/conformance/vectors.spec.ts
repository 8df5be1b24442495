import { describe, expect, it } from '@jest/globals';
import { HandlerSpy } from '../support/handler-spy.js';
import { describePlatforms, type Platform, type RunningApp, startApp } from '../support/platforms.js';
import type { RawRequest } from '../support/requests/raw-request.js';
import { expectResponse } from './expectation.js';
import { buildFixture } from './fixtures.js';
import { readKnownGaps, readVectors, type Vector, type VectorRequest } from './vector.js';
import { headerText } from './vector-values.js';

const { count, vectors } = readVectors();
const knownGaps = readKnownGaps();

/**
 * The maximum number of attempts for a request with a time limit. One attempt within the limit is enough, so a busy
 * machine does not fail the test.
 */
const TIMED_REQUESTS = 50;

function rawRequestOf(request: VectorRequest): RawRequest {
  const headers = Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => {
      const text = headerText(value);
      // A CRLF would start the next header. A bare line feed is the injection that a parser must reject.
      return [name, typeof text === 'string' ? text.replaceAll('\r\n', '\n') : text];
    }),
  );
  return { method: request.method, path: request.path, headers, body: request.body };
}

async function exchange(vector: Vector, request: VectorRequest, server: RunningApp, spy: HandlerSpy): Promise<void> {
  const raw = rawRequestOf(request);
  const { maxMs, repeat } = vector.expect;
  const times = repeat ?? (maxMs === undefined ? 1 : TIMED_REQUESTS);
  let fastest = Number.POSITIVE_INFINITY;
  for (let index = 0; index < times && (repeat !== undefined || fastest >= (maxMs ?? 0)); index++) {
    spy.take();
    const start = performance.now();
    const response = await server.request(raw);
    fastest = Math.min(fastest, performance.now() - start);
    expectResponse(vector, raw, response, spy.take());
  }
  if (maxMs !== undefined) {
    expect(fastest).toBeLessThan(maxMs);
  }
}

/** Pollutes `Object.prototype` while `work` runs, if the vector says so. */
async function withTransport(vector: Vector, work: () => Promise<void>): Promise<void> {
  const polluted = /Object\.prototype\.(\w+) = true/.exec(vector.transport ?? '')?.[1];
  if (polluted === undefined) {
    return work();
  }
  Object.defineProperty(Object.prototype, polluted, { value: true, configurable: true });
  try {
    await work();
  } finally {
    Reflect.deleteProperty(Object.prototype, polluted);
  }
}

/** Expects that decorating or starting fails with a CorsConfigurationError of the right kind. */
async function expectRefusedBoot(vector: Vector, start: () => Promise<RunningApp>): Promise<void> {
  let error: { name?: string; problems?: readonly { code: string }[] } | undefined;
  try {
    await (await start()).close();
  } catch (thrown) {
    error = thrown as typeof error;
  }
  const codes = error?.problems?.map((problem) => problem.code) ?? [];
  expect({ error: error?.name, codes }).toEqual({
    error: 'CorsConfigurationError',
    codes: expect.arrayContaining([vector.expect.errorKind]),
  });
  expect(codes.length).toBeGreaterThanOrEqual(vector.expect.minErrors ?? 1);
}

async function runVector(vector: Vector, platform: Platform): Promise<void> {
  const spy = new HandlerSpy();
  let afterStart = (): void => undefined;
  const start = (): Promise<RunningApp> => {
    const fixture = buildFixture(vector, spy);
    afterStart = fixture.afterStart;
    return startApp(platform, fixture.module, { configure: fixture.configure });
  };
  await withTransport(vector, async () => {
    if (vector.expect.configError) {
      return expectRefusedBoot(vector, async () => start());
    }
    const server = await start();
    try {
      afterStart();
      if (vector.request) {
        await exchange(vector, vector.request, server, spy);
      }
    } finally {
      await server.close();
    }
  });
}

describe('the vectors file', () => {
  it('has as many vectors as it says, each with its own id', () => {
    expect(vectors).toHaveLength(count);
    expect(new Set(vectors.map((vector) => vector.id)).size).toBe(count);
  });

  it('knows every id of the list of gaps, and only boot errors are on it', () => {
    const bootErrors = vectors.filter((vector) => vector.expect.configError).map((vector) => vector.id);
    expect(knownGaps.filter((id) => !bootErrors.includes(id))).toEqual([]);
  });
});

describePlatforms('vectors', (platform) => {
  for (const vector of vectors) {
    if (vector.platform !== undefined && vector.platform !== platform.name) {
      continue;
    }
    it(vector.id, async () => {
      const run = runVector(vector, platform);
      // A gap that closes must be removed from the list, so that the list stays exact.
      await (knownGaps.includes(vector.id) ? expect(run).rejects.toThrow() : run);
    });
  }
});
