import { describe, expect, it } from '@jest/globals';
import { Controller, Get, type INestApplication, Module, Post } from '@nestjs/common';
import { ApplicationConfig, NestFactory } from '@nestjs/core';
import { Test, type TestingModule } from '@nestjs/testing';
import { Cors, CorsModule, CorsService, OriginResolverService } from 'nestjs-cors';
import { corsHeaders } from '../../support/cors-headers.js';
import { HandlerSpy } from '../../support/handler-spy.js';
import { describePlatforms, type Outcome, PLATFORMS, type Platform } from '../../support/platforms.js';
import { ADMIN, APP, EVIL, preflight, REFUSED_PREFLIGHT } from '../../support/policy-statement.js';
import { type RawRequest, rawRequest } from '../../support/requests/raw-request.js';
import { RecordedLog } from '../../unit/boot/boot.js';

const spy = new HandlerSpy();

@Cors({ enforce: 'all' })
@Controller('r')
class EnforcingController {
  @Get() get() {
    return spy.ran('get');
  }
  @Cors({ origin: (origin) => origin === ADMIN }) @Post() post() {
    return spy.ran('post');
  }
}

@Module({ imports: [CorsModule.forRoot({ origin: [APP] })], controllers: [EnforcingController] })
class ApplicationModule {}

const REFUSED: Outcome = { status: 403, headers: { vary: 'Origin' }, ran: [] };
const allowed = (origin: string, status: number, handler: string): Outcome => ({
  status,
  headers: { 'access-control-allow-origin': origin, vary: 'Origin' },
  ran: [handler],
});

/** Expects that one application applies its policy to allowed and refused preflights and actual requests. */
async function expectServed(app: INestApplication): Promise<void> {
  if (!app.getHttpServer().listening) {
    await app.listen(0, '127.0.0.1');
  }
  const { port } = app.getHttpServer().address() as { port: number };
  const outcome = async (request: RawRequest): Promise<Outcome> => {
    spy.take();
    const response = await rawRequest({ port }, request);
    return { status: response.status, headers: corsHeaders(response), ran: spy.take() };
  };
  const actual = (method: string, origin: string) => outcome({ method, path: '/r', headers: { Origin: origin } });
  expect(await actual('GET', EVIL)).toEqual(REFUSED);
  expect(await actual('GET', APP)).toEqual(allowed(APP, 200, 'get'));
  expect(await actual('POST', EVIL)).toEqual(REFUSED);
  expect(await actual('POST', ADMIN)).toEqual(allowed(ADMIN, 201, 'post'));
  expect(await outcome(preflight(EVIL, 'POST', '/r'))).toEqual(REFUSED_PREFLIGHT);
  expect((await outcome(preflight(ADMIN, 'POST', '/r'))).status).toBe(204);
}

async function closeAll(apps: readonly INestApplication[]): Promise<void> {
  for (const app of apps) {
    await app.close();
  }
}

type Make = (testing: TestingModule, platform: Platform, log: RecordedLog) => INestApplication;
const make: Make = (testing, platform, log) => testing.createNestApplication(platform.createAdapter(), { logger: log });

/**
 * The orders of initialisation that work. Nest registers all not-found handlers on the last adapter. Two existing
 * applications therefore work on Express only, and not in the order of creation.
 */
const ORDERS: readonly (readonly [string, (one: INestApplication, other: INestApplication) => Promise<unknown>])[] = [
  ['in reverse order', async (one, other) => [await other.init(), await one.init()]],
  ['at the same time', (one, other) => Promise.all([one.init(), other.init()])],
];
const [EXPRESS] = PLATFORMS as [Platform];

describePlatforms('two applications from one testing module', (platform) => {
  it('apply their own policies if the second is created while the first is listening', async () => {
    const log = new RecordedLog();
    const testing = await Test.createTestingModule({ imports: [ApplicationModule] }).compile();
    const first = make(testing, platform, log);
    await expectServed(first);
    const second = make(testing, platform, log);
    await expectServed(second);
    await expectServed(first);
    await closeAll([first, second]);
  });

  it('have at most one filter and one interceptor each', async () => {
    const testing = await Test.createTestingModule({ imports: [ApplicationModule] }).compile();
    const apps: INestApplication[] = [];
    for (let count = 0; count < 2; count++) {
      apps.push(await make(testing, platform, new RecordedLog()).init());
    }
    const config = testing.get(ApplicationConfig);
    expect([config.getGlobalFilters().length, config.getGlobalInterceptors().length]).toEqual([1, 0]);
    expect(Reflect.getMetadata('__guards__', EnforcingController.prototype.get)).toHaveLength(1);
    await closeAll(apps);
  });
});

describePlatforms('two applications from one builder that is compiled twice', (platform) => {
  const builderOf = () => Test.createTestingModule({ imports: [ApplicationModule] });

  it('apply their own policies if the second is compiled while the first is listening', async () => {
    const log = new RecordedLog();
    const builder = builderOf();
    const first = make(await builder.compile(), platform, log);
    await expectServed(first);
    const testing = await builder.compile();
    const second = make(testing, platform, log);
    await expectServed(second);
    await expectServed(first);
    expect(await testing.get(CorsService).isOriginAllowed(APP)).toBe(true);
    expect(await testing.get(OriginResolverService).resolve(EVIL)).toBe(false);
    expect([...log.errors, ...log.warnings.filter((line) => line.startsWith('The route'))]).toEqual([]);
    await closeAll([first, second]);
  });

  it('apply their own policies if both are created after both compilations', async () => {
    const builder = builderOf();
    const modules = [await builder.compile(), await builder.compile()];
    for (const testing of modules) {
      const app = make(testing, platform, new RecordedLog());
      await expectServed(app);
      await app.close();
    }
  });

  it('use the options of the second compilation', async () => {
    const options = { origin: EVIL };
    const builder = Test.createTestingModule({
      imports: [CorsModule.forRootAsync({ useFactory: () => ({ ...options }) })],
      controllers: [EnforcingController],
    });
    const first = make(await builder.compile(), platform, new RecordedLog());
    await first.init();
    options.origin = APP;
    const second = make(await builder.compile(), platform, new RecordedLog());
    await expectServed(second);
    await closeAll([first, second]);
  });
});

describe('two applications that are created before either is initialised (express)', () => {
  it.each(ORDERS)('apply their own policies when they are initialised %s', async (_title, initialise) => {
    const log = new RecordedLog();
    const builder = Test.createTestingModule({ imports: [ApplicationModule] });
    const testing = await builder.compile();
    const again = await builder.compile();
    for (const other of [testing, again]) {
      const apps = [make(testing, EXPRESS, log), make(other, EXPRESS, log)] as const;
      await initialise(...apps);
      for (const app of apps) {
        await expectServed(app);
      }
      expect([...log.errors, ...log.warnings.filter((line) => line.startsWith('The route'))]).toEqual([]);
      await closeAll(apps);
    }
  });
});

describe('an Express and a Fastify application from one testing module', () => {
  it('apply their own policies', async () => {
    const apps: INestApplication[] = [];
    const testing = await Test.createTestingModule({ imports: [ApplicationModule] }).compile();
    for (const platform of [...PLATFORMS, ...PLATFORMS]) {
      apps.push(make(testing, platform, new RecordedLog()));
      for (const app of apps) {
        await expectServed(app);
      }
    }
    await closeAll(apps);
  });
});

describePlatforms('two applications that NestFactory creates in one process', (platform) => {
  it('apply their own policies', async () => {
    const apps: INestApplication[] = [];
    for (let count = 0; count < 2; count++) {
      apps.push(await NestFactory.create(ApplicationModule, platform.createAdapter(), { logger: false }));
    }
    for (const app of apps) {
      await expectServed(app);
    }
    await closeAll(apps);
  });
});
