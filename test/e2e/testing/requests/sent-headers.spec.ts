import { beforeEach, describe, expect, it } from '@jest/globals';
import { openPage } from 'nestjs-cors/testing';
import { answerRedirects, redirect } from '../support/redirects.js';
import { scriptedServer } from '../support/scripted-server.js';

const server = scriptedServer();
const USER_AGENT = expect.stringMatching(/^Mozilla\/5\.0 .* Chrome\/\d+/);

beforeEach(() => {
  server.answer(answerRedirects);
  server.received();
});

const open = (origin: string, address: string) => openPage(`http://127.0.0.1:${server.port}`, origin, { address });

describe('the headers that arrive', () => {
  it('are those of Chromium, in its order and spelling, with the preflight', async () => {
    const page = open('https://app.example.com', 'https://api.example.com');
    page.cookies.set('a=1');
    await page.fetch('/orders', {
      method: 'PUT',
      headers: { 'X-B': '2', authorization: 'Bearer a' },
      body: 'text',
      credentials: 'include',
    });
    const [preflight, request] = server.received();
    expect(preflight).toMatchObject({ method: 'OPTIONS', url: '/orders', body: '' });
    expect(preflight?.headers).toEqual([
      ['Host', 'api.example.com'],
      ['Connection', 'keep-alive'],
      ['Accept', '*/*'],
      ['Access-Control-Request-Method', 'PUT'],
      ['Access-Control-Request-Headers', 'authorization,x-b'],
      ['Origin', 'https://app.example.com'],
      ['User-Agent', USER_AGENT],
      ['Sec-Fetch-Mode', 'cors'],
      ['Sec-Fetch-Site', 'same-site'],
      ['Sec-Fetch-Dest', 'empty'],
      ['Referer', 'https://app.example.com/'],
      ['Accept-Encoding', expect.any(String)],
      ['Accept-Language', expect.any(String)],
    ]);
    expect(request).toMatchObject({ method: 'PUT', url: '/orders', body: 'text' });
    expect(request?.headers.filter(([name]) => !/^sec-ch-ua/.test(name))).toEqual([
      ['Host', 'api.example.com'],
      ['Connection', 'keep-alive'],
      ['Content-Length', '4'],
      ['X-B', '2'],
      ['authorization', 'Bearer a'],
      ['User-Agent', USER_AGENT],
      ['Content-Type', 'text/plain;charset=UTF-8'],
      ['Accept', '*/*'],
      ['Origin', 'https://app.example.com'],
      ['Sec-Fetch-Site', 'same-site'],
      ['Sec-Fetch-Mode', 'cors'],
      ['Sec-Fetch-Dest', 'empty'],
      ['Referer', 'https://app.example.com/'],
      ['Accept-Encoding', expect.any(String)],
      ['Accept-Language', expect.any(String)],
      ['Cookie', 'a=1'],
    ]);
  });

  it('are the same that page.exchanges has, in the order of the requests', async () => {
    const page = open('https://app.example.com', 'https://api.example.com');
    await page.fetch(redirect(307, '/end'), { method: 'DELETE' });
    const received = server.received();
    expect(received.map(({ method }) => method)).toEqual(['OPTIONS', 'DELETE', 'OPTIONS', 'DELETE']);
    expect(page.exchanges.map(({ preflight, method, url, status }) => [preflight, method, url, status])).toEqual([
      [true, 'OPTIONS', `https://api.example.com${redirect(307, '/end')}`, 204],
      [false, 'DELETE', `https://api.example.com${redirect(307, '/end')}`, 307],
      [true, 'OPTIONS', 'https://api.example.com/end', 204],
      [false, 'DELETE', 'https://api.example.com/end', 200],
    ]);
    expect(page.exchanges.map(({ requestHeaders }) => requestHeaders)).toEqual(received.map(({ headers }) => headers));
    expect(new Map(page.exchanges[1]?.responseHeaders).get('location')).toBe('/end');
  });

  it('are frozen in page.exchanges, where repeated response headers stay apart', async () => {
    server.answer((response) => response.writeHead(200, { 'Set-Cookie': ['a=1', 'b=2'], 'X-A': '1' }).end());
    const page = open('https://app.example.com', 'https://api.example.com');
    await page.fetch('/', { mode: 'no-cors' });
    const { exchanges } = page;
    expect(exchanges[0]?.responseHeaders.slice(0, 3)).toEqual([
      ['Set-Cookie', 'a=1'],
      ['Set-Cookie', 'b=2'],
      ['X-A', '1'],
    ]);
    const [exchange] = exchanges;
    const parts = [exchanges, exchange, exchange?.requestHeaders, exchange?.requestHeaders[0]];
    expect([...parts, exchange?.responseHeaders, exchange?.responseHeaders[0]].every(Object.isFrozen)).toBe(true);
    await page.fetch('/', { mode: 'no-cors' });
    expect([exchanges.length, page.exchanges.length]).toEqual([1, 2]);
  });

  it.each<[RequestCache, [string, string][]]>([
    ['default', []],
    ['force-cache', []],
    ['no-cache', [['Cache-Control', 'max-age=0']]],
    [
      'no-store',
      [
        ['Pragma', 'no-cache'],
        ['Cache-Control', 'no-cache'],
      ],
    ],
    [
      'reload',
      [
        ['Pragma', 'no-cache'],
        ['Cache-Control', 'no-cache'],
      ],
    ],
  ])('tell the cache mode %s, also in the preflight', async (cache, expected) => {
    await open('https://app.example.com', 'https://api.example.com').fetch('/', { cache, method: 'PUT' });
    const headers = server
      .received()
      .map((one) => one.headers.filter(([name]) => /^(Pragma|Cache-Control)$/.test(name)));
    expect(headers).toEqual([expected, expected]);
  });

  it('are fewer for a host over http', async () => {
    await open('http://app.example.com', 'http://api.example.com').fetch('/');
    const names = server.received()[0]?.headers.map(([name]) => name);
    expect(names).toEqual([
      'Host',
      'Connection',
      'User-Agent',
      'Accept',
      'Origin',
      'Referer',
      'Accept-Encoding',
      'Accept-Language',
    ]);
  });

  it.each<[RequestCredentials, string, string | undefined]>([
    ['omit', 'https://app.example.com', undefined],
    ['same-origin', 'https://app.example.com', undefined],
    ['include', 'https://app.example.com', 'a=1'],
    ['omit', 'https://api.example.com', undefined],
    ['same-origin', 'https://api.example.com', 'a=1'],
    ['include', 'https://api.example.com', 'a=1'],
  ])('have cookies by the credentials mode: %s, page of %s', async (credentials, origin, cookie) => {
    const page = open(origin, 'https://api.example.com');
    page.cookies.set('a=1');
    await page.fetch('/', { credentials });
    expect(new Map(server.received()[0]?.headers).get('Cookie')).toBe(cookie);
  });
});

describe('the Referer', () => {
  const OWN = 'https://app.example.com';
  const URL_OF_PAGE = `${OWN}/list?a=1`;

  it.each<[ReferrerPolicy, string | undefined, string | undefined, string | undefined]>([
    // To the page itself, to another origin, and from https: to http:.
    ['', URL_OF_PAGE, `${OWN}/`, undefined],
    ['no-referrer', undefined, undefined, undefined],
    ['no-referrer-when-downgrade', URL_OF_PAGE, URL_OF_PAGE, undefined],
    ['same-origin', URL_OF_PAGE, undefined, undefined],
    ['origin', `${OWN}/`, `${OWN}/`, `${OWN}/`],
    ['strict-origin', `${OWN}/`, `${OWN}/`, undefined],
    ['origin-when-cross-origin', URL_OF_PAGE, `${OWN}/`, `${OWN}/`],
    ['strict-origin-when-cross-origin', URL_OF_PAGE, `${OWN}/`, undefined],
    ['unsafe-url', URL_OF_PAGE, URL_OF_PAGE, URL_OF_PAGE],
  ])('follows the policy %j', async (referrerPolicy, own, foreign, downgraded) => {
    const init = { referrerPolicy, referrer: '/list?a=1#part' };
    const seen: (string | undefined)[] = [];
    for (const address of [OWN, 'https://api.example.com', `http://localhost:${server.port}`]) {
      await open(OWN, address).fetch('/', init);
      seen.push(new Map(server.received()[0]?.headers).get('Referer'));
    }
    expect(seen).toEqual([own, foreign, downgraded]);
  });

  it('is missing for an empty referrer, and that of the page for a foreign one', async () => {
    const page = open(OWN, 'https://api.example.com');
    await page.fetch('/', { referrer: '' });
    await page.fetch('/', { referrer: 'https://evil.example/' });
    await page.fetch('/', { referrer: `${OWN}/list`, referrerPolicy: 'unsafe-url' });
    expect(server.received().map(({ headers }) => new Map(headers).get('Referer'))).toEqual([
      undefined,
      `${OWN}/`,
      `${OWN}/list`,
    ]);
  });

  it.each<[string, string | undefined]>([
    ['no-referrer', undefined],
    ['origin', `${OWN}/`],
    ['unknown', `${OWN}/`],
    ['no-referrer, unsafe-url', `${OWN}/`],
    ['origin, no-referrer', undefined],
  ])('follows the Referrer-Policy of a redirect: %s', async (policy, referer) => {
    const page = open(OWN, 'https://api.example.com');
    await page.fetch(`${redirect(302, '/end')}&policy=${encodeURIComponent(policy)}`);
    expect(server.received().map(({ headers }) => new Map(headers).get('Referer'))).toEqual([`${OWN}/`, referer]);
  });
});
