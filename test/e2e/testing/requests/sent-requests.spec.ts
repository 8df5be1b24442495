import { beforeAll, describe, expect, it } from '@jest/globals';
import { openPage, type Page } from 'nestjs-cors/testing';
import { answerRedirects, redirect } from '../support/redirects.js';
import { scriptedServer } from '../support/scripted-server.js';

const ORIGIN = 'https://app.example.com';

/** Everything here was measured in Chromium 156. */
describe('the requests of a page', () => {
  const server = scriptedServer();
  let base = '';
  beforeAll(() => {
    server.answer(answerRedirects);
    base = `http://localhost:${server.port}`;
  });

  const open = (origin = ORIGIN) => openPage(base, origin);
  const sent = (page: Page, names: RegExp) =>
    page.exchanges.map(({ requestHeaders }) =>
      requestHeaders.filter(([name]) => names.test(name)).map((header) => header.join(': ')),
    );

  it('have the type of the body between User-Agent and Accept', async () => {
    const page = open();
    await page.fetch('/', { method: 'POST', body: 'text' });
    const [names = []] = page.exchanges.map(({ requestHeaders }) => requestHeaders.map(([name]) => name));
    expect(names.slice(0, 7)).toEqual([
      'Host',
      'Connection',
      'Content-Length',
      'User-Agent',
      'Content-Type',
      'Accept',
      'Origin',
    ]);
  });

  it('have the Accept of the page in the place of the one of the browser', async () => {
    const page = open();
    await page.fetch('/', { headers: { accept: 'text/plain' } });
    expect(sent(page, /^(user-agent|accept|origin)$/i)).toEqual([
      [expect.stringMatching(/^User-Agent: /), 'accept: text/plain', `Origin: ${ORIGIN}`],
    ]);
  });

  it('have no Referer from https to http, not even to localhost', async () => {
    const page = open();
    await page.fetch('/');
    await page.fetch('/', { referrerPolicy: 'unsafe-url' });
    expect(sent(page, /^referer$/i)).toEqual([[], [`Referer: ${ORIGIN}/`]]);
  });

  it('have no Referer after a redirect that had none', async () => {
    const page = openPage(base, 'http://app.localhost');
    await page.fetch(redirect(302, '/end'), { referrerPolicy: 'no-referrer' });
    expect(sent(page, /^referer$/i)).toEqual([[], []]);
  });

  it.each(['if-match', 'if-modified-since', 'if-none-match', 'if-range', 'if-unmodified-since'])(
    'bypass the cache with %s, and so does the preflight',
    async (name) => {
      const page = open();
      await page.fetch('/', { headers: { [name]: '"a"' } });
      expect(sent(page, /^cache-control$/i)).toEqual([['Cache-Control: max-age=0'], ['Cache-Control: max-age=0']]);
    },
  );

  it('have the Cache-Control of the page in its spelling, and the preflight has none', async () => {
    const page = open();
    await page.fetch('/', { headers: { 'cache-control': 'no-cache' } });
    expect(sent(page, /^cache-control$/i)).toEqual([[], ['cache-control: no-cache']]);
  });

  it("have the page's value in the place of the browser's Cache-Control", async () => {
    const page = open();
    await page.fetch('/', { headers: { 'cache-control': 'max-age=1' }, cache: 'no-store' } as RequestInit);
    expect(sent(page, /^(cache-control|pragma)$/i)).toEqual([
      ['Pragma: no-cache', 'Cache-Control: no-cache'],
      ['Pragma: no-cache', 'Cache-Control: max-age=1'],
    ]);
  });

  it('have the type of the body where no-cors drops the one of the page', async () => {
    const page = open();
    const body = 'text';
    await page.fetch('/', { method: 'POST', mode: 'no-cors', body, headers: { 'content-type': 'application/json' } });
    await page.fetch('/', { method: 'POST', mode: 'no-cors', body: new Blob(['a'], { type: 'image/png' }) });
    expect(sent(page, /^content-type$/i)).toEqual([['Content-Type: text/plain;charset=UTF-8'], []]);
  });

  it('are refused for a value that is no byte string, also where no-cors would drop it', async () => {
    const refused = open().fetch('/', { mode: 'no-cors', headers: [['x-a', 'a€']] });
    await expect(refused).rejects.toMatchObject({ name: 'TypeError', cors: { step: 'request' } });
  });

  it('lose client hints when a redirect leads to another origin, but not Save-Data', async () => {
    const page = open();
    await page.fetch(redirect(302, '/end'), { headers: { downlink: '1', dpr: '2', 'save-data': 'on' } });
    expect(sent(page, /^(downlink|dpr|save-data)$/i)).toEqual([
      ['downlink: 1', 'dpr: 2', 'save-data: on'],
      ['save-data: on'],
    ]);
  });

  it('keep client hints at the own origin', async () => {
    const page = open(base);
    await page.fetch(redirect(302, '/end'), { headers: { downlink: '1' } });
    expect(sent(page, /^downlink$/i)).toEqual([['downlink: 1'], ['downlink: 1']]);
  });

  it('have a Sec-Fetch-Site for the whole way, but the preflight for its own URL', async () => {
    const page = openPage(base, 'http://app.shop.localhost');
    const other = `http://other.test:${server.port}`;
    const back = `http://api.shop.localhost:${server.port}/end`;
    await page.fetch(redirect(302, back, other), { headers: { 'x-a': '1' } });
    expect(sent(page, /^sec-fetch-site$/i)).toEqual([
      [],
      [],
      ['Sec-Fetch-Site: same-site'],
      ['Sec-Fetch-Site: cross-site'],
    ]);
  });
});
