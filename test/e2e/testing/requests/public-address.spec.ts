import { beforeEach, expect, it } from '@jest/globals';
import { Controller, Get, Headers, Module, Post, Put, Redirect } from '@nestjs/common';
import { CorsModule } from 'nestjs-cors';
import { openPage } from 'nestjs-cors/testing';
import { HandlerSpy } from '../../../support/handler-spy.js';
import { describePlatforms, serve } from '../../../support/platforms.js';
import { APP, EVIL } from '../../../support/policy-statement.js';

const API = 'https://api.example.com';
const spy = new HandlerSpy();

@Controller({ path: 'orders', host: 'api.example.com' })
class OrdersController {
  @Get() list(@Headers('host') host: string) {
    return spy.ran(`list of ${host}`);
  }
  @Put(':id') replace() {
    return spy.ran('replace');
  }
  @Post() create() {
    return spy.ran('create');
  }
}

@Controller({ path: 'shop', host: 'shop.example.com' })
class ShopController {
  @Get() list() {
    return spy.ran('shop');
  }
}

@Controller('any')
class AnyController {
  @Get() host(@Headers('host') host: string) {
    return spy.ran(host);
  }
  @Redirect(`${API}/orders`, 302) @Get('moved') moved() {
    spy.ran('moved');
  }
}

@Module({
  imports: [CorsModule.forRoot({ origin: [APP, 'http://app.example.com', 'https://shop.example'] })],
  controllers: [OrdersController, ShopController, AnyController],
})
class OrdersModule {}

describePlatforms('the public address of an application', (platform) => {
  const server = serve(platform, OrdersModule, spy);
  beforeEach(() => {
    spy.take();
  });
  const open = (origin: string, address?: string) => openPage(server.running.app, origin, { address });

  /** The headers that tell a server where a request comes from. */
  async function contextOf(origin: string, address: string, init: RequestInit = {}) {
    const page = open(origin, address);
    await page.fetch('/orders', init).catch(() => undefined);
    const sent = new Map(page.exchanges.at(-1)?.requestHeaders);
    return { origin: sent.get('Origin'), site: sent.get('Sec-Fetch-Site'), referer: sent.get('Referer') };
  }

  it('is what relative URLs resolve against, what Host says, and where responses come from', async () => {
    const page = open(APP, API);
    const response = await page.fetch('/orders?a=1');
    expect([response.url, await response.text()]).toEqual([`${API}/orders?a=1`, 'list of api.example.com']);
    expect(page.exchanges[0]?.url).toBe(`${API}/orders?a=1`);
    expect(page.exchanges[0]?.requestHeaders[0]).toEqual(['Host', 'api.example.com']);
    expect((await page.fetch(`${API}/orders`)).status).toBe(200);
  });

  it('decides which routes of a host answer', async () => {
    expect(await (await open(APP, 'https://shop.example.com').fetch('/shop')).text()).toBe('shop');
    expect((await open(APP, API).fetch('/shop')).status).toBe(404);
    expect((await open(APP).fetch('/shop')).status).toBe(404);
    expect(spy.take()).toEqual(['shop']);
  });

  it('may have a port and a path', async () => {
    const page = open(APP, 'https://api.example.com:8443/v1/');
    const response = await page.fetch('../any');
    expect([response.url, await response.text()]).toEqual(['https://api.example.com:8443/any', 'api.example.com:8443']);
  });

  it.each<[string, string, string, string]>([
    ['the same site', APP, API, 'same-site'],
    ['another site', EVIL, API, 'cross-site'],
    ['another site, because of the scheme', 'http://app.example.com', API, 'cross-site'],
    ['another site, because of the public suffix', 'https://a.co.uk', 'https://b.co.uk', 'cross-site'],
    ['the same site, of another port', 'https://api.example.com:8443', API, 'same-site'],
  ])('is %s', async (_name, origin, address, site) => {
    expect(await contextOf(origin, address)).toEqual({ origin, site, referer: `${origin}/` });
  });

  it('may be the origin of the page, which then needs no CORS', async () => {
    const own = { site: 'same-origin', referer: `${API}/` };
    expect(await contextOf(API, API)).toEqual({ origin: undefined, ...own });
    expect(await contextOf(API, API, { method: 'POST' })).toEqual({ origin: API, ...own });
    const page = open(API, API);
    const response = await page.fetch('/orders/7', { method: 'PUT', headers: { 'x-a': '1' } });
    expect([response.type, response.status, page.exchanges.length]).toEqual(['basic', 200, 1]);
    expect(spy.take()).toEqual(['list of api.example.com', 'create', 'replace']);
  });

  it('has no Sec-Fetch-Site over http, and no Referer from https to http', async () => {
    expect(await contextOf('http://app.example.com', 'http://api.example.com')).toEqual({
      origin: 'http://app.example.com',
      site: undefined,
      referer: 'http://app.example.com/',
    });
  });

  it('is mixed content over http for a page over https, unless it is this machine', async () => {
    await expect(open(APP, 'http://api.example.com').fetch('/orders')).rejects.toMatchObject({
      cause: { message: 'Mixed content: a page over TLS cannot fetch http://api.example.com/orders.' },
      cors: { step: 'request', code: undefined, parameter: undefined, explanation: undefined },
    });
    expect(spy.take()).toEqual([]);
    expect((await open(APP, 'http://localhost:3000').fetch('/any')).status).toBe(200);
  });

  it('is where redirects of the application lead', async () => {
    const page = open(APP, API);
    const response = await page.fetch('/any/moved');
    expect([response.url, response.redirected, await response.text()]).toEqual([
      `${API}/orders`,
      true,
      'list of api.example.com',
    ]);
    expect(page.exchanges.map(({ requestHeaders }) => new Map(requestHeaders).get('Origin'))).toEqual([APP, APP]);
    expect(spy.take()).toEqual(['moved', 'list of api.example.com']);
  });

  it('is the listening address by default, for a sandboxed frame too', async () => {
    const frame = open('null');
    await expect(frame.fetch('/any')).rejects.toMatchObject({
      cors: { step: 'response', code: 'MissingAllowOriginHeader', explanation: { reason: 'origin-null' } },
    });
    const sent = new Map(frame.exchanges[0]?.requestHeaders);
    expect([sent.get('Host'), sent.get('Origin'), sent.get('Referer'), sent.get('Sec-Fetch-Site')]).toEqual([
      `127.0.0.1:${server.running.port}`,
      'null',
      undefined,
      'cross-site',
    ]);
  });

  it('works for pages of other schemes than http', async () => {
    const page = open('capacitor://localhost', API);
    await expect(page.fetch('/orders')).rejects.toMatchObject({ cors: { code: 'MissingAllowOriginHeader' } });
    const sent = new Map(page.exchanges[0]?.requestHeaders);
    expect([sent.get('Origin'), sent.get('Referer'), sent.get('Sec-Fetch-Site')]).toEqual([
      'capacitor://localhost',
      undefined,
      'cross-site',
    ]);
  });
});
