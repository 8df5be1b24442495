import { describe, expect, it } from '@jest/globals';
import {
  Controller,
  Get,
  type INestApplication,
  Module,
  type NestModule,
  type OnModuleInit,
  Post,
  VERSION_NEUTRAL,
  Version,
  VersioningType,
} from '@nestjs/common';
import { HttpAdapterHost, NestFactory } from '@nestjs/core';
import { Cors, CorsModule, type CorsModuleOptions, DisableCors } from 'nestjs-cors';
import { KeptLog } from '../boot/boot.js';
import { corsHeaders } from '../support/cors-headers.js';
import { HandlerSpy } from '../support/handler-spy.js';
import {
  describePlatforms,
  observe,
  PLATFORMS,
  type RootModule,
  type StartOptions,
  startApp,
} from '../support/platforms.js';
import { ADMIN, APP, EVIL } from '../support/policy-statement.js';
import { rawRequest } from '../support/raw-request.js';

const spy = new HandlerSpy();
const [EXPRESS, FASTIFY] = PLATFORMS as [(typeof PLATFORMS)[0], (typeof PLATFORMS)[0]];

/** An application whose routes change after its policies were compiled, before they are registered. */
function movingApplication(
  controllers: RootModule[],
  move: () => void,
  options: CorsModuleOptions = { origin: APP },
): RootModule {
  @Module({})
  class MovingModule implements NestModule {
    configure(): void {
      move();
    }
  }

  @Module({ imports: [CorsModule.forRoot(options), MovingModule], controllers })
  class ApplicationModule {}
  return ApplicationModule;
}

/** Starts an application, asks it, and stops it. */
async function withApplication(
  platform: (typeof PLATFORMS)[0],
  module: RootModule,
  use: (
    ask: (method: string, path: string, origin: string, extra?: object) => Promise<unknown[]>,
    log: KeptLog,
  ) => Promise<void>,
  options: StartOptions = {},
): Promise<void> {
  const log = new KeptLog();
  const application = { logger: log, ...options.application };
  const running = await startApp(platform, module, { ...options, application });
  const { outcome } = observe(() => running, spy);
  try {
    await use(async (method, path, origin, extra) => {
      const { status, headers, ran } = await outcome({ method, path, headers: { Origin: origin, ...extra } });
      return [status, headers['access-control-allow-origin'], ...ran];
    }, log);
  } finally {
    await running.close();
  }
}

const UNEXPECTED =
  'The route GET /things/new was registered and not expected. It is served without cross-origin access. Please report this.';

describePlatforms('a route that is not registered as it was compiled', (platform) => {
  it('is reported, and served without cross-origin access; the others keep their policies', async () => {
    @Controller('things')
    class ThingsController {
      @Get('first') first() {
        spy.ran('first');
      }
      @Cors({ maxAge: 5 }) @Get('old') moved() {
        spy.ran('moved');
      }
      @Cors({ origin: [ADMIN] }) @Get('kept/:id') kept() {
        spy.ran('kept');
      }
      @Cors({ origin: [ADMIN] }) @Get('files/*') file() {
        spy.ran('file');
      }
    }
    const module = movingApplication([ThingsController], () => {
      Reflect.defineMetadata('path', 'new', ThingsController.prototype.moved);
    });
    await withApplication(platform, module, async (ask, log) => {
      expect(log.errors).toEqual([UNEXPECTED]);
      expect(log.warnings.filter((line) => line.startsWith('The route'))).toEqual([
        'The route GET /things/old (ThingsController.moved) was expected and not registered, so that nothing is served by it.',
      ]);
      const preflight = { 'Access-Control-Request-Method': 'GET' };
      expect(await ask('GET', '/things/first', APP)).toEqual([200, APP, 'first']);
      expect(await ask('GET', '/things/new', APP)).toEqual([200, undefined, 'moved']);
      expect(await ask('OPTIONS', '/things/new', APP, preflight)).toEqual([403, undefined]);
      expect(await ask('GET', '/things/kept/1', ADMIN)).toEqual([200, ADMIN, 'kept']);
      expect(await ask('GET', '/things/kept/1', APP)).toEqual([200, undefined, 'kept']);
      expect(await ask('OPTIONS', '/things/files/a/b', ADMIN, preflight)).toEqual([204, ADMIN]);
      expect(await ask('GET', '/things/files/a/b', ADMIN)).toEqual([200, ADMIN, 'file']);
      expect(await ask('GET', '/things/files/a/b', APP)).toEqual([200, undefined, 'file']);
    });
  });
});

describePlatforms('a route that is not registered as it was compiled, where something is enforced', (platform) => {
  it('does not run for other origins', async () => {
    @Controller('things')
    class ThingsController {
      @Cors({ maxAge: 5 }) @Post('old') moved() {
        spy.ran('moved');
      }
    }
    const module = movingApplication(
      [ThingsController],
      () => Reflect.defineMetadata('path', 'new', ThingsController.prototype.moved),
      { origin: APP, enforce: 'unsafe-methods' },
    );
    await withApplication(platform, module, async (ask) => {
      expect(await ask('POST', '/things/new', EVIL)).toEqual([403, undefined]);
      expect(await ask('POST', '/things/new', APP)).toEqual([403, undefined]);
    });
  });
});

describe('a route that moves to where another one is expected (express)', () => {
  it('does not get the policy of that one, be it from a decorator of the handler', async () => {
    @Controller('things')
    class ThingsController {
      @Get('old') moved() {
        spy.ran('moved');
      }
      @Cors({ origin: [ADMIN], credentials: true }) @Get('new') get() {
        spy.ran('get');
      }
    }
    const module = movingApplication([ThingsController], () => {
      Reflect.defineMetadata('path', 'new', ThingsController.prototype.moved);
    });
    await withApplication(EXPRESS, module, async (ask, log) => {
      expect(log.errors).toEqual([UNEXPECTED]);
      expect(await ask('GET', '/things/new', ADMIN)).toEqual([200, undefined, 'moved']);
      expect(await ask('GET', '/things/new', APP)).toEqual([200, undefined, 'moved']);
    });
  });

  it('or from one of the class', async () => {
    @Controller('things')
    class MovingController {
      @Get('old') moved() {
        spy.ran('moved');
      }
    }
    @Cors({ origin: [ADMIN], credentials: true })
    @Controller('things')
    class DecoratedController {
      @Get('new') get() {
        spy.ran('get');
      }
    }
    const module = movingApplication([MovingController, DecoratedController], () => {
      Reflect.defineMetadata('path', 'new', MovingController.prototype.moved);
    });
    await withApplication(EXPRESS, module, async (ask, log) => {
      expect(log.errors).toEqual([UNEXPECTED]);
      expect(await ask('GET', '/things/new', ADMIN)).toEqual([200, undefined, 'moved']);
    });
  });
});

describePlatforms(
  'handlers that are registered without their metadata, as by Nest 11 with onRouteTriggered',
  (platform) => {
    it('have their policies', async () => {
      @Controller('things')
      class ThingsController {
        @Cors({ origin: [ADMIN] }) @Get() get() {
          spy.ran('get');
        }
        @DisableCors() @Get('closed') closed() {
          spy.ran('closed');
        }
      }
      @Module({ imports: [CorsModule.forRoot({ origin: APP })], controllers: [ThingsController] })
      class ApplicationModule {}
      const configure = (app: INestApplication) => {
        const adapter = app.getHttpAdapter() as unknown as Record<'get', (path: string, handler: object) => unknown>;
        const register = adapter.get;
        adapter.get = (path, handler) => {
          const bare = (...values: unknown[]) => (handler as (...values: unknown[]) => unknown)(...values);
          return register.call(adapter, path, bare);
        };
      };
      await withApplication(
        platform,
        ApplicationModule,
        async (ask, log) => {
          expect([...log.errors, ...log.warnings.filter((line) => line.startsWith('The route'))]).toEqual([]);
          const preflight = { 'Access-Control-Request-Method': 'GET' };
          expect(await ask('GET', '/things', ADMIN)).toEqual([200, ADMIN, 'get']);
          expect(await ask('GET', '/things', APP)).toEqual([200, undefined, 'get']);
          expect(await ask('GET', '/things/closed', APP)).toEqual([200, undefined, 'closed']);
          expect(await ask('OPTIONS', '/things/closed', APP, preflight)).toEqual([403, undefined]);
          expect(await ask('GET', '/elsewhere', APP)).toEqual([404, APP]);
        },
        { configure },
      );
    });
  },
);

describePlatforms('a route that another module registers by itself', (platform) => {
  const answer = (_request: object, response: { send(text: string): void }) => response.send('another one');

  it('takes no policy of a handler, before or after the handlers are registered', async () => {
    @Controller('things')
    class ThingsController {
      @Cors({ origin: [ADMIN] }) @Get('old') get() {
        spy.ran('get');
      }
      @Cors({ origin: [ADMIN] }) @Get('other') moved() {
        spy.ran('moved');
      }
    }
    let adapter: HttpAdapterHost['httpAdapter'] | undefined;
    @Module({})
    class OtherModule implements NestModule {
      constructor(private readonly host: HttpAdapterHost) {}

      configure(): void {
        Reflect.defineMetadata('path', 'new', ThingsController.prototype.moved);
        adapter = this.host.httpAdapter;
        if (platform.name === 'fastify') {
          adapter.get('/things/other', answer as never); // Fastify takes no path twice
        } else {
          adapter.get('/things/old', (_request, _response, next) => next?.());
        }
      }
    }
    @Module({ imports: [CorsModule.forRoot({ origin: APP }), OtherModule], controllers: [ThingsController] })
    class ApplicationModule {}
    await withApplication(
      platform,
      ApplicationModule,
      async (ask, log) => {
        expect(log.errors).toEqual([UNEXPECTED]);
        // On Express nothing that is added later is reached, but it is looked up.
        const status = platform.name === 'fastify' ? 200 : 404;
        expect(await ask('GET', '/things/other', ADMIN)).toEqual([status, undefined]);
        expect(await ask('GET', '/things/other', APP)).toEqual([status, APP]);
        expect(await ask('GET', '/things/old', ADMIN)).toEqual([200, ADMIN, 'get']);
        expect(await ask('GET', '/things/old', APP)).toEqual([200, undefined, 'get']);
      },
      {
        configure: async (app) => {
          await app.init();
          if (platform.name === 'express') {
            adapter?.get('/things/other', answer as never); // where a handler was expected that has moved
          }
        },
      },
    );
  });
});

describe('duplicate routes that Nest leaves out (fastify)', () => {
  it('leave the policies of their classes to nobody that inherits the same handler', async () => {
    class BaseController {
      @Get() list() {
        spy.ran(this.constructor.name);
      }
    }
    @Controller({ path: 'things', version: '1' })
    class FirstController extends BaseController {}
    @Cors({ origin: [ADMIN], credentials: true })
    @Controller({ path: 'things', version: '1' })
    class DuplicateController extends BaseController {}
    @Cors({ origin: [ADMIN], credentials: true })
    @Controller({ path: 'things', version: VERSION_NEUTRAL })
    class NeutralController extends BaseController {}
    @Cors({ origin: [ADMIN], credentials: true })
    @Controller({ path: 'things', version: VERSION_NEUTRAL })
    class SecondNeutralController extends BaseController {}
    @DisableCors()
    @Controller({ path: 'things', version: ['2', '3'] })
    class DisabledController extends BaseController {}
    @Module({
      imports: [CorsModule.forRoot({ origin: APP })],
      controllers: [
        FirstController,
        DuplicateController,
        NeutralController,
        SecondNeutralController,
        DisabledController,
      ],
    })
    class ApplicationModule {}
    await withApplication(
      FASTIFY,
      ApplicationModule,
      async (ask, log) => {
        expect(log.errors).toEqual([]);
        expect(log.warnings.filter((line) => line.startsWith('The route'))).toEqual([
          'The route GET /things (DuplicateController.list) was expected and not registered, so that nothing is served by it.',
          'The route GET /things (SecondNeutralController.list) was expected and not registered, so that nothing is served by it.',
        ]);
        expect(await ask('GET', '/things', APP, { 'X-Version': '1' })).toEqual([200, APP, 'FirstController']);
        expect(await ask('GET', '/things', ADMIN, { 'X-Version': '1' })).toEqual([403, undefined]);
        expect(await ask('GET', '/things', ADMIN, { 'X-Version': '2' })).toEqual([403, undefined]);
        expect(await ask('GET', '/things', ADMIN, { 'X-Version': '3' })).toEqual([403, undefined]);
        expect(await ask('GET', '/things', ADMIN)).toEqual([200, ADMIN, 'NeutralController']);
        expect(await ask('GET', '/things', APP)).toEqual([403, undefined]);
      },
      {
        application: { routeConflictPolicy: { duplicate: 'warn' } },
        configure: (app) => app.enableVersioning({ type: VersioningType.HEADER, header: 'X-Version' }),
      },
    );
  });
});

describe('a duplicate route that Nest leaves out (fastify)', () => {
  it('leaves its policy to nobody', async () => {
    @Controller('things')
    class ThingsController {
      @Version('1') @Get() first() {
        spy.ran('first');
      }
      @Cors({ origin: [ADMIN], credentials: true }) @Version('1') @Get() duplicate() {
        spy.ran('duplicate');
      }
      @Version('2') @Get() second() {
        spy.ran('second');
      }
    }
    @Module({ imports: [CorsModule.forRoot({ origin: APP })], controllers: [ThingsController] })
    class ApplicationModule {}
    await withApplication(
      FASTIFY,
      ApplicationModule,
      async (ask, log) => {
        expect(log.errors).toEqual([]);
        for (const [version, handler] of [
          ['1', 'first'],
          ['2', 'second'],
        ] as const) {
          // A preflight could not tell the versions, so that actual requests are enforced.
          expect(await ask('GET', '/things', ADMIN, { 'X-Version': version })).toEqual([403, undefined]);
          expect(await ask('GET', '/things', APP, { 'X-Version': version })).toEqual([200, APP, handler]);
        }
      },
      {
        application: { routeConflictPolicy: { duplicate: 'warn' } },
        configure: (app) => app.enableVersioning({ type: VersioningType.HEADER, header: 'X-Version' }),
      },
    );
  });
});

describe('an application that is initialised again after it failed to (express)', () => {
  it('knows its routes as well as the first time, and asks who says which origins are allowed', async () => {
    let fails = true;
    @Controller('things')
    class ThingsController {
      @Cors({ origin: [ADMIN] }) @Get() get(): void {}
      @Cors({ origin: (origin) => origin === ADMIN, enforce: 'all' }) @Get('asked') asked(): void {}
    }
    @Module({ imports: [CorsModule.forRoot({ origin: APP })], controllers: [ThingsController] })
    class ApplicationModule implements OnModuleInit {
      onModuleInit(): void {
        if (fails) {
          throw new Error('the database is down');
        }
      }
    }
    const log = new KeptLog();
    const app = await NestFactory.create(ApplicationModule, EXPRESS.createAdapter(), {
      logger: log,
      abortOnError: false,
    });
    await expect(app.init()).rejects.toThrow('the database is down');
    fails = false;
    await app.listen(0, '127.0.0.1');
    const { port } = app.getHttpServer().address() as { port: number };
    const answers: unknown[] = [];
    for (const [path, origin] of [
      ['/things', ADMIN],
      ['/things/asked', ADMIN],
      ['/things/asked', APP],
    ] as const) {
      const response = await rawRequest({ port }, { path, headers: { Origin: origin } });
      answers.push([response.status, corsHeaders(response)['access-control-allow-origin']]);
    }
    await app.close();
    expect(answers).toEqual([
      [200, ADMIN],
      [200, ADMIN],
      [403, undefined],
    ]);
    expect([...log.errors, ...log.warnings.filter((line) => line.startsWith('The route'))]).toEqual([]);
  });
});
