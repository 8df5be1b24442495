import { describe, expect, it } from '@jest/globals';
import type { Cookie } from '../../../../src/testing/cookies/cookie.js';
import { readSetCookie } from '../../../../src/testing/cookies/set-cookie.js';

const NOW = Date.UTC(2026, 10, 28);
const PAGE = 'https://app.shop.test/dir/page';

const SESSION: Cookie = {
  name: 'a',
  value: '1',
  domain: 'app.shop.test',
  hostOnly: true,
  path: '/dir',
  secure: false,
  httpOnly: false,
  sameSite: 'Lax',
  partitioned: false,
  expires: undefined,
};

function read(line: string, url = PAGE): Cookie | string {
  return readSetCookie(line, new URL(url), NOW);
}

/** The tables are measured: what Chromium 156 stored of the `Set-Cookie` lines of a response. */
describe('a line that Chromium stores', () => {
  it.each<[line: string, difference: Partial<Cookie>]>([
    ['a=1', {}],
    ['a', { name: '', value: 'a' }],
    ['=a', { name: '', value: 'a' }],
    ['a=', { value: '' }],
    ['a=b=c', { value: 'b=c' }],
    [' \t a  =  1  ; path = / ', { path: '/' }],
    ['a="x y"', { value: '"x y"' }],
    ['a="x', { value: '"x' }],
    ['a=1, b=2', { value: '1, b=2' }],
    ['a=\u00e9', { value: '\u00e9' }],
    [`a=${'x'.repeat(4095)}`, { value: 'x'.repeat(4095) }],
    ['a=1; Path', {}],
    ['a=1; Path=', {}],
    ['a=1; Path=dir', {}],
    ['a=1; Path="/dir"', {}],
    ['a=1; Path=/DIR', { path: '/DIR' }],
    ['a=1; Path=/a b', { path: '/a b' }],
    ['a=1; Path=/; Path=/x', { path: '/x' }],
    ['a=1; Path=/; Path=', {}],
    [`a=1; Path=/${'y'.repeat(1023)}`, { path: `/${'y'.repeat(1023)}` }],
    [`a=1; Path=/; Path=/${'y'.repeat(1024)}`, { path: '/' }],
    ['a=1; Domain', {}],
    ['a=1; Domain=', {}],
    ['a=1; Domain=shop.test', { domain: 'shop.test', hostOnly: false }],
    ['a=1; Domain=.SHOP.test', { domain: 'shop.test', hostOnly: false }],
    ['a=1; Domain=app.shop.test', { hostOnly: false }],
    ['a=1; Domain=evil.test; Domain=shop.test', { domain: 'shop.test', hostOnly: false }],
    ['a=1; Domain=shop.test; Domain=', {}],
    ['a=1; Secure=false', { secure: true }],
    ['a=1; httponly=0', { httpOnly: true }],
    ['a=1; unknown=1; Priority=High', {}],
    ['a=1; SameSite', {}],
    ['a=1; SameSite=unknown', {}],
    ['a=1; SameSite=STRICT', { sameSite: 'Strict' }],
    ['a=1; SameSite=None; Secure', { sameSite: 'None', secure: true }],
    ['a=1; SameSite=None; SameSite=unknown', {}],
    ['__HOST-a=1; Secure; Path=/', { name: '__HOST-a', secure: true, path: '/' }],
    ['__Host-a=1; Secure; Path=/; Domain=', { name: '__Host-a', secure: true, path: '/' }],
    ['__Secure-a=1; Secure', { name: '__Secure-a', secure: true }],
    ['__Http-a=1; Secure; HttpOnly', { name: '__Http-a', secure: true, httpOnly: true }],
    ['__Host-Http-a=1; Secure; HttpOnly; Path=/', { name: '__Host-Http-a', secure: true, httpOnly: true, path: '/' }],
    ['__Secure=1', { name: '__Secure' }],
    ['a=__Host-', { value: '__Host-' }],
    ['a=1; Secure; Partitioned', { secure: true, partitioned: true }],
  ])('is %j', (line, difference) => {
    expect(read(line)).toEqual({ ...SESSION, ...difference });
  });

  it.each<[url: string, line: string, difference: Partial<Cookie>]>([
    ['http://localhost', 'a=1; Domain=LOCALHOST', { domain: 'localhost' }],
    ['http://localhost', '__Host-a=1; Secure; Path=/', { name: '__Host-a', domain: 'localhost', secure: true }],
    ['http://127.0.0.2', 'a=1; Secure', { domain: '127.0.0.2', secure: true }],
    ['http://127.0.0.1', 'a=1; Domain=.127.0.0.1', { domain: '127.0.0.1' }],
    ['http://app.shop.localhost', 'a=1; Secure', { domain: 'app.shop.localhost', secure: true }],
    ['http://app.shop.localhost', 'a=1; Domain=shop.localhost', { domain: 'shop.localhost', hostOnly: false }],
    ['https://vercel.app', 'a=1; Domain=.vercel.app', { domain: 'vercel.app' }],
    ['https://a.vercel.app', 'a=1; Domain=a.vercel.app', { domain: 'a.vercel.app', hostOnly: false }],
    ['https://a.example.com.', 'a=1; Domain=example.com.', { domain: 'example.com.', hostOnly: false }],
  ])('of %s is %j', (url, line, difference) => {
    expect(read(line, url)).toEqual({ ...SESSION, path: '/', ...difference });
  });

  it.each([
    ['/', '/'],
    ['/dir', '/'],
    ['/dir/', '/dir'],
    ['/dir/page?a=/b/c', '/dir'],
  ])('of %s without a path has the path %s', (path, cookiePath) => {
    expect(read('a=1', `https://app.shop.test${path}`)).toEqual({ ...SESSION, path: cookiePath });
  });

  it('is frozen data', () => {
    expect(Object.isFrozen(read('a=1'))).toBe(true);
  });
});

describe('a line that Chromium refuses', () => {
  const CHARACTER =
    'It has a control character, or one above U+00FF. Encode the value, for example with `encodeURIComponent`.';
  const NAMELESS = 'It has no name. Start it with `name=value`.';
  const PLAIN = 'Only https: and loopback hosts can set a `Secure` cookie. Use an https: URL, or remove `Secure`.';
  const domain = (value: string, own = 'shop.test', place = 'app.shop.test') =>
    `${place} cannot set cookies for "${value}". Use ${own}, or remove \`Domain\`.`;
  const needs = (prefix: string, attributes: string) =>
    `Names with \`${prefix}\` need ${attributes}. Change the attributes, or the name.`;
  const host = (prefix: string) => needs(prefix, '`Secure`, `Path=/` and no `Domain`');
  const hidden = (prefix: string) =>
    `A value without a name cannot start with \`${prefix}\`. Start the cookie with \`name=value\`.`;

  it.each([
    ['', NAMELESS],
    ['=', NAMELESS],
    [' ;Path=/', NAMELESS],
    ['=a=b', NAMELESS],
    ['a=b\tc', CHARACTER],
    ['a\u0001=c', CHARACTER],
    ['a=b\u007f', CHARACTER],
    ['a=1; Path=/\u0001', CHARACTER],
    ['a=1; unknown\u0001=2', CHARACTER],
    ['a=\u20ac', CHARACTER],
    [`a=${'x'.repeat(4096)}`, 'Its name and value have 4097 bytes. Use at most 4096.'],
    ['a=1; SameSite=None', '`SameSite=None` needs `Secure`. Add `; Secure`.'],
    ['a=1; SameSite=Strict; SameSite=None', '`SameSite=None` needs `Secure`. Add `; Secure`.'],
    ['a=1; Partitioned', '`Partitioned` needs `Secure`. Add `; Secure`.'],
    ['a=1; Domain=..shop.test', domain('..shop.test')],
    ['a=1; Domain=deep.app.shop.test', domain('deep.app.shop.test')],
    ['a=1; Domain=evil.test', domain('evil.test')],
    ['a=1; Domain=test', domain('test')],
    ['a=1; Domain=op.test', domain('op.test')],
    ['a=1; Domain=.', domain('.')],
    ['a=1; Domain=shop.test:443', domain('shop.test:443')],
    ['a=1; Domain=shop.test.', domain('shop.test.')],
    ['a=1; Domain=shop.test; Domain=evil.test', domain('evil.test')],
    ['__Secure-a=1', needs('__Secure-', '`Secure`')],
    ['__secure-=1', needs('__secure-', '`Secure`')],
    ['__Host-a=1', host('__Host-')],
    ['__Host-a=1; Secure', host('__Host-')],
    ['__Host-a=1; Secure; Path=/dir', host('__Host-')],
    ['__Host-a=1; Secure; Path=/; Domain=app.shop.test', host('__Host-')],
    ['__host-a=1; Path=/', host('__host-')],
    ['__Http-a=1; HttpOnly', needs('__Http-', '`Secure` and `HttpOnly`')],
    ['__Http-a=1; Secure', needs('__Http-', '`Secure` and `HttpOnly`')],
    ['__Host-Http-a=1; Secure; HttpOnly', needs('__Host-Http-', '`Secure`, `HttpOnly`, `Path=/` and no `Domain`')],
    ['__Host-Http-a=1; Secure; Path=/', needs('__Host-Http-', '`Secure`, `HttpOnly`, `Path=/` and no `Domain`')],
    ['=__Host-a; Secure; Path=/', hidden('__Host-')],
    ['__Secure-; Secure', hidden('__Secure-')],
  ])('is %j', (line, refusal) => {
    expect(read(line)).toBe(refusal);
  });

  it.each([
    ['http://app.shop.test', 'a=1; Secure', PLAIN],
    ['http://app.shop.test', 'a=1; SameSite=None; Secure', PLAIN],
    ['http://localhost', 'a=1; Domain=evil.localhost', domain('evil.localhost', 'localhost', 'localhost')],
    ['http://app.shop.localhost', 'a=1; Domain=localhost', domain('localhost', 'shop.localhost', 'app.shop.localhost')],
    ['http://127.0.0.1', 'a=1; Domain=0.0.1', domain('0.0.1', '127.0.0.1', '127.0.0.1')],
    ['https://a.vercel.app', 'a=1; Domain=vercel.app', domain('vercel.app', 'a.vercel.app', 'a.vercel.app')],
    ['https://vercel.app', 'a=1; Domain=app', domain('app', 'vercel.app', 'vercel.app')],
  ])('of %s is %j', (url, line, refusal) => {
    expect(read(line, url)).toBe(refusal);
  });
});
