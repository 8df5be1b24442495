import { beforeAll, describe, expect, it } from '@jest/globals';
import { openPage, type Page } from 'nestjs-cors/testing';
import { scriptedServer } from '../support/scripted-server.js';

const PAGE = 'http://app.shop.localhost';

const server = scriptedServer();
let port: number;

/** Allows every origin with credentials, except at `/closed`; `?to=` redirects, and every response sets cookies. */
beforeAll(() => {
  port = server.port;
  server.answer((response, { method, url, headers }) => {
    const sent = new Map(headers);
    const { hostname, pathname, searchParams } = new URL(url, `http://${sent.get('Host')}`);
    response.setHeader('set-cookie', [
      `${hostname.split('.')[0]}=1; SameSite=Strict`,
      'none=1; SameSite=None; Secure',
      `${method}=1`,
    ]);
    if (pathname !== '/closed') {
      response.setHeader('access-control-allow-origin', sent.get('Origin') ?? '*');
      response.setHeader('access-control-allow-credentials', 'true');
      response.setHeader('access-control-allow-methods', 'PUT');
    }
    const to = searchParams.get('to');
    response.writeHead(to === null ? 200 : 307, to === null ? {} : { location: to }).end();
  });
});

function open(): Page {
  return openPage(`http://127.0.0.1:${port}`, PAGE, { address: `http://api.shop.localhost:${port}` });
}

function cookieHeaders({ exchanges }: Page): (string | undefined)[] {
  return exchanges.map(({ requestHeaders }) => requestHeaders.find(([name]) => name === 'Cookie')?.[1]);
}

describe('the cookies of a page', () => {
  it('are stored and sent only by requests with credentials', async () => {
    const page = open();
    for (const credentials of ['omit', 'same-origin', 'include', 'include', 'same-origin', 'omit'] as const) {
      await page.fetch('/', { credentials });
    }
    expect(cookieHeaders(page)).toEqual([
      undefined,
      undefined,
      undefined,
      'api=1; none=1; GET=1',
      undefined,
      undefined,
    ]);
  });

  it('are stored from a response that the page cannot read', async () => {
    const page = open();
    await expect(page.fetch('/closed', { credentials: 'include' })).rejects.toThrow('Failed to fetch');
    expect(page.cookies.get()).toBe('api=1; none=1; GET=1');
  });

  it('are not part of preflights', async () => {
    const page = open();
    page.cookies.set('session=1');
    await page.fetch('/', { method: 'PUT', credentials: 'include' });
    expect(page.exchanges.map(({ method }) => method)).toEqual(['OPTIONS', 'PUT']);
    expect(cookieHeaders(page)).toEqual([undefined, 'session=1']);
    expect(page.cookies.get()).toBe('session=1; api=1; none=1; PUT=1');
  });

  it('follow redirects over another site, as in Chromium', async () => {
    const page = open();
    const last = `http://api.shop.localhost:${port}/last`;
    const evil = `http://evil.localhost:${port}/?to=${encodeURIComponent(last)}`;
    page.cookies.set('own=1; SameSite=Strict', evil);
    await page.fetch(`/?to=${encodeURIComponent(evil)}`, { credentials: 'include' });
    await page.fetch(evil, { credentials: 'include' });
    expect(cookieHeaders(page)).toEqual([
      undefined,
      undefined,
      'api=1; none=1; GET=1',
      'none=1',
      'api=1; none=1; GET=1',
    ]);
  });

  it('are set for the address of the application, if the page has no other', () => {
    const page = openPage(`http://localhost:${port}`, PAGE);
    page.cookies.set('a=1');
    expect(page.cookies.list()).toEqual([expect.objectContaining({ domain: 'localhost' })]);
  });
});
