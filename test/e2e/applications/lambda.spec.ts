import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Controller, Get, HttpCode, type INestApplication, Module, Param, Put, Res } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Cors, CorsModule, DisableCors } from 'nestjs-cors';
import { pickCorsHeaders } from '../../support/cors-headers.js';
import { HandlerSpy } from '../../support/handler-spy.js';
import { describePlatforms } from '../../support/platforms.js';
import { ADMIN, APP, EVIL, PREFLIGHT_VARY, preflight } from '../../support/policy-statement.js';
import type { RawRequest } from '../../support/requests/raw-request.js';
import { WRITINGS } from '../responses/writings.js';
import { callLambda, LAMBDA_ADAPTERS, LAMBDA_EVENTS, type LambdaResponse } from './lambda.js';

const spy = new HandlerSpy();

interface AnyResponse {
  readonly raw?: unknown;
}
interface NodeResponse {
  writeHead(status: number, headers?: object): NodeResponse;
  setHeader(name: string, value: string): void;
  end(body?: string): void;
}
const rawOf = (response: AnyResponse) => (response.raw ?? response) as NodeResponse;

@Controller()
class RoutesController {
  @Get('text') text() {
    return spy.ran('text');
  }
  @Put('text') replace() {
    return spy.ran('replace');
  }
  @HttpCode(204) @Get('empty') empty() {
    spy.ran('empty');
  }
  @Get('bare') bare(@Res() response: AnyResponse) {
    spy.ran('bare');
    rawOf(response).end();
  }
  @Get('head') head(@Res() response: AnyResponse) {
    spy.ran('head');
    rawOf(response).writeHead(202, { 'x-own': '1', 'Access-Control-Allow-Origin': '*', Vary: 'Accept' }).end();
  }
  @Get('error') fail(): never {
    spy.ran('error');
    throw new Error('broken');
  }
  @Cors({ origin: '*', credentials: false }) @Get('public') public() {
    return spy.ran('public');
  }
  @DisableCors() @Get('disabled') disabled(@Res() response: AnyResponse) {
    spy.ran('disabled');
    rawOf(response).setHeader('Access-Control-Allow-Origin', '*');
    rawOf(response).end();
  }
  @Cors({ enforce: 'all' }) @Get('enforced') enforced() {
    return spy.ran('enforced');
  }
  @Get('writings/:name') write(@Param('name') name: string, @Res() response: AnyResponse) {
    spy.ran(name);
    WRITINGS[name]?.write(rawOf(response) as never);
  }
}

@Module({
  imports: [
    CorsModule.forRoot({
      origin: [APP],
      credentials: true,
      maxAge: 600,
      exposedHeaders: ['x-own'],
      paths: [{ path: '/assets', policy: { origin: ADMIN, credentials: false, enforce: 'all' } }],
    }),
  ],
  controllers: [RoutesController],
})
class AppModule {}

/** The Lambda adapters cannot send informational heads. */
const NOT_FOR_LAMBDA = new Set(['early hints and processing', 'early hints, then writeHead']);

const OPEN = {
  'access-control-allow-origin': APP,
  'access-control-allow-credentials': 'true',
  'access-control-expose-headers': 'x-own',
  vary: 'Origin',
};
const BARE = { vary: 'Origin' };

describePlatforms('an application in a Lambda function', (platform) => {
  describe.each(Object.entries(LAMBDA_ADAPTERS[platform.name]))('through %s', (_adapter, adapterOf) => {
    let app: INestApplication;
    let handler: ReturnType<typeof adapterOf>;
    beforeAll(async () => {
      app = await NestFactory.create(AppModule, platform.createAdapter(), { logger: false });
      if (platform.name === 'express') {
        // `X-Powered-By` would set a header before the CORS headers.
        app.getHttpAdapter().getInstance().disable('x-powered-by');
      }
      await app.init();
      await app.getHttpAdapter().getInstance().ready?.();
      handler = adapterOf(app);
    });
    afterAll(() => app.close());

    describe.each(Object.entries(LAMBDA_EVENTS))('called by %s', (_event, event) => {
      const call = (request: RawRequest) => callLambda(handler, event, request);
      const corsOf = ({ headers }: LambdaResponse) => pickCorsHeaders(Object.entries(headers));
      const actual = async (path: string, Origin: string | undefined) => {
        spy.take();
        const response = await call({ path, headers: { Origin } });
        expect(Object.keys(response.headers).filter((name) => !/^[a-z][a-z-]+$/.test(name))).toEqual([]);
        return { status: response.status, headers: corsOf(response), ran: spy.take() };
      };
      const answerTo = async (request: RawRequest) => {
        spy.take();
        const { status, headers } = await call(request);
        const { date: _date, connection: _connection, 'keep-alive': _keepAlive, ...others } = headers;
        return { status, headers: others, ran: spy.take() };
      };

      it('answers preflights with exactly the CORS headers of the policy', async () => {
        expect(await answerTo(preflight(APP, 'PUT', '/text', 'content-type'))).toEqual({
          status: 204,
          headers: {
            'access-control-allow-origin': APP,
            'access-control-allow-credentials': 'true',
            'access-control-allow-methods': 'PUT',
            'access-control-allow-headers': 'content-type',
            'access-control-max-age': '600',
            vary: PREFLIGHT_VARY,
            'content-length': '0',
          },
          ran: [],
        });
        const refused = { status: 403, headers: { vary: PREFLIGHT_VARY, 'content-length': '0' }, ran: [] };
        expect(await answerTo(preflight(EVIL, 'PUT', '/text', 'content-type'))).toEqual(refused);
        expect(await answerTo(preflight(APP, 'PUT', '/text', 'x-unknown'))).toEqual(refused);
        expect(await answerTo(preflight(APP, 'GET', '/disabled'))).toEqual(refused);
        expect(await answerTo(preflight(EVIL, 'PUT', '/assets/a.css'))).toEqual(refused);
        expect(await answerTo(preflight(APP, 'DELETE', '/nothing'))).toEqual({
          status: 204,
          headers: {
            'access-control-allow-origin': APP,
            'access-control-allow-credentials': 'true',
            'access-control-allow-methods': 'DELETE',
            'access-control-max-age': '600',
            vary: PREFLIGHT_VARY,
            'content-length': '0',
          },
          ran: [],
        });
      });

      it.each([
        ['/text', 200, ['text']],
        ['/empty', 204, ['empty']],
        ['/bare', 200, ['bare']],
        ['/error', 500, ['error']],
        ['/nothing', 404, []],
      ])('sends the CORS headers of the policy in the response to %s', async (path, status, ran) => {
        expect(await actual(path, APP)).toEqual({ status, headers: OPEN, ran });
        expect(await actual(path, EVIL)).toEqual({ status, headers: BARE, ran });
        expect(await actual(path, undefined)).toEqual({ status, headers: BARE, ran });
      });

      it('replaces CORS headers given to writeHead and keeps the other headers', async () => {
        const ran = ['head'];
        const headers = { ...OPEN, vary: 'Accept, Origin' };
        expect(await actual('/head', APP)).toEqual({ status: 202, headers, ran });
        expect(await actual('/head', EVIL)).toEqual({ status: 202, headers: { vary: 'Accept, Origin' }, ran });
        expect((await call({ path: '/head', headers: { Origin: APP } })).headers['x-own']).toBe('1');
        expect(await actual('/disabled', APP)).toEqual({ status: 200, headers: {}, ran: ['disabled'] });
      });

      it('sends the same headers for a public route with and without an Origin', async () => {
        const headers = { 'access-control-allow-origin': '*', 'access-control-expose-headers': 'x-own' };
        for (const origin of [APP, EVIL, undefined]) {
          expect(await actual('/public', origin)).toEqual({ status: 200, headers, ran: ['public'] });
        }
      });

      it('returns 403 for a refused origin if the handler or the path enforces', async () => {
        expect(await actual('/enforced', EVIL)).toEqual({ status: 403, headers: BARE, ran: [] });
        expect(await actual('/enforced', APP)).toEqual({ status: 200, headers: OPEN, ran: ['enforced'] });
        expect(await actual('/assets/a.css', EVIL)).toEqual({ status: 403, headers: BARE, ran: [] });
        expect(await actual('/assets/a.css', ADMIN)).toEqual({
          status: 404,
          headers: { 'access-control-allow-origin': ADMIN, 'access-control-expose-headers': 'x-own', vary: 'Origin' },
          ran: [],
        });
      });
    });

    const writings = Object.entries(WRITINGS).filter(([name]) => !NOT_FOR_LAMBDA.has(name));
    it.each(writings)(
      'sends the CORS headers if the handler writes the response by %s',
      async (name, { together, vary }) => {
        const path = `/writings/${encodeURIComponent(name)}`;
        for (const [origin, headers] of [
          [APP, OPEN],
          [EVIL, BARE],
        ] as const) {
          const v2 = LAMBDA_EVENTS['API Gateway v2'] as NonNullable<(typeof LAMBDA_EVENTS)[string]>;
          const response = await callLambda(handler, v2, { path, headers: { Origin: origin } });
          expect(pickCorsHeaders(Object.entries(response.headers))).toEqual({
            ...headers,
            vary: [together ?? (vary === undefined ? 'Origin' : `${vary}, Origin`)].flat().join(', '),
          });
        }
        expect(spy.take()).toEqual([name, name]);
      },
    );
  });
});
