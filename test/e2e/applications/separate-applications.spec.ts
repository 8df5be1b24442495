import { describe, expect, it } from '@jest/globals';
import { Controller, Get, Module, Put } from '@nestjs/common';
import { Cors, CorsModule, type CorsModuleOptions } from 'nestjs-cors';
import { HandlerSpy } from '../../support/handler-spy.js';
import { describePlatforms, PLATFORMS, type RootModule, serve } from '../../support/platforms.js';
import { ADMIN, APP, EVIL, expectPolicy, PARTNER } from '../../support/policy-statement.js';

const spy = new HandlerSpy();

/** The same controller class in every application. */
@Controller('r')
class SharedController {
  @Put() replace() {
    return spy.ran('replace');
  }
  @Cors('team') @Get('team') team() {
    return spy.ran('team');
  }
}

@Controller('r')
class PlainController {
  @Put() replace() {
    return spy.ran('plain');
  }
}

function appModule(options: CorsModuleOptions): RootModule {
  @Module({ imports: [CorsModule.forRoot(options)], controllers: [SharedController] })
  class AppModule {}
  return AppModule;
}

@Module({ controllers: [PlainController] })
class WithoutCorsModule {}

const first = appModule({ origin: [APP], credentials: true, policies: { team: { origin: [PARTNER] } } });
const second = appModule({ origin: [ADMIN], maxAge: 5, policies: { team: { origin: [EVIL] } } });

describePlatforms('two applications in one process', (platform) => {
  const one = serve(platform, first, spy);
  const two = serve(platform, second, spy);
  const none = serve(platform, WithoutCorsModule, spy);

  it('have each their own policy for the same controller class', async () => {
    const route = { method: 'PUT', path: '/r', handler: 'replace' };
    await expectPolicy(one, { ...route, allows: APP, refuses: ADMIN, credentials: true });
    await expectPolicy(two, { ...route, allows: ADMIN, refuses: APP, maxAge: '5' });
    await expectPolicy(one, { ...route, allows: APP, refuses: ADMIN, credentials: true });
  });

  it('have each their own named policies', async () => {
    const route = { method: 'GET', path: '/r/team', handler: 'team' };
    await expectPolicy(one, { ...route, allows: PARTNER, refuses: EVIL });
    await expectPolicy(two, { ...route, allows: EVIL, refuses: PARTNER });
  });

  it('leave an application without the module alone', async () => {
    const outcome = await none.outcome({ method: 'PUT', path: '/r', headers: { Origin: APP } });
    expect(outcome).toEqual({ status: 200, headers: {}, ran: ['plain'] });
  });
});

describe('one module on both platforms in one process', () => {
  const servers = PLATFORMS.map((platform) => serve(platform, first, spy));

  it('is served by both alike', async () => {
    for (const server of servers) {
      const route = { method: 'PUT', path: '/r', handler: 'replace' };
      await expectPolicy(server, { ...route, allows: APP, refuses: ADMIN, credentials: true });
    }
  });
});
