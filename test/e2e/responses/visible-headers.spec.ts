import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { Controller, Get, HttpCode, Module } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { Cors, CorsModule } from 'nestjs-cors';
import { pickCorsHeaders } from '../../support/cors-headers.js';
import { HandlerSpy } from '../../support/handler-spy.js';
import { PLATFORMS, type Platform, serve } from '../../support/platforms.js';
import { APP, EVIL, PREFLIGHT_VARY, preflight } from '../../support/policy-statement.js';
import type { RawRequest } from '../../support/requests/raw-request.js';

const spy = new HandlerSpy();

@Controller()
class RoutesController {
  @Get('text') text() {
    return spy.ran('text');
  }
  @HttpCode(204) @Get('empty') empty() {
    spy.ran('empty');
  }
  @Get('error') fail(): never {
    throw new Error('broken');
  }
  @Cors({ enforce: 'all' }) @Get('enforced') enforced() {
    return spy.ran('enforced');
  }
}

@Module({
  imports: [
    CorsModule.forRoot({
      origin: [APP],
      exposedHeaders: ['x-total'],
      maxAge: 5,
      paths: [{ path: '/assets', policy: { enforce: 'all' } }],
    }),
  ],
  controllers: [RoutesController],
})
class AppModule {}

const express = PLATFORMS.find(({ name }) => name === 'express') as Platform;
const OPEN = { 'access-control-allow-origin': APP, 'access-control-expose-headers': 'x-total', vary: 'Origin' };

describe.each([true, false])('response.getHeaders() on Express (X-Powered-By: %s)', (poweredBy) => {
  const seen: OutgoingHttpHeaders[] = [];
  const logged: unknown[] = [];
  const server = serve(express, AppModule, spy, {
    configure: (app) => {
      (app as NestExpressApplication).set('x-powered-by', poweredBy);
      app.use((_request: unknown, response: ServerResponse, next: () => void) => {
        response.on('finish', () => logged.push(response.getHeader('Access-Control-Allow-Origin')));
        next();
      });
    },
  });
  beforeAll(() => {
    // Registered before the application, because it answers preflights before any middleware.
    server.running.app
      .getHttpServer()
      .prependListener('request', (_request: IncomingMessage, response: ServerResponse) => {
        response.on('finish', () => seen.push(response.getHeaders()));
      });
  });

  /** The CORS headers on the wire, after a check that a response logger sees the same ones. */
  const visible = async (request: RawRequest) => {
    seen.length = 0;
    const { headers } = await server.outcome(request);
    const known = seen.flatMap((one) => Object.entries(one)).map(([name, value]) => [name, String(value)] as const);
    expect(pickCorsHeaders(known)).toEqual(headers);
    return headers;
  };

  it.each([
    ['/text', OPEN],
    ['/empty', OPEN],
    ['/error', OPEN],
    ['/nothing', OPEN],
    ['/enforced', OPEN],
    ['/assets/a.css', OPEN],
  ])('includes the CORS headers of the response to %s, allowed and refused', async (path, headers) => {
    expect(await visible({ path, headers: { Origin: APP } })).toEqual(headers);
    expect(await visible({ path, headers: { Origin: EVIL } })).toEqual({ vary: 'Origin' });
    expect(await visible({ path })).toEqual({ vary: 'Origin' });
  });

  it('includes the CORS headers and Content-Length of the preflight response', async () => {
    expect(await visible(preflight(APP, 'PUT', '/nothing', 'content-type'))).toEqual({
      'access-control-allow-origin': APP,
      'access-control-allow-methods': 'PUT',
      'access-control-allow-headers': 'content-type',
      'access-control-max-age': '5',
      vary: PREFLIGHT_VARY,
    });
    expect(seen).toMatchObject([{ 'content-length': '0' }]);
    expect(await visible(preflight(EVIL, 'PUT', '/nothing'))).toEqual({ vary: PREFLIGHT_VARY });
    expect(seen).toMatchObject([{ 'content-length': '0' }]);
  });

  it('includes the CORS headers after the response is finished', async () => {
    logged.length = 0;
    await server.outcome({ path: '/empty', headers: { Origin: APP } });
    await server.outcome({ path: '/empty', headers: { Origin: EVIL } });
    expect(logged).toEqual([APP, undefined]);
  });
});
