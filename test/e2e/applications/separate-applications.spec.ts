import { describe, expect, it } from '@jest/globals';
import { Controller, Get, Module, Put } from '@nestjs/common';
import { Cors, CorsModule, type CorsModuleOptions } from 'nestjs-cors';
import { HandlerSpy } from '../../support/handler-spy.js';
import { describePlatforms, PLATFORMS, type RootModule, serve } from '../../support/platforms.js';
import { ADMIN, APP, EVIL, expectPolicy, PARTNER } from '../../support/policy-statement.js';

const spy = new HandlerSpy();

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

  it('apply their own policies to the same controller class', async () => {
    const route = { method: 'PUT', path: '/r', handler: 'replace' };
    await expectPolicy(one, { ...route, allows: APP, refuses: ADMIN, credentials: true });
    await expectPolicy(two, { ...route, allows: ADMIN, refuses: APP, maxAge: '5' });
    await expectPolicy(one, { ...route, allows: APP, refuses: ADMIN, credentials: true });
  });

  it('use their own named policies', async () => {
    const route = { method: 'GET', path: '/r/team', handler: 'team' };
    await expectPolicy(one, { ...route, allows: PARTNER, refuses: EVIL });
    await expectPolicy(two, { ...route, allows: EVIL, refuses: PARTNER });
  });

  it('do not affect an application without CorsModule', async () => {
    const outcome = await none.outcome({ method: 'PUT', path: '/r', headers: { Origin: APP } });
    expect(outcome).toEqual({ status: 200, headers: {}, ran: ['plain'] });
  });
});

describe('one module in an Express and a Fastify application', () => {
  const servers = PLATFORMS.map((platform) => serve(platform, first, spy));

  it('applies the same policies in both applications', async () => {
    for (const server of servers) {
      const route = { method: 'PUT', path: '/r', handler: 'replace' };
      await expectPolicy(server, { ...route, allows: APP, refuses: ADMIN, credentials: true });
    }
  });
});
