import fc from 'fast-check';
import { compileOrigins } from '../../../src/origin/compile-origins.js';
import { isWellFormedOrigin } from '../../../src/origin/grammar/origin-grammar.js';
import { readOriginPattern } from '../../../src/origin/pattern/origin-pattern.js';
import { parseOriginPattern } from '../../../src/origin/pattern/parse-origin-pattern.js';
import { hostOfLength } from './hosts.js';

const host251 = hostOfLength(251);
const host252 = hostOfLength(252);
const host253 = hostOfLength(253);
const host254 = hostOfLength(254);
const label63 = 'a'.repeat(63);
const label64 = 'a'.repeat(64);

describe('parseOriginPattern', () => {
  it.each([
    ['https://example.com', 'https', 'example.com', '', false],
    ['https://example.com:8443', 'https', 'example.com', '8443', false],
    ['http://localhost:1', 'http', 'localhost', '1', false],
    ['http://localhost:65535', 'http', 'localhost', '65535', false],
    ['http://localhost:443', 'http', 'localhost', '443', false],
    ['https://localhost:80', 'https', 'localhost', '80', false],
    ['https://intranet', 'https', 'intranet', '', false],
    ['https://ex_am-ple.com', 'https', 'ex_am-ple.com', '', false],
    ['https://xn--mnchen-3ya.example', 'https', 'xn--mnchen-3ya.example', '', false],
    ['http://127.0.0.1:3000', 'http', '127.0.0.1', '3000', false],
    ['http://[::1]', 'http', '[::1]', '', false],
    ['http://[2001:db8::1]:9090', 'http', '[2001:db8::1]', '9090', false],
    ['http://[::ffff:7f00]', 'http', '[::ffff:7f00]', '', false],
    ['capacitor://localhost', 'capacitor', 'localhost', '', false],
    ['app://-', 'app', '-', '', false],
    ['app://.', 'app', '.', '', false],
    ['app://.:8080', 'app', '.', '8080', false],
    ['app://a%20b', 'app', 'a%20b', '', false],
    ['tauri://LOCALHOST', 'tauri', 'LOCALHOST', '', false],
    ['safari-web-extension://140BB581-7A4E', 'safari-web-extension', '140BB581-7A4E', '', false],
    ['capacitor://localhost.', 'capacitor', 'localhost.', '', false],
    ['chrome-extension://abcdefghijklmnop', 'chrome-extension', 'abcdefghijklmnop', '', false],
    ['https://*.example.com', 'https', 'example.com', '', true],
    ['https://*.a.example.com:8443', 'https', 'a.example.com', '8443', true],
    ['http://localhost:*', 'http', 'localhost', '*', false],
    ['http://127.0.0.1:*', 'http', '127.0.0.1', '*', false],
    ['http://[::1]:*', 'http', '[::1]', '*', false],
    ['http://*.localhost:*', 'http', 'localhost', '*', true],
    [`https://${label63}.com`, 'https', `${label63}.com`, '', false],
    [`https://${host253}`, 'https', host253, '', false],
    [`https://*.${host251}`, 'https', host251, '', true],
    [`https://${host253}:*`, 'https', host253, '*', false],
  ])('reads %s', (text, scheme, host, port, subdomains) => {
    expect(parseOriginPattern(text)).toEqual({
      pattern: { text, scheme, host, port, subdomains },
    });
    const { pattern } = parseOriginPattern(text);
    expect(Object.isFrozen(pattern)).toBe(true);
  });

  it.each([
    ['https://app-git-*-acme.vercel.app', 'app-git-', '-acme', 'vercel.app', ''],
    ['https://*-acme.apps.example.dev', '', '-acme', 'apps.example.dev', ''],
    ['https://pr-*.example.com:8443', 'pr-', '', 'example.com', '8443'],
    ['https://pr-*.example.com:*', 'pr-', '', 'example.com', '*'],
    ['http://app-*.localhost:3000', 'app-', '', 'localhost', '3000'],
    ['http://app-*.localhost:*', 'app-', '', 'localhost', '*'],
    ['http://app-*.dev.localhost', 'app-', '', 'dev.localhost', ''],
    ['https://x*.example.com', 'x', '', 'example.com', ''],
    ['https://xn-*.example.com', 'xn-', '', 'example.com', ''],
    ['https://a_*.example.com', 'a_', '', 'example.com', ''],
    ['https://a*.xn--mnchen-3ya.example', 'a', '', 'xn--mnchen-3ya.example', ''],
    [`https://${'a'.repeat(62)}*.example.com`, 'a'.repeat(62), '', 'example.com', ''],
    [`https://a*.${hostOfLength(250)}`, 'a', '', hostOfLength(250), ''],
  ])('reads the star inside the leftmost label of %s', (text, before, after, host, port) => {
    const { pattern } = parseOriginPattern(text);
    const scheme = text.slice(0, text.indexOf(':'));
    const label = { before, after };
    expect(pattern).toEqual({ text, scheme, host, port, subdomains: false, label });
    expect(Object.isFrozen(pattern?.label)).toBe(true);
  });
});

describe('parseOriginPattern with a mistake', () => {
  const list = 'holds several origins in one string; write a list';
  const ipv4 = 'has an IPv4 address that is not written as browsers write it, four decimal numbers up to 255';
  const ipv6 = 'has an IPv6 address that is not written as browsers write it (RFC 5952)';
  const mapped = 'has an IPv4-mapped IPv6 address; name the IPv4 address itself';
  const path = 'has a path; an origin ends with its host or port';
  const slash = 'has a trailing slash; an origin ends with its host or port';
  const misplaced = 'has a star that is not in the leftmost label of its host';
  const fewLabels = 'has a star with fewer than two labels to its right, so it would match unrelated hosts';
  const punycodeStar = 'has a star in a punycode (xn--) label, where it would match unrelated names';
  const scheme = 'has no scheme; an origin begins with one, such as https://';
  const overAddress = 'has a star in or before an IP address; a star stands for a part of a name';
  const colons = 'has more than one colon; IPv6 addresses stand in brackets';
  const file =
    'has the scheme file:; pages opened from a file usually send the origin null, and some shells send file://';
  const upperCase = 'contains upper-case letters; browsers send origins in lower case';
  const schemeStar = 'has a star or a choice for its scheme; name the scheme';
  const slip = 'has no :// after its scheme';
  const leadingDot = 'has a dot before its host; subdomains are written with a star';
  const addressRange = 'is a range of IP addresses; an origin names one host';
  const partOfPort = 'has a star for a part of its port; a star stands for the whole port';
  const wholeHost = 'has a star for the whole host, which would allow every site';

  const faults: [value: unknown, reason: string, suggestion?: string | string[]][] = [
    ['', 'is empty'],
    [' \t', 'is blank'],
    ['https://example.com/', slash, 'https://example.com'],
    ['https://example.com:8443/', slash, 'https://example.com:8443'],
    ['https://*.example.com/', slash, 'https://*.example.com'],
    ['http://localhost:*/', slash, 'http://localhost:*'],
    ['https://example.com//', path, 'https://example.com'],
    ['https://example.com/path', path, 'https://example.com'],
    ['https://example.com/*', path, 'https://example.com'],
    ['http://*.localhost:*/x', path, 'http://*.localhost:*'],
    ['https://example.com?q=1', 'has a query; an origin ends with its host or port', 'https://example.com'],
    ['https://example.com#top', 'has a fragment; an origin ends with its host or port', 'https://example.com'],
    ['https://user@example.com', 'has a user name; an origin is a scheme, a host and a port', 'https://example.com'],
    ['https://u:p@example.com', 'has a user name; an origin is a scheme, a host and a port', 'https://example.com'],
    ['https://example.com\\x', 'contains a backslash', 'https://example.com'],
    ['example.com', scheme, 'https://example.com'],
    ['*.example.com', scheme, 'https://*.example.com'],
    ['example.com:8443', scheme, 'https://example.com:8443'],
    ['localhost:3000', scheme, 'http://localhost:3000'],
    ['localhost:*', scheme, 'http://localhost:*'],
    ['app.localhost', scheme, 'http://app.localhost'],
    ['127.0.0.1:3000', scheme, 'http://127.0.0.1:3000'],
    ['evillocalhost:3000', scheme, 'https://evillocalhost:3000'],
    ['//example.com', scheme, 'https://example.com'],
    ['https:example.com', slip, 'https://example.com'],
    ['https:/example.com', slip, 'https://example.com'],
    ['/example.com/', scheme],
    ['/example\\.com$/', 'contains a backslash'],
    ['[::1', scheme],
    ['1http://example.com', 'does not begin with a scheme'],
    ['://example.com', 'does not begin with a scheme'],
    ['*://example.com', schemeStar, 'https://example.com'],
    ['http*://example.com', schemeStar, 'https://example.com'],
    ['https://Example.com', upperCase, 'https://example.com'],
    ['HTTPS://EXAMPLE.COM/', upperCase, 'https://example.com'],
    ['capacitor://LOCALHOST', upperCase, 'capacitor://localhost'],
    ['ionic://Localhost:8100', upperCase, 'ionic://localhost:8100'],
    ['chrome-extension://ABCDEF', upperCase, 'chrome-extension://abcdef'],
    ['moz-extension://0F9E1B1E-5B3C', upperCase, 'moz-extension://0f9e1b1e-5b3c'],
    ['WSS://a.example', upperCase, 'wss://a.example'],
    ['App://Main', upperCase, 'app://Main'],
    ['app://./', slash, 'app://.'],
    ['app://Main/index.html', path, 'app://Main'],
    ['app://a^b', 'has the character ^ in its host'],
    ['app://', 'has no host'],
    ['http://[2001:DB8::1]', upperCase, 'http://[2001:db8::1]'],
    [
      'https://m\u00fcnchen.example',
      'contains characters outside ASCII; browsers send them encoded',
      'https://xn--mnchen-3ya.example',
    ],
    ['https://xn--f', 'has a host that no URL can have; its punycode (xn--) is not valid'],
    ['https://*.xn--f.example', 'has a host that no URL can have; its punycode (xn--) is not valid'],
    ['https://example.com:443', 'names the default port of https:, which browsers leave out', 'https://example.com'],
    ['http://example.com:80', 'names the default port of http:, which browsers leave out', 'http://example.com'],
    [
      'https://*.example.com:443',
      'names the default port of https:, which browsers leave out',
      'https://*.example.com',
    ],
    ['wss://example.com:443', 'names the default port of wss:, which browsers leave out', 'wss://example.com'],
    ['https://example.com:0', 'has port 0; ports are 1 to 65535'],
    ['https://example.com:00', 'has a port with a leading zero'],
    ['https://example.com:08443', 'has a port with a leading zero', 'https://example.com:8443'],
    ['https://example.com:65536', 'has a port above 65535'],
    ['https://example.com:123456', 'has a port above 65535'],
    ['https://example.com:', 'has a colon without a port', 'https://example.com'],
    ['http://127.0.0.1:', 'has a colon without a port', 'http://127.0.0.1'],
    ['http://[::1]:', 'has a colon without a port', 'http://[::1]'],
    ['https://example.com:abc', 'has a port that is not a number'],
    ['https://example.com:-1', 'has a port that is not a number'],
    [' https://example.com', 'begins with white space', 'https://example.com'],
    ['https://example.com ', 'ends with white space', 'https://example.com'],
    ['https://example.com\n', 'ends with white space', 'https://example.com'],
    ['https://exa mple.com', 'contains white space'],
    ['https://example.com\u0000', 'contains a control character', 'https://example.com'],
    ['https://exam\u007fple.com', 'contains a control character'],
    ['https://a.example,https://b.example', list, ['https://a.example', 'https://b.example']],
    ['https://a.example, b.example/', list, ['https://a.example', 'https://b.example']],
    ['https://a.example https://b.example', list, ['https://a.example', 'https://b.example']],
    ['https://a.example\nhttps://b.example', list, ['https://a.example', 'https://b.example']],
    ['a.example;b.example', list, ['https://a.example', 'https://b.example']],
    ['https://a.example,https://a.example/', list, 'https://a.example'],
    ['https://a.example,https://*', list, ['https://a.example', '*']],
    ['https://a.example,', 'has the character , in its host', 'https://a.example'],
    ['https://a!b.example', 'has the character ! in its host'],
    ['https://exa%6dple.com', 'has a percent sign in its host; browsers send hosts decoded', 'https://example.com'],
    ['file://', file],
    ['file://server', file],
    ['file:///index.html', file],
    ['FILE://', upperCase],
    ['data://x', 'has the scheme data:, whose pages send the origin null'],
    ['https://', 'has no host'],
    ['https:///example.com', 'has no host', 'https://example.com'],
    ['https://:8443', 'has no host'],
    ['http://127.1', ipv4, 'http://127.0.0.1'],
    ['http://2130706433', ipv4, 'http://127.0.0.1'],
    ['http://0x7f.0.0.1', ipv4, 'http://127.0.0.1'],
    ['http://0177.0.0.1', ipv4, 'http://127.0.0.1'],
    ['http://127.0.0.01:90', ipv4, 'http://127.0.0.1:90'],
    ['http://127.0.0.1.', 'has a trailing dot after its host', 'http://127.0.0.1'],
    ['http://127.0.0.256', ipv4],
    ['http://127.0.0.1.1', ipv4],
    ['http://foo.bar.255', ipv4],
    ['http://foo.0xff', ipv4],
    ['http://[0:0:0:0:0:0:0:1]', ipv6, 'http://[::1]'],
    ['http://[2001:0db8::1]:*', ipv6, 'http://[2001:db8::1]:*'],
    ['http://[example]', 'has an IPv6 address that is not written as browsers write it (RFC 5952)'],
    ['http://[]', ipv6],
    ['http://[::ffff:127.0.0.1]', mapped, 'http://127.0.0.1'],
    ['http://[::ffff:7f00:1]:90', mapped, 'http://127.0.0.1:90'],
    ['http://[fe80::1%25eth0]', 'has an IPv6 zone identifier, which browsers never send'],
    ['http://[fe80::1%eth2]:90', 'has an IPv6 zone identifier, which browsers never send'],
    ['http://[::1', 'has an opening bracket without its closing one'],
    ['http://[::1]a:90', 'has characters between its closing bracket and its port'],
    ['http://a[::1]', 'has a bracket inside its host'],
    ['http://::1', colons],
    ['http://a:1:2', colons],
    ['https://example..com', 'has an empty label in its host'],
    ['https://.example.com', leadingDot, 'https://*.example.com'],
    ['https://*..example.com', 'has an empty label in its host'],
    ['https://*.', 'has an empty label in its host'],
    ['https://example.com.', 'has a trailing dot after its host', 'https://example.com'],
    ['https://*.example.com.', 'has a trailing dot after its host', 'https://*.example.com'],
    [`https://${label64}.com`, 'has a label over 63 bytes in its host'],
    [`https://*.${label64}.com`, 'has a label over 63 bytes in its host'],
    [`https://${host254}`, 'has a host over 253 bytes'],
    [`https://*.${host252}`, 'has a host over 251 bytes'],
    [`${'s'.repeat(78)}://${host253}`, 'is over 330 bytes'],
    ['https://*', wholeHost, '*'],
    ['http://*', wholeHost, '*'],
    ['https://*:8443', wholeHost],
    ['http://*:*', wholeHost, '*'],
    ['*', 'has a star for a whole origin, which would allow every site'],
    [' *', 'has a star for a whole origin, which would allow every site'],
    ['https://a.*.example.com', misplaced],
    ['https://example.*', misplaced],
    ['https://app.pr-*.example.com', misplaced],
    ['https://*example.com', fewLabels, 'https://*.example.com'],
    ['https://*my-shop.com', fewLabels, 'https://*.my-shop.com'],
    ['*acme.co.uk', scheme, 'https://*.acme.co.uk'],
    ['*acme.vercel.app', scheme, 'https://*.acme.vercel.app'],
    ['*-acme.vercel.app', scheme, 'https://*-acme.vercel.app'],
    ['3000/', scheme],
    ['app', scheme],
    ['https://app-*.com', fewLabels],
    ['https://app-*.com:*', fewLabels],
    ['https://app-*.internal:8443', fewLabels],
    ['https://app-*', fewLabels],
    ['https://*a', fewLabels],
    ['https://xn--*.example.com', punycodeStar],
    ['https://xn--a*-b.example.com', punycodeStar],
    ['https://a*b*.example.com', 'has more than one star in its host'],
    ['https://*a*.example.com', 'has more than one star in its host'],
    ['https://a!*.example.com', 'has the character ! in its host'],
    ['https://a*..example.com', 'has an empty label in its host'],
    ['https://a*.example.com.', 'has a trailing dot after its host', 'https://a*.example.com'],
    ['https://A*.Example.com/', upperCase, 'https://a*.example.com'],
    ['a*.example.com', scheme, 'https://a*.example.com'],
    [
      'https://a*.example.com:443',
      'names the default port of https:, which browsers leave out',
      'https://a*.example.com',
    ],
    ['https://a*.xn--f.example', 'has a host that no URL can have; its punycode (xn--) is not valid'],
    [`https://${label63}*.example.com`, 'has a label over 63 bytes in its host'],
    [`https://a*.${host251}`, 'has a host over 250 bytes'],
    ['capacitor://app-*.example.com', 'has a star with the scheme capacitor:; stars are for http: and https:'],
    ['http://127.0.0.*', addressRange],
    ['http://10.*', addressRange],
    ['http://192.168.*.*:3000', addressRange],
    ['http://1*.0.0.1', overAddress],
    ['https://app-*.1', overAddress],
    ['https://app-*.0xff', overAddress],
    ['http://[*]', overAddress],
    ['http://[fe80::*]:3000', overAddress],
    ['https://**.example.com', 'has more than one star in its host', 'https://*.example.com'],
    ['https://*.*.example.com', 'has more than one star in its host', 'https://*.example.com'],
    ['https://*.a.*.com', 'has more than one star in its host'],
    ['https://example.com:80*', partOfPort, 'https://example.com:*'],
    ['https://example.com:**', partOfPort, 'https://example.com:*'],
    ['https://*.127.0.0.1', overAddress],
    ['https://*.0.0.1', overAddress],
    ['https://*.1', overAddress],
    ['https://*.[::1]', overAddress],
    ['https://*.[::1]:3000', overAddress],
    ['capacitor://*.example', 'has a star with the scheme capacitor:; stars are for http: and https:'],
    ['capacitor://localhost:*', 'has a star with the scheme capacitor:; stars are for http: and https:'],
    ['undefined', 'is a word, not an origin; was a variable left out?'],
    ['true', 'is a word, not an origin; was a variable left out?'],
    ['[object Object]', 'is a word, not an origin; was a variable left out?'],
    [undefined, 'is missing; an environment variable may not be set'],
    [null, 'is missing; leave it out or name an origin'],
    [1, 'is of type number; origins are strings'],
    [Number.NaN, 'is of type number; origins are strings'],
    [true, 'is of type boolean; origins are strings'],
    [{}, 'is of type object; origins are strings'],
    [Object('https://example.com'), 'is of type object; origins are strings'],
    [['https://example.com'], 'is a list inside the list; origins are strings'],
    [Symbol('https://example.com'), 'is of type symbol; origins are strings'],
    [() => true, 'is of type function; origins are strings'],
  ];

  const rows = faults.map(([value, reason, suggestion]) => {
    return { title: typeof value === 'string' ? JSON.stringify(value) : String(value), value, reason, suggestion };
  });

  it.each(rows)('says that $title $reason', ({ value, reason, suggestion }) => {
    const expected = suggestion === undefined ? { reason } : { reason, suggestion };
    expect(parseOriginPattern(value)).toEqual({ fault: { code: 'origin-invalid', ...expected } });
  });

  it.each(['null', 'NULL', ' null '])('reports %j as origin-null', (value) => {
    expect(parseOriginPattern(value).fault?.code).toBe('origin-null');
  });

  it('refuses a very long text without a suggestion', () => {
    expect(parseOriginPattern(`https://example.com/${'a'.repeat(5000)}`)).toEqual({
      fault: { code: 'origin-invalid', reason: path },
    });
  });
});

describe('a pattern', () => {
  const label = fc.stringMatching(/^[a-z0-9_-]{1,8}$/);
  const host = fc.oneof(
    fc.array(label, { minLength: 1, maxLength: 4 }).map((labels) => labels.join('.')),
    fc.constantFrom('127.0.0.1', '10.0.0.300', '[::1]', '[::2:0]', 'localhost', 'xn--mnchen-3ya.de'),
  );
  const port = fc.oneof(
    fc.constantFrom('', ':80', ':443', ':0', ':65535', ':65536'),
    fc.nat(70_000).map((n) => `:${n}`),
  );
  const scheme = fc.constantFrom('http', 'https', 'capacitor', 'app', 'ws');
  const text = fc
    .tuple(scheme, host, port, fc.constantFrom('', '', '', '', '/', '.', ' '))
    .map(([name, place, number, end]) => `${name}://${place}${number}${end}`);

  it('matches its own origin, and none that differs in scheme, host or port', () => {
    let accepted = 0;
    fc.assert(
      fc.property(text, text, scheme, host, port, (written, other, otherScheme, otherHost, otherPort) => {
        const { pattern } = parseOriginPattern(written);
        if (pattern === undefined) {
          return;
        }
        accepted++;
        const matcher = compileOrigins(written);
        if (matcher.kind !== 'static') {
          throw new Error('An exact origin is static.');
        }
        expect(isWellFormedOrigin(written)).toBe(true);
        expect(matcher.allows(written)).toBe(true);
        const end = pattern.port === '' ? '' : `:${pattern.port}`;
        const near = [
          other,
          `${otherScheme}://${pattern.host}${end}`,
          `${pattern.scheme}://${otherHost}${end}`,
          `${pattern.scheme}://${pattern.host}${otherPort}`,
          `${pattern.scheme}://a.${pattern.host}${end}`,
          `${pattern.scheme}://${pattern.host.slice(1)}${end}`,
          `${pattern.scheme}://a${pattern.host}${end}`,
          `${pattern.scheme}://${pattern.host}.evil.example${end}`,
          `${written}1`,
          `${written}.`,
          `${written}/`,
          written.slice(0, -1),
          written.toUpperCase(),
        ];
        for (const origin of near) {
          expect(matcher.allows(origin)).toBe(origin === written);
        }
      }),
      { numRuns: 1000 },
    );
    expect(accepted).toBeGreaterThan(200);
  });

  it('without a star is an origin that a request may carry, and the reverse', () => {
    let agreed = 0;
    const anyHost = fc.oneof(
      host,
      fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 6 }),
      fc.constantFrom('.', '..', 'A.b', 'a.', '*', '%20', '[::01]', '127.1', label64, host253, host254),
    );
    const anyScheme = fc.constantFrom(
      'http',
      'https',
      'ws',
      'wss',
      'ftp',
      'file',
      'data',
      'app',
      'App',
      'tauri',
      'x.y',
    );
    fc.assert(
      fc.property(anyScheme, anyHost, port, (name, place, number) => {
        const written = `${name}://${place}${number}`;
        const read = readOriginPattern(written);
        const exact = typeof read !== 'string' && !written.includes('*');
        // Two rules are only for configurations: valid punycode, and no IPv4-mapped IPv6 address.
        if (place.includes('xn--') || place.startsWith('[::ffff:')) {
          return;
        }
        if (exact) {
          agreed++;
        }
        expect([written, isWellFormedOrigin(written)]).toEqual([written, exact]);
      }),
      { numRuns: 5000 },
    );
    expect(agreed).toBeGreaterThan(500);
  });

  it('is suggested only if it is valid, and parsing never throws', () => {
    let suggested = 0;
    const wild = fc.oneof(
      text,
      fc.string({ unit: 'binary' }),
      fc.array(text).map((parts) => parts.join(',')),
      fc.tuple(text, fc.nat(30), fc.string()).map(([part, at, extra]) => part.slice(0, at) + extra + part.slice(at)),
    );
    fc.assert(
      fc.property(wild, (value) => {
        const { pattern, fault } = parseOriginPattern(value);
        expect(pattern === undefined).toBe(fault !== undefined);
        if (fault?.suggestion === undefined) {
          return;
        }
        suggested++;
        for (const one of [fault.suggestion].flat()) {
          if (one !== '*') {
            expect(parseOriginPattern(one).fault).toBeUndefined();
          }
        }
      }),
      { numRuns: 1000 },
    );
    expect(suggested).toBeGreaterThan(100);
  });
});
