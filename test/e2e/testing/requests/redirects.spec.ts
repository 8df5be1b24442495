import { beforeEach, describe, expect, it } from '@jest/globals';
import { openPage, type Page } from 'nestjs-cors/testing';
import { answerRedirects, redirect } from '../support/redirects.js';
import { scriptedServer } from '../support/scripted-server.js';

const PAGE = 'http://app.test';
const server = scriptedServer();
const other = scriptedServer();
let page: Page;
let api: string;
let far: string;

beforeEach(() => {
  api = `http://api.test:${server.port}`;
  far = `http://far.example:${other.port}`;
  page = openPage(`http://127.0.0.1:${server.port}`, PAGE, { address: api });
  for (const one of [server, other]) {
    one.answer(answerRedirects);
    one.received();
  }
});

const sent = () => page.exchanges.map(({ method, url }) => `${method} ${url}`);
const headersOf = (index: number, ...names: string[]) => {
  const all = new Map(page.exchanges.at(index)?.requestHeaders.map(([name, value]) => [name.toLowerCase(), value]));
  return names.map((name) => all.get(name));
};

describe('a redirect within a host', () => {
  it.each<[number, string, string]>([
    [301, 'POST', 'GET'],
    [302, 'POST', 'GET'],
    [303, 'POST', 'GET'],
    [307, 'POST', 'POST'],
    [308, 'POST', 'POST'],
    [301, 'PUT', 'PUT'],
    [302, 'DELETE', 'DELETE'],
    [303, 'PUT', 'GET'],
    [303, 'HEAD', 'HEAD'],
    [302, 'GET', 'GET'],
  ])('with %i changes %s into %s', async (status, method, then) => {
    const body = method === 'GET' || method === 'HEAD' ? undefined : 'body';
    const response = await page.fetch(redirect(status, '/end'), { method, body });
    expect([response.status, response.url, response.redirected]).toEqual([200, `${api}/end`, true]);
    const last = server.received().at(-1);
    expect([last?.method, last?.body]).toEqual([then, then === method ? (body ?? '') : '']);
    const [type, length] = headersOf(-1, 'content-type', 'content-length');
    expect([type !== undefined, length]).toEqual([
      body !== undefined && then === method,
      body !== undefined && then === method ? '4' : undefined,
    ]);
  });

  it('sends a preflight for each request of the redirect', async () => {
    await page.fetch(redirect(307, '/end'), { method: 'PUT', headers: { 'x-a': '1' } });
    expect(sent()).toEqual([
      `OPTIONS ${api}${redirect(307, '/end')}`,
      `PUT ${api}${redirect(307, '/end')}`,
      `OPTIONS ${api}/end`,
      `PUT ${api}/end`,
    ]);
    expect(headersOf(2, 'access-control-request-method', 'access-control-request-headers', 'origin')).toEqual([
      'PUT',
      'x-a',
      PAGE,
    ]);
  });

  it.each<[string, string]>([
    ['end', '/end'],
    ['?a=1', '/302?a=1'],
    ['//api.test:PORT/end', '/end'],
    ['/end#there', '/end'],
    ['/a/../end', '/end'],
  ])('resolves the Location %j', async (location, path) => {
    const to = location.replace('PORT', String(server.port));
    const response = await page.fetch(redirect(302, to));
    expect(response.url).toBe(`${api}${path}`);
  });

  it('keeps the fragment of the page unless the Location has one', async () => {
    await page.fetch(`${redirect(302, '/end')}#mine`);
    expect(sent().at(-1)).toBe(`GET ${api}/end#mine`);
    await page.fetch(`${redirect(302, '/end#theirs')}#mine`);
    expect(sent().at(-1)).toBe(`GET ${api}/end#theirs`);
  });

  it('is readable itself without a Location', async () => {
    const response = await page.fetch('/302');
    expect([response.status, response.redirected, await response.text()]).toEqual([302, false, 'GET /302']);
    expect((await page.fetch(redirect(300, '/end'))).status).toBe(300);
  });

  it('is followed 20 times', async () => {
    server.answer((response, { url }) => {
      const left = Number(url.slice(1));
      response.writeHead(left > 0 ? 302 : 200, {
        'access-control-allow-origin': '*',
        ...(left > 0 && { location: `/${left - 1}` }),
      });
      response.end('end');
    });
    expect((await page.fetch('/20')).url).toBe(`${api}/0`);
    server.received();
    await expect(page.fetch('/21')).rejects.toMatchObject({
      cause: { message: 'Browsers follow at most 20 redirects.' },
      cors: { step: 'redirect', code: undefined, explanation: undefined },
    });
    expect(server.received()).toHaveLength(21);
  });

  it('ends in a loop', async () => {
    server.answer((response) =>
      response.writeHead(307, { 'access-control-allow-origin': '*', location: '/loop' }).end(),
    );
    await expect(page.fetch('/loop')).rejects.toMatchObject({ cors: { step: 'redirect', code: undefined } });
  });
});

describe('a redirect to another host', () => {
  it('makes the origin null, from the second host on', async () => {
    await page.fetch(redirect(302, `${far}/end`));
    expect([headersOf(0, 'origin'), headersOf(1, 'origin')]).toEqual([[PAGE], ['null']]);
  });

  it('keeps the origin within one host, and where the page itself redirects', async () => {
    const own = openPage(`http://127.0.0.1:${server.port}`, api, { address: api });
    await own.fetch(redirect(302, redirect(302, `${far}/end`, far)));
    const origins = own.exchanges.map(({ requestHeaders }) => new Map(requestHeaders).get('Origin'));
    expect(origins).toEqual([undefined, api, api]);
  });

  it('needs CORS for a redirect back to the page, with the origin null', async () => {
    const own = openPage(`http://127.0.0.1:${server.port}`, api, { address: api });
    const response = await own.fetch(redirect(302, redirect(302, `${api}/end`, far), ''), { credentials: 'include' });
    expect([response.type, response.url]).toEqual(['cors', `${api}/end`]);
    const last = new Map(own.exchanges.at(-1)?.requestHeaders);
    expect([last.get('Origin'), last.get('Sec-Fetch-Site')]).toEqual(['null', undefined]);
  });

  it('drops authorization and no other header', async () => {
    const headers = { authorization: 'Bearer a', 'x-a': '1' };
    await page.fetch(redirect(307, `${far}/end`), { method: 'PUT', headers, body: 'body' });
    expect(sent().map((line) => line.split('?')[0])).toEqual([
      `OPTIONS ${api}/307`,
      `PUT ${api}/307`,
      `OPTIONS ${far}/end`,
      `PUT ${far}/end`,
    ]);
    expect(page.exchanges.map((_, index) => headersOf(index, 'access-control-request-headers')[0])).toEqual([
      'authorization,x-a',
      undefined,
      'x-a',
      undefined,
    ]);
    expect(headersOf(1, 'authorization', 'x-a')).toEqual(['Bearer a', '1']);
    expect(headersOf(3, 'authorization', 'x-a', 'content-length')).toEqual([undefined, '1', '4']);
  });

  it('keeps authorization within the host', async () => {
    await page.fetch(redirect(302, '/end'), { headers: { authorization: 'Bearer a' } });
    expect(headersOf(-1, 'authorization')).toEqual(['Bearer a']);
  });

  it('treats another port as another host', async () => {
    await page.fetch(redirect(302, `http://api.test:${other.port}/end`), { headers: { authorization: 'a' } });
    expect(headersOf(-1, 'origin', 'authorization')).toEqual(['null', undefined]);
  });

  it('is blocked if the far host does not allow the origin', async () => {
    other.answer((response) => response.writeHead(200, { 'access-control-allow-origin': PAGE }).end());
    await expect(page.fetch(redirect(302, `${far}/end`))).rejects.toMatchObject({
      cors: { step: 'response', code: 'AllowOriginMismatch', parameter: PAGE },
    });
    other.answer((response) => response.writeHead(302, { location: `${api}/end` }).end());
    server.received();
    await expect(page.fetch(redirect(302, `${far}/end`))).rejects.toMatchObject({
      cors: { step: 'redirect', code: 'MissingAllowOriginHeader' },
    });
    expect(server.received()).toHaveLength(1);
  });

  it.each<[string, string, string | undefined]>([
    ['a user name', 'http://user@far.example/', 'RedirectContainsCredentials'],
    ['data:', 'data:text/plain,x', undefined],
    ['a URL that cannot be parsed', 'http://', undefined],
    ['another machine', 'http://192.0.2.1/', undefined],
  ])('is not followed to %s', async (_name, to, code) => {
    await expect(page.fetch(redirect(302, to))).rejects.toMatchObject({
      message: 'Failed to fetch',
      cors: { code, step: to === 'http://192.0.2.1/' ? 'network' : 'redirect', explanation: undefined },
    });
  });

  it('is mixed content from https: to http:', async () => {
    const secure = openPage(`http://127.0.0.1:${server.port}`, 'https://app.test', { address: 'https://api.test' });
    await expect(secure.fetch(redirect(302, `${far}/end`))).rejects.toMatchObject({
      cause: { message: `Mixed content: a page over TLS cannot fetch ${far}/end.` },
      cors: { step: 'redirect', code: undefined },
    });
    expect(other.received()).toEqual([]);
  });
});

describe('the redirect modes', () => {
  it('give an opaque response with manual', async () => {
    const response = await page.fetch(`${redirect(302, `${far}/end`)}#part`, { redirect: 'manual' });
    expect([response.type, response.status, response.ok, response.url, [...response.headers]]).toEqual([
      'opaqueredirect',
      0,
      false,
      `${api}${redirect(302, `${far}/end`)}`,
      [],
    ]);
    expect(response.body).toBeNull();
    expect((await page.fetch(redirect(302, 'data:,x'), { redirect: 'manual' })).type).toBe('opaqueredirect');
    expect((await page.fetch('/end', { redirect: 'manual' })).type).toBe('cors');
  });

  it('need CORS also with manual', async () => {
    server.answer((response) => response.writeHead(302, { location: '/end' }).end());
    await expect(page.fetch('/', { redirect: 'manual' })).rejects.toMatchObject({
      cors: { step: 'redirect', code: 'MissingAllowOriginHeader' },
    });
  });

  it('fail at a redirect with error', async () => {
    await expect(page.fetch(redirect(302, '/end'), { redirect: 'error' })).rejects.toMatchObject({
      cors: { step: 'redirect', code: undefined },
    });
    expect((await page.fetch('/end', { redirect: 'error' })).status).toBe(200);
  });

  it('follow within no-cors, and within same-origin only to the page', async () => {
    const opaque = await page.fetch(redirect(302, `${far}/end`), { mode: 'no-cors' });
    expect([opaque.type, opaque.url]).toEqual(['opaque', '']);
    const own = openPage(`http://127.0.0.1:${server.port}`, api, { address: api });
    expect((await own.fetch(redirect(302, '/end'), { mode: 'same-origin' })).redirected).toBe(true);
    await expect(own.fetch(redirect(302, `${far}/end`), { mode: 'same-origin' })).rejects.toMatchObject({
      cors: { step: 'redirect', code: 'DisallowedByMode' },
    });
  });
});
