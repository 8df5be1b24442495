import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { compileOrigins, type WrittenOrigins } from '../../../src/origin/compile-origins.js';
import { isWellFormedOrigin } from '../../../src/origin/grammar/origin-grammar.js';
import { nearMiss, type OriginDifference } from '../../../src/origin/near-miss.js';

function missOf(option: WrittenOrigins, origin: string) {
  return nearMiss(compileOrigins(option), origin);
}

describe('nearMiss', () => {
  it.each<[refused: string, listed: string, differsIn: OriginDifference]>([
    ['http://app.example.com', 'https://app.example.com', 'scheme'],
    ['https://localhost:3000', 'http://localhost:*', 'scheme'],
    ['http://a.example.com', 'https://*.example.com', 'scheme'],
    ['http://app-1.example.com', 'https://app-*.example.com', 'scheme'],
    ['http://localhost', 'capacitor://localhost', 'scheme'],
    ['http://localhost:5173', 'http://localhost:3000', 'port'],
    ['http://localhost', 'http://localhost:3000', 'port'],
    ['https://app.example.com:8443', 'https://app.example.com', 'port'],
    ['https://app.example.com:443', 'https://app.example.com', 'port'],
    ['https://app.example.com:', 'https://app.example.com', 'port'],
    ['https://app.example.com:08443', 'https://app.example.com:8443', 'port'],
    ['http://localhost:80', 'http://localhost:*', 'port'],
    ['http://[::1]:5173', 'http://[::1]', 'port'],
    ['https://a.example.com:8443', 'https://*.example.com', 'port'],
    ['https://app.example.com/', 'https://app.example.com', 'trailing slash'],
    ['http://localhost:3000/', 'http://localhost:*', 'trailing slash'],
    ['https://a.example.com/', 'https://*.example.com', 'trailing slash'],
    ['https://App.Example.com', 'https://app.example.com', 'case'],
    ['HTTPS://app.example.com', 'https://app.example.com', 'case'],
    ['https://A.example.com', 'https://*.example.com', 'case'],
    ['app://main', 'app://Main', 'case'],
    ['app://Main/', 'app://Main', 'trailing slash'],
    ['tool://Main', 'app://Main', 'scheme'],
    ['https://www.example.com', 'https://example.com', 'www'],
    ['https://example.com', 'https://www.example.com', 'www'],
    ['http://www.localhost:3000', 'http://localhost:3000', 'www'],
    ['https://example.com', 'https://*.example.com', 'subdomain'],
    ['https://example.com', 'https://app-*.example.com', 'subdomain'],
    ['https://web-1.example.com', 'https://app-*.example.com', 'subdomain'],
    ['https://a.example.com', 'https://example.com', 'subdomain'],
    ['https://a.b.example.com', 'https://example.com', 'subdomain'],
    ['https://a.example.com', 'https://b.example.com', 'subdomain'],
    ['https://example.com', 'https://a.example.com', 'subdomain'],
    ['https://a.acme.vercel.app', 'https://acme.vercel.app', 'subdomain'],
    ['http://a.localhost:3000', 'http://b.localhost:3000', 'subdomain'],
  ])('%s is one step from %s', (refused, listed, differsIn) => {
    expect(missOf(listed, refused)).toEqual({ origin: listed, differsIn });
    expect(missOf(['https://other.test', listed, 'http://other.test:*'], refused)).toEqual({
      origin: listed,
      differsIn,
    });
  });

  it.each<[refused: string, listed: string]>([
    ['https://evil.com', 'https://example.com'],
    ['https://example.com.evil.com', 'https://example.com'],
    ['https://evil-example.com', 'https://example.com'],
    ['https://example.org', 'https://example.com'],
    ['http://127.0.0.1:3000', 'http://localhost:3000'],
    ['https://a.vercel.app', 'https://b.vercel.app'],
    ['https://vercel.app', 'https://b.vercel.app'],
    ['https://vercel.app', 'https://*.vercel.app'],
    ['https://www.vercel.app', 'https://vercel.app'],
    ['https://web.vercel.app', 'https://app-*-acme.vercel.app'],
    ['https://a.co.uk', 'https://b.co.uk'],
    ['https://a.s3.amazonaws.com', 'https://b.s3.amazonaws.com'],
    ['http://a.intranet', 'http://b.intranet'],
    ['http://intranet', 'http://a.intranet'],
    ['https://1.2.3.4', 'https://5.2.3.4'],
    ['https://www.1.2.3.4', 'https://1.2.3.4'],
    ['https://a.x.example.com', 'https://b.y.example.com'],
    ['http://app.example.com:8080', 'https://app.example.com'],
    ['https://app.example.com:80', 'http://app.example.com'],
    ['https://app.example.com:443', 'http://app.example.com:443'],
    ['http://www.example.com', 'https://example.com'],
    ['https://App.example.com/', 'https://app.example.com'],
    ['https://App.example.com', 'http://app.example.com'],
    ['https://app.example.com//', 'https://app.example.com'],
    ['https://app.example.com/path', 'https://app.example.com'],
    ['https://example.com.', 'https://example.com'],
    ['https://example.com:abc', 'https://example.com'],
    ['https://a@example.com', 'https://example.com'],
    ['https://$.example.com', 'https://example.com'],
    ['https://.example.com', 'https://example.com'],
    ['app://a.main', 'app://main'],
    ['app.example.com', 'https://app.example.com'],
    ['https://', 'https://app.example.com'],
    ['://app.example.com', 'https://app.example.com'],
    ['null', 'https://app.example.com'],
    ['', 'https://app.example.com'],
    ['/', 'https://app.example.com'],
  ])('%s is not near %s', (refused, listed) => {
    expect(missOf(listed, refused)).toBeUndefined();
  });

  it('is absent for an allowed origin', () => {
    expect(missOf(['https://a.example.com', 'https://example.com'], 'https://a.example.com')).toBeUndefined();
    expect(missOf(['http://localhost:*', 'http://localhost:1'], 'http://localhost:2')).toBeUndefined();
  });

  it.each<[string, WrittenOrigins]>([
    ['any origin', '*'],
    ['a predicate', () => false],
    [
      'a resolver',
      class {
        resolve = undefined;
        static of() {}
      } as never,
    ],
  ])('is absent under %s', (_, option) => {
    expect(missOf(option, 'http://a.example.com')).toBeUndefined();
  });

  it('prefers the same difference in whatever order the list is', () => {
    const list = ['https://b.example.com', 'https://a.example.com:1', 'http://a.example.com'];
    for (const option of [list, [...list].reverse()]) {
      expect(missOf(option, 'https://a.example.com')).toEqual({ origin: 'http://a.example.com', differsIn: 'scheme' });
    }
  });

  it('names the first of several entries', () => {
    const list = ['http://localhost:1', 'http://localhost:2'];
    expect(missOf(list, 'http://localhost:3')).toEqual({ origin: 'http://localhost:1', differsIn: 'port' });
  });

  it('reads no longer texts than an origin may have', () => {
    const origin = `https://${'a'.repeat(1_000_000)}/`;
    expect(missOf('https://app.example.com', origin)).toBeUndefined();
  });
});

const SCHEMES = ['https', 'http', 'app'];
const HOSTS = ['example.com', 'a.example.com', 'b.example.com', 'www.example.com', 'x.a.example.com', 'localhost'];
const SHARED = ['vercel.app', 'a.vercel.app', 'www.vercel.app', 'b.vercel.app', 'co.uk', 'a.co.uk', '1.2.3.4'];
const NAMES = [...HOSTS, ...SHARED];
const PORTS = ['', ':3000', ':8443'];
const WRITTEN_PORTS = [...PORTS, ':443', ':80', ':'];

const origin = fc.tuple(fc.constantFrom(...SCHEMES), fc.constantFrom(...NAMES), fc.constantFrom(...PORTS));
const entry = fc.oneof(
  origin.map((parts) => `${parts[0]}://${parts[1]}${parts[2]}`),
  fc
    .tuple(
      fc.constantFrom('https', 'http'),
      fc.constantFrom(
        '*.example.com',
        'a-*.example.com',
        '*.a.example.com',
        '*.vercel.app',
        'a-*.vercel.app',
        'localhost',
      ),
      fc.constantFrom(':*', ':3000', ''),
    )
    .map((parts) => `${parts[0]}://${parts[1]}${parts[2]}`),
);
const refused = fc
  .tuple(
    fc.constantFrom(...SCHEMES),
    fc.constantFrom(...NAMES, 'a-1.example.com', 'a-1.vercel.app'),
    fc.constantFrom(...WRITTEN_PORTS),
    fc.boolean(),
    fc.constantFrom('', '', '', '/'),
  )
  .map(([scheme, host, port, upper, slash]) => {
    const text = `${scheme}://${host}${port}${slash}`;
    return upper && host.length % 2 === 0 ? text.toUpperCase() : text;
  });

/** Hosts that an entry of the lists matches. */
const CANDIDATES = [...NAMES, 'a-1.example.com', 'z.example.com', 'z.a.example.com', 'z.vercel.app', 'a-1.vercel.app'];

/** The labels that two hosts have in common at their ends. */
function commonEnd(one: string, other: string): string {
  const [left, right] = [one, other].map((host) => host.split('.').reverse()) as [string[], string[]];
  const differs = left.findIndex((label, index) => label !== right[index]);
  return left
    .slice(0, differs === -1 ? left.length : differs)
    .reverse()
    .join('.');
}

function isRelated(one: string, other: string): boolean {
  const common = commonEnd(one, other);
  const depths = [one, other].map((host) => host.split('.').length - common.split('.').length);
  const isOwned = /^(?:.+\.)?(?:example\.com|localhost|[a-z]+\.vercel\.app|[a-z]+\.co\.uk)$/.test(common);
  return isOwned && one !== other && (depths.includes(0) || depths.every((depth) => depth === 1));
}

function allowedBy(list: readonly string[]): (origin: string) => boolean {
  const { allows } = compileOrigins(list) as Extract<ReturnType<typeof compileOrigins>, { kind: 'static' }>;
  return (origin) => isWellFormedOrigin(origin) && allows(origin);
}

/** Applies every single change to an origin, and asks whether a list allows the result. */
function model(list: readonly string[], text: string): Set<OriginDifference> {
  const allowed = allowedBy(list);
  const [, scheme = '', host = '', port = ''] = /^(\w+):\/\/([a-z\d.-]+)(:\d*)?$/.exec(text) ?? [];
  const hosts = scheme === 'app' ? [] : CANDIDATES.filter((other) => isRelated(host, other));
  const isWww = (other: string) => other === `www.${host}` || host === `www.${other}`;
  const isAllowedWithoutStar = (changed: string) =>
    list.some((listed) => !/\*.*\./.test(listed) && allowedBy([listed])(changed));
  const withHost = (other: string) => `${scheme}://${other}${port}`;
  const whole = isWellFormedOrigin(text);
  const changes: Record<OriginDifference, readonly string[]> = {
    'trailing slash': [text.replace(/\/$/, '')],
    case: [text.toLowerCase()],
    scheme: whole ? SCHEMES.map((other) => `${other}://${host}${port}`) : [],
    port: [...PORTS, ':9'].map((other) => `${scheme}://${host}${other}`),
    // A star stands for any subdomain, so its difference is not `www` alone.
    www: whole ? hosts.filter(isWww).map(withHost).filter(isAllowedWithoutStar) : [],
    subdomain: whole ? hosts.map(withHost) : [],
  };
  const differences = Object.keys(changes) as OriginDifference[];
  return new Set(allowed(text) ? [] : differences.filter((difference) => changes[difference].some(allowed)));
}

describe('nearMiss over random lists', () => {
  it('finds the first single change that the list would allow', () => {
    fc.assert(
      fc.property(fc.array(entry, { minLength: 1, maxLength: 4 }), refused, (list, text) => {
        const [expected] = model(list, text);
        const miss = missOf(list, text);
        expect(miss?.differsIn).toBe(expected);
        if (miss !== undefined) {
          expect(list).toContain(miss.origin);
          expect(model([miss.origin], text)).toContain(miss.differsIn);
        }
      }),
      { numRuns: 5000 },
    );
  });
});
