import { describe, expect, it } from '@jest/globals';
import { Controller, Get, Module } from '@nestjs/common';
import { CorsService } from 'nestjs-cors';
import { openPage } from 'nestjs-cors/testing';
import { describePlatforms, serve } from '../../../support/platforms.js';
import { APP, EVIL } from '../../../support/policy-statement.js';
import { blocked, enableVersions, OrdersModule, spy } from '../support/blocked-orders.js';

describePlatforms('the explanation of a blocked request', (platform) => {
  const server = serve(platform, OrdersModule, spy, {
    configure: enableVersions,
  });
  const pageOf = (origin: string, address = 'https://api.example.com') =>
    openPage(server.running.app, origin, { address });

  describe('is that of CorsService.explain()', () => {
    const explained = (request: Parameters<CorsService['explain']>[0]) =>
      server.running.app.get(CorsService).explain(request);

    it('for a method, headers with values, and credentials', async () => {
      const headers = { 'X-Version': '2', 'content-type': 'text/plain', 'x-a': '1' };
      const error = await blocked(pageOf(APP), '/orders/versioned?full=1#part', {
        method: 'PATCH',
        headers,
        credentials: 'include',
      });
      const { explanation } = error.cors;
      expect(explanation?.target).toBe('OrdersController.second');
      expect({ ...explanation }).toEqual({
        ...(await explained({
          url: 'https://api.example.com/orders/versioned?full=1',
          method: 'PATCH',
          origin: APP,
          headers,
          credentials: true,
        })),
      });
    });

    it('for the other version, and for the content type of a body', async () => {
      const error = await blocked(pageOf(EVIL), '/orders/versioned', {
        method: 'PATCH',
        headers: { 'x-version': '1' },
        body: new Blob(['{}'], { type: 'application/json' }),
      });
      expect(error.cors.explanation?.target).toBe('OrdersController.first');
      expect(error.cors.explanation?.preflight.because).toEqual([
        'method PATCH',
        'header x-version',
        'value of content-type',
      ]);
    });

    it('for `paths`, and for URLs without a handler', async () => {
      const docs = await blocked(pageOf(APP), '/docs');
      expect(docs.cors.explanation?.target).toBe('paths "/docs"');
      const unrouted = await blocked(pageOf(EVIL), '/nothing');
      expect(unrouted.cors.explanation?.target).toBe('CorsModule');
    });

    it('for an untouched route, whose result is unknown', async () => {
      const error = await blocked(pageOf(APP), '/orders/untouched');
      expect(error.cors).toMatchObject({ step: 'response', explanation: { readable: undefined, reason: 'no-policy' } });
    });

    it('for the hop that fails', async () => {
      const error = await blocked(pageOf(APP), '/orders/moved');
      expect(error.cors.explanation?.target).toBe('OrdersController.private');
    });

    it('for the host of the address', async () => {
      const own = await blocked(pageOf(EVIL, 'https://internal.example'), '/orders');
      expect(own.cors.explanation).toMatchObject({ target: 'OrdersController.list' });
    });
  });

  it('has no explanation with a base URL, and names the request', async () => {
    const base = `http://127.0.0.1:${server.running.port}`;
    const error = await blocked(openPage(base, EVIL), '/orders/7', { method: 'PUT' });
    expect(error.cors).toEqual({
      step: 'preflight',
      code: 'PreflightMissingAllowOriginHeader',
      parameter: undefined,
      explanation: undefined,
    });
    expect((error.cause as Error).message).toBe(
      `PUT ${base}/orders/7: The preflight fails: PreflightMissingAllowOriginHeader.`,
    );
    expect(await openPage(base, EVIL).explain('/orders')).toBeUndefined();
  });

  it('has no explanation at another host', async () => {
    const page = pageOf(EVIL);
    const error = await blocked(page, `http://127.0.0.1:${server.running.port}/orders`);
    expect(error.cors).toMatchObject({ step: 'response', explanation: undefined });
  });

  it('is explained before it is sent by page.explain()', async () => {
    spy.take();
    const page = pageOf(EVIL);
    const explanation = await page.explain('/orders', { method: 'POST' });
    expect({ ...explanation }).toEqual({ ...(await blocked(page, '/orders', { method: 'POST' })).cors.explanation });
    expect(spy.take()).toEqual([]);
    expect(page.exchanges).toHaveLength(1);
    expect((await pageOf(APP).explain('/orders'))?.readable).toBe(true);
    expect(await page.explain('/orders', { mode: 'no-cors' })).toBeUndefined();
    const request = new Request('https://api.example.com/orders', { method: 'POST', body: 'a' });
    expect((await page.explain(request))?.step).toBe('enforcement');
    expect(request.bodyUsed).toBe(false);
  });
});

describePlatforms('an application without CorsModule', (platform) => {
  @Controller('orders')
  class PlainController {
    @Get() list() {
      return 'list';
    }
  }
  @Module({ controllers: [PlainController] })
  class PlainModule {}
  const server = serve(platform, PlainModule, spy);

  it('has no explanations', async () => {
    const page = openPage(server.running.app, APP);
    const error = await blocked(page, '/orders');
    expect(error.cors).toEqual({
      step: 'response',
      code: 'MissingAllowOriginHeader',
      parameter: undefined,
      explanation: undefined,
    });
    expect(String(error.cause)).toContain(`write \`CorsModule.forRoot({ origin: '${APP}' })\``);
    const sandboxed = await blocked(openPage(server.running.app, 'null'), '/orders');
    expect(String(sandboxed.cause)).toContain('write `CorsModule.forRoot()`');
    expect(await page.explain('/orders')).toBeUndefined();
  });
});
