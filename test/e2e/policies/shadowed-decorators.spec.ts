import { describe, expect, it } from '@jest/globals';
import { Controller, Delete, Module, Post } from '@nestjs/common';
import { Cors, CorsModule, DisableCors } from 'nestjs-cors';
import { DROPPING } from '../../support/decorators/replacing-decorators.js';
import { HandlerSpy } from '../../support/handler-spy.js';
import { describePlatforms, type RootModule, serve } from '../../support/platforms.js';
import { ADMIN, APP, EVIL, expectDisabled, expectPolicy, PARTNER } from '../../support/policy-statement.js';
import { RecordedLog } from '../../unit/boot/boot.js';

const spy = new HandlerSpy();

/** Handlers below a decorator that replaces them, each beside an undecorated handler of the same path. */
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

/** The same handlers, with a CORS decorator on the class that the undecorated ones inherit. */
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
  ['controller', {}],
  ['specificity', { routeResolutionStrategy: 'specificity' }],
])('routes registered in %s order', (_title, application) => {
  describePlatforms('a CORS decorator below a decorator that replaces the method', (platform) => {
    const log = new RecordedLog();
    const server = serve(platform, ShadowedModule, spy, { application: { logger: log, ...application } });

    it('applies to the registered route without a warning', () => {
      expect(log.errors).toEqual([]);
      expect(log.warnings.filter((line) => line.startsWith('The route'))).toEqual([]);
    });

    it.each(FORMS)('disables its own handler only: %s', async (form) => {
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

    it.each(FORMS)('enforces the policy of its own handler only: %s', async (form) => {
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
