import { describe, expect, it } from '@jest/globals';
import { Controller, Get, Header, Module, Put } from '@nestjs/common';
import { Cors, CorsModule, DisableCors } from 'nestjs-cors';
import { HandlerSpy } from '../../support/handler-spy.js';
import { describePlatforms, serve } from '../../support/platforms.js';
import { ADMIN, APP, EVIL, expectDisabled, expectPolicy, PARTNER } from '../../support/policy-statement.js';

const spy = new HandlerSpy();

@Controller('handler')
class DisabledHandlerController {
  @DisableCors()
  @Put('off')
  off() {
    return spy.ran('off');
  }
  @Put('on') on() {
    return spy.ran('on');
  }
  @DisableCors()
  @Put('shared')
  sharedOff() {
    return spy.ran('shared off');
  }
  @Get('shared') sharedOn() {
    return spy.ran('shared on');
  }
  @DisableCors()
  @Get('sets-headers')
  @Header('Access-Control-Allow-Origin', APP)
  @Header('Access-Control-Allow-Credentials', 'true')
  @Header('Access-Control-Expose-Headers', 'x-a')
  @Header('Vary', 'Accept-Language')
  setsHeaders() {
    return spy.ran('sets headers');
  }
}

@DisableCors()
@Controller('class')
class DisabledController {
  @Put('off') off() {
    return spy.ran('class off');
  }
  @Cors()
  @Put('reopened')
  reopened() {
    return spy.ran('reopened');
  }
  @Cors({ origin: [ADMIN] })
  @Put('reopened-for-admin')
  reopenedForAdmin() {
    return spy.ran('reopened for admin');
  }
  @Cors('partners')
  @Put('reopened-by-name')
  reopenedByName() {
    return spy.ran('reopened by name');
  }
}

@Cors({ origin: [ADMIN] })
@Controller('open-class')
class OpenController {
  @DisableCors()
  @Put('off')
  off() {
    return spy.ran('open class off');
  }
}

@Module({
  imports: [
    CorsModule.forRoot({
      origin: [APP],
      credentials: true,
      maxAge: 600,
      exposedHeaders: ['x-total'],
      policies: { partners: { origin: [PARTNER] } },
    }),
  ],
  controllers: [DisabledHandlerController, DisabledController, OpenController],
})
class DisabledModule {}

describePlatforms('disabled routes', (platform) => {
  const server = serve(platform, DisabledModule, spy);
  const appWide = { method: 'PUT', credentials: true, exposes: 'x-total', maxAge: '600' };

  it('refuses the preflight and serves the handler bare, without Vary', async () => {
    await expectDisabled(server, { method: 'PUT', path: '/handler/off', handler: 'off', origin: APP });
    await expectDisabled(server, { method: 'PUT', path: '/class/off', handler: 'class off', origin: APP });
  });

  it('disables a handler below a class with a policy of its own', async () => {
    await expectDisabled(server, { method: 'PUT', path: '/open-class/off', handler: 'open class off', origin: ADMIN });
  });

  it('leaves the handlers beside a disabled one alone', async () => {
    await expectPolicy(server, { ...appWide, path: '/handler/on', handler: 'on', allows: APP, refuses: EVIL });
  });

  it('does not open a disabled method of a path through its open sibling', async () => {
    await expectDisabled(server, { method: 'PUT', path: '/handler/shared', handler: 'shared off', origin: APP });
    const sibling = { method: 'GET', path: '/handler/shared', handler: 'shared on', allows: APP, refuses: EVIL };
    await expectPolicy(server, { ...appWide, ...sibling, maxAge: '0' });
  });

  it('lets nobody else open the route: only a Vary of the handler survives', async () => {
    expect(await server.outcome({ path: '/handler/sets-headers', headers: { Origin: APP } })).toEqual({
      status: 200,
      headers: { vary: 'Accept-Language' },
      ran: ['sets headers'],
    });
  });

  describe('re-opened below a disabled class', () => {
    it('takes the app-wide policy with @Cors()', async () => {
      const route = { path: '/class/reopened', handler: 'reopened' };
      await expectPolicy(server, { ...appWide, ...route, allows: APP, refuses: EVIL });
    });

    it('inherits from the app-wide policy what it does not set', async () => {
      const route = { path: '/class/reopened-for-admin', handler: 'reopened for admin' };
      await expectPolicy(server, { ...appWide, ...route, allows: ADMIN, refuses: APP });
    });

    it('takes a named policy whole', async () => {
      const route = { method: 'PUT', path: '/class/reopened-by-name', handler: 'reopened by name' };
      await expectPolicy(server, { ...route, allows: PARTNER, refuses: APP });
    });
  });
});
