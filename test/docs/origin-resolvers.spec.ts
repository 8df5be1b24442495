import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { RESOLVER_DEFAULTS } from '../../src/resolver/resolver-options.js';
import { describePlatforms, type RootModule, type RunningApp, startApp } from '../support/platforms.js';
import { EVIL } from '../support/policy-statement.js';
import { readSections } from './support/pages.js';
import { Program } from './support/program.js';

const PAGE = 'docs/origin-resolvers/README.md';
const SHOP = 'https://shop.example';

/** The service in a section of the page. */
interface CustomersService {
  save(customer: { apiHost: string; origin: string }): Promise<void>;
  remove(origin: string): Promise<void>;
}

describe(PAGE, () => {
  const document = readFileSync(PAGE, 'utf8');

  it.each(Object.entries(RESOLVER_DEFAULTS).filter(([name]) => name !== 'cache'))(
    'states the default of %s',
    (name, value) => {
      const written = typeof value === 'number' ? String(value) : `'${value}'`;
      expect(document).toContain(`| \`${name}\` | \`${written}\` |`);
    },
  );
});

describePlatforms('the example in docs/origin-resolvers/README.md', (platform) => {
  let running: RunningApp;
  let program: Program;
  beforeAll(async () => {
    const section = readSections(PAGE).find(({ title }) => title === 'Share answers between instances');
    program = new Program(section as NonNullable<typeof section>, platform);
    const [shown] = await program.run();
    running = await startApp(platform, shown?.declared.AppModule as RootModule);
  });
  afterAll(() => program.close(running?.app));

  const allowed = async (path: string, host: string, origin = SHOP) => {
    const { headerLines } = await running.request({ path, headers: { Host: host, Origin: origin } });
    return headerLines.some(
      ([name, value]) => name.toLowerCase() === 'access-control-allow-origin' && value === origin,
    );
  };

  it('allows an origin while its customer is in the table, without a restart', async () => {
    const Service = program.file('customers.service.ts').CustomersService as new () => CustomersService;
    const customers = running.app.get(Service);
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
