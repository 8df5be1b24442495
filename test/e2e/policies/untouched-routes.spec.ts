import { expect, it } from '@jest/globals';
import { Controller, Get, Header, HttpCode, Module, Options, Put } from '@nestjs/common';
import { Cors, CorsModule, DisableCors } from 'nestjs-cors';
import { HandlerSpy } from '../../support/handler-spy.js';
import { describePlatforms, serve } from '../../support/platforms.js';
import { ADMIN, APP, expectDisabled, expectPolicy, preflight } from '../../support/policy-statement.js';

const spy = new HandlerSpy();

@Controller('untouched')
class UntouchedController {
  @Put() replace() {
    return spy.ran('untouched');
  }
  @Get('own')
  @Header('Access-Control-Allow-Origin', 'https://own.example')
  @Header('Vary', 'Accept')
  own() {
    return spy.ran('own');
  }
  @Put('with-options') withOptions() {
    return spy.ran('with options');
  }
  @Options('with-options')
  @HttpCode(200)
  options() {
    return spy.ran('options');
  }
}

@Cors({ origin: [APP] })
@Controller('open')
class OpenController {
  @Put() replace() {
    return spy.ran('open');
  }
  @DisableCors()
  @Put('off')
  off() {
    return spy.ran('off');
  }
}

@Module({ imports: [CorsModule.forRoot()], controllers: [UntouchedController, OpenController] })
class UntouchedModule {}

describePlatforms('a route without any policy (forRoot() without origin)', (platform) => {
  const server = serve(platform, UntouchedModule, spy);
  const passedOn = { status: 404, headers: {}, ran: [] };

  it('is served without CORS headers of the module', async () => {
    for (const headers of [{ Origin: APP }, {}]) {
      const outcome = await server.outcome({ method: 'PUT', path: '/untouched', headers });
      expect(outcome).toEqual({ status: 200, headers: {}, ran: ['untouched'] });
    }
  });

  it('keeps CORS headers from its handler and middleware', async () => {
    expect(await server.outcome({ path: '/untouched/own', headers: { Origin: APP } })).toEqual({
      status: 200,
      headers: { 'access-control-allow-origin': 'https://own.example', vary: 'Accept' },
      ran: ['own'],
    });
  });

  it('passes preflights to the platform', async () => {
    expect(await server.outcome(preflight(APP, 'PUT', '/untouched'))).toEqual(passedOn);
  });

  it('passes preflights to the @Options() handler of the application', async () => {
    const outcome = await server.outcome(preflight(APP, 'PUT', '/untouched/with-options'));
    expect(outcome).toEqual({ status: 200, headers: {}, ran: ['options'] });
  });

  it('gets no CORS headers if the path has no handler', async () => {
    expect(await server.outcome({ path: '/none', headers: { Origin: APP } })).toEqual(passedOn);
    expect(await server.outcome(preflight(APP, 'PUT', '/none'))).toEqual(passedOn);
  });

  it('is opened by its own policy, and can be disabled below it', async () => {
    await expectPolicy(server, { method: 'PUT', path: '/open', handler: 'open', allows: APP, refuses: ADMIN });
    await expectDisabled(server, { method: 'PUT', path: '/open/off', handler: 'off', origin: APP });
  });
});
