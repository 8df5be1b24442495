import { describe, expect, it } from '@jest/globals';
import { readRequest } from '../../../src/explanations/read-request.js';

const ORIGIN = 'https://app.example.com';

/** The message of the TypeError for a request. */
function mistake(request: unknown): string {
  try {
    readRequest(request);
  } catch (error) {
    expect(error).toBeInstanceOf(TypeError);
    return (error as TypeError).message;
  }
  throw new Error(`accepted ${JSON.stringify(request)}`);
}

describe('a request to explain', () => {
  it('has the defaults of fetch', () => {
    expect(readRequest({ url: '/orders', origin: ORIGIN })).toEqual({
      page: {
        origin: ORIGIN,
        url: 'https://unknown-host.invalid/orders',
        method: 'GET',
        headers: [],
        credentials: false,
        mode: 'cors',
      },
      target: '/orders',
      host: undefined,
      encrypted: false,
      sameOrigin: false,
    });
  });

  it('counts an undefined property as absent', () => {
    const absent = { method: undefined, headers: undefined, credentials: undefined, host: undefined };
    expect(readRequest({ url: '/', origin: ORIGIN, ...absent })).toEqual(readRequest({ url: '/', origin: ORIGIN }));
  });

  it.each([
    ['delete', 'DELETE'],
    ['Options', 'OPTIONS'],
    ['patch', 'patch'],
    ['purge', 'purge'],
  ])('has the method %s as browsers send it', (method, sent) => {
    expect(readRequest({ method, url: '/', origin: ORIGIN }).page.method).toBe(sent);
  });

  it('takes the host from an absolute URL, and leaves the fragment out', () => {
    expect(readRequest({ url: 'https://API.example.com:8443/a/../b?c=1#d', origin: ORIGIN })).toMatchObject({
      target: '/b?c=1',
      host: 'api.example.com:8443',
      encrypted: true,
      page: { url: 'https://api.example.com:8443/b?c=1#d' },
    });
    expect(readRequest({ url: 'http://api.example.com', origin: ORIGIN })).toMatchObject({
      target: '/',
      encrypted: false,
    });
  });

  it('accepts the host of an absolute URL beside it', () => {
    expect(readRequest({ url: 'https://api.example.com/', host: 'API.example.com', origin: ORIGIN }).host).toBe(
      'api.example.com',
    );
  });

  it('sends a path unchanged, but for what HTTP cannot send', () => {
    const target = (url: string) => readRequest({ url, origin: ORIGIN }).target;
    expect(target('/a/../%2e%2F//b;c\\d?e=%zz')).toBe('/a/../%2e%2F//b;c\\d?e=%zz');
    expect(target('/a b\r\né\u202e💩\ud800#x')).toBe('/a%20b%0D%0A%C3%A9%E2%80%AE%F0%9F%92%A9%EF%BF%BD');
  });

  it.each([
    [{ url: '/', host: 'app.example.com' }, true],
    [{ url: '/', host: 'app.example.com:443' }, true],
    [{ url: 'https://app.example.com/' }, true],
    [{ url: 'http://app.example.com/' }, false],
    [{ url: '/', host: 'app.example.com:8443' }, false],
    [{ url: '/' }, false],
  ])('knows whether %o has the origin of the page', (request, sameOrigin) => {
    expect(readRequest({ ...request, origin: ORIGIN }).sameOrigin).toBe(sameOrigin);
  });

  it('never has the origin null', () => {
    expect(readRequest({ url: 'https://app.example.com/', origin: 'null' }).sameOrigin).toBe(false);
  });

  it('reads a list of names, and an object of names and values', () => {
    expect(readRequest({ url: '/', origin: ORIGIN, headers: ['X-A', 'accept'] }).page.headers).toEqual([
      { name: 'X-A' },
      { name: 'accept' },
    ]);
    expect(readRequest({ url: '/', origin: ORIGIN, headers: { 'X-A': '', accept: 'a/b' } }).page.headers).toEqual([
      { name: 'X-A', value: '' },
      { name: 'accept', value: 'a/b' },
    ]);
  });

  it.each([
    [
      undefined,
      "CorsService.explain() needs a request, and got undefined. Write for example `explain({ url: '/orders', origin: 'https://app.example.com' })`.",
    ],
    [
      { url: '/' },
      "CorsService.explain(): `origin` is undefined. Write the origin of the page, for example 'https://app.example.com'.",
    ],
    [
      { url: '/', origin: '' },
      "CorsService.explain(): `origin` is ''. Write the origin of the page, for example 'https://app.example.com'.",
    ],
    [
      { origin: ORIGIN },
      "CorsService.explain(): `url` is undefined. Write the path that the page requests, for example '/orders/7'.",
    ],
    [
      { url: 'orders/7', origin: ORIGIN },
      "CorsService.explain(): `url` is 'orders/7'. Write a path that begins with a slash, or an 'http:' or 'https:' URL.",
    ],
    [
      { url: 'wss://api.example.com', origin: ORIGIN },
      "CorsService.explain(): `url` is 'wss://api.example.com'. Write a path that begins with a slash, or an 'http:' or 'https:' URL.",
    ],
    [
      { url: 'https://me:secret@api.example.com/', origin: ORIGIN },
      "CorsService.explain(): `url` is 'https://me:secret@api.example.com/'. Browsers refuse to request a URL with a user name or password. Leave them out.",
    ],
    [
      { url: '/', origin: ORIGIN, host: 'https://api.example.com' },
      "CorsService.explain(): `host` is 'https://api.example.com'. Write the Host header of the request, for example 'api.example.com'.",
    ],
    [
      { url: 'https://api.example.com/', origin: ORIGIN, host: 'other.example.com' },
      "CorsService.explain(): `host` is 'other.example.com'. The url has the host 'api.example.com'. Leave `host` out.",
    ],
    [
      { url: '/', origin: ORIGIN, method: 'Trace' },
      "CorsService.explain(): `method` is 'Trace'. Browsers refuse to send it for a script. Write another method.",
    ],
    [
      { url: '/', origin: ORIGIN, method: 'GET /' },
      "CorsService.explain(): `method` is 'GET /'. Write an HTTP method, for example 'DELETE'.",
    ],
    [
      { url: '/', origin: ORIGIN, credentials: 'include' },
      "CorsService.explain(): `credentials` is 'include'. Write `true` for a page that sends cookies (`credentials: 'include'`).",
    ],
    [
      { url: '/', origin: ORIGIN, headers: 'x-a' },
      "CorsService.explain(): `headers` is 'x-a'. Write a list of names, or an object: `{ 'x-api-version': '2' }`.",
    ],
    [
      { url: '/', origin: ORIGIN, headers: new Headers({ 'x-a': '1' }) },
      "CorsService.explain(): `headers` is an instance of Headers. Write a list of names, or an object: `{ 'x-api-version': '2' }`.",
    ],
    [
      { url: '/', origin: ORIGIN, headers: ['x-a: 1'] },
      "CorsService.explain(): `headers` is 'x-a: 1'. Write the name of a header, for example 'authorization'.",
    ],
    [
      { url: '/', origin: ORIGIN, headers: { 'x-version': 2 } },
      "CorsService.explain(): `headers` is 2. Write the value of 'x-version' as one line of text.",
    ],
    [
      { url: '/', origin: ORIGIN, headers: { 'x-a': 'one\r\nx-b: two' } },
      "CorsService.explain(): `headers` is 'one\\r\\nx-b: two'. Write the value of 'x-a' as one line of text.",
    ],
    [{ url: '/', origin: ORIGIN, header: [] }, 'CorsService.explain() has no property header. Did you mean `headers`?'],
    [
      { url: '/', origin: ORIGIN, body: '' },
      'CorsService.explain() has no property body. The properties are method, url, origin, headers, credentials, host.',
    ],
  ])('says what is wrong with %o', (request, message) => {
    expect(mistake(request)).toBe(message);
  });

  it('has no control character and no hidden one in a message', () => {
    const hostile = '\u001b[31m\u202e\u0000\r\n';
    for (const property of ['url', 'method', 'headers', 'credentials', 'host', hostile]) {
      expect(mistake({ url: '/', origin: ORIGIN, [property]: `x${hostile}` })).toMatch(/^[ -~]+$/);
    }
  });
});
