import { describe, expect, it } from '@jest/globals';
import { Controller, Get, Module } from '@nestjs/common';
import { Cors, CorsConfigurationError, CorsModule, type CorsModuleOptions, type CorsPolicyOptions } from 'nestjs-cors';
import { corsHeaders } from '../../support/cors-headers.js';
import { HandlerSpy } from '../../support/handler-spy.js';
import { ACCEPTED, REFUSED } from '../../support/options-containers.js';
import { describePlatforms, type RootModule, startApp } from '../../support/platforms.js';

const APP = 'https://app.example.com';
const STRANGER = 'https://stranger.example';
const OPTIONS = { origin: [APP], enforce: 'all' };
const spy = new HandlerSpy();

const PLACES: Readonly<Record<string, (written: unknown) => RootModule>> = {
  'forRoot()': (written) => application(CorsModule.forRoot(written as CorsModuleOptions)),
  'forRootAsync()': (written) =>
    application(CorsModule.forRootAsync({ useFactory: () => written as CorsModuleOptions })),
  '@Cors() on a class': (written) => application(CorsModule.forRoot(), { onClass: written }),
  '@Cors() on a handler': (written) => application(CorsModule.forRoot(), { onHandler: written }),
  'a named policy': (written) =>
    application(CorsModule.forRoot({ policies: { partners: written as CorsPolicyOptions } }), { onClass: 'partners' }),
};

function application(
  cors: ReturnType<typeof CorsModule.forRoot>,
  decorated: { readonly onClass?: unknown; readonly onHandler?: unknown } = {},
): RootModule {
  @Controller('r')
  class RController {
    @Get() list(): string {
      return spy.ran('list');
    }
  }
  const { onClass, onHandler } = decorated;
  if (onClass !== undefined) {
    Cors(onClass as CorsPolicyOptions)(RController);
  }
  if (onHandler !== undefined) {
    const descriptor = Object.getOwnPropertyDescriptor(RController.prototype, 'list') as PropertyDescriptor;
    Cors(onHandler as CorsPolicyOptions)(RController.prototype, 'list', descriptor);
  }
  @Module({ imports: [cors], controllers: [RController] })
  class Root {}
  return Root;
}

const ONE_OF_EACH_KIND = [
  'a Map',
  'a class',
  'an instance with getters',
  'inherited properties',
  'a revoked proxy',
  'a proxy whose get throws',
  'a proxy that answers names it does not list',
];

describePlatforms('the options', (platform) => {
  describe.each(Object.entries(PLACES))('of %s', (_, place) => {
    it.each(Object.entries(ACCEPTED))('are enforced if they are %s', async (_title, container) => {
      const server = await startApp(platform, place(container(OPTIONS)));
      try {
        spy.take();
        const refused = await server.request({ method: 'GET', path: '/r', headers: { Origin: STRANGER } });
        expect([refused.status, corsHeaders(refused), spy.take()]).toEqual([403, { vary: 'Origin' }, []]);
        const preflight = await server.request({
          method: 'OPTIONS',
          path: '/r',
          headers: { Origin: STRANGER, 'Access-Control-Request-Method': 'GET' },
        });
        expect(preflight.status).toBe(403);
        const allowed = await server.request({ method: 'GET', path: '/r', headers: { Origin: APP } });
        expect([allowed.status, corsHeaders(allowed), spy.take()]).toEqual([
          200,
          { 'access-control-allow-origin': APP, vary: 'Origin' },
          ['list'],
        ]);
      } finally {
        await server.close();
      }
    });

    it.each(ONE_OF_EACH_KIND)('stop the boot if they are %s', async (kind) => {
      const [container] = REFUSED[kind] as (typeof REFUSED)[string];
      await expect(startApp(platform, place(container(OPTIONS)))).rejects.toBeInstanceOf(CorsConfigurationError);
    });
  });
});
