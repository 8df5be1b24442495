import { describe, expect, it } from '@jest/globals';
import { Controller, Get, Injectable, Module } from '@nestjs/common';
import { HttpAdapterHost, NestFactory } from '@nestjs/core';
import { Test, type TestingModule } from '@nestjs/testing';
import { Cors, CorsConfigurationError, CorsModule, CorsService, DisableCors } from 'nestjs-cors';
import { describePlatforms } from '../../support/platforms.js';
import { rawRequest } from '../../support/raw-request.js';

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

/** A mock whose every property is there, and whose every method returns another mock. */
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

/** What a unit test of an exception filter puts in the place of the host. */
const MOCK_HOSTS: readonly (readonly [string, () => unknown])[] = [
  ['an object with a mock of an adapter', () => ({ httpAdapter: { reply: () => undefined } })],
  ['a mock of everything', deepMock],
];

const codesOf = (error: unknown): unknown =>
  error instanceof CorsConfigurationError ? error.problems.map(({ code, targets }) => [code, targets]) : error;
const NOT_INSTALLED = [['not-installed', ['DecoratedController.get', 'DisabledController']]];

describe('a unit test of a controller with decorators of nestjs-cors', () => {
  it('compiles without CorsModule', async () => {
    const testing = await Test.createTestingModule({
      controllers: [DecoratedController, DisabledController],
      providers: [Repository],
    }).compile();
    expect(testing.get(DecoratedController).get()).toBe('found');
    await testing.init(); // lifecycle hooks, no HTTP
    await testing.close();
  });

  it.each(MOCKERS)('compiles where what is missing is replaced by %s', async (_title, mocker) => {
    const testing = await Test.createTestingModule({ controllers: [DecoratedController, DisabledController] })
      .useMocker(mocker as never)
      .compile();
    expect(testing.get(DecoratedController)).toBeInstanceOf(DecoratedController);
    await testing.init();
    await testing.close();
  });

  it.each(MOCK_HOSTS)('compiles where HttpAdapterHost is %s', async (_title, host) => {
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

  it('accepts a mock of a service of the module', async () => {
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

describePlatforms('an application without CorsModule whose controllers have decorators', (platform) => {
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

  it('of a testing module does not initialise', async () => {
    const testing = await Test.createTestingModule({ imports: [WithoutCorsModule] }).compile();
    expect(await failureOf(testing)).toEqual(NOT_INSTALLED);
  });

  it.each(MOCKERS)('of a testing module with %s does not initialise', async (_title, mocker) => {
    const testing = await Test.createTestingModule({ controllers: [DecoratedController, DisabledController] })
      .useMocker(mocker as never)
      .compile();
    expect(await failureOf(testing)).toEqual(NOT_INSTALLED);
  });

  it('is not created by NestFactory', async () => {
    const created = NestFactory.create(WithoutCorsModule, platform.createAdapter(), {
      logger: false,
      abortOnError: false,
    });
    expect(await created.catch(codesOf)).toEqual(NOT_INSTALLED);
  });

  it('initialises with CorsModule, whatever else is mocked', async () => {
    const testing = await Test.createTestingModule({
      imports: [CorsModule.forRoot({ origin: 'https://app.example.com' })],
      controllers: [DecoratedController],
    })
      .useMocker(() => ({}))
      .compile();
    expect(await failureOf(testing)).toBe('initialised');
  });
});

describePlatforms('an application with CorsModule and a mock of HttpAdapterHost', (platform) => {
  it.each(MOCK_HOSTS)('enforces: %s', async (_title, host) => {
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

describe('an application context without CorsModule whose controllers have decorators', () => {
  it('is created, as no request reaches them', async () => {
    const context = await NestFactory.createApplicationContext(WithoutCorsModule, {
      logger: false,
      abortOnError: false,
    });
    expect(context.get(Repository).find()).toBe('found');
    await context.close();
  });
});

describe('CorsModule without forRoot', () => {
  it('is refused, also where its runtime is replaced by a mock', async () => {
    for (const mocker of [undefined, () => ({})]) {
      const builder = Test.createTestingModule({ imports: [CorsModule] });
      const compiled = (mocker === undefined ? builder : builder.useMocker(mocker)).compile();
      expect(await compiled.catch(codesOf)).toEqual([['not-installed', ['CorsModule']]]);
    }
  });
});
