import fc from 'fast-check';
import { parseUrl } from '../../../src/browser/page-request.js';
import { isWellFormedOrigin, MAX_ORIGIN_LENGTH } from '../../../src/origin/grammar/origin-grammar.js';
import { hostOfLength } from './hosts.js';

const label63 = 'a'.repeat(63);
const label64 = 'a'.repeat(64);

describe('isWellFormedOrigin', () => {
  it.each([
    'https://example.com',
    'http://example.com',
    'https://a.b.c.example.com:8443',
    'http://localhost',
    'http://localhost:1',
    'http://localhost:65535',
    'http://localhost:443',
    'https://localhost:80',
    'https://intranet',
    'https://a-b.example',
    'https://-a.example',
    'https://a_b.example',
    'https://a--b.example',
    'https://xn--mnchen-3ya.example',
    'https://1.example',
    'https://1.2.3.example',
    'https://0xg',
    'https://a.0y',
    'http://127.0.0.1',
    'http://0.0.0.0:8080',
    'http://255.255.255.255',
    'http://[::1]',
    'http://[::1]:3000',
    'http://[::]',
    'http://[2001:db8::1]',
    'http://[1:2:3:4:5:6:7:8]',
    'http://[1::8]',
    'http://[1:0:3:4:5:6:7:8]',
    'http://[1:0:0:4::8]',
    'http://[1::4:0:0:8]',
    'http://[1::4:0:0:7:8]',
    'http://[1111:2222:3333:4444:5555:6666:7777:8888]',
    'http://[1111:2222:3333:4444:5555:6666:7777:8888]:65535',
    'http://[1:0:3::]',
    'http://[::ffff:7f00:1]',
    'capacitor://localhost',
    'tauri://localhost',
    'ionic://localhost:8100',
    'app://-',
    'app://obsidian.md',
    'chrome-extension://abcdefghijklmnopabcdefghijklmnop',
    'moz-extension://0f9e1b1e-5b3c-4a4d-8a6a-0123456789ab',
    'a+b.c-1://x',
    'capacitor://localhost:80',
    'app://.',
    'app://..',
    'app://a..b',
    'app://.:8080',
    'app://localhost.',
    'app://127.1',
    'app://example.1',
    'app://A_b~c',
    'app://main%20window',
    "app://!$&'(),;=",
    'app://[::1]:8080',
    'safari-web-extension://140BB581-7A4E-4C0B-9D0F-6C5B1A2E3F40',
    'vscode-webview://0F1mvu4k9',
    // No browser sends these in upper case, and a policy cannot list them. They match nothing.
    'capacitor://LOCALHOST',
    `app://${label64}`,
    `app://${'a'.repeat(MAX_ORIGIN_LENGTH - 6)}`,
    'ws://example.com:443',
    'wss://example.com:80',
    `https://${label63}.com`,
    `https://${hostOfLength(253)}`,
    `https://${hostOfLength(253)}:65535`,
  ])('accepts %s', (origin) => {
    expect(isWellFormedOrigin(origin)).toBe(true);
  });

  it.each([
    ['', 'empty'],
    ['null', 'the opaque origin'],
    ['undefined', 'a word'],
    ['__proto__', 'a property name'],
    ['*', 'a star'],
    ['invalid_origin', 'no scheme'],
    ['example.com', 'no scheme'],
    ['//example.com', 'no scheme'],
    ['://example.com', 'an empty scheme'],
    ['https', 'only a scheme'],
    ['https:', 'no slashes'],
    ['https:/', 'one slash'],
    ['https:/example.com', 'one slash'],
    ['https:example.com', 'no slash'],
    ['https://', 'no host'],
    ['https:///example.com', 'three slashes'],
    ['1http://example.com', 'a scheme that begins with a digit'],
    ['+http://example.com', 'a scheme that begins with a sign'],
    ['ht_tp://example.com', 'an underscore in the scheme'],
    ['HTTPS://example.com', 'an upper-case scheme'],
    ['httpS://example.com', 'an upper-case scheme'],
    ['https://Example.com', 'an upper-case host'],
    ['https://example.com/', 'a trailing slash'],
    ['https://example.com/path', 'a path'],
    ['https://example.com?q', 'a query'],
    ['https://example.com#f', 'a fragment'],
    ['https://example.com\\', 'a backslash'],
    ['https://evil.example\\.example.com', 'a backslash'],
    ['https://user@example.com', 'a user'],
    ['https://user:pass@example.com', 'a user with password'],
    ['https://example.com.', 'a trailing dot'],
    ['https://example.com.:8443', 'a trailing dot before the port'],
    ['https://.', 'only a dot'],
    ['https://.example.com', 'an empty first label'],
    ['https://example..com', 'an empty label'],
    ['https://exa%6dple.com', 'a percent sign'],
    ['https://exa mple.com', 'a space'],
    [' https://example.com', 'a leading space'],
    ['https://example.com ', 'a trailing space'],
    ['https://example.com\t', 'a tab'],
    ['https://example.com\n', 'a line feed'],
    ['https://example.com\r\nx: y', 'a line break'],
    ['https://example.com\u0000', 'a NUL'],
    ['https://m\u00fcnchen.example', 'a letter outside ASCII'],
    ['https://example\u3002com', 'an ideographic full stop'],
    ['https://\u212a.example', 'a Kelvin sign'],
    ['https://a.example,https://a.example', 'a list'],
    ['https://a.example https://b.example', 'a list'],
    ['https://*.example.com', 'a star'],
    ['https://example.com:', 'a colon without port'],
    ['https://example.com:0', 'port 0'],
    ['https://example.com:00', 'port 00'],
    ['https://example.com:08443', 'a leading zero'],
    ['https://example.com:65536', 'a port above 65535'],
    ['https://example.com:99999', 'a port above 65535'],
    ['https://example.com:100000', 'six digits'],
    ['https://example.com:8443a', 'letters in the port'],
    ['https://example.com:-1', 'a sign in the port'],
    ['https://example.com:80:80', 'two ports'],
    ['http://localhost:80@evil.example', 'a port that ends in a host'],
    ['https://example.com:443', 'the default port of https'],
    ['http://example.com:80', 'the default port of http'],
    ['wss://example.com:443', 'the default port of wss'],
    ['ws://example.com:80', 'the default port of ws'],
    ['ftp://example.com:21', 'the default port of ftp'],
    ['http://[::1]:80', 'the default port after an IPv6 address'],
    ['file://', 'no host'],
    ['file://server', 'a scheme whose pages send null'],
    ['data://x', 'a scheme whose pages send null'],
    ['blob://x', 'a scheme whose pages send null'],
    ['about://blank', 'a scheme whose pages send null'],
    ['javascript://x', 'a scheme whose pages send null'],
    ['app://', 'no host'],
    ['app://:8080', 'no host before a port'],
    ['APP://.', 'an upper-case scheme'],
    ['app://./', 'a trailing slash'],
    ['app://a:', 'a colon without port'],
    ['app://a:0', 'port 0'],
    ['app://a:b', 'letters in the port'],
    ['app://*', 'a star'],
    ['app://a b', 'a space'],
    ['app://a\tb', 'a tab'],
    ['app://a\u0000', 'a NUL'],
    ['app://a\u007f', 'a DEL'],
    ['app://m\u00fcnchen', 'a letter outside ASCII'],
    ['app://a<b', 'a forbidden host code point'],
    ['app://a>b', 'a forbidden host code point'],
    ['app://a^b', 'a forbidden host code point'],
    ['app://a|b', 'a forbidden host code point'],
    ['app://a\\b', 'a forbidden host code point'],
    ['app://a[b', 'a forbidden host code point'],
    ['app://a]b', 'a forbidden host code point'],
    ['app://a@b', 'a forbidden host code point'],
    ['app://[::01]', 'an IPv6 address with a leading zero'],
    ['app://[a]', 'brackets without an address'],
    [`app://${'a'.repeat(MAX_ORIGIN_LENGTH - 5)}`, 'over 330 bytes'],
    ['ws://A', 'upper case with ws'],
    ['wss://a.', 'a trailing dot with wss'],
    ['ftp://127.1', 'a short IPv4 address with ftp'],
    [`https://${label64}.com`, 'a label of 64'],
    [`https://com.${label64}`, 'a last label of 64'],
    [`https://${label64}:1`, 'a label of 64 before a port'],
    [`https://${hostOfLength(254)}`, 'a host of 254'],
    [`https://${hostOfLength(254)}:1`, 'a host of 254 before a port'],
    ['http://127.1', 'a short IPv4 address'],
    ['http://127.0.1', 'a short IPv4 address'],
    ['http://2130706433', 'an IPv4 address in one number'],
    ['http://127.0.0.01', 'an octal IPv4 number'],
    ['http://127.0.0.00', 'an octal zero'],
    ['http://0x7f.0.0.1', 'a hexadecimal IPv4 number'],
    ['http://127.0.0.0x1', 'a hexadecimal last number'],
    ['http://a.0x', 'an empty hexadecimal last number'],
    ['http://127.0.0.256', 'an IPv4 number above 255'],
    ['http://127.0.0.1.1', 'five IPv4 numbers'],
    ['http://127.0..1', 'an empty IPv4 number'],
    ['https://example.1', 'a host that ends in a number'],
    ['http://[]', 'an empty address'],
    ['http://[:]', 'a colon for an address'],
    ['http://[:::]', 'three colons'],
    ['http://[::1', 'no closing bracket'],
    ['http://::1', 'no brackets'],
    ['http://[::1]]', 'two closing brackets'],
    ['http://[::1]3000', 'no colon before the port'],
    ['http://[::1].example', 'a name after the address'],
    ['http://a[::1]', 'a name before the address'],
    ['http://[1:2:3:4:5:6:7]', 'seven pieces'],
    ['http://[1:2:3:4:5:6:7:8:9]', 'nine pieces'],
    ['http://[1:2:3:4:5:6:7::]', 'a gap for one piece'],
    ['http://[1:2:3::5:6:7:8]', 'a gap for one piece'],
    ['http://[1::2::3]', 'two gaps'],
    ['http://[0:0:0:0:0:0:0:1]', 'no gap'],
    ['http://[1:0:0:4:5:6:7:8]', 'two zeros without gap'],
    ['http://[::0]', 'a zero beside the gap'],
    ['http://[0::1]', 'a zero beside the gap'],
    ['http://[1::0:8]', 'a zero beside the gap'],
    ['http://[1:0::8]', 'a zero beside the gap'],
    ['http://[1:0:0:0:5::8]', 'the shorter run in the gap'],
    ['http://[1::4:0:0:0:8]', 'the shorter run in the gap'],
    ['http://[1::2:]', 'a trailing colon after a gap'],
    ['http://[1111:2222:3333:4444:5555:6666:7777:88888]', 'five digits at the end'],
    ['http://[1:0:0:4:5::8]', 'the second of two equal runs in the gap'],
    ['http://[::01]', 'a leading zero'],
    ['http://[::00]', 'a zero of two digits'],
    ['http://[::12345]', 'five digits'],
    ['http://[::G]', 'no hexadecimal digit'],
    ['http://[::A]', 'upper case'],
    ['http://[::ffff:127.0.0.1]', 'a dotted IPv4-mapped address'],
    ['http://[1:2:3:4:5:6:7:]', 'a trailing colon'],
    ['http://[:1:2:3:4:5:6:7]', 'a leading colon'],
    ['http://[fe80::1%25eth0]', 'a zone identifier'],
    ['http://[fe80::1%eth0]', 'a zone identifier'],
  ])('refuses %j: %s', (text) => {
    expect(isWellFormedOrigin(text)).toBe(false);
  });

  it('accepts 330 bytes, and refuses 331', () => {
    const rest = `://${hostOfLength(253)}:65535`;
    const longest = `${'s'.repeat(MAX_ORIGIN_LENGTH - rest.length)}${rest}`;
    expect(longest).toHaveLength(330);
    expect(isWellFormedOrigin(longest)).toBe(true);
    expect(isWellFormedOrigin(`s${longest}`)).toBe(false);
  });

  it('refuses long texts without reading a character', () => {
    const touched: string[] = [];
    const text = new Proxy(Object(`https://${'a-'.repeat(7500)}`) as object, {
      get: (_target, property) => {
        touched.push(String(property));
        return property === 'length' ? 15_008 : undefined;
      },
    });
    expect(isWellFormedOrigin(text as unknown as string)).toBe(false);
    expect(touched).toEqual(['length']);
  });

  it.each([
    `https://${'a'.repeat(15_000)}`,
    `https://${'a.'.repeat(7500)}example.com`,
    `https://${'a-'.repeat(7500)}!`,
    `${'a'.repeat(15_000)}://b`,
    `http://[${':'.repeat(15_000)}]`,
    `http://a:${'1'.repeat(15_000)}`,
    ' '.repeat(15_000),
  ])('refuses 15 KB', (text) => {
    expect(isWellFormedOrigin(text)).toBe(false);
  });

  it('never throws', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (text) => {
        expect(typeof isWellFormedOrigin(text)).toBe('boolean');
      }),
      { numRuns: 2000 },
    );
  });
});

describe('isWellFormedOrigin and the URL parser', () => {
  // URLs also allow port 0, empty labels, long names, and characters that no host has in practice.
  const isOrdinary = (text: string) => {
    const host = text.replace(/^https?:\/\//, '').replace(/:\d*$/, '');
    return /^(\[[0-9a-f:]*\]|[a-z0-9_.-]+)$/.test(host) && host.split('.').every((label) => label !== '');
  };
  const originOfUrl = (text: string) => {
    try {
      return new URL(text).origin;
    } catch {
      return undefined;
    }
  };
  const number = fc.oneof(fc.nat(300).map(String), fc.constantFrom('0x7f', '00', '01', '0x', ''));
  const piece = fc.constantFrom('0', '0', '0', '0', '1', 'ab', 'ffff', '01', '12345', '');
  const host = fc.oneof(
    fc.array(fc.constantFrom('a', 'b-c', 'example', '1', '0x1', 'x_y', '', 'A'), { minLength: 1, maxLength: 5 }),
    fc.array(number, { minLength: 1, maxLength: 5 }),
  );
  const anyHost = fc.oneof(
    host.map((labels) => labels.join('.')),
    fc.array(piece, { minLength: 2, maxLength: 9 }).map((pieces) => `[${pieces.join(':')}]`),
    fc.ipV6().map((address) => `[${address}]`),
    fc.ipV6().map((address) => originOfUrl(`http://[${address}]`)?.slice(7) ?? 'x'),
    fc.domain(),
  );
  const port = fc.oneof(
    fc.constantFrom('', ':', ':80', ':443', ':0', ':080', ':65535', ':65536'),
    fc.nat(70_000).map((value) => `:${value}`),
  );
  const written = fc
    .tuple(fc.constantFrom('http', 'https'), anyHost, port)
    .map(([scheme, name, end]) => `${scheme}://${name}${end}`);
  const mutated = fc.oneof(
    written,
    fc
      .tuple(
        written,
        fc.nat(60),
        fc.constantFrom('.', ':', '/', '0', 'a', '@', '%', '[', ']', '-', 'Z', ' '),
        fc.nat(1),
      )
      .map(([text, at, character, removed]) => text.slice(0, at) + character + text.slice(at + removed)),
  );

  it('accepts an opaque host exactly where the URL parser keeps it unchanged', () => {
    let accepted = 0;
    let refused = 0;
    const opaqueHost = fc.oneof(
      fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 8 }),
      fc.string({ unit: 'binary', minLength: 1, maxLength: 3 }),
      fc.constantFrom('.', '..', 'A.b', '127.1', '%', '%zz', '%2F', '[::1]', '[::01]', 'a]'),
    );
    fc.assert(
      fc.property(fc.constantFrom('app', 'tauri', 'x-y', 'httpx', 'wsx'), opaqueHost, port, (scheme, name, end) => {
        const text = `${scheme}://${name}${end}`;
        // The star is for patterns, and URLs allow port 0.
        if (name.includes('*') || end === ':0' || text.includes('::ffff:')) {
          return;
        }
        const url = parseUrl(text);
        const expected = url !== undefined && url.host !== '' && `${url.protocol}//${url.host}` === text;
        if (expected) {
          accepted++;
        } else {
          refused++;
        }
        expect([text, isWellFormedOrigin(text)]).toEqual([text, expected]);
      }),
      { numRuns: 5000 },
    );
    expect(accepted).toBeGreaterThan(500);
    expect(refused).toBeGreaterThan(500);
  });

  it('accepts only origins that the URL parser keeps unchanged', () => {
    let accepted = 0;
    fc.assert(
      fc.property(mutated, (text) => {
        if (!isWellFormedOrigin(text) || !/^https?:/.test(text) || text.includes('xn--')) {
          return;
        }
        accepted++;
        expect(originOfUrl(text)).toBe(text);
      }),
      { numRuns: 5000 },
    );
    expect(accepted).toBeGreaterThan(500);
  });

  it('accepts every ordinary origin that the URL parser keeps unchanged', () => {
    let accepted = 0;
    let refused = 0;
    fc.assert(
      fc.property(mutated, (text) => {
        if (!/^https?:\/\//.test(text) || text.endsWith(':0') || !isOrdinary(text)) {
          return;
        }
        const expected = originOfUrl(text) === text;
        if (expected) {
          accepted++;
        } else {
          refused++;
        }
        expect(isWellFormedOrigin(text)).toBe(expected);
      }),
      { numRuns: 5000 },
    );
    expect(accepted).toBeGreaterThan(500);
    expect(refused).toBeGreaterThan(300);
  });
});
