import { beforeEach, describe, expect, it } from '@jest/globals';
import { Controller, Get, Injectable, Module } from '@nestjs/common';
import { Cors, CorsModule, CorsService, DisableCors, type OriginContext, OriginResolverService } from 'nestjs-cors';
import { HandlerSpy } from '../support/handler-spy.js';
import { describePlatforms, serve } from '../support/platforms.js';
import { preflight, REFUSED_PREFLIGHT } from '../support/policy-statement.js';

const spy = new HandlerSpy();
const SHOP = 'https://shop.example';
const OTHER = 'https://other.example';

const table = { rows: new Set<string>(), calls: [] as string[] };
const contexts: OriginContext[] = [];

@Injectable()
class Shops {
  async resolve(origin: string): Promise<boolean> {
    table.calls.push(origin);
    return table.rows.has(origin);
  }
}

@Injectable()
class ByTenant {
  resolve(origin: string, context: OriginContext): boolean {
    contexts.push(context);
    return origin === SHOP;
  }
  cacheKey(context: OriginContext): string {
    return (context.request as { headers: { host: string } }).headers.host;
  }
}

@Controller('shops')
class ShopsController {
  @Get() list() {
    return spy.ran('list');
  }
  @DisableCors() @Get('off') off() {
    return spy.ran('off');
  }
  @Cors('tenants') @Get('tenants') tenants() {
    return spy.ran('tenants');
  }
}

@Module({
  imports: [
    CorsModule.forRoot({
      origin: Shops,
      policies: {
        listed: { origin: ['https://a.example', 'https://*.b.example'] },
        anyone: { origin: '*' },
        spelled: { origin: 'https://pr-*.preview.example' },
        predicate: { origin: (origin) => origin === OTHER },
        contextual: {
          origin: async (_origin, context) => {
            contexts.push(context);
            return context.request === undefined;
          },
        },
        tenants: { origin: ByTenant },
      },
    }),
  ],
  controllers: [ShopsController],
  providers: [Shops, ByTenant],
})
class ApplicationModule {}

@Module({ imports: [CorsModule.forRoot()] })
class ClosedModule {}

describePlatforms('OriginResolverService', (platform) => {
  const server = serve(platform, ApplicationModule, spy);
  const origins = () => server.running.app.get(OriginResolverService);
  const get = (origin: string) => server.outcome({ path: '/shops', headers: { Origin: origin } });
  const granted = { status: 200, headers: { 'access-control-allow-origin': SHOP, vary: 'Origin' }, ran: ['list'] };
  const bare = { status: 200, headers: { vary: 'Origin' }, ran: ['list'] };

  beforeEach(async () => {
    await origins().forgetAll();
    table.rows.clear();
    table.calls.length = 0;
  });

  it('shares its cache with requests', async () => {
    table.rows.add(SHOP);
    expect(await origins().resolve(SHOP)).toBe(true);
    expect(await get(SHOP)).toEqual(granted);
    expect(await get(OTHER)).toEqual(bare);
    expect(await origins().resolve(OTHER)).toBe(false);
    expect(table.calls).toEqual([SHOP, OTHER]);
  });

  it('forget() applies an added or removed origin at once', async () => {
    expect(await get(SHOP)).toEqual(bare);
    await get(OTHER);
    table.rows.add(SHOP);
    expect(await get(SHOP)).toEqual(bare);
    await origins().forget(SHOP);
    expect(await get(SHOP)).toEqual(granted);
    table.rows.delete(SHOP);
    expect(await get(SHOP)).toEqual(granted);
    await origins().forget(SHOP);
    expect(await get(SHOP)).toEqual(bare);
    expect(await server.outcome(preflight(SHOP, 'GET', '/shops'))).toEqual(REFUSED_PREFLIGHT);
    expect(table.calls).toEqual([SHOP, OTHER, SHOP, SHOP]);
  });

  it('forgetAll() drops every answer', async () => {
    await get(SHOP);
    await get(OTHER);
    await origins().forgetAll();
    await get(SHOP);
    await get(OTHER);
    expect(table.calls).toEqual([SHOP, OTHER, SHOP, OTHER]);
  });

  it('forget() accepts an unknown origin and any other text', async () => {
    for (const origin of ['https://never.example', '', 'null', '__proto__', undefined as unknown as string]) {
      await expect(origins().forget(origin)).resolves.toBeUndefined();
    }
  });

  it('passes a context without a request', async () => {
    contexts.length = 0;
    expect(await origins().resolve(SHOP, 'contextual')).toBe(true);
    expect(contexts).toEqual([
      { request: undefined, method: '', path: '', policy: 'policy "contextual"', preflight: false },
    ]);
  });

  it('denies if the resolver throws without a request', async () => {
    contexts.length = 0;
    expect(await origins().resolve(SHOP, 'tenants')).toBe(false);
    expect(contexts).toEqual([]);
    const outcome = await server.outcome({ path: '/shops/tenants', headers: { Origin: SHOP } });
    expect(outcome.headers).toEqual({ 'access-control-allow-origin': SHOP, vary: 'Origin' });
  });
});

describePlatforms('CorsService.isOriginAllowed', (platform) => {
  const server = serve(platform, ApplicationModule, spy);
  const closed = serve(platform, ClosedModule, spy);

  const ANSWERS: readonly [policy: string | undefined, allowed: readonly string[], refused: readonly string[]][] = [
    [undefined, [SHOP], [OTHER, `${SHOP}/`, `${SHOP}:443`, 'http://shop.example', 'https://Shop.example', 'null', '']],
    ['listed', ['https://a.example', 'https://x.b.example'], ['https://b.example', 'https://a.example:1', 'null']],
    ['anyone', [SHOP, OTHER, 'null'], []],
    [
      'spelled',
      ['https://pr-1.preview.example'],
      ['https://pr-.preview.example', 'https://pr-1.preview.example.evil.example'],
    ],
    ['predicate', [OTHER], [SHOP, 'null', `${OTHER}/`]],
  ];

  describe.each(ANSWERS)('policy %s', (policy, allowed, refused) => {
    it('decides as for a request', async () => {
      table.rows = new Set([SHOP]);
      await server.running.app.get(OriginResolverService).forgetAll();
      const service = server.running.app.get(CorsService);
      const answers = await Promise.all(
        [...allowed, ...refused].map(async (origin) => [origin, await service.isOriginAllowed(origin, policy)]),
      );
      expect(answers).toEqual([
        ...allowed.map((origin) => [origin, true]),
        ...refused.map((origin) => [origin, false]),
      ]);
    });
  });

  it('denies if no policy sets an origin', async () => {
    expect(await closed.running.app.get(CorsService).isOriginAllowed(SHOP)).toBe(false);
  });

  it('denies a value that is not a string', async () => {
    const service = server.running.app.get(CorsService);
    for (const origin of [undefined, null, 7, [SHOP], { toString: () => SHOP }]) {
      expect(await service.isOriginAllowed(origin as string)).toBe(false);
    }
  });

  it.each(['Listed', 'listed ', '__proto__', 'constructor', ''])(
    'throws and names the policies for the unknown name %j',
    async (name) => {
      const service = server.running.app.get(CorsService);
      await expect(service.isOriginAllowed(SHOP, name)).rejects.toThrow(
        /^There is no CORS policy named .*\. The named policies are .*listed.*tenants/,
      );
    },
  );
});
