import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { Controller, Injectable, Module, Put, type Type } from '@nestjs/common';
import { Cors, CorsModule, type CorsPolicyOptions } from 'nestjs-cors';
import { HandlerSpy } from '../../support/handler-spy.js';
import { describePlatforms, type RunningApp, startApp } from '../../support/platforms.js';
import { preflight } from '../../support/policy-statement.js';
import type { RawRequest } from '../../support/requests/raw-request.js';
import { AppLog } from '../support/app-log.js';
import { stopTime } from '../support/fake-time.js';
import { GeneratedSection, markdownTable } from '../support/generated-section.js';
import { inOrder, inWords } from '../support/request-outcomes.js';
import { ServerSockets } from '../support/server-sockets.js';

const SHOP = 'https://shop.example';
const spy = new HandlerSpy();

/** The behaviour of a faulty resolver. */
interface Fault {
  readonly says: string;
  readonly resolve: () => unknown;
  readonly cacheKey?: () => unknown;
  /** Whether requests wait for the timeout. */
  readonly slow?: boolean;
  /** Whether a late answer allows the following requests. */
  readonly allowsLater?: boolean;
}

// A message that repeats text from the network may contain a line break and colours.
const away = () => new Error('the table is away\n\u001b[31mFAKE LINE');

const FAULTS: Readonly<Record<string, Fault>> = {
  throws: {
    says: 'throws an error',
    resolve: () => {
      throw away();
    },
  },
  'throws-nothing': {
    says: 'throws `undefined`',
    resolve: () => {
      throw undefined;
    },
  },
  rejects: { says: 'rejects its promise', resolve: () => Promise.reject(away()) },
  'rejects-with-text': { says: 'rejects with a text', resolve: () => Promise.reject('no connection') },
  hangs: { says: 'never answers (timeout 2 s)', resolve: () => new Promise(() => {}), slow: true },
  late: {
    says: 'answers `true` after the timeout',
    resolve: () => new Promise((resolve) => setTimeout(() => resolve(true), 2_500)),
    slow: true,
    allowsLater: true,
  },
  'rejects-late': {
    says: 'rejects after the timeout',
    resolve: () => new Promise((_, reject) => setTimeout(() => reject(away()), 2_500)),
    slow: true,
  },
  text: { says: "answers `'true'`", resolve: () => 'true' },
  one: { says: 'answers `1`', resolve: async () => 1 },
  object: { says: 'answers with a row of the table', resolve: async () => ({ origin: SHOP, allowed: true }) },
  nothing: { says: 'answers `undefined` (a forgotten `return`)', resolve: async () => undefined },
  null: { says: 'answers `null`', resolve: async () => null },
  nested: { says: 'answers with a function', resolve: () => () => true },
  'then-throws': {
    says: 'answers with a promise-like whose `then` throws',
    resolve: () => ({
      // biome-ignore lint/suspicious/noThenProperty: the fault under test
      then() {
        throw away();
      },
    }),
  },
  'key-throws': {
    says: 'throws in `cacheKey`',
    resolve: () => true,
    cacheKey: () => {
      throw away();
    },
  },
  false: { says: 'answers `false` (no fault)', resolve: async () => false },
};

const callNames: string[] = [];

function faultyResolver(name: string, fault: Fault): Type<{ resolve(origin: string): boolean }> {
  class Faulty {
    resolve(_origin: string): boolean {
      callNames.push(name);
      return fault.resolve() as boolean;
    }
  }
  if (fault.cacheKey !== undefined) {
    Object.assign(Faulty.prototype, { cacheKey: fault.cacheKey });
  }
  Object.defineProperty(Faulty, 'name', { value: 'Origins' });
  return Injectable()(Faulty) ?? Faulty;
}

function faultyModule(): Type<unknown> {
  const resolvers = Object.entries(FAULTS).map(([name, fault]) => faultyResolver(name, fault));
  const controllers = Object.keys(FAULTS).map((name, index) => {
    @Cors({ origin: resolvers[index] } as CorsPolicyOptions)
    @Controller(name)
    class FaultController {
      @Put() replace() {
        return spy.ran(name);
      }
    }
    return FaultController;
  });
  @Module({ imports: [CorsModule.forRoot()], controllers, providers: resolvers })
  class FaultyModule {}
  return FaultyModule;
}

const HEAD = ['The resolver', '3 preflights', '3 actual requests', 'Handler ran', 'Calls, for all 6', 'Logged'];

describePlatforms('the response while a resolver fails', (platform) => {
  const log = new AppLog();
  const time = stopTime();
  let running: RunningApp;
  let sockets: ServerSockets;
  beforeAll(async () => {
    running = await startApp(platform, faultyModule(), { application: { logger: log } });
    sockets = new ServerSockets(running.app.getHttpServer());
  });
  afterAll(() => running.close());

  /** Sends a request. For a slow resolver it moves the clock to the timeout once the request arrived. */
  async function answered(request: RawRequest, slow: boolean): Promise<string> {
    const { requests } = sockets;
    const pending = running.request(request);
    await sockets.until((server) => server.requests > requests);
    if (slow) {
      await time.advance(2_000);
    }
    return inWords(await pending, SHOP, 'PUT');
  }

  async function row(name: string, { says, slow = false, allowsLater = false }: Fault): Promise<string[]> {
    callNames.length = 0;
    spy.take();
    log.takeErrors();
    const preflights: string[] = [];
    const actuals: string[] = [];
    for (let count = 0; count < 3; count += 1) {
      preflights.push(await answered(preflight(SHOP, 'PUT', `/${name}`), slow));
      actuals.push(await answered({ method: 'PUT', path: `/${name}`, headers: { Origin: SHOP } }, slow));
    }
    const denied = preflights.concat(actuals).every((words) => words.endsWith('no `Access-Control-*`'));
    expect([name, denied]).toEqual([name, !allowsLater]);
    const lines = log.takeErrors();
    expect(lines.every((line) => /^[\x20-\x7e]*$/.test(line))).toBe(true);
    return [
      says,
      inOrder(preflights),
      inOrder(actuals),
      `${spy.take().length} of 3`,
      `${callNames.length}`,
      // The number of the resolver does not matter here.
      lines.map((line) => `\`${line.replaceAll(/Origins(#\d+)?/g, 'Origins')}\``).join('<br>') || 'nothing',
    ];
  }

  it('is as docs/origin-resolvers/faults.md says', async () => {
    const rows = [];
    for (const [name, fault] of Object.entries(FAULTS)) {
      rows.push(await row(name, fault));
    }
    const table = markdownTable(HEAD, rows);
    expect(table).toBe(new GeneratedSection('docs/origin-resolvers/faults.md', 'The resolver').committed(table));
  });

  it('leaves no timer', async () => {
    await time.advance(10_000);
    expect(time.timers).toBe(0);
  });
});
