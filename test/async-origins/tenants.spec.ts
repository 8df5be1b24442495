import { beforeEach, expect, it } from '@jest/globals';
import { Controller, Get, Injectable, Module } from '@nestjs/common';
import { CorsModule, type OriginContext, OriginResolverService } from 'nestjs-cors';
import { HandlerSpy } from '../support/handler-spy.js';
import { describePlatforms, type Outcome, serve } from '../support/platforms.js';
import { PREFLIGHT_VARY } from '../support/policy-statement.js';
import { ServerSockets } from './support/server-sockets.js';

const spy = new HandlerSpy();
const SHOP = 'https://shop.example';

const hostOf = (context: OriginContext) => (context.request as { headers: { host: string } }).headers.host;

/** The origins that each tenant allows. */
const allowed = new Set([`acme.api.example ${SHOP}`]);
let calledWith: string[] = [];
let gate: Promise<void> = Promise.resolve();

@Injectable()
class TenantOrigins {
  async resolve(origin: string, context: OriginContext): Promise<boolean> {
    const row = `${hostOf(context)} ${origin}`;
    calledWith.push(row);
    await gate;
    return allowed.has(row);
  }
  cacheKey(context: OriginContext): string {
    return hostOf(context);
  }
}

@Controller('orders')
class OrdersController {
  @Get() list() {
    return spy.ran('list');
  }
}

@Module({
  imports: [CorsModule.forRoot({ origin: TenantOrigins })],
  controllers: [OrdersController],
  providers: [TenantOrigins],
})
class ApplicationModule {}

const PREFLIGHT: Record<string, string> = { 'Access-Control-Request-Method': 'GET' };

describePlatforms('tenants', (platform) => {
  const server = serve(platform, ApplicationModule, spy);
  beforeEach(async () => {
    await server.running.app.get(OriginResolverService).forgetAll();
    calledWith = [];
    gate = Promise.resolve();
  });

  const actual = (host: string, origin = SHOP) =>
    server.outcome({ path: '/orders', headers: { Host: host, Origin: origin } });
  const preflight = (host: string) =>
    server.outcome({ method: 'OPTIONS', path: '/orders', headers: { Host: host, Origin: SHOP, ...PREFLIGHT } });

  const granted: Outcome = {
    status: 200,
    headers: { 'access-control-allow-origin': SHOP, vary: 'Origin' },
    ran: ['list'],
  };
  const bare: Outcome = { status: 200, headers: { vary: 'Origin' }, ran: ['list'] };

  it.each([
    ['the tenant that allows the origin', ['acme.api.example', 'globex.api.example']],
    ['the tenant that denies it', ['globex.api.example', 'acme.api.example']],
  ])('do not share answers, starting with %s', async (_, hosts) => {
    for (let round = 0; round < 3; round += 1) {
      for (const host of hosts) {
        expect(await actual(host)).toEqual(host.startsWith('acme') ? granted : bare);
        expect((await preflight(host)).status).toBe(host.startsWith('acme') ? 204 : 403);
      }
    }
    expect(calledWith).toEqual(hosts.map((host) => `${host} ${SHOP}`));
  });

  it('do not share pending calls', async () => {
    let release = () => {};
    gate = new Promise((resolve) => {
      release = resolve;
    });
    const hosts = ['acme.api.example', 'globex.api.example', 'acme.api.example', 'globex.api.example'];
    const sockets = new ServerSockets(server.running.app.getHttpServer());
    const before = sockets.requests;
    const responses = hosts.map((host) => server.request({ path: '/orders', headers: { Host: host, Origin: SHOP } }));
    await sockets.until(({ requests }) => requests === before + hosts.length);
    release();
    const origins = (await Promise.all(responses)).map(({ headerLines }) =>
      headerLines.filter(([name]) => name.toLowerCase() === 'access-control-allow-origin').map(([, value]) => value),
    );
    expect(origins).toEqual([[SHOP], [], [SHOP], []]);
    expect(new Set(calledWith).size).toBe(2);
  });

  it.each(['acme.api.example:1', 'xacme.api.example', 'acme.api.example.evil.example', 'ACME.api.example'])(
    'are not confused with %s',
    async (host) => {
      expect(await actual('acme.api.example')).toEqual(granted);
      expect(await actual(host)).toEqual(bare);
    },
  );

  it('forget an origin in one call', async () => {
    await actual('acme.api.example');
    await actual('globex.api.example');
    await server.running.app.get(OriginResolverService).forget(SHOP);
    await actual('acme.api.example');
    await actual('globex.api.example');
    expect(calledWith).toHaveLength(4);
  });

  it('decide on preflights by host', async () => {
    expect(await preflight('acme.api.example')).toEqual({
      status: 204,
      headers: { 'access-control-allow-origin': SHOP, 'access-control-allow-methods': 'GET', vary: PREFLIGHT_VARY },
      ran: [],
    });
    expect(await preflight('globex.api.example')).toEqual({ status: 403, headers: { vary: PREFLIGHT_VARY }, ran: [] });
  });
});
