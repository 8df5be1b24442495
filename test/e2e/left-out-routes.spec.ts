import { describe, expect, it } from '@jest/globals';
import { Controller, Get, Module, VERSION_NEUTRAL, Version, VersioningType } from '@nestjs/common';
import { Cors, CorsModule, DisableCors } from 'nestjs-cors';
import { ADMIN, APP } from '../support/policy-statement.js';
import { FASTIFY, spy, withApplication } from './unexpected-routes.js';

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
