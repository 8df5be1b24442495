import { describe, expect, it } from '@jest/globals';
import { Controller, Get, HttpCode, Module, Options, Put } from '@nestjs/common';
import { Cors, CorsModule } from 'nestjs-cors';
import { HandlerSpy } from '../../support/handler-spy.js';
import { describePlatforms, serve } from '../../support/platforms.js';
import { APP, EVIL, PREFLIGHT_VARY, preflight, REFUSED_PREFLIGHT } from '../../support/policy-statement.js';
import { headerValues } from '../../support/requests/http-message.js';
import { RawConnection } from '../../support/requests/raw-request.js';

const spy = new HandlerSpy();

@Controller('r')
class ResourceController {
  @Put() replace() {
    return spy.ran('replace');
  }
  @Get() list() {
    return spy.ran('list');
  }
  @Options('options')
  @HttpCode(200)
  options() {
    return spy.ran('options');
  }
  @Put('options') replaceOptions() {
    return spy.ran('replace options');
  }
  @Cors({ methods: ['PATCH', 'DELETE'] })
  @Put('other-methods')
  otherMethods() {
    return spy.ran('other methods');
  }
  @Cors({ methods: [] })
  @Put('no-methods')
  noMethods() {
    return spy.ran('no methods');
  }
  @Cors({ methods: ['*'], allowedHeaders: ['*'] })
  @Put('any')
  any() {
    return spy.ran('any');
  }
  @Cors({ origin: '*' })
  @Put('star')
  star() {
    return spy.ran('star');
  }
}

@Module({
  imports: [CorsModule.forRoot({ origin: [APP], allowedHeaders: ['X-A', 'X-B', 'Content-Type'] })],
  controllers: [ResourceController],
})
class PreflightModule {}

describePlatforms('a preflight response', (platform) => {
  const server = serve(platform, PreflightModule, spy);
  const allowed = (method: string, names?: string) => ({
    status: 204,
    headers: {
      'access-control-allow-origin': APP,
      'access-control-allow-methods': method,
      ...(names === undefined ? {} : { 'access-control-allow-headers': names }),
      vary: PREFLIGHT_VARY,
    },
    ran: [],
  });

  it('has no body, and has header names without values', async () => {
    for (const origin of [APP, EVIL]) {
      const response = await server.request(preflight(origin, 'PUT', '/r'));
      expect(response.text).toBe('');
      expect(headerValues(response, 'content-length')).toEqual(['0']);
      expect(headerValues(response, 'transfer-encoding')).toEqual([]);
      expect(headerValues(response, 'content-type')).toEqual([]);
    }
  });

  describe('to Access-Control-Request-Headers', () => {
    it.each([
      ['x-a', 'x-a'],
      ['X-A', 'x-a'],
      ['x-b,x-a', 'x-b,x-a'],
      ['x-a, x-b', 'x-a,x-b'],
      ['x-a ,\tx-b', 'x-a,x-b'],
      ['x-a,x-a', 'x-a'],
      ['x-a,,x-b', 'x-a,x-b'],
      [',x-a,', 'x-a'],
      ['', undefined],
      [',', undefined],
    ])('answers %j with %j', async (names, granted) => {
      expect(await server.outcome(preflight(APP, 'PUT', '/r', names))).toEqual(allowed('PUT', granted));
    });

    it('reads several lines as one list', async () => {
      const request = preflight(APP, 'PUT', '/r');
      const headers = { ...request.headers, 'Access-Control-Request-Headers': ['x-a', 'x-b'] };
      expect(await server.outcome({ ...request, headers })).toEqual(allowed('PUT', 'x-a,x-b'));
    });

    const names = (count: number) => Array.from({ length: count }, (_, index) => `x-${index}`).join(',');
    it.each([
      ['another name', 'x-c'],
      ['a name that starts alike', 'x-ab'],
      ['a shorter name', 'x-'],
      ['one of two', 'x-a,x-c'],
      ['authorization', 'authorization'],
      ['the star as a name', '*'],
      ['a space within a name', 'x a'],
      ['a byte above ASCII', 'x-\u00e9'],
      ['a colon', 'x-a:'],
      ['a name of Object.prototype', 'constructor'],
      ['__proto__', '__proto__'],
      ['17 empty elements', ','.repeat(17)],
      ['1,025 bytes', `x-a${' '.repeat(1020)},x`],
    ])('refuses %s', async (_title, asked) => {
      expect(await server.outcome(preflight(APP, 'PUT', '/r', asked))).toEqual(REFUSED_PREFLIGHT);
    });

    it('lists up to 64 names under allowedHeaders *, without authorization', async () => {
      expect(await server.outcome(preflight(APP, 'PUT', '/r/any', names(64)))).toEqual(allowed('PUT', names(64)));
      expect(await server.outcome(preflight(APP, 'PUT', '/r/any', names(65)))).toEqual(REFUSED_PREFLIGHT);
      expect(await server.outcome(preflight(APP, 'PUT', '/r/any', 'x-a,authorization'))).toEqual(REFUSED_PREFLIGHT);
    });
  });

  describe('to Access-Control-Request-Method', () => {
    it.each(['GET', 'HEAD', 'POST'])('allows %s even if methods does not list it, as browsers do', async (method) => {
      expect(await server.outcome(preflight(APP, method, '/r/other-methods'))).toMatchObject({ status: 204 });
    });

    it('refuses other methods if methods is empty, but not if it is unset', async () => {
      expect(await server.outcome(preflight(APP, 'PUT', '/r/no-methods'))).toEqual(REFUSED_PREFLIGHT);
      expect(await server.outcome(preflight(APP, 'PUT', '/r'))).toMatchObject({ status: 204 });
    });

    it('refuses the method of the handler if methods does not list it', async () => {
      expect(await server.outcome(preflight(APP, 'PUT', '/r/other-methods'))).toEqual(REFUSED_PREFLIGHT);
    });

    it.each(['put', 'Put', '', 'CONNECT', 'TRACE', 'track', 'PUT,GET', 'P UT', 'P\u00dcT'])(
      'refuses %j',
      async (method) => {
        expect(await server.outcome(preflight(APP, method, '/r/any'))).toEqual(REFUSED_PREFLIGHT);
      },
    );

    it('refuses two lines', async () => {
      const request = preflight(APP, 'PUT', '/r/any');
      const headers = { ...request.headers, 'Access-Control-Request-Method': ['PUT', 'PUT'] };
      expect(await server.outcome({ ...request, headers })).toEqual(REFUSED_PREFLIGHT);
    });
  });

  describe('to Origin', () => {
    it.each(['null', '', 'app.example.com', `https://${'a'.repeat(330)}.example`, `${APP} ${APP}`])(
      'refuses %j',
      async (origin) => {
        expect(await server.outcome(preflight(origin, 'PUT', '/r'))).toEqual(REFUSED_PREFLIGHT);
      },
    );

    it('refuses two lines', async () => {
      const request = preflight(APP, 'PUT', '/r');
      expect(await server.outcome({ ...request, headers: { ...request.headers, Origin: [APP, APP] } })).toEqual(
        REFUSED_PREFLIGHT,
      );
    });

    it('is a star with the same Vary under origin *', async () => {
      for (const origin of [APP, EVIL, 'null']) {
        const outcome = await server.outcome(preflight(origin, 'PUT', '/r/star'));
        const headers = { ...allowed('PUT').headers, 'access-control-allow-origin': '*' };
        expect(outcome).toEqual({ status: 204, headers, ran: [] });
      }
    });
  });

  describe('to OPTIONS without the preflight headers', () => {
    it.each([
      [
        'without Access-Control-Request-Method',
        { Origin: APP },
        { 'access-control-allow-origin': APP, vary: 'Origin' },
      ],
      ['from a refused origin', { Origin: EVIL }, { vary: 'Origin' }],
      ['without Origin', { 'Access-Control-Request-Method': 'PUT' }, { vary: 'Origin' }],
    ])('comes from the @Options() handler for %s', async (_title, sent, headers) => {
      const outcome = await server.outcome({ method: 'OPTIONS', path: '/r/options', headers: sent });
      expect(outcome).toEqual({ status: 200, headers, ran: ['options'] });
    });

    it('comes from CorsModule once the request is a preflight', async () => {
      expect(await server.outcome(preflight(APP, 'PUT', '/r/options'))).toEqual(allowed('PUT'));
      expect(await server.outcome(preflight(APP, 'OPTIONS', '/r/options'))).toEqual(allowed('OPTIONS'));
    });
  });

  it('does not depend on the case of header names', async () => {
    const headers = { oRIGIN: APP, 'access-control-request-METHOD': 'PUT', 'ACCESS-CONTROL-REQUEST-HEADERS': 'x-a' };
    expect(await server.outcome({ method: 'OPTIONS', path: '/r', headers })).toEqual(allowed('PUT', 'x-a'));
  });

  it('keeps the connection open and the order of pipelined requests', async () => {
    const connection = await RawConnection.open(server.running);
    connection.send(preflight(EVIL, 'PUT', '/r'));
    connection.send({ path: '/r', headers: { Origin: APP } });
    connection.send(preflight(APP, 'PUT', '/r'));
    connection.send({ method: 'PUT', path: '/r', headers: { Origin: EVIL } }, 'close');
    const seen: string[] = [];
    for (let index = 0; index < 4; index++) {
      const response = await connection.receive();
      seen.push(`${response.status} ${headerValues(response, 'access-control-allow-origin').join()}`);
    }
    connection.close();
    expect(seen).toEqual(['403 ', `200 ${APP}`, `204 ${APP}`, '200 ']);
  });
});
