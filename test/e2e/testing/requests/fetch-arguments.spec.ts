import { beforeEach, describe, expect, it } from '@jest/globals';
import { openPage, type Page } from 'nestjs-cors/testing';
import { APP } from '../../../support/policy-statement.js';
import { ALLOWED, scriptedServer } from '../support/scripted-server.js';

const server = scriptedServer();
let page: Page;
let base: string;

beforeEach(() => {
  base = `http://127.0.0.1:${server.port}`;
  page = openPage(base, APP);
  server.answer((response) => response.writeHead(200, ALLOWED).end('text'));
  server.received();
});

/** The last request that arrived, with the headers that the page wrote. */
function lastReceived(...names: string[]) {
  const { method, url, headers, body } = server.received().at(-1) ?? { method: '', url: '', headers: [], body: '' };
  return { method, url, headers: headers.filter(([name]) => names.includes(name.toLowerCase())), body };
}

/** Rejects with step `request` and sends nothing. Returns the text of the cause. */
async function refusedArguments(...args: Parameters<Page['fetch']>): Promise<string> {
  const error = await page.fetch(...args).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toMatchObject({
    name: 'TypeError',
    message: 'Failed to fetch',
    cors: { code: undefined, step: 'request', parameter: undefined, explanation: undefined },
  });
  expect(server.received()).toEqual([]);
  expect(page.exchanges).toEqual([]);
  return ((error as Error).cause as Error).message;
}

describe('the URL of page.fetch', () => {
  it('is a text, a URL object or a Request', async () => {
    await page.fetch('/text?a=1#fragment');
    expect(lastReceived().url).toBe('/text?a=1');
    await page.fetch(new URL('/object', base));
    expect(lastReceived().url).toBe('/object');
    await page.fetch(new Request(`${base}/request`));
    expect(lastReceived().url).toBe('/request');
  });

  it.each([
    ['orders', '/v1/orders'],
    ['./orders', '/v1/orders'],
    ['../orders', '/orders'],
    ['?a=1', '/v1/index?a=1'],
    ['', '/v1/index'],
    ['/ä b"<>', '/%C3%A4%20b%22%3C%3E'],
  ])('resolves %j against the address', async (url, target) => {
    await openPage(`${base}/v1/index`, APP).fetch(url);
    expect(lastReceived().url).toBe(target);
  });

  it('is encoded, and other protocols are refused', async () => {
    await expect(page.fetch('ftp://127.0.0.1/x')).rejects.toMatchObject({
      cors: { code: 'CorsDisabledScheme', step: 'request', parameter: 'ftp' },
    });
    expect(server.received()).toEqual([]);
  });

  it('is refused with a user name, or if it cannot be parsed', async () => {
    expect(await refusedArguments(`http://user:secret@127.0.0.1:${server.port}/`)).toBe(
      `fetch(): a page cannot send GET http://user:secret@127.0.0.1:${server.port}/. Change its method, headers or URL.`,
    );
    expect(await refusedArguments('http://')).toBe(
      "fetch(): 'http://' is no URL. Write a path, or an http: or https: URL.",
    );
  });
});

describe('the method of page.fetch', () => {
  it.each([
    ['delete', 'DELETE'],
    ['gEt', 'GET'],
    ['put', 'PUT'],
    ['patch', 'patch'],
    ['PATCH', 'PATCH'],
    ['Query', 'Query'],
  ])('%s is sent as %s', async (written, sent) => {
    // Node's server refuses unknown methods, so what counts is what left the page.
    await page.fetch('/', { method: written }).catch(() => undefined);
    expect(page.exchanges.at(-1)?.method).toBe(sent);
  });

  it.each([['CONNECT'], ['trace'], ['TRACK'], ['A B'], ['']])('%j is refused', async (method) => {
    await refusedArguments('/', { method });
  });

  it('is one of three with no-cors', async () => {
    await refusedArguments('/', { mode: 'no-cors', method: 'PUT' });
    await page.fetch('/', { mode: 'no-cors', method: 'post', body: 'a' });
    expect(lastReceived().method).toBe('POST');
  });
});

describe('the headers of page.fetch', () => {
  it.each<[string, () => RequestInit['headers']]>([
    ['an object', () => ({ 'x-a': '1', 'x-b': '2' })],
    [
      'a list of pairs',
      () => [
        ['x-a', '1'],
        ['x-b', '2'],
      ],
    ],
    ['Headers', () => new Headers({ 'x-a': '1', 'x-b': '2' })],
    [
      'a Map',
      () =>
        new Map([
          ['x-a', '1'],
          ['x-b', '2'],
        ]) as unknown as Headers,
    ],
  ])('are %s', async (_name, headers) => {
    await page.fetch('/', { headers: headers() });
    expect(lastReceived('x-a', 'x-b').headers).toEqual([
      ['x-a', '1'],
      ['x-b', '2'],
    ]);
  });

  it('keep the spelling of the page, and white space around values is removed', async () => {
    await page.fetch('/', { headers: { 'X-Mixed-Case': ' \t a b \t' } });
    expect(lastReceived('x-mixed-case').headers).toEqual([['X-Mixed-Case', 'a b']]);
  });

  it('are joined when they are repeated, also for the preflight', async () => {
    await page.fetch('/', {
      headers: [
        ['Accept', 'a'.repeat(64)],
        ['X-A', '1'],
        ['accept', 'b'.repeat(62)],
        ['x-a', '2'],
      ],
    });
    expect(lastReceived('accept', 'x-a').headers).toEqual([
      ['X-A', '1, 2'],
      ['Accept', `${'a'.repeat(64)}, ${'b'.repeat(62)}`],
    ]);
    const requested = page.exchanges[0]?.requestHeaders.find(([name]) => name === 'Access-Control-Request-Headers');
    expect(requested?.[1]).toBe('x-a');
  });

  it('need a preflight from the 129th byte of a safelisted value, measured after joining', async () => {
    const accept = (length: number): RequestInit => ({
      headers: [
        ['accept', 'a'.repeat(60)],
        ['accept', 'b'.repeat(length - 62)],
      ],
    });
    await page.fetch('/', accept(128));
    expect(page.exchanges).toHaveLength(1);
    await page.fetch('/', accept(129));
    expect(page.exchanges.slice(1).map(({ preflight }) => preflight)).toEqual([true, false]);
  });

  it('are left out silently where scripts cannot set them', async () => {
    const forbidden = {
      Cookie: 'a=1',
      Host: 'evil.example',
      Origin: 'https://evil.example',
      Referer: 'https://evil.example/',
      'Accept-Encoding': 'br',
      'Sec-Fetch-Site': 'none',
      'proxy-a': '1',
      'Access-Control-Request-Method': 'GET',
      'content-length': '9',
      'transfer-encoding': 'chunked',
      'x-http-method-override': 'TRACE',
      'x-method-override': 'get, connect',
    };
    await page.fetch('/', { headers: forbidden });
    expect(page.exchanges.map(({ preflight }) => preflight)).toEqual([false]);
    const sent = new Map(page.exchanges[0]?.requestHeaders);
    expect(sent.get('Host')).toBe(`127.0.0.1:${server.port}`);
    expect(sent.get('Origin')).toBe(APP);
    for (const name of ['Cookie', 'proxy-a', 'transfer-encoding', 'x-http-method-override', 'x-method-override']) {
      expect(sent.has(name)).toBe(false);
    }
  });

  it('may override the method with one that is not forbidden', async () => {
    await page.fetch('/', { method: 'POST', headers: { 'x-http-method-override': 'DELETE' } });
    expect(lastReceived('x-http-method-override').headers).toEqual([['x-http-method-override', 'DELETE']]);
    expect(page.exchanges.map(({ preflight }) => preflight)).toEqual([true, false]);
  });

  it.each<[string, RequestInit]>([
    ['a name with a space', { headers: { 'x a': '1' } }],
    ['an empty name', { headers: { '': '1' } }],
    ['a pair without a value', { headers: [['x-a']] as unknown as [string, string][] }],
    ['a line break', { headers: { 'x-a': '1\r\nx-b: 2' } }],
    ['a character beyond one byte', { headers: { 'x-a': '€' } }],
    ['a line break in a name that scripts cannot set', { headers: { cookie: 'a\nb' } }],
    ['a line break under no-cors', { mode: 'no-cors', headers: { 'x-a': 'a\nb' } }],
  ])('are refused with %s', async (_name, init) => {
    expect(await refusedArguments('/', init)).not.toBe('');
  });

  it('are only the safelisted ones with no-cors', async () => {
    await page.fetch('/', {
      mode: 'no-cors',
      method: 'POST',
      headers: { 'x-a': '1', 'Content-Language': 'de', 'content-type': 'application/json', range: 'bytes=0-' },
      body: '{}',
    });
    expect(lastReceived('x-a', 'content-language', 'content-type', 'range').headers).toEqual([
      ['Content-Language', 'de'],
      // The type of the body, because the page's own one is ignored.
      ['Content-Type', 'text/plain;charset=UTF-8'],
    ]);
  });
});

describe('the options of page.fetch', () => {
  it.each<[string, string]>([
    ['mode', 'navigate'],
    ['mode', 'CORS'],
    ['credentials', 'always'],
    ['redirect', 'none'],
    ['cache', 'never'],
    ['referrerPolicy', 'never'],
  ])('are refused with %s: %j', async (name, value) => {
    expect(await refusedArguments('/', { [name]: value } as RequestInit)).toContain(
      `fetch(): \`${name}\` is '${value}'. Write one of '`,
    );
  });

  it('are unset where they are undefined, and so is the signal where it is null', async () => {
    const init = { mode: undefined, credentials: undefined, headers: undefined, body: undefined, signal: undefined };
    expect((await page.fetch('/', init)).type).toBe('cors');
    const aborted = new Request(base, { signal: AbortSignal.abort() });
    expect((await page.fetch(aborted, { signal: null })).status).toBe(200);
  });
});
