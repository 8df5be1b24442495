import { describe, expect, it } from '@jest/globals';
import { Body, Controller, Delete, Get, type INestApplication, Module, Patch, Post, Put } from '@nestjs/common';
import { Cors, CorsModule, CorsService, DisableCors } from 'nestjs-cors';
import { openPage } from 'nestjs-cors/testing';
import type { CorsHeaders } from '../../support/cors-headers.js';
import { HandlerSpy } from '../../support/handler-spy.js';
import { describePlatforms, type Outcome, serve } from '../../support/platforms.js';
import { ADMIN, APP, EVIL, PARTNER, preflight } from '../../support/policy-statement.js';

const spy = new HandlerSpy();

@Controller('orders')
class OrdersController {
  @Get() list() {
    return spy.ran('list');
  }
  @Post() create(@Body() _body: unknown) {
    return spy.ran('create');
  }
  @Put() replace() {
    return spy.ran('replace');
  }
  @Patch() change() {
    return spy.ran('change');
  }
  @Delete() remove() {
    return spy.ran('remove');
  }
  @Cors({ origin: ADMIN, credentials: true }) @Post('admin') admin() {
    return spy.ran('admin');
  }
  @Cors({ origin: '*', credentials: false }) @Post('public') public() {
    return spy.ran('public');
  }
  @Cors({ credentials: false }) @Post('without-credentials') withoutCredentials() {
    return spy.ran('without credentials');
  }
  @DisableCors() @Post('disabled') disabled() {
    return spy.ran('disabled');
  }
  @Cors('untouched') @Post('untouched') untouched() {
    return spy.ran('untouched');
  }
  @Post('webhook') webhook() {
    return spy.ran('webhook');
  }
}

@Module({
  imports: [
    CorsModule.forRoot({
      origin: [APP, 'https://*.preview.example.com', 'https://shop-*.example.com', 'http://localhost:*'],
      credentials: true,
      paths: [
        { path: '/files', policy: { origin: PARTNER, credentials: true } },
        { path: '/files/own', policy: 'untouched' },
        { path: '/files/closed', policy: false },
      ],
    }),
  ],
  controllers: [OrdersController],
})
class ShopModule {}

function protect(app: INestApplication): void {
  app.enableCsrfProtection({ exclude: app.get(CorsService).csrfExclude() });
}

const CROSS_SITE = { 'Sec-Fetch-Site': 'cross-site' };
const allowed = (origin: string): CorsHeaders => ({
  'access-control-allow-origin': origin,
  'access-control-allow-credentials': 'true',
  vary: 'Origin',
});
const refusedBy = (headers: CorsHeaders): Outcome => ({ status: 403, headers, ran: [] });

describePlatforms('csrfExclude() of a list', (platform) => {
  const server = serve(platform, ShopModule, spy, { configure: protect });
  const post = (path: string, origin: string | undefined, more: Record<string, string> = CROSS_SITE) =>
    server.outcome({ method: 'POST', path, headers: { Origin: origin, ...more } });

  it.each([
    ['a listed origin', APP],
    ['a subdomain of a pattern', 'https://a.b.preview.example.com'],
    ['a name of a pattern', 'https://shop-7.example.com'],
    ['any port of a pattern', 'http://localhost:5173'],
  ])('excludes %s, as cross-site, as same-site and without Sec-Fetch-Site', async (_what, origin) => {
    const outcome: Outcome = { status: 201, headers: allowed(origin), ran: ['create'] };
    for (const more of [CROSS_SITE, { 'Sec-Fetch-Site': 'same-site' }, {}, { 'Sec-Fetch-Site': 'unexpected' }]) {
      expect(await post('/orders', origin, more as Record<string, string>)).toEqual(outcome);
    }
  });

  it.each([
    ['application/x-www-form-urlencoded', 'a=1'],
    ['text/plain', 'a=1'],
    ['multipart/form-data; boundary=x', '--x\r\ncontent-disposition: form-data; name="a"\r\n\r\n1\r\n--x--\r\n'],
    ['application/json', '{"a":1}'],
  ])('excludes a listed origin, and no other one, with a body of %s', async (type, body) => {
    const send = (origin: string) =>
      server.outcome({
        method: 'POST',
        path: '/orders',
        headers: { Origin: origin, ...CROSS_SITE, 'Content-Type': type },
        body,
      });
    // Fastify has no parser for multipart: Nest's is optional.
    const unparsed = platform.name === 'fastify' && type.startsWith('multipart');
    const served = unparsed ? { status: 415, ran: [] } : { status: 201, ran: ['create'] };
    expect(await send(APP)).toEqual({ ...served, headers: allowed(APP) });
    expect(await send(EVIL)).toEqual(refusedBy({ vary: 'Origin' }));
    expect(await send('null')).toEqual(refusedBy({ vary: 'Origin' }));
  });

  it.each([
    ['another site', EVIL],
    ['no origin of its own', 'null'],
    ['one port off', 'https://app.example.com:8443'],
    ['http for https', 'http://app.example.com'],
    ['a suffix', 'https://app.example.com.evil.example'],
    ['a prefix', 'https://evil-app.example.com'],
    ['another case', 'https://APP.example.com'],
    ['a trailing slash', 'https://app.example.com/'],
    ['the default port', 'https://app.example.com:443'],
    ['two origins', `${APP}, ${EVIL}`],
    ['the parent of a pattern', 'https://preview.example.com'],
    ['an empty origin', ''],
  ])('leaves %s to the protection', async (_what, origin) => {
    expect(await post('/orders', origin)).toEqual(refusedBy({ vary: 'Origin' }));
  });

  it('leaves two Origin lines to the protection', async () => {
    const headers = { Origin: [APP, APP], ...CROSS_SITE };
    expect(await server.outcome({ method: 'POST', path: '/orders', headers })).toEqual(refusedBy({ vary: 'Origin' }));
  });

  it('leaves requests without Origin to the protection', async () => {
    expect(await post('/orders', undefined)).toEqual(refusedBy({ vary: 'Origin' }));
    const native = await post('/orders', undefined, {});
    expect(native).toEqual({ status: 201, headers: { vary: 'Origin' }, ran: ['create'] });
  });

  it('leaves requests of the own origin to the protection, which allows them', async () => {
    const own = await post('/orders', EVIL, { Host: 'evil.example' });
    const sameOrigin = await post('/orders', EVIL, { 'Sec-Fetch-Site': 'same-origin' });
    for (const outcome of [own, sameOrigin]) {
      expect(outcome).toEqual({ status: 201, headers: { vary: 'Origin' }, ran: ['create'] });
    }
  });

  it('decides by the policy of the route', async () => {
    expect({
      admin: await post('/orders/admin', ADMIN),
      'app at admin': await post('/orders/admin', APP),
      'admin at orders': await post('/orders', ADMIN),
      'any origin': await post('/orders/public', APP),
      'without credentials': await post('/orders/without-credentials', APP),
      disabled: await post('/orders/disabled', APP),
      untouched: await post('/orders/untouched', APP),
      'path policy': await post('/files/a', PARTNER),
      'app at the path': await post('/files/a', APP),
      'untouched path': await post('/files/own/a', PARTNER),
      'closed path': await post('/files/closed/a', PARTNER),
      'ambiguous path': await post('/files/%2e%2e/a', PARTNER),
      'path without handler': await post('/nowhere', APP),
    }).toEqual({
      admin: { status: 201, headers: allowed(ADMIN), ran: ['admin'] },
      'app at admin': refusedBy({ vary: 'Origin' }),
      'admin at orders': refusedBy({ vary: 'Origin' }),
      'any origin': refusedBy({ 'access-control-allow-origin': '*' }),
      'without credentials': refusedBy({ 'access-control-allow-origin': APP, vary: 'Origin' }),
      disabled: refusedBy({}),
      untouched: refusedBy({}),
      'path policy': { status: 404, headers: allowed(PARTNER), ran: [] },
      'app at the path': refusedBy({ vary: 'Origin' }),
      'untouched path': refusedBy({}),
      'closed path': refusedBy({}),
      'ambiguous path': refusedBy({}),
      'path without handler': { status: 404, headers: allowed(APP), ran: [] },
    });
  });

  it.each([
    ['PUT', 'replace'],
    ['PATCH', 'change'],
    ['DELETE', 'remove'],
  ])('excludes %s', async (method, handler) => {
    const send = (origin: string) =>
      server.outcome({ method, path: '/orders', headers: { Origin: origin, ...CROSS_SITE } });
    expect(await send(APP)).toEqual({ status: 200, headers: allowed(APP), ran: [handler] });
    expect(await send(EVIL)).toEqual(refusedBy({ vary: 'Origin' }));
  });

  it('changes nothing for GET, HEAD and preflights', async () => {
    for (const method of ['GET', 'HEAD']) {
      const evil = await server.outcome({ method, path: '/orders', headers: { Origin: EVIL, ...CROSS_SITE } });
      expect(evil).toEqual({ status: 200, headers: { vary: 'Origin' }, ran: ['list'] });
    }
    expect(await server.outcome(preflight(APP, 'PUT', '/orders'))).toMatchObject({ status: 204 });
    expect(await server.outcome(preflight(EVIL, 'PUT', '/orders'))).toMatchObject({ status: 403, ran: [] });
  });
});

describePlatforms('a page of an allowed origin', (platform) => {
  const withExclusion = serve(platform, ShopModule, spy, { configure: protect });
  const withoutExclusion = serve(platform, ShopModule, spy, { configure: (app) => app.enableCsrfProtection() });
  const address = 'https://api.example.com';

  it('writes with cookies, and reads the response', async () => {
    const page = openPage(withExclusion.running.app, APP, { address });
    const response = await page.fetch('/orders', { method: 'PUT', credentials: 'include' });
    expect([response.status, await response.text()]).toEqual([200, 'replace']);
  });

  it('is refused without csrfExclude()', async () => {
    const page = openPage(withoutExclusion.running.app, APP, { address });
    const response = await page.fetch('/orders', { method: 'PUT', credentials: 'include' });
    expect(response.status).toBe(403);
  });

  it('reads the 403 where only its credentials are not allowed', async () => {
    const page = openPage(withExclusion.running.app, APP, { address });
    const response = await page.fetch('/orders/without-credentials', { method: 'POST', body: 'a=1' });
    expect(response.status).toBe(403);
    expect(await response.json()).toMatchObject({
      message: 'Cross-origin request detected from Sec-Fetch-Site header',
    });
  });
});

describePlatforms('a predicate of the application', (platform) => {
  const asked: string[] = [];
  const also = (request: { url: string }) => {
    asked.push(request.url);
    if (request.url === '/orders/disabled') {
      throw new Error('the predicate failed');
    }
    return request.url === '/orders/webhook';
  };
  const server = serve(platform, ShopModule, spy, {
    configure: (app) => app.enableCsrfProtection({ exclude: app.get(CorsService).csrfExclude(also) }),
  });
  const post = (path: string, origin: string) =>
    server.outcome({ method: 'POST', path, headers: { Origin: origin, ...CROSS_SITE } });

  it('excludes more requests, which get no CORS headers from that', async () => {
    expect(await post('/orders/webhook', EVIL)).toEqual({ status: 201, headers: { vary: 'Origin' }, ran: ['webhook'] });
    expect(await post('/orders', EVIL)).toEqual(refusedBy({ vary: 'Origin' }));
  });

  it('is not called for a request that is excluded already', async () => {
    asked.length = 0;
    await post('/orders', APP);
    await post('/orders/webhook', EVIL);
    expect(asked).toEqual(['/orders/webhook']);
  });

  it('may throw: Nest handles its error', async () => {
    expect(await post('/orders/disabled', EVIL)).toEqual({ status: 500, headers: {}, ran: [] });
  });
});

describe('csrfExclude()', () => {
  it('excludes nothing that Nest does not check', () => {
    const service = new CorsService(undefined as never, undefined as never);
    for (const request of [undefined, null, {}, 'text']) {
      expect(service.csrfExclude()(request)).toBe(false);
    }
  });
});
