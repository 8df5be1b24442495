import { describe, expect, it } from '@jest/globals';
import { Controller, Get, Module, type NestModule, Post, VersioningType } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { Cors, CorsModule, DisableCors } from 'nestjs-cors';
import { describePlatforms } from '../../support/platforms.js';
import { ADMIN, APP, EVIL } from '../../support/policy-statement.js';
import { EXPRESS, movingApplication, notRegistered, spy, withApplication } from './unexpected-routes.js';

const UNEXPECTED =
  'The route GET /things/new is not known to nestjs-cors, so it has no cross-origin access. If another application uses ' +
  'this HTTP adapter, give that application its own adapter. Otherwise please report this.';

describePlatforms('a route that changed between compilation and registration', (platform) => {
  it('is reported and served without CORS headers, and the others keep their policies', async () => {
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
        notRegistered('GET /things/old (ThingsController.moved)'),
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

describePlatforms('an enforced route that changed between compilation and registration', (platform) => {
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

describe('a route that moves to the path of another one (express)', () => {
  it('does not get the policy of a decorator on the other handler', async () => {
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

  it('does not get the policy of a decorator on the other class', async () => {
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

  it('does not give its policy to a sibling that inherits the handler', async () => {
    class BaseController {
      @Get() list() {
        spy.ran(this.constructor.name);
      }
    }
    @Cors({ origin: [ADMIN] })
    @Controller({ path: 'things', version: '1' })
    class FirstController extends BaseController {}
    @DisableCors()
    @Controller({ path: 'things', version: '2' })
    class SecondController extends BaseController {}
    const module = movingApplication([FirstController, SecondController], () => {
      Reflect.defineMetadata('path', 'others', FirstController);
    });
    await withApplication(
      EXPRESS,
      module,
      async (ask, log) => {
        expect(log.errors.length).toBeGreaterThan(0);
        expect(await ask('GET', '/things', ADMIN, { 'X-Version': '2' })).toEqual([200, undefined, 'SecondController']);
        expect(await ask('GET', '/others', ADMIN, { 'X-Version': '1' })).toEqual([200, undefined, 'FirstController']);
      },
      { configure: (app) => app.enableVersioning({ type: VersioningType.HEADER, header: 'X-Version' }) },
    );
  });
});

describePlatforms('a route that another module registers directly', (platform) => {
  const answer = (_request: object, response: { send(text: string): void }) => response.send('another one');

  it('does not get the policy of a handler, before or after the handlers are registered', async () => {
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
      readonly #host: HttpAdapterHost;

      constructor(host: HttpAdapterHost) {
        this.#host = host;
      }

      configure(): void {
        Reflect.defineMetadata('path', 'new', ThingsController.prototype.moved);
        adapter = this.#host.httpAdapter;
        if (platform.name === 'fastify') {
          adapter.get('/things/other', answer as never); // Fastify accepts a path only once.
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
        // Requests never reach an Express route that is added later, but it is looked up.
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
            adapter?.get('/things/other', answer as never); // The path of a handler that has moved.
          }
        },
      },
    );
  });
});
