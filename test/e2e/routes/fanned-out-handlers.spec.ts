import { expect, it } from '@jest/globals';
import { Controller, Module } from '@nestjs/common';
import { Cors, CorsModule, DisableCors } from 'nestjs-cors';
import { FanOut } from '../../support/decorators/fan-out.js';
import { HandlerSpy } from '../../support/handler-spy.js';
import { describePlatforms, serve } from '../../support/platforms.js';
import { ADMIN, APP, EVIL, expectDisabled, expectPolicy, PARTNER } from '../../support/policy-statement.js';
import { RecordedLog } from '../../unit/boot/boot.js';

const spy = new HandlerSpy();

@Controller('orders')
class OrdersController {
  @FanOut({ list: ['GET', 'own'], create: ['POST', 'own/new'] })
  @Cors({ origin: [PARTNER] })
  own(key: string) {
    return spy.ran(`own.${key}`);
  }
  @FanOut({ list: ['GET', 'disabled'], create: ['POST', 'disabled/new'] })
  @DisableCors()
  disabled(key: string) {
    return spy.ran(`disabled.${key}`);
  }
  @FanOut({ list: ['GET', 'enforced'] })
  @Cors({ origin: [PARTNER], enforce: 'all' })
  enforced(key: string) {
    return spy.ran(`enforced.${key}`);
  }
  @FanOut({ create: ['POST', 'own'] })
  undecorated(key: string) {
    return spy.ran(`undecorated.${key}`);
  }
}

@Cors({ origin: [ADMIN] })
@Controller('decorated')
class DecoratedController {
  @FanOut({ list: ['GET', 'inherited'] })
  inherited(key: string) {
    return spy.ran(`inherited.${key}`);
  }
}

@Module({ imports: [CorsModule.forRoot({ origin: APP })], controllers: [OrdersController, DecoratedController] })
class FannedOutModule {}

describePlatforms('a method that a library registers as several routes', (platform) => {
  const log = new RecordedLog();
  const server = serve(platform, FannedOutModule, spy, { application: { logger: log } });

  it('boots without a warning about its routes', () => {
    expect(log.errors).toEqual([]);
    expect(log.warnings.filter((line) => !line.startsWith('preflight-not-cached'))).toEqual([]);
  });

  it('applies its policy to each route, but not to other methods of the same path', async () => {
    const own = { allows: PARTNER, refuses: APP };
    await expectPolicy(server, { ...own, method: 'GET', path: '/orders/own', handler: 'own.list', maxAge: '0' });
    await expectPolicy(server, { ...own, method: 'POST', path: '/orders/own/new', handler: 'own.create', status: 201 });
    await expectPolicy(server, {
      ...{ method: 'POST', path: '/orders/own', handler: 'undecorated.create', status: 201 },
      ...{ allows: APP, refuses: PARTNER, maxAge: '0' },
    });
  });

  it('disables each route', async () => {
    const route = { method: 'GET', path: '/orders/disabled', handler: 'disabled.list', origin: APP };
    await expectDisabled(server, route);
    await expectDisabled(server, {
      ...route,
      ...{ method: 'POST', path: '/orders/disabled/new', handler: 'disabled.create', status: 201 },
    });
  });

  it('enforces its policy', async () => {
    const get = (origin: string) => ({ method: 'GET', path: '/orders/enforced', headers: { Origin: origin } });
    expect(await server.outcome(get(EVIL))).toEqual({ status: 403, headers: { vary: 'Origin' }, ran: [] });
    expect(await server.outcome(get(PARTNER))).toEqual({
      status: 200,
      headers: { 'access-control-allow-origin': PARTNER, vary: 'Origin' },
      ran: ['enforced.list'],
    });
  });

  it('inherits the policy of its class', async () => {
    const route = { method: 'GET', path: '/decorated/inherited', handler: 'inherited.list' };
    await expectPolicy(server, { ...route, allows: ADMIN, refuses: APP });
  });
});
