import { describe, expect, it } from '@jest/globals';
import { Controller, Get, Injectable, Module } from '@nestjs/common';
import { HttpAdapterHost, NestFactory } from '@nestjs/core';
import { Test, type TestingModule } from '@nestjs/testing';
import { Cors, CorsConfigurationError, CorsModule, CorsService, DisableCors } from 'nestjs-cors';
import { describePlatforms } from '../../support/platforms.js';
import { rawRequest } from '../../support/requests/raw-request.js';

@Injectable()
class Repository {
  find(): string {
    return 'found';
  }
}

@Controller('x')
class DecoratedController {
  readonly repository: Repository;

  constructor(repository: Repository) {
    this.repository = repository;
  }
  @Cors({ origin: 'https://app.example.com', enforce: 'all' }) @Get() get() {
    return this.repository.find();
  }
}

@DisableCors()
@Controller('y')
class DisabledController {}

@Module({ controllers: [DecoratedController, DisabledController], providers: [Repository] })
class WithoutCorsModule {}

/** A mock with every property. Every method returns another mock. */
function deepMock(): unknown {
  return new Proxy(() => deepMock(), {
    get: (_target, key) => (key === 'then' || key === 'onModuleInit' ? undefined : deepMock()),
    has: () => true,
  });
}

const MOCKERS: readonly (readonly [string, () => unknown])[] = [
  ['empty objects', () => ({})],
  ['mocks of everything', deepMock],
];

/** Mocks of `HttpAdapterHost`, as unit tests of exception filters write them. */
const MOCK_HOSTS: readonly (readonly [string, () => unknown])[] = [
  ['an object with a mock of an adapter', () => ({ httpAdapter: { reply: () => undefined } })],
  ['a mock of everything', deepMock],
];

const codesOf = (error: unknown): unknown =>
  error instanceof CorsConfigurationError ? error.problems.map(({ code, targets }) => [code, targets]) : error;
const NOT_INSTALLED = [['not-installed', ['DecoratedController.get', 'DisabledController']]];

describe('a unit test of a controller with CORS decorators', () => {
  it('compiles without CorsModule', async () => {
    const testing = await Test.createTestingModule({
      controllers: [DecoratedController, DisabledController],
      providers: [Repository],
    }).compile();
    expect(testing.get(DecoratedController).get()).toBe('found');
    await testing.init(); // Lifecycle hooks, without HTTP.
    await testing.close();
  });

  it.each(MOCKERS)('compiles without CorsModule if missing providers are replaced by %s', async (_title, mocker) => {
    const testing = await Test.createTestingModule({ controllers: [DecoratedController, DisabledController] })
      .useMocker(mocker as never)
      .compile();
    expect(testing.get(DecoratedController)).toBeInstanceOf(DecoratedController);
    await testing.init();
    await testing.close();
  });

  it.each(MOCK_HOSTS)('compiles if HttpAdapterHost is %s', async (_title, host) => {
    const metadata = { controllers: [DecoratedController], providers: [Repository] };
    const provider = { provide: HttpAdapterHost, useValue: host() };
    for (const testing of [
      Test.createTestingModule({ ...metadata, providers: [Repository, provider] }),
      Test.createTestingModule(metadata).overrideProvider(HttpAdapterHost).useValue(host()),
      Test.createTestingModule({ imports: [CorsModule.forRoot()], ...metadata })
        .overrideProvider(HttpAdapterHost)
        .useValue(host()),
    ]) {
      expect((await testing.compile()).get(DecoratedController)).toBeInstanceOf(DecoratedController);
    }
  });

  it('accepts a mock of a CorsModule service', async () => {
    @Controller()
    class AskingController {
      readonly cors: CorsService;

      constructor(cors: CorsService) {
        this.cors = cors;
      }
    }
    const testing = await Test.createTestingModule({ controllers: [AskingController] })
      .useMocker((token) => (token === CorsService ? { isOriginAllowed: () => 'mocked' } : undefined))
      .compile();
    expect(testing.get(AskingController).cors.isOriginAllowed('https://app.example.com')).toBe('mocked');
    await testing.close();
  });
});

describePlatforms('an application with CORS decorators but without CorsModule', (platform) => {
  const failureOf = async (testing: TestingModule): Promise<unknown> => {
    const app = testing.createNestApplication(platform.createAdapter(), { logger: false });
    try {
      await app.init();
      return 'initialised';
    } catch (error) {
      return codesOf(error);
    } finally {
      await app.close();
    }
  };

  it('fails to initialise from a testing module', async () => {
    const testing = await Test.createTestingModule({ imports: [WithoutCorsModule] }).compile();
    expect(await failureOf(testing)).toEqual(NOT_INSTALLED);
  });

  it.each(MOCKERS)('fails to initialise from a testing module with %s', async (_title, mocker) => {
    const testing = await Test.createTestingModule({ controllers: [DecoratedController, DisabledController] })
      .useMocker(mocker as never)
      .compile();
    expect(await failureOf(testing)).toEqual(NOT_INSTALLED);
  });

  it('is rejected by NestFactory.create()', async () => {
    const created = NestFactory.create(WithoutCorsModule, platform.createAdapter(), {
      logger: false,
      abortOnError: false,
    });
    expect(await created.catch(codesOf)).toEqual(NOT_INSTALLED);
  });

  it('initialises if CorsModule is imported and other providers are mocks', async () => {
    const testing = await Test.createTestingModule({
      imports: [CorsModule.forRoot({ origin: 'https://app.example.com' })],
      controllers: [DecoratedController],
    })
      .useMocker(() => ({}))
      .compile();
    expect(await failureOf(testing)).toBe('initialised');
  });
});

describePlatforms('an application with CorsModule and a mocked HttpAdapterHost', (platform) => {
  it.each(MOCK_HOSTS)('enforces its policies if HttpAdapterHost is %s', async (_title, host) => {
    const testing = await Test.createTestingModule({
      imports: [CorsModule.forRoot()],
      controllers: [DecoratedController],
      providers: [Repository],
    })
      .overrideProvider(HttpAdapterHost)
      .useValue(host())
      .compile();
    const app = testing.createNestApplication(platform.createAdapter(), { logger: false });
    await app.listen(0, '127.0.0.1');
    const { port } = app.getHttpServer().address() as { port: number };
    const statusFor = async (Origin: string) =>
      (await rawRequest({ port }, { path: '/x', headers: { Origin } })).status;
    expect(await statusFor('https://evil.example')).toBe(403);
    expect(await statusFor('https://app.example.com')).toBe(200);
    await app.close();
  });
});

describe('an application context with CORS decorators but without CorsModule', () => {
  it('boots, because it receives no HTTP requests', async () => {
    const context = await NestFactory.createApplicationContext(WithoutCorsModule, {
      logger: false,
      abortOnError: false,
    });
    expect(context.get(Repository).find()).toBe('found');
    await context.close();
  });
});

describe('CorsModule without forRoot()', () => {
  it('stops the boot, even if its runtime is mocked', async () => {
    for (const mocker of [undefined, () => ({})]) {
      const builder = Test.createTestingModule({ imports: [CorsModule] });
      const compiled = (mocker === undefined ? builder : builder.useMocker(mocker)).compile();
      expect(await compiled.catch(codesOf)).toEqual([['not-installed', ['CorsModule']]]);
    }
  });
});
