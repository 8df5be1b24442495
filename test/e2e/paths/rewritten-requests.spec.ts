import type { IncomingMessage, ServerResponse } from 'node:http';
import { expect, it } from '@jest/globals';
import {
  Controller,
  Delete,
  Get,
  type INestApplication,
  Module,
  Options,
  Post,
  Put,
  Version,
  VersioningType,
} from '@nestjs/common';
import { Cors, CorsModule, DisableCors } from 'nestjs-cors';
import { HandlerSpy } from '../../support/handler-spy.js';
import { describePlatforms, serve } from '../../support/platforms.js';
import { ADMIN, APP, EVIL, expectPolicy, preflight, REFUSED_PREFLIGHT } from '../../support/policy-statement.js';
import { RecordedLog } from '../../unit/boot/boot.js';

const spy = new HandlerSpy();

@Controller('orders')
class OrdersController {
  @Post(':id') create() {
    return spy.ran('create');
  }
  @DisableCors() @Delete(':id') remove() {
    return spy.ran('remove');
  }
  @Cors({ enforce: 'unsafe-methods' }) @Post('enforced/:id') enforced() {
    return spy.ran('enforced');
  }
  @Cors({ enforce: 'unsafe-methods', origin: [ADMIN] }) @Delete('enforced/:id') removeEnforced() {
    return spy.ran('remove enforced');
  }
}

@Controller('things')
class ThingsController {
  @Get() list() {
    return spy.ran('list');
  }
  @Cors({ origin: [ADMIN] }) @Put('admin') admin() {
    return spy.ran('admin');
  }
  @Cors('untouched') @Put('untouched') untouched() {
    return spy.ran('untouched');
  }
  @Cors({ origin: async (origin: string) => origin === ADMIN }) @Put('asked') asked() {
    return spy.ran('asked');
  }
  @Version('1') @Cors({ origin: [ADMIN] }) @Put('versioned') first() {
    return spy.ran('first');
  }
  @Version('2') @Put('versioned') second() {
    return spy.ran('second');
  }
  @DisableCors() @Options('options') options() {
    return spy.ran('options');
  }
}

@Module({ imports: [CorsModule.forRoot({ origin: [APP] })], controllers: [OrdersController, ThingsController] })
class RewritingModule {}

type Next = () => void;

/** Method override and URL rewriting, as middleware does them. */
function rewrite(app: INestApplication): void {
  app.enableVersioning({ type: VersioningType.HEADER, header: 'x-version' });
  app.use((request: IncomingMessage, response: ServerResponse, next: Next) => {
    if (request.headers['x-foreign'] !== undefined) {
      response.setHeader('Access-Control-Allow-Origin', '*');
      response.setHeader('Vary', 'Accept');
    }
    const override = request.headers['x-http-method-override'];
    if (typeof override === 'string') {
      request.method = override;
    }
    if (request.url?.startsWith('/old/') === true) {
      request.url = request.url.replace('/old/', '/things/');
    }
    if (request.url?.startsWith('/things?') === true) {
      request.url = '/things';
    }
    next();
  });
}

const log = new RecordedLog();

describePlatforms('a request that middleware redirects to another handler', (platform) => {
  const server = serve(platform, RewritingModule, spy, { configure: rewrite, application: { logger: log } });
  const express = platform.name === 'express';
  const refused = { status: 403, headers: { vary: 'Origin' }, ran: [] };
  const send = (method: string, path: string, origin: string, more: Record<string, string> = {}) =>
    server.outcome({ method, path, headers: { Origin: origin, ...more } });

  it('with a method override is refused if the preflight had another policy', async () => {
    const override = { 'X-HTTP-Method-Override': 'DELETE' };
    const asked = await server.outcome(preflight(APP, 'POST', '/orders/7'));
    expect(asked).toMatchObject({ status: 204, headers: { 'access-control-allow-origin': APP } });
    const outcome = await send('POST', '/orders/7', APP, override);
    // Fastify selects the handler before its middleware runs.
    expect(outcome).toEqual(
      express
        ? refused
        : { status: 201, headers: { 'access-control-allow-origin': APP, vary: 'Origin' }, ran: ['create'] },
    );
    const within = await send('POST', '/orders/7', APP, { ...override, 'Sec-Fetch-Site': 'same-origin' });
    expect(within.ran).toEqual([express ? 'remove' : 'create']);
    const withoutOrigin = await server.outcome({ method: 'POST', path: '/orders/7', headers: override });
    expect(withoutOrigin.ran).toEqual([express ? 'remove' : 'create']);
  });

  it('is refused without the CORS headers of middleware, and with its Vary', async () => {
    const override = { 'X-HTTP-Method-Override': 'DELETE', 'X-Foreign': '1' };
    const outcome = await send('POST', '/orders/7', APP, override);
    expect(outcome).toEqual(
      express
        ? { ...refused, headers: { vary: 'Accept, Origin' } }
        : { status: 201, headers: { 'access-control-allow-origin': APP, vary: 'Accept, Origin' }, ran: ['create'] },
    );
  });

  it('is served without CORS headers if no preflight can have allowed it', async () => {
    const outcome = await send('POST', '/orders/7', EVIL, { 'X-HTTP-Method-Override': 'DELETE' });
    expect(outcome).toEqual(
      express
        ? { status: 200, headers: {}, ran: ['remove'] }
        : { status: 201, headers: { vary: 'Origin' }, ran: ['create'] },
    );
  });

  it.each(['GET', 'PUT', 'DELETE'])('with a method override to %s is still enforced', async (method) => {
    const outcome = await send('POST', '/orders/enforced/7', EVIL, { 'X-HTTP-Method-Override': method });
    expect(outcome.ran).toEqual([]);
    expect(outcome.headers['access-control-allow-origin']).toBeUndefined();
  });

  if (express) {
    it.each(['admin', 'untouched', 'asked'])(
      'with a rewritten URL is refused if the policy of %s refuses the origin',
      async (name) => {
        const asked = await server.outcome(preflight(APP, 'PUT', `/old/${name}`));
        expect(asked).toMatchObject({ status: 204, headers: { 'access-control-allow-origin': APP } });
        expect(await send('PUT', `/old/${name}`, APP)).toEqual(refused);
        expect(await send('PUT', `/old/${name}`, EVIL)).toMatchObject({ status: 200, ran: [name] });
      },
    );

    it('with a rewritten URL gets the policy of its handler, and its preflight that of the original URL', async () => {
      expect(await send('PUT', '/old/admin', ADMIN)).toEqual({
        status: 200,
        headers: { 'access-control-allow-origin': ADMIN, vary: 'Origin' },
        ran: ['admin'],
      });
      expect(await server.outcome(preflight(ADMIN, 'PUT', '/old/admin'))).toEqual(REFUSED_PREFLIGHT);
    });

    it('is refused only if its version refuses the origin', async () => {
      expect(await send('PUT', '/old/versioned', APP, { 'X-Version': '1' })).toEqual(refused);
      expect(await send('PUT', '/old/versioned', APP, { 'X-Version': '2' })).toMatchObject({
        status: 200,
        headers: { 'access-control-allow-origin': APP },
        ran: ['second'],
      });
    });

    it('is logged once for each handler, with both targets', () => {
      const lines = log.warnings.filter((line) => line.includes('Middleware changed a request'));
      expect(lines).toContainEqual(
        expect.stringMatching(/from "POST" "\/orders\/7" to "DELETE" "\/orders\/7".*\(OrdersController\.remove\)/),
      );
      expect(new Set(lines.map((line) => /\((\w+\.\w+)\)/.exec(line)?.[1])).size).toBe(lines.length);
    });
  }

  it('is served normally if the handler has the same policy', async () => {
    await expectPolicy(server, { method: 'GET', path: '/things?x=1', handler: 'list', allows: APP, refuses: EVIL });
    if (express) {
      await expectPolicy(server, { method: 'GET', path: '/old/?x', handler: 'list', allows: APP, refuses: EVIL });
    }
  });
});
