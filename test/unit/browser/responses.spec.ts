import { describe, expect, it } from '@jest/globals';
import { judge } from '../../../src/browser/judge.js';
import { readableHeaders } from '../../../src/browser/readable-headers.js';
import { PAGE, request, response } from './requests.js';

const HEADERS = {
  'Access-Control-Allow-Origin': PAGE,
  'Content-Type': 'text/plain',
  'X-Total': '12',
  'X-Hidden': 'a',
  'Set-Cookie': 'a=b',
};

function readable(exposed: string | readonly string[], changes: Parameters<typeof request>[0] = {}) {
  return readableHeaders(request(changes), response({ ...HEADERS, 'Access-Control-Expose-Headers': exposed }));
}

describe('the headers that a script may read', () => {
  it.each([
    [[], ['content-type']],
    ['X-TOTAL', ['content-type', 'x-total']],
    [
      ['x-total', 'x-hidden'],
      ['content-type', 'x-total', 'x-hidden'],
    ],
    [',x-total, ,', ['content-type', 'x-total']],
    ['x-totals, x-tota', ['content-type']],
    ['x-total, x hidden', ['content-type']],
    ['set-cookie', ['content-type']],
  ])('are, with Access-Control-Expose-Headers %j: %j', (exposed, names) => {
    expect(readable(exposed)).toEqual(names);
  });

  it('are all but cookies under *, without credentials', () => {
    const all = ['access-control-allow-origin', 'content-type', 'x-total', 'x-hidden', 'access-control-expose-headers'];
    expect(readable('*')).toEqual(all);
    expect(readable('x-total, *')).toEqual(all);
  });

  it('are the listed ones under * with credentials', () => {
    expect(readable('*', { credentials: true })).toEqual(['content-type']);
    expect(readable('*, x-total', { credentials: true })).toEqual(['content-type', 'x-total']);
  });

  it('are the safelisted ones by default, in any case', () => {
    const safelisted = [
      'CACHE-CONTROL',
      'Content-Language',
      'Content-Length',
      'Content-Type',
      'Expires',
      'Last-Modified',
      'Pragma',
    ];
    const others = ['Date', 'ETag', 'Location', 'Server', 'Vary', 'Content-Encoding', 'Cache-Controls'];
    const lines = [...safelisted, ...others].map((name) => [name, 'a'] as const);
    expect(readableHeaders(request(), response(Object.fromEntries(lines)))).toEqual(
      safelisted.map((name) => name.toLowerCase()),
    );
  });

  it('are all but cookies on the origin of the page, and none of an opaque response', () => {
    expect(readable([], { origin: 'https://api.example.com' })).toContain('x-hidden');
    expect(readable([], { origin: 'https://api.example.com' })).not.toContain('set-cookie');
    expect(readable('*', { mode: 'no-cors' })).toEqual([]);
  });
});

describe('Cross-Origin-Resource-Policy', () => {
  const embedded = (policy: string | readonly string[], origin: string, url: string) => {
    const answer = response({ 'Cross-Origin-Resource-Policy': policy });
    const {
      readable: loaded,
      failed,
      browsers,
    } = judge(request({ origin, url, mode: 'no-cors' }), { response: answer });
    expect([failed, browsers.chromium.name, browsers.firefox.name, browsers.webkit.name]).toEqual(
      loaded ? [[], undefined, undefined, undefined] : [['resource-policy'], undefined, 'COEP', 'corp'],
    );
    return loaded;
  };

  it.each([
    ['cross-origin', PAGE, 'https://other.example/a', true],
    ['Same-Origin', PAGE, 'https://other.example/a', true],
    ['same-origin, same-origin', PAGE, 'https://other.example/a', true],
    ['', PAGE, 'https://other.example/a', true],
    [[], PAGE, 'https://other.example/a', true],
    [['same-origin', 'same-origin'], PAGE, 'https://other.example/a', true],
    ['same-origin', PAGE, `${PAGE}/a`, true],
    ['same-origin', PAGE, 'https://api.example.com/a', false],
    ['same-origin', 'null', 'https://api.example.com/a', false],
    ['same-site', PAGE, 'https://api.example.com:8443/a', true],
    ['same-site', 'https://example.com', 'https://a.b.example.com/a', true],
    ['same-site', PAGE, 'http://api.example.com/a', true],
    ['same-site', 'http://app.example.com', 'https://api.example.com/a', false],
    ['same-site', PAGE, 'https://example.org/a', false],
    ['same-site', PAGE, 'https://badexample.com/a', false],
    ['same-site', 'null', 'https://api.example.com/a', false],
    ['same-site', 'http://127.0.0.1', 'http://127.0.0.1:3000/a', true],
    ['same-site', 'http://127.0.0.1', 'http://10.0.0.1/a', false],
    ['same-site', 'http://[::1]', 'http://[::1]:3000/a', true],
    ['same-site', 'http://[::1]', 'http://[::2]/a', false],
    ['same-site', 'http://a.localhost', 'http://b.localhost/a', false],
  ])('%j: %s embeds %s: %s', (policy, origin, url, loaded) => {
    expect(embedded(policy, origin, url)).toBe(loaded);
  });

  it('does not matter to a CORS request', () => {
    const headers = { 'Access-Control-Allow-Origin': PAGE, 'Cross-Origin-Resource-Policy': 'same-origin' };
    expect(judge(request(), { response: response(headers) }).readable).toBe(true);
  });

  it('stops an embed at a redirect too', () => {
    const headers = { 'Cross-Origin-Resource-Policy': 'same-origin', Location: '/b' };
    const verdict = judge(request({ mode: 'no-cors' }), { response: response(headers, 302) });
    expect([verdict.step, verdict.browsers.webkit.name]).toEqual(['redirect', 'corp']);
  });
});
