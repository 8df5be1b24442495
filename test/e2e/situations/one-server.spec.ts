import { afterEach, describe, expect, it } from '@jest/globals';
import { Controller, Get, type INestApplication, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { Cors, CorsModule } from 'nestjs-cors';
import { HandlerSpy } from '../../support/handler-spy.js';
import { observe, type RootModule } from '../../support/platforms.js';
import { ADMIN, APP, expectDisabled, expectPolicy } from '../../support/policy-statement.js';
import { listen } from '../../support/start-app.js';
import { RecordedLog } from '../../unit/boot/boot.js';

const spy = new HandlerSpy();
const REFUSED = 'this Express instance already has an application with CorsModule';

@Cors({ origin: [ADMIN] })
@Controller('things')
class ThingsController {
  @Get() list() {
    return spy.ran('things');
  }
}

@Controller('plain')
class PlainController {
  @Get() get() {
    return spy.ran('plain');
  }
}

@Module({ imports: [CorsModule.forRoot({ origin: [APP] })], controllers: [ThingsController] })
class WithCorsModule {}

@Module({ controllers: [PlainController] })
class WithoutCorsModule {}

const ADAPTERS: readonly (readonly [string, (first: ExpressAdapter) => ExpressAdapter])[] = [
  ['adapter', (first) => first],
  ['Express instance', (first) => new ExpressAdapter(first.getInstance())],
];

const apps: INestApplication[] = [];
const log = new RecordedLog();

async function create(module: RootModule, adapter: ExpressAdapter | FastifyAdapter): Promise<INestApplication> {
  const app = await NestFactory.create(module, adapter, { logger: log, abortOnError: false });
  apps.push(app);
  return app;
}

afterEach(async () => {
  for (const app of apps.splice(0)) {
    await app.close();
  }
  log.errors.length = 0;
});

async function serverOf(app: INestApplication) {
  const running = await listen(app);
  return observe(() => running, spy);
}

const things = { method: 'GET', path: '/things', handler: 'things', allows: ADMIN, refuses: APP };

describe.each(ADAPTERS)('two applications with CorsModule on one %s', (_what, sharing) => {
  it('are rejected when the second is created, and the first keeps its policies', async () => {
    const adapter = new ExpressAdapter();
    const first = await create(WithCorsModule, adapter);
    await expect(create(WithCorsModule, sharing(adapter))).rejects.toThrow(REFUSED);
    const server = await serverOf(first);
    await expect(create(WithCorsModule, sharing(adapter))).rejects.toThrow(REFUSED);
    await expectPolicy(server, things);
  });

  it('are rejected when the first is closed, because its routes stay', async () => {
    const adapter = new ExpressAdapter();
    const first = await create(WithCorsModule, adapter);
    await first.init();
    await first.close();
    await expect(create(WithCorsModule, sharing(adapter))).rejects.toThrow(REFUSED);
  });

  it('are rejected when an application of a testing module is initialised', async () => {
    const adapter = new ExpressAdapter();
    await create(WithCorsModule, adapter);
    const testing = await Test.createTestingModule({ imports: [WithCorsModule] }).compile();
    const second = testing.createNestApplication(sharing(adapter), { logger: false });
    await expect(second.init()).rejects.toThrow(REFUSED);
  });
});

/** Which of the two is created first, and whether they are initialised together. */
const ORDERS = [
  [true, true],
  [true, false],
  [false, true],
  [false, false],
] as const;

describe.each(ADAPTERS)('an application without CorsModule on the %s of one with it', (what, sharing) => {
  it.each(ORDERS)(
    'gets no wider access than that one gives (CorsModule first: %s, together: %s)',
    async (first, together) => {
      const adapter = new ExpressAdapter();
      const modules = first ? [WithCorsModule, WithoutCorsModule] : [WithoutCorsModule, WithCorsModule];
      const [one, other] = modules as [RootModule, RootModule];
      const created = await create(one, adapter);
      created.setGlobalPrefix('one');
      if (!together) {
        await created.init();
      }
      const second = await create(other, sharing(adapter));
      second.setGlobalPrefix('two');
      await Promise.all([created.init(), second.init()]);
      const server = await serverOf(second); // an adapter has the server of its last application
      await expectPolicy(server, { ...things, path: first ? '/one/things' : '/two/things' });
      const plain = { method: 'GET', path: first ? '/two/plain' : '/one/plain', handler: 'plain' };
      // CorsModule sees the registration of routes on its adapter only. It leaves out those that exist already.
      if (what === 'adapter' && (first || together)) {
        await expectDisabled(server, { ...plain, origin: APP });
        await expectDisabled(server, { ...plain, origin: ADMIN });
      } else {
        await expectPolicy(server, { ...plain, allows: APP, refuses: ADMIN });
      }
      expect(log.errors).toEqual(
        what === 'adapter' && together
          ? [
              expect.stringMatching(
                /^The route GET \/(one|two)\/plain is not known.* give that application its own adapter/,
              ),
            ]
          : [],
      );
    },
  );
});

describe('two applications on one Fastify adapter', () => {
  it('are rejected by Fastify, with CorsModule and without', async () => {
    @Module({})
    class EmptyModule {}
    for (const module of [WithCorsModule, WithoutCorsModule]) {
      const adapter = new FastifyAdapter();
      const start = async () => {
        await (await create(module, adapter)).init();
        await (await create(EmptyModule, adapter)).init();
      };
      await expect(start()).rejects.toThrow('Not found handler already set');
    }
  });
});
