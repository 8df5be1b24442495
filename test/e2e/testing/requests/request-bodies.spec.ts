import { Readable } from 'node:stream';
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
  server.answer((response) => response.writeHead(200, ALLOWED).end());
  server.received();
});

/** What arrived, and whether a preflight did before. */
function received() {
  const all = server.received();
  const { method, headers, body } = all.at(-1) ?? { method: '', headers: [], body: '' };
  const framing = headers.filter(([name]) => /^(content-|transfer-encoding)/i.test(name));
  return { preflight: all[0]?.method === 'OPTIONS', method, framing, body };
}

const BYTES = new Uint8Array([0, 1, 254, 255]);

describe('the body of page.fetch', () => {
  it.each<[string, () => BodyInit, string | undefined, string]>([
    ['a text', () => 'ä€', 'text/plain;charset=UTF-8', 'Ã¤â\u0082¬'],
    ['an empty text', () => '', 'text/plain;charset=UTF-8', ''],
    [
      'URLSearchParams',
      () => new URLSearchParams({ a: '1 2', b: '&' }),
      'application/x-www-form-urlencoded;charset=UTF-8',
      'a=1+2&b=%26',
    ],
    ['a Blob', () => new Blob(['a', 'b'], { type: 'text/plain' }), 'text/plain', 'ab'],
    ['a Blob without a type', () => new Blob(['ab']), undefined, 'ab'],
    ['an ArrayBuffer', () => BYTES.buffer, undefined, '\0\u0001þÿ'],
    ['a typed array', () => BYTES.subarray(1), undefined, '\u0001þÿ'],
    ['a DataView', () => new DataView(BYTES.buffer, 2), undefined, 'þÿ'],
    ['a Buffer', () => Buffer.from('ab'), undefined, 'ab'],
  ])('can be %s, which needs no preflight', async (_name, body, type, text) => {
    await page.fetch('/', { method: 'POST', body: body() });
    const length = ['Content-Length', String(text.length)];
    expect(received()).toEqual({
      preflight: false,
      method: 'POST',
      framing: type === undefined ? [length] : [length, ['Content-Type', type]],
      body: text,
    });
  });

  it('can be a FormData with files', async () => {
    const form = new FormData();
    form.append('a', '1');
    form.append('file', new Blob(['content'], { type: 'image/png' }), 'a.png');
    await page.fetch('/', { method: 'POST', body: form });
    const { preflight, framing, body } = received();
    const [, boundary] = /^multipart\/form-data; boundary=(.+)$/.exec(framing[1]?.[1] ?? '') ?? [];
    expect({ preflight, parts: body.split(`--${boundary}`).length }).toEqual({ preflight: false, parts: 4 });
    expect(body).toContain('name="file"; filename="a.png"\r\nContent-Type: image/png\r\n\r\ncontent\r\n');
  });

  it('needs a preflight with the type application/json', async () => {
    await page.fetch('/', { method: 'POST', body: '{"a":1}', headers: { 'content-type': 'application/json' } });
    expect(received()).toEqual({
      preflight: true,
      method: 'POST',
      framing: [
        ['Content-Length', '7'],
        ['content-type', 'application/json'],
      ],
      body: '{"a":1}',
    });
  });

  it('needs a preflight for a Blob of another type', async () => {
    await page.fetch('/', { method: 'POST', body: new Blob(['{}'], { type: 'application/json' }) });
    expect(received()).toMatchObject({
      preflight: true,
      framing: [
        ['Content-Length', '2'],
        ['Content-Type', 'application/json'],
      ],
    });
  });

  it.each<[string, string | undefined]>([
    ['POST', '0'],
    ['PUT', '0'],
    ['PATCH', undefined],
    ['DELETE', undefined],
    ['GET', undefined],
    ['HEAD', undefined],
  ])('of %s that is missing has the Content-Length %s', async (method, length) => {
    await page.fetch('/', { method });
    expect(received().framing).toEqual(length === undefined ? [] : [['Content-Length', length]]);
  });

  it('can be sent with DELETE, and with a method of its own', async () => {
    await page.fetch('/', { method: 'DELETE', body: 'a' });
    expect(received()).toMatchObject({ preflight: true, method: 'DELETE', body: 'a' });
    await page.fetch('/report', { method: 'REPORT', body: 'b' });
    expect(received()).toMatchObject({ preflight: true, method: 'REPORT', body: 'b' });
  });

  it('arrives whole where it is large', async () => {
    await page.fetch('/', { method: 'PUT', body: 'x'.repeat(3_000_000) });
    expect(received().body).toHaveLength(3_000_000);
  });

  it.each<[string, RequestInit, string]>([
    ['GET with a text', { body: 'a' }, 'A request with the method GET cannot have a body.'],
    ['HEAD with an empty text', { method: 'head', body: '' }, 'A request with the method HEAD cannot have a body.'],
    [
      'a stream',
      { method: 'POST', body: new Blob(['a']).stream() },
      'Browsers send a stream as request body over HTTP/2 only. Write a text, a Blob or bytes.',
    ],
    [
      'a stream of Node.js',
      { method: 'POST', body: Readable.from(['a']) as unknown as BodyInit },
      'Browsers send a stream as request body over HTTP/2 only. Write a text, a Blob or bytes.',
    ],
  ])('is refused: %s', async (_name, init, message) => {
    await expect(page.fetch('/', init)).rejects.toMatchObject({
      message: 'Failed to fetch',
      cause: { name: 'TypeError', message },
      cors: { code: undefined, step: 'request' },
    });
    expect(server.received()).toEqual([]);
  });

  it('is the text of any other object, as in browsers', async () => {
    await page.fetch('/', { method: 'POST', body: { a: 1 } as unknown as BodyInit });
    expect(received().body).toBe('[object Object]');
  });
});

describe('a Request as the argument of page.fetch', () => {
  const put = (init: RequestInit = {}) =>
    new Request(`${base}/r`, { method: 'PUT', body: 'request', headers: { 'x-a': '1' }, ...init });

  it('is sent with its method, headers and body', async () => {
    await page.fetch(put());
    expect(received()).toEqual({
      preflight: true,
      method: 'PUT',
      framing: [
        ['Content-Length', '7'],
        ['content-type', 'text/plain;charset=UTF-8'],
      ],
      body: 'request',
    });
  });

  it('cannot be sent again after its body was sent', async () => {
    const request = put();
    await page.fetch(request);
    expect(request.bodyUsed).toBe(true);
    server.received();
    await expect(page.fetch(request)).rejects.toMatchObject({ message: 'Failed to fetch', cors: { step: 'request' } });
    expect(server.received()).toEqual([]);
  });

  it('is overridden by the options of the second argument', async () => {
    await page.fetch(put(), { method: 'POST', body: 'init', headers: { 'x-b': '2' } });
    expect(received()).toMatchObject({ method: 'POST', body: 'init' });
    const names = page.exchanges.at(-1)?.requestHeaders.map(([name]) => name);
    expect(names).toContain('x-b');
    expect(names).not.toContain('x-a');
  });

  it('is refused if the second argument has a method without a body', async () => {
    await expect(page.fetch(put(), { method: 'GET' })).rejects.toMatchObject({ cors: { step: 'request' } });
  });

  it('loses its referrer if the second argument has options', async () => {
    const local = openPage(base, 'http://app.example.com');
    const refererOf = async (...args: Parameters<Page['fetch']>) => {
      await local.fetch(...args);
      return local.exchanges.at(-1)?.requestHeaders.find(([name]) => name === 'Referer')?.[1];
    };
    const request = () => new Request(base, { referrerPolicy: 'no-referrer' });
    expect(await refererOf(request())).toBeUndefined();
    expect(await refererOf(request(), {})).toBeUndefined();
    expect(await refererOf(request(), { method: 'POST' })).toBe('http://app.example.com/');
  });

  it('keeps its mode, credentials and redirect mode', async () => {
    const request = new Request(base, { mode: 'no-cors', credentials: 'include', redirect: 'follow' });
    page.cookies.set('a=1; SameSite=None; Secure', base);
    expect((await page.fetch(request)).type).toBe('opaque');
    expect(page.exchanges[0]?.requestHeaders.at(-1)).toEqual(['Cookie', 'a=1']);
  });
});
