import type { INestApplication } from '@nestjs/common';
import { corsMatchers, type Page } from 'nestjs-cors/testing';
import { API, APP, createSample, EVIL, openSamplePage, PLATFORMS } from './open-sample.js';

expect.extend(corsMatchers);

function signIn(page: Page, credentials: RequestCredentials = 'include'): Promise<Response> {
  return page.fetch('/account/session', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: '{"name":"Ada"}',
    credentials,
  });
}

describe.each(PLATFORMS)('the account on %s', (_platform, createAdapter) => {
  let app: INestApplication;
  beforeAll(async () => {
    app = await createSample(createAdapter());
  });
  afterAll(() => app.close());

  it('signs the front end in with a cookie', async () => {
    const page = openSamplePage(app, APP);
    expect((await page.fetch('/account', { credentials: 'include' })).status).toBe(401);
    await signIn(page);
    const account = await page.fetch('/account', { credentials: 'include' });
    expect(await account.json()).toEqual({ name: 'Ada' });
  });

  it('sets a cookie for pages of other sites, which no script can read', async () => {
    const page = openSamplePage(app, APP);
    await signIn(page);
    const setCookie = page.exchanges.at(-1)?.responseHeaders.find(([name]) => name.toLowerCase() === 'set-cookie');
    expect(setCookie?.[1]).toMatch(/^session=[\w-]{36}; Path=\/; HttpOnly; Secure; SameSite=None; Partitioned$/);
  });

  it('finds its cookie among others', async () => {
    const page = openSamplePage(app, APP);
    page.cookies.set('theme=dark; Secure; SameSite=None', API);
    await signIn(page);
    expect(page.cookies.get(API)).toMatch(/^theme=dark; session=/);
    expect((await page.fetch('/account', { credentials: 'include' })).status).toBe(200);
  });

  it.each(['omit', 'same-origin'] as const)('ignores the cookie without credentials (%s)', async (credentials) => {
    const page = openSamplePage(app, APP);
    await signIn(page, credentials);
    expect(page.cookies.get(API)).toBe('');
    await signIn(page);
    expect((await page.fetch('/account', { credentials })).status).toBe(401);
  });

  it('keeps the account from a page that has the cookie and another origin', async () => {
    const [frontEnd, stranger] = [openSamplePage(app, APP), openSamplePage(app, EVIL)];
    await signIn(frontEnd);
    stranger.cookies.set(`${frontEnd.cookies.get(API)}; Secure; SameSite=None`, API);
    await expect(stranger).toBeBlockedFrom('/account', { credentials: 'include' });
    // The request arrived with the cookie: only the browser hides the response.
    expect(stranger.exchanges.at(-1)).toMatchObject({ status: 200 });
  });
});
