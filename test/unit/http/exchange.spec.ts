import { describe, expect, it } from '@jest/globals';
import { exchangeOf, isGone, receiveExchange } from '../../../src/http/exchange.js';
import type { RawRequest } from '../../../src/http/http-platform.js';

const KEY = Symbol('key');

const receive = (raw: RawRequest, response: object = {}, key = KEY) => receiveExchange(raw, raw, response, key);

describe('an exchange', () => {
  it('keeps the method and URL that arrived when middleware changes the request', () => {
    const raw: { method?: string; url?: string } = { method: 'GET', url: '/a b?c d' };
    const response = {};
    const exchange = receive(Object.assign(raw, { headers: {} }), response);
    raw.url = '/rewritten';
    expect(exchangeOf(response, KEY)).toBe(exchange);
    expect([exchange.method, exchange.url, exchange.clientUrl, exchange.first]).toEqual([
      'GET',
      '/a b?c d',
      '/a b?c d',
      undefined,
    ]);
    expect(receive({ headers: {} })).toMatchObject({ method: '', url: '' });
  });

  it('keeps the URL of the client each time the application receives the request again', () => {
    const response = {};
    const first = receive({ method: 'GET', url: '/one', headers: {} }, response);
    for (const url of ['/two', '/three']) {
      const exchange = receive({ method: 'PUT', url, headers: {} }, response);
      expect(exchange).toMatchObject({ method: 'PUT', url, clientUrl: '/one' });
      expect(exchange.first).toBe(first);
    }
  });

  it('knows the full URL below an application that is mounted on a path', () => {
    const raw = { method: 'GET', url: '/x', originalUrl: '/inner/x', headers: {} };
    expect(receive(raw)).toMatchObject({ url: '/x', clientUrl: '/inner/x' });
  });

  it('is stored under the key of its application only', () => {
    const response = {};
    receive({ headers: {} }, response);
    expect(exchangeOf(response, KEY)).toBeDefined();
    expect(exchangeOf(response, Symbol('key'))).toBeUndefined();
  });
});

describe('isGone', () => {
  it.each([
    [{}, false],
    [{ destroyed: false }, false],
    [{ destroyed: true }, true],
    [{ stream: {} }, false],
    [{ stream: { destroyed: true } }, true],
    [{ destroyed: false, stream: { destroyed: true } }, true],
  ])('says of %j whether the client disconnected: %s', (response, expected) => {
    expect(isGone(response)).toBe(expected);
  });
});
