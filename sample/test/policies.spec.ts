import type { INestApplication } from '@nestjs/common';
import { corsMatchers } from 'nestjs-cors/testing';
import { APP, createSample, EVIL, openSamplePage, PARTNER, PLATFORMS, SHOP } from './open-sample.js';

expect.extend(corsMatchers);

/** The arguments of `fetch`. */
type Request = readonly [path: string, init?: RequestInit];

interface Expectation {
  readonly policy: string;
  /** Origins of pages. */
  readonly allowed: readonly string[];
  readonly refused: readonly string[];
  /** Requests that a browser sends without a preflight. */
  readonly simple: readonly Request[];
  /** Requests that a browser sends after a preflight. */
  readonly preflighted: readonly Request[];
}

const JSON_BODY = { headers: { 'Content-Type': 'application/json' }, body: '{"name":"Table"}' };
const TOKEN = { headers: { Authorization: 'Bearer nothing' } };

const EXPECTATIONS: readonly Expectation[] = [
  {
    policy: 'the policy of the application',
    allowed: [APP],
    refused: [PARTNER, EVIL, SHOP],
    simple: [['/orders'], ['/events'], ['/reports/broken'], ['/nowhere']],
    preflighted: [
      ['/orders', TOKEN],
      ['/nowhere', TOKEN],
      ['/products/7', { method: 'DELETE' }],
    ],
  },
  {
    policy: 'the policy of the catalogue',
    allowed: [APP, PARTNER, EVIL, SHOP, 'null'],
    refused: [],
    simple: [['/products']],
    preflighted: [['/products', TOKEN]],
  },
  {
    policy: 'editors',
    allowed: [APP, PARTNER],
    refused: [EVIL, SHOP],
    simple: [],
    preflighted: [['/products/7', { method: 'PUT', ...JSON_BODY }]],
  },
  {
    policy: 'partners',
    allowed: [PARTNER],
    refused: [APP, EVIL, SHOP],
    simple: [['/stock']],
    preflighted: [['/stock', { headers: { 'X-Partner-Key': 'demo' } }]],
  },
  {
    policy: 'the policy of the account',
    allowed: [APP],
    refused: [PARTNER, EVIL, SHOP],
    simple: [['/account', { credentials: 'include' }]],
    preflighted: [['/account/session', { method: 'POST', ...JSON_BODY, credentials: 'include' }]],
  },
  {
    policy: 'the policy of feedback',
    allowed: [APP],
    refused: [PARTNER, EVIL, SHOP],
    simple: [['/feedback', { method: 'POST', body: new URLSearchParams({ text: 'hello' }) }]],
    preflighted: [['/feedback', { method: 'POST', ...JSON_BODY }]],
  },
  {
    policy: '@DisableCors()',
    allowed: [],
    refused: [APP, PARTNER, EVIL, SHOP],
    simple: [['/internal/metrics']],
    preflighted: [['/internal/metrics', TOKEN]],
  },
  {
    policy: '@Cors() below @DisableCors()',
    allowed: [APP],
    refused: [PARTNER, EVIL, SHOP],
    simple: [['/internal/health']],
    preflighted: [['/internal/health', TOKEN]],
  },
  {
    policy: 'the resolver of tenants',
    allowed: [PARTNER],
    refused: [APP, EVIL, SHOP],
    simple: [['/storefront']],
    preflighted: [['/storefront', TOKEN]],
  },
];

/** A row for each page and request. */
function rowsOf(pages: 'allowed' | 'refused', requests: 'simple' | 'preflighted') {
  return EXPECTATIONS.flatMap(({ policy, ...expected }) =>
    expected[pages].flatMap((origin) =>
      expected[requests].map((request) => ({
        policy,
        origin,
        request,
        name: `${request[1]?.method ?? 'GET'} ${request[0]}`,
      })),
    ),
  );
}

describe.each(PLATFORMS)('the sample on %s', (_platform, createAdapter) => {
  let app: INestApplication;
  beforeAll(async () => {
    app = await createSample(createAdapter());
  });
  afterAll(() => app.close());

  it.each(rowsOf('allowed', 'simple'))('$policy: lets $origin read $name', async ({ origin, request }) => {
    const page = openSamplePage(app, origin);
    await expect(page).toRead(...request);
    expect(page.exchanges).toMatchObject([{ preflight: false }]);
  });

  it.each(rowsOf('allowed', 'preflighted'))(
    '$policy: lets $origin read $name after a preflight',
    async ({ origin, request }) => {
      const page = openSamplePage(app, origin);
      await expect(page).toRead(...request);
      expect(page.exchanges).toMatchObject([{ preflight: true, status: 204 }, { preflight: false }]);
    },
  );

  it.each(rowsOf('refused', 'simple'))('$policy: keeps $origin from reading $name', async ({ origin, request }) => {
    const page = openSamplePage(app, origin);
    await expect(page).toBeBlockedFrom(...request);
    expect(page.exchanges).toMatchObject([{ preflight: false }]);
  });

  it.each(rowsOf('refused', 'preflighted'))(
    '$policy: refuses the preflight of $origin for $name',
    async ({ origin, request }) => {
      const page = openSamplePage(app, origin);
      await expect(page).toBeBlockedFrom(...request);
      expect(page.exchanges).toMatchObject([{ preflight: true, status: 403 }]);
    },
  );

  it.each([
    ['https instead of http', 'https://app.localhost:3400'],
    ['another port', 'http://app.localhost:3401'],
    ['no port', 'http://app.localhost'],
    ['the parent domain', 'http://localhost:3400'],
    ['a subdomain', 'http://www.app.localhost:3400'],
    ['a name that ends alike', 'http://myapp.localhost:3400'],
    ['a name that begins alike', 'http://app.localhost.evil.example:3400'],
    ['the origin of the API', 'http://api.localhost:3400'],
    ['a sandboxed frame', 'null'],
  ])('refuses near misses of the front end: %s', async (_difference, origin) => {
    const page = openSamplePage(app, origin);
    await expect(page).toBeBlockedFrom('/orders');
    await expect(page).toBeBlockedFrom('/orders', TOKEN);
  });

  it('refuses a request header that the policy does not list, and names it', async () => {
    const page = openSamplePage(app, APP);
    await expect(page.fetch('/orders', { headers: { 'X-Debug': '1' } })).rejects.toMatchObject({
      cors: { step: 'preflight', explanation: { reason: 'header-not-allowed', missingHeaders: ['x-debug'] } },
    });
  });

  it('shows pages one header of the catalogue and hides the other', async () => {
    const page = openSamplePage(app, EVIL);
    await expect(page).toSeeHeader('/products', 'x-total-count');
    await expect(page).not.toSeeHeader('/products', 'x-served-by');
    await expect(openSamplePage(app, PARTNER)).toSeeHeader('/stock', 'x-requests-left');
  });

  it('blocks the public catalogue for requests with credentials', async () => {
    const page = openSamplePage(app, APP);
    await expect(page.fetch('/products', { credentials: 'include' })).rejects.toMatchObject({
      cors: { code: 'WildcardOriginNotAllowed', step: 'response' },
    });
  });

  it('keeps PUT and DELETE of one product apart in the preflight cache', async () => {
    const page = openSamplePage(app, PARTNER);
    await expect(page).toRead('/products/7', { method: 'PUT', ...JSON_BODY });
    await expect(page).toBeBlockedFrom('/products/7', { method: 'DELETE' });
    expect(page.preflightCache.entries()).toEqual([]);
  });

  it.each([
    ['/account', 401],
    ['/nowhere', 404],
    ['/reports/broken', 500],
  ])('lets the front end read the error of %s', async (path, status) => {
    const response = await openSamplePage(app, APP).fetch(path);
    expect(response.status).toBe(status);
  });

  it('lets the front end read each event of a stream', async () => {
    const response = await openSamplePage(app, APP).fetch('/events', { headers: { Accept: 'text/event-stream' } });
    expect(await response.text()).toContain('data: {"step":3,"of":3}');
  });

  it('stores no form of another page', async () => {
    const form = { method: 'POST', body: new URLSearchParams({ text: 'hello' }) };
    const send = async () => (await openSamplePage(app, APP).fetch('/feedback', form)).json();
    const { received } = await send();
    await expect(openSamplePage(app, EVIL).fetch('/feedback', form)).rejects.toMatchObject({
      cors: { step: 'enforcement' },
    });
    expect(await send()).toEqual({ received: received + 1, text: 'hello' });
  });
});
