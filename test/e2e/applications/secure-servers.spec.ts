import http2 from 'node:http2';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Controller, Get, Header, Module, Put, Res } from '@nestjs/common';
import { Cors, CorsModule } from 'nestjs-cors';
import { corsHeaders } from '../../support/cors-headers.js';
import { HandlerSpy } from '../../support/handler-spy.js';
import { describePlatforms, PLATFORMS, serve } from '../../support/platforms.js';
import { ADMIN, APP, EVIL, expectPolicy, PREFLIGHT_VARY } from '../../support/policy-statement.js';
import { http2Request } from '../../support/requests/http2-request.js';
import { rawRequest } from '../../support/requests/raw-request.js';
import { selfSignedCertificate } from '../../support/self-signed.js';

const spy = new HandlerSpy();
const certificate = selfSignedCertificate();

interface WritableHead {
  writeHead(status: number, headers: object): { end(text: string): void };
  raw?: WritableHead;
}

@Cors({ origin: [ADMIN] })
@Controller('r')
class ResourceController {
  @Put() replace() {
    return spy.ran('replace');
  }
  @Get('vary')
  @Header('Vary', 'Accept')
  @Header('Access-Control-Allow-Origin', '*')
  vary() {
    return spy.ran('vary');
  }
  @Get('head') head(@Res() response: WritableHead) {
    spy.ran('head');
    (response.raw ?? response).writeHead(200, { 'access-control-allow-origin': '*', vary: 'Accept' }).end('x');
  }
  @Get('throws') throws() {
    spy.ran('throws');
    throw new Error('expected');
  }
}

@Module({ imports: [CorsModule.forRoot({ origin: [APP] })], controllers: [ResourceController] })
class ResourceModule {}

describePlatforms('an HTTPS server', (platform) => {
  const express = platform.name === 'express';
  const server = serve(platform, ResourceModule, spy, {
    secure: true,
    application: express ? { httpsOptions: certificate } : {},
    adapter: { https: certificate },
  });

  it('applies the same policies as an HTTP server', async () => {
    await expectPolicy(server, { method: 'PUT', path: '/r', handler: 'replace', allows: ADMIN, refuses: APP });
    const unrouted = { method: 'GET', path: '/none', handler: undefined, status: 404 };
    await expectPolicy(server, { ...unrouted, allows: APP, refuses: ADMIN });
  });
});

const fastify = PLATFORMS.filter((platform) => platform.name === 'fastify');

for (const [title, adapter, scheme] of [
  ['a server over HTTP/2 without TLS', { http2: true }, 'http'],
  ['a server over HTTP/2 with TLS', { http2: true, https: { ...certificate, allowHTTP1: true } }, 'https'],
] as const) {
  describe.each(fastify)(`${title} ($name)`, (platform) => {
    const server = serve(platform, ResourceModule, spy, { adapter, secure: scheme === 'https' });
    const request = async (method: string, path: string, headers: Record<string, string>) => {
      spy.take();
      const response = await http2Request(`${scheme}://127.0.0.1:${server.running.port}`, { method, path, headers });
      return { status: response.status, headers: response.headers, ran: spy.take() };
    };

    it.each([
      ['/r/vary', 'vary', 200, 'Accept, Origin'],
      ['/r/head', 'head', 200, 'Accept, Origin'],
      ['/r/throws', 'throws', 500, 'Origin'],
    ])('sends exactly the CORS headers of the policy for %s', async (path, handler, status, vary) => {
      const headers = { 'access-control-allow-origin': ADMIN, vary };
      expect(await request('GET', path, { origin: ADMIN })).toEqual({ status, headers, ran: [handler] });
      expect(await request('GET', path, { origin: EVIL })).toEqual({ status, headers: { vary }, ran: [handler] });
    });

    it('applies the application-wide policy to a 404 response', async () => {
      const headers = { 'access-control-allow-origin': APP, vary: 'Origin' };
      expect(await request('GET', '/none', { origin: APP })).toEqual({ status: 404, headers, ran: [] });
    });

    it('answers preflights with the policy of the handler', async () => {
      const asked = { 'access-control-request-method': 'PUT' };
      expect(await request('OPTIONS', '/r', { origin: ADMIN, ...asked })).toEqual({
        status: 204,
        headers: { 'access-control-allow-origin': ADMIN, 'access-control-allow-methods': 'PUT', vary: PREFLIGHT_VARY },
        ran: [],
      });
      expect(await request('OPTIONS', '/r', { origin: APP, ...asked })).toEqual({
        status: 403,
        headers: { vary: PREFLIGHT_VARY },
        ran: [],
      });
    });

    if (scheme === 'https') {
      it('applies the same policies to HTTP/1.1 requests', async () => {
        const outcome = await server.outcome({ path: '/r/head', headers: { Origin: ADMIN } });
        const headers = { 'access-control-allow-origin': ADMIN, vary: 'Accept, Origin' };
        expect(outcome).toEqual({ status: 200, headers, ran: ['head'] });
      });
    }
  });
}

describe.each(PLATFORMS.filter((platform) => platform.name === 'express'))(
  'an HTTP/2 server that also accepts HTTP/1.1 ($name)',
  (platform) => {
    const server = serve(platform, ResourceModule, spy);
    let front: http2.Http2SecureServer;
    beforeAll(async () => {
      const listener = server.running.app.getHttpAdapter().getInstance();
      front = http2.createSecureServer({ ...certificate, allowHTTP1: true }, listener);
      await new Promise<void>((resolve) => front.listen(0, '127.0.0.1', resolve));
    });
    afterAll(() => new Promise<void>((resolve) => front.close(() => resolve())));

    it('applies the same policies to HTTP/1.1 requests', async () => {
      const { port } = front.address() as AddressInfo;
      const response = await rawRequest({ port, secure: true }, { path: '/r/head', headers: { Origin: ADMIN } });
      expect(corsHeaders(response)).toEqual({ 'access-control-allow-origin': ADMIN, vary: 'Accept, Origin' });
    });
  },
);
