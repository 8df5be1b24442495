import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Controller, Injectable, Module, Put } from '@nestjs/common';
import { CorsModule, type OriginStore } from 'nestjs-cors';
import { HandlerSpy } from '../../support/handler-spy.js';
import { PLATFORMS, type Platform, type RootModule, startApp } from '../../support/platforms.js';
import { preflight } from '../../support/policy-statement.js';
import { AppLog } from '../support/app-log.js';
import { stopTime } from '../support/fake-time.js';
import { GeneratedSection, markdownTable } from '../support/generated-section.js';
import { describeWith, REDIS } from '../support/programs.js';
import { Redis } from '../support/redis.js';
import { inOrder, inWords } from '../support/request-outcomes.js';

const spy = new HandlerSpy();
let callCount = 0;

@Injectable()
class Origins {
  async resolve(): Promise<boolean> {
    callCount += 1;
    return true;
  }
}

@Controller('r')
class ResourceController {
  @Put() replace() {
    return spy.ran('replace');
  }
}

function storing(store: OriginStore): RootModule {
  @Module({
    // A timeout of 500 ms for the store, a quarter of this. A healthy one answers within it on a busy machine too.
    imports: [CorsModule.forRoot({ origin: Origins, resolver: { store, timeout: 2_000, localTtl: 0 } })],
    controllers: [ResourceController],
    providers: [Origins],
  })
  class StoringModule {}
  return StoringModule;
}

/** A store with one behaviour for all methods. */
function always(operation: () => Promise<unknown>): OriginStore {
  return { get: operation, set: operation, delete: operation };
}

const FAULTS: readonly [says: string, store: () => OriginStore][] = [
  [
    'throws an error',
    () =>
      always(() => {
        throw new Error('no connection');
      }),
  ],
  ['rejects its promises', () => always(() => Promise.reject(new Error('no connection\n\u001b[31mFAKE LINE')))],
  ['never answers', () => always(() => new Promise(() => {}))],
  ['finds nothing and stores nothing (an outage, as Keyv shows it)', () => storesNothing()],
  ['refuses to write', () => ({ ...always(async () => undefined), set: () => Promise.reject(new Error('READONLY')) })],
  ['returns another value', () => ({ ...always(async () => true), get: async () => ({ allowed: false }) })],
  ['returns `no`, written by another program', () => ({ ...always(async () => true), get: async () => 'v1 no' })],
];

function storesNothing(): OriginStore {
  return { get: async () => undefined, set: async () => false, delete: async () => false };
}

const HEAD = ['The store', '3 preflights', '3 actual requests', 'Handler ran', 'Resolver calls, for all 6', 'Logged'];

const log = new AppLog();
const time = stopTime({ timeouts: false });

/** The responses to six requests from six origins. The store is tried again for each. */
async function row(
  platform: Platform,
  says: string,
  store: OriginStore,
  breakIt: () => unknown = () => {},
  line: (text: string) => string = (text) => `\`${text}\``,
): Promise<string[]> {
  const running = await startApp(platform, storing(store), { application: { logger: log } });
  try {
    const healthy = await running.request({ method: 'PUT', path: '/r', headers: { Origin: 'https://0.example' } });
    expect(inWords(healthy, 'https://0.example', 'PUT')).toBe('200, allowed');
    await time.advance(6_000); // beyond the pause that follows a failure
    await breakIt();
    callCount = 0;
    spy.take();
    const preflights: string[] = [];
    const actuals: string[] = [];
    for (let number = 1; number <= 6; number += 1) {
      const origin = `https://${number}.example`;
      if (number % 2 === 1) {
        preflights.push(inWords(await running.request(preflight(origin, 'PUT', '/r')), origin, 'PUT'));
      } else {
        const actual = { method: 'PUT', path: '/r', headers: { Origin: origin } };
        actuals.push(inWords(await running.request(actual), origin, 'PUT'));
      }
      await time.advance(6_000);
    }
    const lines = log.takeErrors();
    expect(lines.every((text) => /^[\x20-\x7e]*$/.test(text))).toBe(true);
    expect([...new Set(preflights), ...new Set(actuals)]).toEqual(['204, allowed', '200, allowed']);
    return [
      says,
      inOrder(preflights),
      inOrder(actuals),
      `${spy.take().length} of 3`,
      `${callCount}`,
      lines.map(line).join('<br>') || 'nothing',
    ];
  } finally {
    await running.close();
  }
}

describe.each(PLATFORMS.map((platform) => [platform.name, platform] as const))(
  'the response while a shared store fails (%s)',
  (_, platform) => {
    it('is as docs/origin-resolvers/faults.md says', async () => {
      const rows = [];
      for (const [says, store] of FAULTS) {
        rows.push(await row(platform, says, store()));
      }
      const table = markdownTable(HEAD, rows);
      expect(table).toBe(new GeneratedSection('docs/origin-resolvers/faults.md', 'The shared store').committed(table));
    }, 300_000);
  },
);

/** Connecting may take longer than the timeout on a busy machine. */
async function connected(redis: Redis): Promise<OriginStore> {
  const keyv = redis.keyv();
  await keyv.get('anything');
  return keyv;
}

describeWith(REDIS, 'the response while Redis fails', (file) => {
  let redis: Redis;
  beforeAll(() => {
    redis = new Redis(file);
  });
  afterAll(() => redis.remove());

  // A lost connection may show as an error or as silence.
  const line = (text: string) =>
    /^store-failed: The store (failed|did not store a value|did not answer within 500 ms)\. Resolvers/.test(text)
      ? '`store-failed`, one line'
      : text;

  it.each(PLATFORMS.map((platform) => [platform.name, platform] as const))(
    'is as docs/origin-resolvers/faults.md says (%s)',
    async (_, platform) => {
      const rows = [];
      await redis.start();
      rows.push(await row(platform, 'Redis runs (no fault)', await connected(redis), () => {}, line));
      rows.push(await row(platform, 'Redis is killed', await connected(redis), () => redis.kill(), line));
      await redis.start();
      rows.push(await row(platform, 'Redis hangs', await connected(redis), () => redis.freeze(), line));
      redis.thaw();
      await redis.kill();
      const table = markdownTable(HEAD, rows);
      const section = new GeneratedSection(
        'docs/origin-resolvers/faults.md',
        'Redis as the shared store, through Keyv',
      );
      expect(table).toBe(section.committed(table));
    },
    300_000,
  );
});
