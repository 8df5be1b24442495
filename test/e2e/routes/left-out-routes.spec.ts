import { describe, expect, it } from '@jest/globals';
import {
  Controller,
  Get,
  Global,
  Module,
  type OnModuleInit,
  VERSION_NEUTRAL,
  Version,
  VersioningType,
} from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { Cors, CorsModule, DisableCors } from 'nestjs-cors';
import { ADMIN, APP } from '../../support/policy-statement.js';
import { bound, FASTIFY, notRegistered, spy, withApplication } from './unexpected-routes.js';

describe('duplicate routes that Nest skips (fastify)', () => {
  it('do not apply class policies to other classes that inherit the handler', async () => {
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
          notRegistered('GET /things (DuplicateController.list)'),
          notRegistered('GET /things (SecondNeutralController.list)'),
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

describe.each([false, true])('a duplicate route that Nest skips (fastify), methods bound: %s', (binds) => {
  it('applies its policy to no other route', async () => {
    @Controller('things')
    class ThingsController {
      constructor() {
        if (binds) {
          bound(this, ['first', 'duplicate', 'second']);
        }
      }
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
    // Nest initialises global modules in their order, so this one is initialised before CorsModule.
    @Global()
    @Module({})
    class OtherModule implements OnModuleInit {
      readonly #host: HttpAdapterHost;

      constructor(host: HttpAdapterHost) {
        this.#host = host;
      }

      onModuleInit(): void {
        // Fastify treats a route without a version as different from the registered ones and from the skipped one.
        this.#host.httpAdapter.get('/things', ((_request: object, reply: { send(text: string): void }) =>
          reply.send('another one')) as never);
      }
    }
    @Module({ imports: [OtherModule, CorsModule.forRoot({ origin: APP })], controllers: [ThingsController] })
    class ApplicationModule {}
    await withApplication(
      FASTIFY,
      ApplicationModule,
      async (ask, log) => {
        expect(log.errors).toEqual([]);
        expect(await ask('GET', '/things', ADMIN)).toEqual([200, undefined]);
        expect(await ask('GET', '/things', APP)).toEqual([200, APP]);
        for (const [version, handler] of [
          ['1', 'first'],
          ['2', 'second'],
        ] as const) {
          // Preflights cannot distinguish the versions, so actual requests are enforced.
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
