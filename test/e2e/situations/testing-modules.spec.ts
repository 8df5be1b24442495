import { afterEach, expect, it } from '@jest/globals';
import {
  type CallHandler,
  Controller,
  Get,
  Inject,
  Injectable,
  Module,
  Param,
  UseFilters,
  UseGuards,
  UseInterceptors,
} from '@nestjs/common';
import { DiscoveryModule, DiscoveryService, LazyModuleLoader, SerializedGraph } from '@nestjs/core';
import { Test, type TestingModuleBuilder } from '@nestjs/testing';
import { Cors, CorsModule } from 'nestjs-cors';
import { map } from 'rxjs';
import { HandlerSpy } from '../../support/handler-spy.js';
import { describePlatforms, observe, type RunningApp } from '../../support/platforms.js';
import { ADMIN, APP, expectPolicy } from '../../support/policy-statement.js';
import { listen } from '../../support/start-app.js';

const spy = new HandlerSpy();

@Injectable()
class Things {
  list() {
    return 'real';
  }
}

@Injectable()
class ClosedGuard {
  canActivate() {
    return false;
  }
}

@Injectable()
class TaggingInterceptor {
  intercept(_context: unknown, next: CallHandler) {
    return next.handle().pipe(map((data) => `${data} intercepted`));
  }
}

@Injectable()
class TaggingPipe {
  transform(value: string) {
    return `${value} piped`;
  }
}

@Injectable()
class TaggingFilter {
  catch(
    _error: unknown,
    host: { switchToHttp(): { getResponse(): { status(code: number): { send(body: string): void } } } },
  ) {
    host.switchToHttp().getResponse().status(500).send('filtered');
  }
}

@Cors({ origin: [ADMIN] })
@Controller('things')
class ThingsController {
  readonly #things: Things;

  constructor(@Inject(Things) things: Things) {
    this.#things = things;
  }

  @UseGuards(ClosedGuard)
  @UseInterceptors(TaggingInterceptor)
  @UseFilters(TaggingFilter)
  @Get(':name')
  get(@Param('name', TaggingPipe) name: string) {
    if (name.startsWith('broken')) {
      throw new Error(name);
    }
    return spy.ran(`${this.#things.list()} ${name}`);
  }
}

@Module({ controllers: [ThingsController], providers: [Things] })
class ThingsModule {}

@Module({ imports: [CorsModule.forRoot({ origin: [APP] }), ThingsModule] })
class ApplicationModule {}

describePlatforms('an application of a testing module', (platform) => {
  const running: RunningApp[] = [];
  afterEach(async () => {
    for (const one of running.splice(0)) {
      await one.close();
    }
  });
  const start = async (builder: TestingModuleBuilder) => {
    const testing = await builder.compile();
    const started = await listen(testing.createNestApplication(platform.createAdapter(), { logger: false }));
    running.push(started);
    return observe(() => started, spy);
  };
  const route = { method: 'GET', allows: ADMIN, refuses: APP };

  it('applies its policies beside overridden enhancers and providers', async () => {
    const server = await start(
      Test.createTestingModule({ imports: [ApplicationModule] })
        .overrideProvider(Things)
        .useValue({ list: () => 'mocked' })
        .overrideGuard(ClosedGuard)
        .useValue({ canActivate: () => true })
        .overrideInterceptor(TaggingInterceptor)
        .useValue({ intercept: (_context: unknown, next: { handle(): unknown }) => next.handle() })
        .overridePipe(TaggingPipe)
        .useValue({ transform: (value: string) => value }),
    );
    await expectPolicy(server, { ...route, path: '/things/a', handler: 'mocked a' });
    await expectPolicy(server, { ...route, path: '/things/broken', handler: undefined, status: 500 });
  });

  it('applies its policies beside its real guard', async () => {
    const server = await start(Test.createTestingModule({ imports: [ApplicationModule] }));
    await expectPolicy(server, { ...route, path: '/things/a', handler: undefined, status: 500 });
  });

  it('applies its policies however often its builder was compiled for earlier applications', async () => {
    const builder = Test.createTestingModule({ imports: [ApplicationModule] })
      .overrideGuard(ClosedGuard)
      .useValue({ canActivate: () => true });
    for (let count = 0; count < 3; count++) {
      const server = await start(builder);
      expect(await server.running.app.getUrl()).toBe(`http://127.0.0.1:${server.running.port}`);
      await expectPolicy(server, { ...route, path: '/things/a', handler: 'real a piped' });
      await server.running.close();
    }
  });

  it('applies the policies of a module that replaces another one', async () => {
    @Controller('things')
    class OtherController {
      @Get(':name') get() {
        return spy.ran('other');
      }
    }
    @Module({ controllers: [OtherController] })
    class OtherModule {}
    const server = await start(
      Test.createTestingModule({ imports: [ApplicationModule] })
        .overrideModule(ThingsModule)
        .useModule(OtherModule),
    );
    await expectPolicy(server, { ...route, allows: APP, refuses: ADMIN, path: '/things/a', handler: 'other' });
  });

  it('applies the policies of a CorsModule that replaces another one', async () => {
    const real = CorsModule.forRoot({ origin: [APP] });
    const server = await start(
      Test.createTestingModule({ imports: [real] })
        .overrideModule(real)
        .useModule(CorsModule.forRoot({ origin: [ADMIN] })),
    );
    await expectPolicy(server, { ...route, path: '/absent', handler: undefined, status: 404 });
  });

  it('applies its policies beside mocked dependencies', async () => {
    const server = await start(
      Test.createTestingModule({
        imports: [CorsModule.forRoot({ origin: [APP] })],
        controllers: [ThingsController],
      })
        .useMocker((token) => (token === Things ? { list: () => 'auto' } : { canActivate: () => true }))
        .overrideGuard(ClosedGuard)
        .useValue({ canActivate: () => true }),
    );
    await expectPolicy(server, { ...route, path: '/things/a', handler: 'auto a piped' });
  });

  it('lets the application discover its controllers, and load modules later', async () => {
    const server = await start(Test.createTestingModule({ imports: [ApplicationModule, DiscoveryModule] }));
    const { app } = server.running;
    const names = app
      .get(DiscoveryService)
      .getControllers()
      .map(({ name }) => name);
    expect(names).toEqual(['ThingsController']);
    @Module({ providers: [{ provide: 'late', useValue: 'loaded' }] })
    class LateModule {}
    const late = await app.get(LazyModuleLoader).load(() => LateModule);
    expect(late.get('late')).toBe('loaded');
    await expectPolicy(server, {
      ...route,
      allows: APP,
      refuses: ADMIN,
      path: '/absent',
      handler: undefined,
      status: 404,
    });
  });

  it('can be inspected', async () => {
    const testing = await Test.createTestingModule({ imports: [ApplicationModule] }).compile({ snapshot: true });
    const started = await listen(testing.createNestApplication(platform.createAdapter(), { logger: false }));
    running.push(started);
    const graph = JSON.parse(started.app.get(SerializedGraph).toString()) as {
      readonly entrypoints: Readonly<Record<string, readonly { readonly methodName: string }[]>>;
      readonly nodes: Readonly<Record<string, { readonly label: string }>>;
    };
    expect(
      Object.values(graph.entrypoints)
        .flat()
        .map(({ methodName }) => methodName),
    ).toEqual(['get']);
    expect(Object.values(graph.nodes).map(({ label }) => label)).toContain('ThingsController');
    const server = observe(() => started, spy);
    await expectPolicy(server, { ...route, path: '/things/a', handler: undefined, status: 500 });
  });
});
