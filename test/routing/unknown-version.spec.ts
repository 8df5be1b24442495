import { describe, expect, it } from '@jest/globals';
import { Controller, Module, Put, VERSION_NEUTRAL, Version, VersioningType } from '@nestjs/common';
import { Cors, CorsModule } from 'nestjs-cors';
import { HandlerSpy } from '../support/handler-spy.js';
import { describePlatforms, serve } from '../support/platforms.js';
import { ADMIN, APP, PARTNER, preflight } from '../support/policy-statement.js';

const spy = new HandlerSpy();

@Cors({ allowedHeaders: ['x-api-version'] })
@Controller('orders')
class OrdersController {
  @Cors({ origin: [ADMIN] })
  @Version('1')
  @Put(':year-:number')
  first() {
    return spy.ran('version 1');
  }
  @Cors({ origin: [ADMIN] })
  @Version([VERSION_NEUTRAL, '2'])
  @Put(':year-:number')
  second() {
    return spy.ran('version 2 or none');
  }
  @Cors({ origin: [PARTNER] })
  @Version(VERSION_NEUTRAL)
  @Put(':id')
  any() {
    return spy.ran('any version');
  }
}

@Module({ imports: [CorsModule.forRoot({ origin: [APP] })], controllers: [OrdersController] })
class VersionsModule {}

describePlatforms('a request with a version that no handler has', (platform) => {
  const server = serve(platform, VersionsModule, spy, {
    configure: (app) => app.enableVersioning({ type: VersioningType.HEADER, header: 'X-Api-Version' }),
  });

  describe('reaches the handler of every version', () => {
    it.each([
      [undefined, 'version 2 or none'],
      ['1', 'version 1'],
      ['2', 'version 2 or none'],
      ['9', 'any version'],
    ])('and version %s reaches %s', async (version, handler) => {
      const headers = { Origin: PARTNER, 'X-Api-Version': version };
      const { ran } = await server.outcome({ method: 'PUT', path: '/orders/2026-1', headers });
      // No other handler allows the partner. Only the version of the actual request shows which handler is reached.
      expect(ran).toEqual(handler === 'any version' ? [handler] : []);
    });
  });

  it.each([ADMIN, PARTNER])(
    'gets an allowed preflight from %s, because the preflight may mean that handler',
    async (origin) => {
      const { status, headers } = await server.outcome(preflight(origin, 'PUT', '/orders/2026-1', 'x-api-version'));
      expect([status, headers['access-control-allow-origin']]).toEqual([204, origin]);
    },
  );

  it('is not meant by a preflight that requests no version header', async () => {
    const { status } = await server.outcome(preflight(PARTNER, 'PUT', '/orders/2026-1'));
    expect(status).toBe(403);
  });
});
