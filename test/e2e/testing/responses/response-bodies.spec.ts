import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { openPage, type Page } from 'nestjs-cors/testing';
import { APP } from '../../../support/policy-statement.js';
import { ALLOWED, scriptedServer } from '../support/scripted-server.js';

const TEXT = 'ä'.repeat(100_000);
const server = scriptedServer();
let page: Page;

beforeEach(() => {
  page = openPage(`http://127.0.0.1:${server.port}`, APP);
});

describe('the body of a response', () => {
  it.each<[string, Buffer]>([
    ['gzip', gzipSync(TEXT)],
    ['x-gzip', gzipSync(TEXT)],
    ['GZIP', gzipSync(TEXT)],
    ['deflate', deflateSync(TEXT)],
    ['br', brotliCompressSync(TEXT)],
    ['gzip, br', brotliCompressSync(gzipSync(TEXT))],
    ['identity', Buffer.from(TEXT)],
  ])('is decoded from %s', async (encoding, body) => {
    server.answer((response) => response.writeHead(200, { ...ALLOWED, 'content-encoding': encoding }).end(body));
    expect(await (await page.fetch('/')).text()).toBe(TEXT);
  });

  it.each<[string, Buffer, string]>([
    ['gzip', Buffer.alloc(0), ''],
    ['deflate', Buffer.alloc(0), ''],
    ['br', Buffer.alloc(0), ''],
    ['gzip', gzipSync('abc').subarray(0, -6), 'abc'],
    ['deflate', deflateSync('abc').subarray(0, -2), 'abc'],
  ])('is read although it ends early: %s', async (encoding, body, text) => {
    server.answer((response) => response.writeHead(200, { ...ALLOWED, 'content-encoding': encoding }).end(body));
    expect(await (await page.fetch('/')).text()).toBe(text);
  });

  it('is not decoded for HEAD and 204', async () => {
    server.answer((response, { method }) =>
      response.writeHead(method === 'HEAD' ? 200 : 204, { ...ALLOWED, 'content-encoding': 'gzip' }).end(),
    );
    expect(await (await page.fetch('/', { method: 'HEAD' })).text()).toBe('');
    expect(await (await page.fetch('/')).text()).toBe('');
  });

  it('arrives in parts, as plain bytes', async () => {
    server.answer((response) => {
      response.writeHead(200, ALLOWED).write('one');
      response.on('close', () => undefined);
    });
    const reader = (await page.fetch('/')).body?.getReader();
    expect(await reader?.read()).toEqual({ done: false, value: new Uint8Array([111, 110, 101]) });
    await reader?.cancel();
  });

  it('is empty, large, or of unknown length', async () => {
    server.answer((response) => response.writeHead(200, ALLOWED).end());
    expect(await (await page.fetch('/')).text()).toBe('');
    server.answer((response) => response.writeHead(200, ALLOWED).end(Buffer.alloc(20_000_000)));
    expect((await (await page.fetch('/')).arrayBuffer()).byteLength).toBe(20_000_000);
    server.answer((response) => {
      response.shouldKeepAlive = false;
      response.useChunkedEncodingByDefault = false;
      response.writeHead(200, ALLOWED).end('until the end');
    });
    expect(await (await page.fetch('/')).text()).toBe('until the end');
  });

  it.each<[string, Record<string, string>]>([
    ['whose connection breaks off', {}],
    ['that is shorter than its length', { 'content-length': '100' }],
    ['that is no gzip', { 'content-encoding': 'gzip' }],
  ])('rejects with a TypeError where it is one %s', async (_name, headers) => {
    server.answer((response) => {
      response.writeHead(200, { ...ALLOWED, ...headers }).write('half');
      setImmediate(() => response.destroy());
    });
    const response = await page.fetch('/');
    expect(response.status).toBe(200);
    await expect(response.text()).rejects.toMatchObject({ name: 'TypeError', message: 'network error' });
  });

  it.each([['gzip'], ['identity']])('ends the connection when the page cancels it (%s)', async (encoding) => {
    const closed = new Promise((resolve) => {
      server.answer((response) => {
        response.on('close', resolve);
        response.writeHead(200, { ...ALLOWED, 'content-encoding': encoding });
        response.write(encoding === 'gzip' ? gzipSync(TEXT).subarray(0, 50) : 'part');
      });
    });
    await (await page.fetch('/')).body?.cancel();
    await closed;
  });
});

describe('the status of a response', () => {
  it.each([[600], [799], [999]])('can be %i', async (status) => {
    server.answer((response) => response.writeHead(status, 'Odd', ALLOWED).end('text'));
    const response = await page.fetch('/');
    expect([response.status, response.statusText, response.ok, await response.text()]).toEqual([
      status,
      'Odd',
      false,
      'text',
    ]);
    expect(response.clone).toBeInstanceOf(Function);
  });

  it('is the last one after informational responses', async () => {
    server.answer((response) => {
      response.writeProcessing();
      response.writeEarlyHints({ link: '</a.css>; rel=preload' });
      response.writeHead(203, ALLOWED).end();
    });
    expect((await page.fetch('/')).status).toBe(203);
  });
});
