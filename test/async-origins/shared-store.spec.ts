import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { CACHE_MANAGER, CacheModule } from '@nestjs/cache-manager';
import { Controller, Get, Inject, Injectable, Module, type ModuleMetadata } from '@nestjs/common';
import type { Cache } from 'cache-manager';
import { CorsModule, OriginResolverService, type OriginStore } from 'nestjs-cors';
import { HandlerSpy } from '../support/handler-spy.js';
import {
  describePlatforms,
  observe,
  type RootModule,
  type RunningApp,
  type ServedApp,
  startApp,
} from '../support/platforms.js';
import { preflight } from '../support/policy-statement.js';
import { AppLog } from './support/app-log.js';
import { stopTime } from './support/fake-time.js';
import { HeldCalls } from './support/held-calls.js';
import { describeWith, REDIS } from './support/programs.js';
import { Redis } from './support/redis.js';

const spy = new HandlerSpy();
const SHOP = 'https://shop.example';
const ROWS = Symbol('rows');

/** The table that all instances read, and who read which origin. */
const table = { allowed: new Set<string>(), readBy: [] as string[], held: new HeldCalls(), holds: '' };

@Injectable()
class TableOrigins {
  readonly #instance: string;

  constructor(@Inject(ROWS) instance: string) {
    this.#instance = instance;
  }
  async resolve(origin: string): Promise<boolean> {
    table.readBy.push(`${this.#instance} ${origin}`);
    if (table.holds === this.#instance) {
      return table.held.call(origin);
    }
    return table.allowed.has(origin);
  }
}

@Controller('r')
class ResourceController {
  @Get() list() {
    return spy.ran('list');
  }
}

/** Tries until it succeeds, with a limit. Each try is a round trip to Redis. */
async function poll(succeeds: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 2_000; tries += 1) {
    if (await succeeds()) {
      return;
    }
  }
  throw new Error('the expected state was not reached');
}

function instance(name: string, imports: NonNullable<ModuleMetadata['imports']>): RootModule {
  @Module({
    imports,
    controllers: [ResourceController],
    providers: [TableOrigins, { provide: ROWS, useValue: name }],
  })
  class InstanceModule {}
  return InstanceModule;
}

/** An instance that reads the store for every request. */
const withStore = (name: string, store: OriginStore, localTtl = 0): RootModule =>
  instance(name, [CorsModule.forRoot({ origin: TableOrigins, resolver: { store, localTtl, timeout: 6_000 } })]);

const withCacheManager = (name: string, redis: Redis): RootModule =>
  instance(name, [
    CacheModule.register({ isGlobal: true, stores: [redis.keyv()] }),
    CorsModule.forRootAsync({
      inject: [CACHE_MANAGER],
      useFactory: (cache: Cache) => ({
        origin: TableOrigins,
        resolver: { store: cache.stores[0] as OriginStore, localTtl: 0 },
      }),
    }),
  ]);

describeWith(REDIS, 'Redis', (file) => {
  const redis = new Redis(file);
  const log = new AppLog();
  beforeAll(() => redis.start());
  afterAll(() => redis.remove());
  beforeEach(() => {
    table.allowed.clear();
    table.readBy.length = 0;
    table.held.restart();
    log.takeErrors();
  });

  describePlatforms('shared by two instances', (platform) => {
    const time = stopTime({ timeouts: false });
    let running: RunningApp[] = [];
    const start = async (...modules: RootModule[]): Promise<ServedApp[]> => {
      for (const module of modules) {
        running.push(await startApp(platform, module, { application: { logger: log } }));
      }
      return running.map((app) => observe(() => app, spy));
    };
    beforeEach(async () => {
      await redis.keyv().clear();
    });
    afterEach(async () => {
      await Promise.all(running.map((app) => app.close()));
      running = [];
    });

    const allows = async (server: ServedApp | undefined, origin = SHOP): Promise<boolean> => {
      const actual = await server?.outcome({ path: '/r', headers: { Origin: origin } });
      expect(actual?.ran).toEqual(['list']);
      const announced = await server?.outcome(preflight(origin, 'GET', '/r'));
      const answer = actual?.headers['access-control-allow-origin'] === origin;
      expect([actual?.status, announced?.status]).toEqual([200, answer ? 204 : 403]);
      return answer;
    };
    const origins = (server: ServedApp | undefined) => server?.running.app.get(OriginResolverService);

    /** Waits for an answer to be written to the store, which requests do not. */
    const stored = async (text: string): Promise<void> => {
      const probe = redis.keyv();
      const key = `nestjs-cors:answer:TableOrigins:${SHOP}`;
      await poll(async () => String(await probe.get(key)).startsWith(`v1 ${text} `));
    };

    const KINDS: readonly [string, (name: string) => RootModule][] = [
      ['a Keyv with its Redis store', (name) => withStore(name, redis.keyv())],
      ['the store of @nestjs/cache-manager', (name) => withCacheManager(name, redis)],
    ];

    it.each(KINDS)('through %s shares answers', async (_, make) => {
      table.allowed.add(SHOP);
      const [one, other] = await start(make('one'), make('other'));
      expect(await allows(one)).toBe(true);
      await stored('yes');
      expect(await allows(other)).toBe(true);
      expect(await allows(other, `${SHOP}:1`)).toBe(false);
      // The second request may arrive before the answer is in the store.
      expect([...new Set(table.readBy)]).toEqual([`one ${SHOP}`, `other ${SHOP}:1`]);
      expect(log.takeErrors()).toEqual([]);
    });

    it.each(KINDS)('through %s shares invalidations', async (_, make) => {
      const [one, other] = await start(make('one'), make('other'));
      expect([await allows(one), await allows(other)]).toEqual([false, false]);
      await stored('no');
      table.allowed.add(SHOP);
      await origins(one)?.forget(SHOP);
      expect(await allows(other)).toBe(true);
      await stored('yes');
      table.allowed.clear();
      await origins(other)?.forget(SHOP);
      expect(await allows(one)).toBe(false);
      await stored('no');
      table.allowed.add(SHOP);
      await origins(one)?.forgetAll();
      expect([await allows(other), await allows(one)]).toEqual([true, true]);
      expect(log.takeErrors()).toEqual([]);
    });

    it('does not bring back the answer of a call that began before an invalidation', async () => {
      const [one, other] = await start(withStore('one', redis.keyv()), withStore('other', redis.keyv()));
      table.holds = 'other';
      const waiting = other?.request({ path: '/r', headers: { Origin: SHOP } });
      await table.held.untilCalled(1);
      await origins(one)?.forget(SHOP);
      // The other instance read the table before the origin was removed.
      table.held.answer(true);
      expect((await waiting)?.status).toBe(200);
      await stored('yes');
      table.holds = '';
      expect([await allows(one), await allows(other)]).toEqual([false, false]);
    });

    it('passes an invalidation on within localTtl', async () => {
      const modules = ['one', 'other'].map((name) => withStore(name, redis.keyv(), 5_000));
      const [one, other] = await start(...modules);
      table.allowed.add(SHOP);
      expect([await allows(one), await allows(other)]).toEqual([true, true]);
      table.allowed.clear();
      await origins(one)?.forget(SHOP);
      expect([await allows(one), await allows(other)]).toEqual([false, true]);
      await time.advance(4_999);
      expect(await allows(other)).toBe(true);
      await time.advance(1);
      expect(await allows(other)).toBe(false);
    });

    it('stores answers for allowedTtl and deniedTtl', async () => {
      const [one] = await start(withStore('one', redis.keyv()));
      const timeToLive = () => redis.timeToLive(`nestjs-cors:answer:TableOrigins:${SHOP}`);
      await allows(one);
      await stored('no');
      const denied = await timeToLive();
      table.allowed.add(SHOP);
      await origins(one)?.forget(SHOP);
      await allows(one);
      await stored('yes');
      const allowed = await timeToLive();
      expect([denied > 5_000 && denied <= 10_000, allowed > 55_000 && allowed <= 60_000]).toEqual([true, true]);
    });
  });

  describePlatforms('that is killed', (platform) => {
    const time = stopTime({ timeouts: false });
    let running: RunningApp;
    beforeAll(async () => {
      running = await startApp(platform, withStore('one', redis.keyv()), { application: { logger: log } });
    });
    afterAll(() => running.close());

    it('leaves requests to the resolvers, logs one line, and is used again after a restart', async () => {
      const server = observe(() => running, spy);
      const get = async (number: number) => {
        const origin = `https://${number}.example`;
        table.allowed.add(origin);
        const { status, headers } = await server.outcome({ path: '/r', headers: { Origin: origin } });
        expect([status, headers]).toEqual([200, { 'access-control-allow-origin': origin, vary: 'Origin' }]);
      };
      await get(0);
      await redis.kill();
      for (let number = 1; number <= 5; number += 1) {
        await get(number);
        await time.advance(6_000); // longer than the pause after a failure, so the store is tried each time
      }
      expect(table.readBy).toHaveLength(6);
      expect(log.takeErrors()).toEqual([
        expect.stringMatching(/^store-failed: The store .*\. Resolvers are called without it until it works again\./),
      ]);

      await redis.start();
      const other = redis.keyv();
      await poll(async () => {
        await time.advance(6_000);
        await get(table.readBy.length);
        return (await other.get('nestjs-cors:generation')) !== undefined;
      });
      expect(log.takeErrors()).toEqual([]);
    }, 300_000);
  });
});
