import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openPage } from 'nestjs-cors/testing';

const BLOCKED = 'blocked without a code';

/** Everything here was measured in Chromium 156. */
describe('a redirect', () => {
  const server = http.createServer((request, response) => {
    const { searchParams } = new URL(request.url ?? '', 'http://localhost');
    const allowed = searchParams.get('allowed');
    response.writeHead(302, {
      location: searchParams.get('to') ?? '',
      ...(allowed !== null && { 'access-control-allow-origin': allowed }),
    });
    response.end();
  });
  let base = '';
  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    base = `http://localhost:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => {
    server.close();
  });

  async function resultOf(location: string, redirect: RequestRedirect, allowed?: string): Promise<string> {
    const query = new URLSearchParams({ to: location, ...(allowed !== undefined && { allowed }) });
    const page = openPage(base, 'https://app.example.com');
    try {
      return (await page.fetch(`/?${query}`, { redirect })).type;
    } catch (error) {
      return (error as { cors: { code?: string } }).cors.code ?? BLOCKED;
    }
  }

  it.each([
    ['data:,x', 'opaqueredirect', BLOCKED],
    ['file:///x', 'opaqueredirect', BLOCKED],
    ['ftp://files.example/', 'opaqueredirect', BLOCKED],
    ['http://user:secret@localhost/', 'opaqueredirect', 'RedirectContainsCredentials'],
    ['/', 'opaqueredirect', BLOCKED],
    ['http://', BLOCKED, BLOCKED],
    ['', 'opaqueredirect', 'cors'],
  ])(
    'to %s has the result %s if it is handled manually, and the result %s if it is an error',
    async (location, manual, error) => {
      expect(await resultOf(location, 'manual', '*')).toBe(manual);
      expect(await resultOf(location, 'error', '*')).toBe(error);
    },
  );

  it.each(['follow', 'manual', 'error'] as const)('that allows no origin fails first, in the mode %s', async (mode) => {
    expect(await resultOf('/', mode)).toBe('MissingAllowOriginHeader');
    expect(await resultOf('http://', mode)).toBe(BLOCKED);
  });
});
