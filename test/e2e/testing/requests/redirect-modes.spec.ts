import { describe, expect, it } from '@jest/globals';
import { openPage } from 'nestjs-cors/testing';
import { scriptedServer } from '../support/scripted-server.js';

const BLOCKED = 'blocked without a code';

/** Everything here was measured in Chromium 156. */
describe('a redirect', () => {
  const server = scriptedServer();

  async function resultOf(location: string, redirect: RequestRedirect, allowed?: string): Promise<string> {
    const headers = { location, ...(allowed !== undefined && { 'access-control-allow-origin': allowed }) };
    server.answer((response) => response.writeHead(302, headers).end());
    const page = openPage(`http://localhost:${server.port}`, 'https://app.example.com');
    try {
      return (await page.fetch('/', { redirect })).type;
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
