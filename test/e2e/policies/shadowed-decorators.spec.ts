import { describe, expect, it } from '@jest/globals';
import { Controller, Delete, Module, Post } from '@nestjs/common';
import { Cors, CorsModule, DisableCors } from 'nestjs-cors';
import { HandlerSpy } from '../../support/handler-spy.js';
import { describePlatforms, type RootModule, serve } from '../../support/platforms.js';
import { ADMIN, APP, EVIL, expectDisabled, expectPolicy, PARTNER } from '../../support/policy-statement.js';
import { DROPPING } from '../../support/replacing-decorators.js';
import { KeptLog } from '../../unit/boot/boot.js';

const spy = new HandlerSpy();

/** Handlers below a decorator that replaces them, each beside one of the same path without a decorator of ours. */
function controllerWith(path: string, Replaced: MethodDecorator): RootModule {
  @Controller(path)
  class ReplacedController {
    @Delete('disabled') @Replaced @DisableCors() disabled() {
      return spy.ran('disabled');
    }
    @Post('disabled') @Replaced besideDisabled() {
      return spy.ran('besideDisabled');
    }
    @Delete('enforced') @Replaced @Cors({ origin: [PARTNER], enforce: 'all' }) enforced() {
      return spy.ran('enforced');
    }
    @Post('enforced') @Replaced besideEnforced() {
      return spy.ran('besideEnforced');
    }
    @Delete('own') @Replaced @Cors({ origin: [PARTNER] }) own() {
      return spy.ran('own');
    }
    @Cors({ origin: [PARTNER] }) @Delete('above') @Replaced above() {
      return spy.ran('above');
    }
  }
  return ReplacedController;
}

/** The same below a decorator on the class, which the handlers without one inherit. */
function decoratedControllerWith(path: string, Replaced: MethodDecorator): RootModule {
  @Cors({ origin: [ADMIN] })
  @Controller(`class/${path}`)
  class ReplacedController {
    @Delete('disabled') @Replaced @DisableCors() disabled() {
      return spy.ran('disabled');
    }
    @Delete('inherited') @Replaced inherited() {
      return spy.ran('inherited');
    }
  }
  return ReplacedController;
}

const FORMS = Object.keys(DROPPING);

@Module({
  imports: [CorsModule.forRoot({ origin: APP })],
  controllers: Object.entries(DROPPING).flatMap(([path, decorator]) => [
    controllerWith(path, decorator),
    decoratedControllerWith(path, decorator),
  ]),
})
class ShadowedModule {}

describe.each<[string, Record<string, unknown>]>([
  ['in the order of the controllers', {}],
  ['sorted', { routeResolutionStrategy: 'specificity' }],
])('routes that are registered %s', (_title, application) => {
  describePlatforms('a decorator below another one that replaces the method', (platform) => {
    const log = new KeptLog();
    const server = serve(platform, ShadowedModule, spy, { application: { logger: log, ...application } });

    it('is known as that of the route', () => {
      expect(log.errors).toEqual([]);
      expect(log.warnings.filter((line) => line.startsWith('The route'))).toEqual([]);
    });

    it.each(FORMS)('disables the handler, and not the one beside it: %s', async (form) => {
      const route = { path: `/${form}/disabled`, method: 'DELETE', handler: 'disabled' };
      await expectDisabled(server, { ...route, origin: APP });
      await expectDisabled(server, { ...route, path: `/class/${form}/disabled`, origin: ADMIN });
      await expectPolicy(server, {
        ...{ method: 'POST', path: route.path, handler: 'besideDisabled', status: 201 },
        ...{ allows: APP, refuses: PARTNER, maxAge: '0' },
      });
    });

    it.each(FORMS)('sets the policy: %s', async (form) => {
      const route = { method: 'DELETE', allows: PARTNER, refuses: APP };
      await expectPolicy(server, { ...route, path: `/${form}/own`, handler: 'own' });
      await expectPolicy(server, { ...route, path: `/${form}/above`, handler: 'above' });
      const inherited = { method: 'DELETE', path: `/class/${form}/inherited`, handler: 'inherited' };
      await expectPolicy(server, { ...inherited, allows: ADMIN, refuses: APP });
    });

    it.each(FORMS)('enforces, and not for the one beside it: %s', async (form) => {
      const path = `/${form}/enforced`;
      const actual = (method: string, origin: string) => ({
        ...{ method, path, headers: { Origin: origin, 'Content-Length': '0' } },
      });
      for (const origin of [EVIL, APP]) {
        expect(await server.outcome(actual('DELETE', origin))).toEqual({
          status: 403,
          headers: { vary: 'Origin' },
          ran: [],
        });
      }
      expect(await server.outcome(actual('DELETE', PARTNER))).toEqual({
        status: 200,
        headers: { 'access-control-allow-origin': PARTNER, vary: 'Origin' },
        ran: ['enforced'],
      });
      expect(await server.outcome(actual('POST', EVIL))).toEqual({
        status: 201,
        headers: { vary: 'Origin' },
        ran: ['besideEnforced'],
      });
    });
  });
});
