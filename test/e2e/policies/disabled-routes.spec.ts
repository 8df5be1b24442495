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

describePlatforms('a disabled route', (platform) => {
  const server = serve(platform, DisabledModule, spy);
  const appWide = { method: 'PUT', credentials: true, exposes: 'x-total', maxAge: '600' };

  it('refuses preflights and sends no CORS headers and no Vary', async () => {
    await expectDisabled(server, { method: 'PUT', path: '/handler/off', handler: 'off', origin: APP });
    await expectDisabled(server, { method: 'PUT', path: '/class/off', handler: 'class off', origin: APP });
  });

  it('can be a handler of a class with its own policy', async () => {
    await expectDisabled(server, { method: 'PUT', path: '/open-class/off', handler: 'open class off', origin: ADMIN });
  });

  it('does not change other handlers of its class', async () => {
    await expectPolicy(server, { ...appWide, path: '/handler/on', handler: 'on', allows: APP, refuses: EVIL });
  });

  it('stays disabled if another method of its path is open', async () => {
    await expectDisabled(server, { method: 'PUT', path: '/handler/shared', handler: 'shared off', origin: APP });
    const sibling = { method: 'GET', path: '/handler/shared', handler: 'shared on', allows: APP, refuses: EVIL };
    await expectPolicy(server, { ...appWide, ...sibling, maxAge: '0' });
  });

  it('removes CORS headers of the handler, but keeps its Vary', async () => {
    expect(await server.outcome({ path: '/handler/sets-headers', headers: { Origin: APP } })).toEqual({
      status: 200,
      headers: { vary: 'Accept-Language' },
      ran: ['sets headers'],
    });
  });

  describe('that a decorator re-opens below a disabled class', () => {
    it('has the application-wide policy with @Cors()', async () => {
      const route = { path: '/class/reopened', handler: 'reopened' };
      await expectPolicy(server, { ...appWide, ...route, allows: APP, refuses: EVIL });
    });

    it('inherits missing options from the application-wide policy', async () => {
      const route = { path: '/class/reopened-for-admin', handler: 'reopened for admin' };
      await expectPolicy(server, { ...appWide, ...route, allows: ADMIN, refuses: APP });
    });

    it('has the complete named policy with @Cors(name)', async () => {
      const route = { method: 'PUT', path: '/class/reopened-by-name', handler: 'reopened by name' };
      await expectPolicy(server, { ...route, allows: PARTNER, refuses: APP });
    });
  });
});
