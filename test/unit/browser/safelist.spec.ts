import { describe, expect, it } from '@jest/globals';
import { type Preflight, preflightOf } from '../../../src/browser/preflight.js';
import { API, PAGE, request } from './requests.js';

function preflightWith(...headers: readonly (readonly [name: string, value?: string])[]): Preflight | undefined {
  return preflightOf(
    request({ headers: headers.map(([name, value]) => ({ name, ...(value !== undefined && { value }) })) }),
  );
}

describe('a request header that needs no preflight', () => {
  it.each([
    ['accept', ''],
    ['accept', 'text/html, application/json;q=0.9, */*'],
    ['accept', 'a\tb'],
    ['accept', 'caf\xe9'],
    ['accept', 'a'.repeat(128)],
    ['ACCEPT', 'text/html'],
    ['accept-language', 'de, en-GB;q=0.5, *'],
    ['content-language', 'de'],
    ['content-type', 'text/plain'],
    ['content-type', 'TEXT/Plain;charset=utf-8'],
    ['content-type', ' text/plain ; a=b'],
    ['content-type', 'text/plain;'],
    ['content-type', 'multipart/form-data; boundary=x'],
    ['content-type', 'application/x-www-form-urlencoded'],
    ['range', 'bytes=0-'],
    ['range', 'bytes=5-'],
    ['range', 'bytes=5-5'],
    ['range', 'bytes=99999999999999999998-99999999999999999999'],
    // Browsers do not send these headers of a page.
    ['cookie', 'a=b'],
    ['host', 'evil.example'],
    ['sec-fetch-site', 'same-origin'],
    ['proxy-authorization', 'a'],
    ['x-http-method-override', 'trace'],
    ['X-Method-Override', 'PUT , Connect'],
  ])('is %s: %j', (name, value) => {
    expect(preflightWith([name, value])).toBeUndefined();
  });
});

describe('a request header that needs a preflight', () => {
  it.each([
    ['x-a', '', 'header x-a'],
    ['authorization', 'Bearer a', 'header authorization'],
    ['save-data', 'on', 'header save-data'],
    ['x-http-method-override', 'PUT', 'header x-http-method-override'],
    ['x-http-method-override', 'TRACES', 'header x-http-method-override'],
    ['accept', undefined, 'header accept'],
    ['accept', 'a'.repeat(129), 'value of accept'],
    ['accept', 'a{b', 'value of accept'],
    ['accept', 'a"b', 'value of accept'],
    ['accept', 'a\x01b', 'value of accept'],
    ['accept', 'a\x7fb', 'value of accept'],
    ['accept-language', 'de_DE', 'value of accept-language'],
    ['accept-language', 'de\ten', 'value of accept-language'],
    ['content-language', 'de/en', 'value of content-language'],
    ['content-type', '', 'value of content-type'],
    ['content-type', 'application/json', 'value of content-type'],
    ['content-type', 'text/plain2', 'value of content-type'],
    ['content-type', 'text /plain', 'value of content-type'],
    ['content-type', 'text/plain, text/plain', 'value of content-type'],
    ['content-type', 'text/plain; boundary="x"', 'value of content-type'],
    ['content-type', `text/plain; a=${'b'.repeat(117)}`, 'value of content-type'],
    ['range', 'bytes=-5', 'value of range'],
    ['range', 'bytes=5-4', 'value of range'],
    ['range', 'bytes=99999999999999999999-99999999999999999998', 'value of range'],
    ['range', 'bytes=0-1,4-5', 'value of range'],
    ['range', 'bytes= 0-1', 'value of range'],
    ['range', 'Bytes=0-1', 'value of range'],
    ['range', 'items=0-1', 'value of range'],
    ['range', 'bytes=-', 'value of range'],
  ])('is %s: %j', (name, value, cause) => {
    expect(preflightWith([name, value])).toEqual({ method: 'GET', headers: [name], because: [cause] });
  });

  it('is a safelisted header whose repeated values are longer than 128 bytes together', () => {
    expect(preflightWith(['accept', 'a'.repeat(63)], ['Accept', 'b'.repeat(63)])).toBeUndefined();
    expect(preflightWith(['accept', 'a'.repeat(63)], ['Accept', 'b'.repeat(64)])?.headers).toEqual(['accept']);
  });

  it('is a safelisted header that has a value once and none the other time', () => {
    expect(preflightWith(['accept', 'a'], ['accept'])?.headers).toEqual(['accept']);
    expect(preflightWith(['accept'], ['accept', 'a'])?.headers).toEqual(['accept']);
  });

  it('is named in lower case, sorted, and once', () => {
    expect(preflightWith(['X-B', '1'], ['x-a', '1'], ['accept', 'a'], ['x-b', '2'], ['_z', '1'])?.headers).toEqual([
      '_z',
      'x-a',
      'x-b',
    ]);
  });
});

describe('safelisted headers together', () => {
  it('need no preflight when each is at its limit', () => {
    const bytes = `bytes=0-${'9'.repeat(120)}`;
    const type = `text/plain;${'a'.repeat(117)}`;
    const all = preflightWith(
      ['accept', 'a'.repeat(128)],
      ['accept-language', 'a'.repeat(128)],
      ['content-language', 'a'.repeat(128)],
      ['content-type', type],
      ['range', bytes],
    );
    expect([all, type.length, bytes.length]).toEqual([undefined, 128, 128]);
  });
});

describe('a preflight', () => {
  it.each([
    ['PUT', 'PUT'],
    ['delete', 'DELETE'],
    ['PATCH', 'PATCH'],
    ['patch', 'patch'],
    ['OPTIONS', 'OPTIONS'],
    ['QUERY', 'QUERY'],
  ])('is due for %s and asks for %s', (method, asked) => {
    expect(preflightOf(request({ method }))).toEqual({ method: asked, headers: [], because: [`method ${asked}`] });
  });

  it.each(['GET', 'HEAD', 'POST', 'get', 'Post'])('is not due for %s', (method) => {
    expect(preflightOf(request({ method }))).toBeUndefined();
  });

  it.each([
    { origin: 'https://api.example.com' },
    { mode: 'no-cors' as const },
    { mode: 'same-origin' as const },
    { url: '/orders' },
  ])('is not due with %j', (changes) => {
    expect(preflightOf(request({ method: 'PUT', ...changes }))).toBeUndefined();
  });

  it.each([
    { origin: 'null' },
    { origin: 'http://api.example.com' },
    { origin: 'https://api.example.com:8443' },
    { url: 'https://app.example.com.:443/' },
  ])('is due with %j', (changes) => {
    expect(preflightOf(request({ method: 'PUT', ...changes }))?.method).toBe('PUT');
  });

  it('names the method before the headers as its causes', () => {
    const headers = [{ name: 'x-b' }, { name: 'content-type', value: 'application/json' }];
    expect(preflightOf({ origin: PAGE, url: API, method: 'put', headers, credentials: true, mode: 'cors' })).toEqual({
      method: 'PUT',
      headers: ['content-type', 'x-b'],
      because: ['method PUT', 'header x-b', 'value of content-type'],
    });
  });
});
