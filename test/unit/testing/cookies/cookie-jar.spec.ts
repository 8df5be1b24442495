import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { CookieJar } from '../../../../src/testing/cookies/cookie-jar.js';

const APP = 'https://app.shop.test';
const API = 'https://api.shop.test/dir/page';
const OTHER = 'https://api.other.test/';

function jarOf(origin = APP, address: string | undefined = API): CookieJar {
  return new CookieJar(origin, () => address);
}

function receive(jar: CookieJar, url: string, ...lines: readonly string[]): void {
  jar.store(lines, new URL(url));
}

function sentTo(jar: CookieJar, url: string): string | undefined {
  return jar.header(new URL(url));
}

/** One cookie for each `SameSite`, and one that the scheme decides. */
const EVERY_KIND = ['u=1', 'l=1; SameSite=Lax', 's=1; SameSite=Strict', 'n=1; SameSite=None; Secure', 'p=1; Secure'];

describe('cookies of responses', () => {
  it.each([
    [APP, APP, 'u=1; l=1; s=1; n=1; p=1'],
    [APP, 'https://api.shop.test:8443', 'u=1; l=1; s=1; n=1; p=1'],
    [APP, OTHER, 'n=1'],
    ['http://app.shop.test', 'http://api.shop.test', 'u=1; l=1; s=1'],
    ['http://app.shop.test', 'http://api.other.test', undefined],
    // A site has one scheme.
    ['http://app.shop.test', 'https://api.shop.test', 'n=1'],
    ['http://app.shop.localhost', 'http://api.shop.localhost', 'u=1; l=1; s=1; n=1; p=1'],
    ['http://app.shop.localhost', 'http://evil.localhost', 'n=1'],
    ['http://localhost:4200', 'http://localhost:3000', 'u=1; l=1; s=1; n=1; p=1'],
    ['http://localhost', 'http://127.0.0.1', 'n=1'],
    ['https://a.vercel.app', 'https://b.vercel.app', 'n=1'],
    ['null', APP, 'n=1'],
  ])('a page of %s stores those of %s, and sends: %s', (origin, url, cookies) => {
    const jar = jarOf(origin);
    receive(jar, url, ...EVERY_KIND);
    expect([sentTo(jar, url), jar.get(url)]).toEqual([cookies, cookies ?? '']);
  });

  it('are not sent to another site, where a page of that site would send them', () => {
    const jar = jarOf();
    for (const line of EVERY_KIND) {
      jar.set(line, OTHER);
    }
    expect([sentTo(jar, OTHER), jar.get(OTHER)]).toEqual(['n=1', 'u=1; l=1; s=1; n=1; p=1']);
  });

  it('are ignored if a browser refuses them', () => {
    const jar = jarOf();
    receive(jar, API, 'a=1; SameSite=None', 'b=1; Domain=evil.test', '', 'c=1');
    expect(sentTo(jar, API)).toBe('c=1');
  });
});

describe('the Cookie header', () => {
  it.each([
    ['moves a cookie with a new value to the end', ['a=1', 'b=1', 'a=2'], 'b=1; a=2'],
    ['leaves a cookie with the same value in its place', ['a=1', 'b=1', 'a=1; HttpOnly'], 'a=1; b=1'],
    [
      'starts with the longest path',
      ['a=1; Path=/', 'b=1; Path=/dir', 'c=1; Path=/dir/page', 'd=1; Path=/dir/', 'a=2; Path=/dir'],
      'c=1; d=1; b=1; a=2; a=1',
    ],
    [
      'has cookies of the same name for the host and for domains',
      ['a=1', 'a=2; Domain=api.shop.test', 'a=3; Domain=shop.test'],
      'a=1; a=2; a=3',
    ],
    ['has a partitioned cookie beside another', ['a=1; Secure', 'a=2; Secure; Partitioned'], 'a=1; a=2'],
    ['has a value without a name', ['x', 'y', 'a='], 'y; a='],
    ['has only cookies that are left', ['a=1', 'b=1', 'a=; Max-Age=0'], 'b=1'],
    ['is not affected by deleting at another path', ['a=1', 'a=; Path=/; Max-Age=0'], 'a=1'],
  ])('%s', (_, lines, header) => {
    const jar = jarOf();
    receive(jar, API, ...lines);
    expect(sentTo(jar, API)).toBe(header);
  });

  it.each([
    ['a=1', 'https://api.shop.test:8443/dir', 'a=1'],
    ['a=1', 'https://deep.api.shop.test/dir', ''],
    ['a=1', 'https://app.shop.test/dir', ''],
    ['a=1; Domain=api.shop.test', 'https://deep.api.shop.test/dir', 'a=1'],
    ['a=1; Domain=api.shop.test', 'https://evilapi.shop.test/dir', ''],
    ['a=1; Domain=api.shop.test', 'https://shop.test/dir', ''],
    ['a=1', 'https://api.shop.test/dir/', 'a=1'],
    ['a=1', 'https://api.shop.test/dir?a', 'a=1'],
    ['a=1', 'https://api.shop.test/directory', ''],
    ['a=1', 'https://api.shop.test/Dir', ''],
    ['a=1', 'https://api.shop.test/', ''],
    ['a=1; Path=/dir/', 'https://api.shop.test/dir', ''],
    ['a=1; Path=/dir/', 'https://api.shop.test/dir/', 'a=1'],
    ['a=1; Secure', 'http://api.shop.test/dir', ''],
    ['a=1', 'http://api.shop.test/dir', 'a=1'],
  ])('of the cookie %j at %s is %j', (line, url, header) => {
    const jar = jarOf();
    jar.set(line);
    expect(jar.get(url)).toBe(header);
  });
});

describe('a server without TLS', () => {
  it.each([
    ['replace it', 'a=1; Secure; Path=/', 'a=2; Path=/'],
    ['delete it', 'a=1; Secure; Path=/', 'a=2; Path=/; Max-Age=0'],
    ['hide it below its path', 'a=1; Secure; Path=/', 'a=2; Path=/x'],
    ['set it for the domain above', 'a=1; Secure; Path=/', 'a=2; Path=/; Domain=shop.test'],
    ['set it for a host below', 'a=1; Secure; Path=/; Domain=shop.test', 'a=2; Path=/'],
  ])('cannot hide a Secure cookie: %s', (_, secure, plain) => {
    const jar = jarOf('http://app.shop.test');
    jar.set(secure, 'https://api.shop.test');
    receive(jar, 'http://api.shop.test', plain);
    expect(jar.list().map(({ value }) => value)).toEqual(['1']);
  });

  it.each([
    ['of another name', 'a=1; Secure; Path=/', 'A=2; Path=/', 'a=1; A=2'],
    ['of another host', 'a=1; Secure; Path=/; Domain=api.shop.test', 'a=2; Path=/; Domain=pi.shop.test', 'a=1'],
    ['above its path', 'a=1; Secure; Path=/dir', 'a=2; Path=/', 'a=1; a=2'],
    ['beside a partitioned one', 'a=1; Secure; Path=/; Partitioned', 'a=2; Path=/', 'a=1; a=2'],
    ['over one that is not Secure', 'a=1; Path=/', 'a=2; Path=/', 'a=2'],
  ])('can set a cookie %s', (_, first, second, header) => {
    const jar = jarOf('http://app.shop.test');
    jar.set(first, 'https://api.shop.test');
    receive(jar, 'http://api.shop.test', second);
    expect(jar.get('https://api.shop.test/dir')).toBe(header);
  });

  it('can replace a Secure cookie if it is on this machine', () => {
    const jar = jarOf('http://localhost');
    receive(jar, 'http://localhost', 'a=1; Secure', 'a=2');
    expect(sentTo(jar, 'http://localhost')).toBe('a=2');
  });
});

describe('set and get', () => {
  it('use the address of the page at each call', () => {
    let address: string | undefined = 'https://api.shop.test';
    const jar = new CookieJar(APP, () => address);
    jar.set('a=1');
    address = 'https://other.shop.test/';
    expect([jar.get(), jar.get('https://api.shop.test')]).toEqual(['', 'a=1']);
  });

  it('resolve relative URLs against the address of the page', () => {
    const jar = jarOf();
    jar.set('a=1', '/orders/7');
    expect([jar.get('/orders'), jar.get('https://api.shop.test/orders'), jar.get('/')]).toEqual(['a=1', 'a=1', '']);
  });

  it('refuse a URL that cannot be parsed', () => {
    const jar = new CookieJar(APP, () => undefined);
    const message = 'page.cookies: "/orders" is no absolute URL. Write one: https://api.example.com.';
    expect(() => jar.set('a=1', '/orders')).toThrow(message);
    expect(() => jar.get('/orders')).toThrow(message);
    expect(() => jar.get()).toThrow('page.cookies: "" is no absolute URL.');
  });

  it('tell a test why browsers refuse a cookie', () => {
    expect(() => jarOf().set('a=1; SameSite=None')).toThrow(
      'page.cookies.set("a=1; SameSite=None", "https://api.shop.test/dir/page"): browsers refuse this cookie. ' +
        '`SameSite=None` needs `Secure`. Add `; Secure`.',
    );
  });

  it('tell a test that a Secure cookie would be hidden', () => {
    const jar = jarOf();
    jar.set('a=1; Secure');
    expect(() => jar.set('a=2', 'http://api.shop.test/dir/page')).toThrow(
      'It would hide a `Secure` cookie. Use an https: URL.',
    );
  });
});

describe('time', () => {
  afterEach(() => {
    jest.useRealTimers();
  });

  it('ends a cookie at the moment of its expiry', () => {
    jest.useFakeTimers({ now: Date.UTC(2026, 10, 28) });
    const jar = jarOf();
    receive(jar, API, 'a=1; Max-Age=60', 'b=1; Expires=Sat, 28 Nov 2026 00:02:00 GMT', 'c=1');
    jest.advanceTimersByTime(59_999);
    expect(sentTo(jar, API)).toBe('a=1; b=1; c=1');
    jest.advanceTimersByTime(1);
    expect([sentTo(jar, API), jar.get()]).toEqual(['b=1; c=1', 'b=1; c=1']);
    jest.advanceTimersByTime(60_000);
    expect(jar.list().map(({ name }) => name)).toEqual(['c']);
    expect(jest.getTimerCount()).toBe(0);
  });

  it('makes a Secure cookie that expired stop protecting its name', () => {
    jest.useFakeTimers({ now: Date.UTC(2026, 10, 28) });
    const jar = jarOf();
    jar.set('a=1; Secure; Max-Age=60');
    jest.advanceTimersByTime(60_000);
    jar.set('a=2', 'http://api.shop.test/dir/page');
    expect(jar.get()).toBe('a=2');
  });
});

describe('the stored cookies', () => {
  it('are listed as frozen data, the oldest first', () => {
    const jar = jarOf();
    receive(jar, API, 'b=1; Domain=shop.test; HttpOnly', 'a=1; Secure; SameSite=Strict; Path=/x');
    const list = jar.list();
    expect(list).toEqual([
      expect.objectContaining({ name: 'b', domain: 'shop.test', hostOnly: false, httpOnly: true, path: '/dir' }),
      expect.objectContaining({ name: 'a', domain: 'api.shop.test', hostOnly: true, secure: true, sameSite: 'Strict' }),
    ]);
    expect([Object.isFrozen(list), list.every(Object.isFrozen)]).toEqual([true, true]);
  });

  it('are none after clear', () => {
    const jar = jarOf();
    jar.set('a=1');
    jar.clear();
    expect([jar.list(), jar.get()]).toEqual([[], '']);
  });

  it('are at most 180 of a site: then the youngest 150 stay', () => {
    const jar = jarOf();
    const setMany = (url: string, from: number, to: number) => {
      for (let index = from; index < to; index++) {
        jar.set(`c${index}=1`, url);
      }
    };
    setMany('https://a.shop.test', 0, 100);
    setMany('https://b.shop.test', 100, 180);
    setMany('https://a.other.test', 0, 180);
    expect(jar.list()).toHaveLength(360);
    setMany('https://c.shop.test', 180, 181);
    const names = jar
      .list()
      .filter(({ domain }) => domain.endsWith('shop.test'))
      .map(({ name }) => name);
    expect([names.length, names.at(0), names.at(-1), jar.list().length]).toEqual([150, 'c31', 'c180', 330]);
  });
});
