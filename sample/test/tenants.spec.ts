import type { INestApplication } from '@nestjs/common';
import { corsMatchers } from 'nestjs-cors/testing';
import { APP, createSample, EVIL, openSamplePage, PARTNER, PLATFORMS, SHOP } from './open-sample.js';

expect.extend(corsMatchers);

const TOKEN = { Authorization: 'Bearer open-sesame' };

describe.each(PLATFORMS)('the origins of tenants on %s', (_platform, createAdapter) => {
  let app: INestApplication;
  beforeAll(async () => {
    app = await createSample(createAdapter());
  });
  afterAll(() => app.close());

  const storefront = async (origin: string) => (await openSamplePage(app, origin).fetch('/storefront')).json();
  const add = (tenant: string, origin: unknown, headers: Record<string, string> = TOKEN, page = APP) =>
    openSamplePage(app, page).fetch(`/tenants/${tenant}/origins`, {
      method: 'POST',
      headers: { ...headers, 'Content-Type': 'application/json' },
      body: JSON.stringify({ origin }),
    });
  const remove = (tenant: string, origin: string) =>
    openSamplePage(app, APP).fetch(`/tenants/${tenant}/origins?origin=${encodeURIComponent(origin)}`, {
      method: 'DELETE',
      headers: TOKEN,
    });

  it('are allowed at once, and refused at once after removal', async () => {
    // The first answer is cached, so the handler that adds an origin must clear it.
    await expect(openSamplePage(app, SHOP)).toBeBlockedFrom('/storefront');

    const added = await add('acme', SHOP);
    expect([added.status, await added.json()]).toEqual([201, { tenant: 'acme', added: SHOP }]);
    expect(await storefront(SHOP)).toEqual({ tenant: 'acme', greeting: 'Welcome' });
    await expect(openSamplePage(app, 'http://shop.localhost:3401')).toBeBlockedFrom('/storefront');
    await expect(openSamplePage(app, SHOP)).toBeBlockedFrom('/orders');

    expect((await remove('acme', SHOP)).status).toBe(200);
    await expect(openSamplePage(app, SHOP)).toBeBlockedFrom('/storefront');
  });

  it('include the partner from the start', async () => {
    expect(await storefront(PARTNER)).toEqual({ tenant: 'globex', greeting: 'Welcome' });
  });

  it('are separate: one tenant does not remove an origin of another', async () => {
    await remove('acme', PARTNER);
    await expect(openSamplePage(app, PARTNER)).toRead('/storefront');
  });

  it.each([
    ['without the token', 'acme', EVIL, {}, 401],
    ['with another token', 'acme', EVIL, { Authorization: 'Bearer open-sesam' }, 401],
    ['for a tenant that does not exist', 'umbrella', EVIL, TOKEN, 404],
    ['with a trailing slash', 'acme', `${EVIL}/`, TOKEN, 400],
    ['in another case', 'acme', 'http://Evil.localhost:3400', TOKEN, 400],
    ['with another scheme', 'acme', 'javascript:alert(1)', TOKEN, 400],
    ['that is null', 'acme', 'null', TOKEN, 400],
    ['that is no text', 'acme', [EVIL], TOKEN, 400],
    ['that is missing', 'acme', undefined, TOKEN, 400],
  ])('do not include one %s', async (_case, tenant, origin, headers, status) => {
    // The front end can read the error.
    expect((await add(tenant, origin, headers)).status).toBe(status);
    await expect(openSamplePage(app, EVIL)).toBeBlockedFrom('/storefront');
  });

  it('cannot be added by the page that would gain access', async () => {
    await expect(add('acme', EVIL, TOKEN, EVIL)).rejects.toMatchObject({ cors: { step: 'preflight' } });
  });
});
