import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { OriginResolverService } from 'nestjs-cors';
import { RESOLVER_DEFAULTS } from '../../src/resolver/resolver-options.js';
import { HandlerSpy } from '../support/handler-spy.js';
import { describePlatforms, observe, serve, startApp } from '../support/platforms.js';
import { EVIL } from '../support/policy-statement.js';
import { AppModule } from './examples/app.module.js';
import { CacheManagerModule } from './examples/cache-manager.module.js';
import { CustomersService } from './examples/customers.service.js';
import { PredicateModule } from './examples/predicate.module.js';

const FOLDER = 'test/async-origins/examples';
const document = readFileSync('docs/origin-resolvers.md', 'utf8');

describe('docs/origin-resolvers.md', () => {
  const blocks = [...document.matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map(([, code]) => code as string);
  const examples = readdirSync(FOLDER).map((file) => readFileSync(`${FOLDER}/${file}`, 'utf8'));

  it('contains code', () => {
    expect(blocks.length).toBeGreaterThanOrEqual(5);
  });

  it.each(blocks)('contains only code that is compiled and run: %s', (code) => {
    expect(examples.filter((example) => example.includes(code))).toHaveLength(1);
  });

  it.each(Object.entries(RESOLVER_DEFAULTS).filter(([name]) => name !== 'cache'))(
    'names the default of %s',
    (name, value) => {
      const written = typeof value === 'number' ? String(value) : `'${value}'`;
      expect(document).toContain(`| \`${name}\` | \`${written}\` |`);
    },
  );
});

const SHOP = 'https://shop.example';

describePlatforms('the example in docs/origin-resolvers.md', (platform) => {
  const server = serve(platform, AppModule, new HandlerSpy());
  const allowed = async (path: string, host: string, origin = SHOP) => {
    const { headers } = await server.outcome({ path, headers: { Host: host, Origin: origin } });
    return headers['access-control-allow-origin'] === origin;
  };

  it('allows an origin while its customer exists, without a restart', async () => {
    const customers = server.running.app.get(CustomersService);
    const requests = () =>
      Promise.all([
        allowed('/catalogue', 'api.example'),
        allowed('/orders', 'acme.api.example'),
        allowed('/orders', 'globex.api.example'),
        allowed('/catalogue', 'api.example', EVIL),
      ]);
    expect(await requests()).toEqual([false, false, false, false]);
    await customers.save({ apiHost: 'acme.api.example', origin: SHOP });
    expect(await requests()).toEqual([true, true, false, false]);
    await customers.remove(SHOP);
    expect(await requests()).toEqual([false, false, false, false]);
  });
});

describePlatforms('the short examples in docs/origin-resolvers.md', (platform) => {
  it('boot and decide', async () => {
    for (const [module, origin, answer] of [
      [PredicateModule, 'https://partner.example', true],
      [PredicateModule, EVIL, false],
      [CacheManagerModule, SHOP, false],
    ] as const) {
      const running = await startApp(platform, module);
      const { running: app } = observe(() => running, new HandlerSpy());
      expect(await app.app.get(OriginResolverService).resolve(origin)).toBe(answer);
      await running.close();
    }
  });
});
