import type { IncomingMessage } from 'node:http';
import { expect, it } from '@jest/globals';
import { All, Controller, Get, Header, HttpCode, Module, Options, Put } from '@nestjs/common';
import { Cors, CorsModule, DisableCors } from 'nestjs-cors';
import { HandlerSpy } from '../../support/handler-spy.js';
import { describePlatforms, serve } from '../../support/platforms.js';
import { APP, EVIL, preflight } from '../../support/policy-statement.js';

const spy = new HandlerSpy();

@Controller('options')
class OptionsController {
  @Cors('untouched') @Put() replace() {
    return spy.ran('replace');
  }
  @Options() @HttpCode(200) options() {
    return spy.ran('options');
  }
  @Cors('untouched') @Put('star') star() {
    return spy.ran('star');
  }
  @Cors({ origin: '*' }) @Options('star') @HttpCode(200) starOptions() {
    return spy.ran('star options');
  }
  @Cors('untouched') @Put('own') own() {
    return spy.ran('own');
  }
  @Options('own')
  @HttpCode(200)
  @Header('Access-Control-Allow-Origin', 'https://own.example')
  @Header('Access-Control-Allow-Methods', 'PUT')
  ownOptions() {
    return spy.ran('own options');
  }
  @Cors('untouched') @Put('disabled') disabled() {
    return spy.ran('disabled');
  }
  @DisableCors()
  @Options('disabled')
  @HttpCode(200)
  @Header('Access-Control-Allow-Origin', 'https://own.example')
  disabledOptions() {
    return spy.ran('disabled options');
  }
  @Cors('untouched') @Put('enforced') enforced() {
    return spy.ran('enforced');
  }
  @Cors({ enforce: 'all' }) @Options('enforced') @HttpCode(200) enforcedOptions() {
    return spy.ran('enforced options');
  }
  @Cors('untouched') @Put('looked-up') lookedUp() {
    return spy.ran('looked up');
  }
  @Cors({ enforce: 'all', origin: async (origin) => origin === APP })
  @Options('looked-up')
  @HttpCode(200)
  lookedUpOptions() {
    return spy.ran('looked-up options');
  }
}

@Controller('every')
class EveryController {
  @Cors('untouched') @Get('one') read() {
    return spy.ran('read');
  }
  @All(':rest') @HttpCode(200) all() {
    return spy.ran('all');
  }
}

@Module({
  imports: [CorsModule.forRoot({ origin: [APP], paths: [{ path: '/every/other', policy: 'untouched' }] })],
  controllers: [OptionsController, EveryController],
})
class PassedOnModule {}

describePlatforms('the preflight of an untouched route', (platform) => {
  const server = serve(platform, PassedOnModule, spy, {
    configure: (app) => {
      app.use((request: IncomingMessage, _response: object, next: () => void) => {
        if (request.headers['x-changes'] !== undefined) {
          request.method = 'PUT';
          request.url = '/options/never';
        }
        next();
      });
    },
  });

  it.each([
    ['/options', 'PUT', 'options'],
    ['/options/star', 'PUT', 'star options'],
    ['/every/one', 'GET', 'all'],
    ['/every/one', 'HEAD', 'all'],
  ])('to %s gets no CORS headers from the policy of the @Options() handler', async (path, method, name) => {
    for (const origin of [APP, EVIL]) {
      expect(await server.outcome(preflight(origin, method, path))).toEqual({ status: 200, headers: {}, ran: [name] });
    }
  });

  it('keeps the headers of the @Options() handler, even if that is disabled', async () => {
    expect(await server.outcome(preflight(EVIL, 'PUT', '/options/own'))).toEqual({
      status: 200,
      headers: { 'access-control-allow-origin': 'https://own.example', 'access-control-allow-methods': 'PUT' },
      ran: ['own options'],
    });
    expect(await server.outcome(preflight(EVIL, 'PUT', '/options/disabled'))).toEqual({
      status: 200,
      headers: { 'access-control-allow-origin': 'https://own.example' },
      ran: ['disabled options'],
    });
  });

  it.each([
    ['enforced', 'enforced options'],
    ['looked-up', 'looked-up options'],
  ])('is refused if the @Options() handler enforces: %s', async (path, name) => {
    const refused = await server.outcome(preflight(EVIL, 'PUT', `/options/${path}`));
    expect([refused.status, refused.ran]).toEqual([403, []]);
    expect(refused.headers['access-control-allow-origin']).toBeUndefined();
    expect(await server.outcome(preflight(APP, 'PUT', `/options/${path}`))).toEqual({
      status: 200,
      headers: {},
      ran: [name],
    });
  });

  it('gets no CORS headers if middleware turns it into another request', async () => {
    const { headers, ...request } = preflight(APP, 'PUT', '/options');
    const outcome = await server.outcome({ ...request, headers: { ...headers, 'X-Changes': 'yes' } });
    expect(outcome.headers).toEqual({});
  });

  it('without Access-Control-Request-Method has the policy of the @Options() handler', async () => {
    for (const [origin, granted] of [
      [APP, { 'access-control-allow-origin': APP }],
      [EVIL, {}],
    ] as const) {
      expect(await server.outcome({ method: 'OPTIONS', path: '/options', headers: { Origin: origin } })).toEqual({
        status: 200,
        headers: { ...granted, vary: 'Origin' },
        ran: ['options'],
      });
    }
  });
});
