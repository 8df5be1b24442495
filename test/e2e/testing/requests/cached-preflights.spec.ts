import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { openPage, type Page } from 'nestjs-cors/testing';
import { APP } from '../../../support/policy-statement.js';
import { scriptedServer } from '../support/scripted-server.js';
import { sentBy } from '../support/sent-by.js';

describe('a cached preflight', () => {
  const server = scriptedServer();
  let page: Page;
  let sent: () => string;
  beforeEach(() => {
    jest.useFakeTimers();
    page = openPage(`http://127.0.0.1:${server.port}`, APP);
    sent = sentBy(page);
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  const answerWith = (headers: Record<string, string | string[]>) =>
    server.answer((response) =>
      response
        .writeHead(200, {
          'access-control-allow-origin': APP,
          'access-control-allow-credentials': 'true',
          'access-control-allow-methods': 'PUT',
          'access-control-allow-headers': 'x-a',
          ...headers,
        })
        .end(),
    );
  const put = async (init: RequestInit = {}) => {
    await page.fetch('/', { method: 'PUT', ...init });
    return sent();
  };

  it.each<[string, string | string[] | undefined, number]>([
    ['no header', undefined, 5],
    ['10', '10', 10],
    ['0', '0', 0],
    ['-1', '-1', 0],
    ['7201', '7201', 7200],
    ['99999999999999999999', '99999999999999999999', 7200],
    ['an empty value', '', 5],
    ['abc', 'abc', 5],
    ['600s', '600s', 5],
    ['1e3', '1e3', 5],
    ['600.5', '600.5', 5],
    ['two lines', ['600', '5'], 5],
  ])('expires after the max-age: %s', async (_name, value, seconds) => {
    answerWith(value === undefined ? {} : { 'access-control-max-age': value });
    expect(await put()).toBe('P PUT');
    if (seconds > 0) {
      jest.advanceTimersByTime(seconds * 1000 - 1);
      expect(await put()).toBe('PUT');
      jest.advanceTimersByTime(1);
    }
    expect(await put()).toBe('P PUT');
  });

  it('does not cover a request with credentials if its own request had none', async () => {
    answerWith({ 'access-control-max-age': '600' });
    expect(await put()).toBe('P PUT');
    expect(await put({ credentials: 'include' })).toBe('P PUT');
    expect(await put({ credentials: 'include' })).toBe('PUT');
    expect(await put({ credentials: 'omit' })).toBe('PUT');
  });

  it.each<[RequestCache, string, string]>([
    ['default', 'PUT', 'PUT'],
    ['force-cache', 'PUT', 'PUT'],
    ['no-store', 'P PUT', 'PUT'],
    ['reload', 'P PUT', 'PUT'],
    ['no-cache', 'P PUT', 'PUT'],
  ])('is ignored by some modes of the HTTP cache: %s', async (cache, then, afterwards) => {
    answerWith({ 'access-control-max-age': '600' });
    expect(await put()).toBe('P PUT');
    expect(await put({ cache })).toBe(then);
    expect(await put()).toBe(afterwards);
  });

  it('covers every method and header but authorization under `*`', async () => {
    answerWith({
      'access-control-allow-origin': '*',
      'access-control-allow-methods': '*',
      'access-control-allow-headers': '*',
    });
    expect(await put()).toBe('P PUT');
    expect(await put({ method: 'DELETE', headers: { 'x-z': '1' } })).toBe('DELETE');
    expect(await put({ headers: { authorization: 'a' } })).toBe('P PUT');
  });

  it('is never stored for the origin null', async () => {
    answerWith({ 'access-control-allow-origin': 'null', 'access-control-max-age': '600' });
    page = openPage(`http://127.0.0.1:${server.port}`, 'null');
    sent = sentBy(page);
    expect([await put(), await put()]).toEqual(['P PUT', 'P PUT']);
    expect(page.preflightCache.entries()).toEqual([]);
  });
});
