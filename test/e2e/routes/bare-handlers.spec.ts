import { expect, it } from '@jest/globals';
import { Controller, Get, type INestApplication, Module } from '@nestjs/common';
import { Cors, CorsModule, DisableCors } from 'nestjs-cors';
import { describePlatforms } from '../../support/platforms.js';
import { ADMIN, APP, EVIL } from '../../support/policy-statement.js';
import { bound, saidOfRoutes, spy, withApplication } from './unexpected-routes.js';

describePlatforms('handlers registered without metadata, as by Nest 11 with onRouteTriggered', (platform) => {
  it('have their own policies', async () => {
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
        expect(saidOfRoutes(log)).toEqual([]);
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
});

describePlatforms('methods that are replaced by functions without metadata', (platform) => {
  @Controller('things')
  class ThingsController {
    constructor() {
      bound(this, ['own', 'secret', 'plain']);
    }
    @Cors({ origin: [ADMIN] }) @Get('own') own() {
      spy.ran('own');
    }
    @DisableCors() @Get('secret') secret() {
      spy.ran('secret');
    }
    @Get('plain') plain() {
      spy.ran('plain');
    }
  }
  @Cors({ origin: [ADMIN] })
  @Controller('decorated')
  class DecoratedController {
    constructor() {
      bound(this, ['plain']);
    }
    @Get('plain') plain() {
      spy.ran('decorated');
    }
  }
  @Module({
    imports: [CorsModule.forRoot({ origin: APP, paths: [{ path: '/things', policy: { origin: EVIL } }] })],
    controllers: [ThingsController, DecoratedController],
  })
  class ApplicationModule {}

  /** Creates a new function each time a method is read, as decorators of tracing tools do. */
  const instanceDecorator = (instance: unknown) =>
    instance instanceof ThingsController || instance instanceof DecoratedController
      ? new Proxy(instance, {
          get: (target, name) => {
            const value = Reflect.get(target, name, target);
            return typeof value === 'function' && name !== 'constructor'
              ? (...values: unknown[]) => value.apply(target, values)
              : value;
          },
        })
      : instance;

  it.each<[string, Record<string, unknown>]>([
    ['one route after the other', {}],
    ['all routes at once', { routeConflictPolicy: { duplicate: 'warn' } }],
    ['sorted routes', { routeResolutionStrategy: 'specificity' }],
    ['functions made at each reading', { instrument: { instanceDecorator } }],
    ['such functions, sorted', { instrument: { instanceDecorator }, routeResolutionStrategy: 'specificity' }],
  ])('have their own policies: %s', async (_, application) => {
    await withApplication(
      platform,
      ApplicationModule,
      async (ask, log) => {
        expect(saidOfRoutes(log)).toEqual([]);
        const preflight = { 'Access-Control-Request-Method': 'GET' };
        for (const [path, handler, allowed] of [
          ['/things/own', 'own', ADMIN],
          ['/things/secret', 'secret', undefined],
          ['/things/plain', 'plain', APP],
          ['/decorated/plain', 'decorated', ADMIN],
        ] as const) {
          for (const origin of [ADMIN, APP, EVIL]) {
            const granted = origin === allowed ? origin : undefined;
            expect([path, ...(await ask('GET', path, origin))]).toEqual([path, 200, granted, handler]);
            expect([path, ...(await ask('OPTIONS', path, origin, preflight))]).toEqual([
              path,
              granted === undefined ? 403 : 204,
              granted,
            ]);
          }
        }
      },
      { application },
    );
  });
});
