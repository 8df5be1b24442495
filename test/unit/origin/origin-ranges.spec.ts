import fc from 'fast-check';
import { rangeSource } from '../../../src/origin/pattern/origin-ranges.js';

function matcher(text: string, secureOnly = false): (origin: string) => boolean {
  const source = rangeSource(text, secureOnly);
  if (source === undefined) {
    throw new Error(`${text} is no range.`);
  }
  const expression = new RegExp(source);
  return (origin) => expression.test(origin);
}

describe('rangeSource', () => {
  it.each<[text: string, matched: string[], others: string[]]>([
    [
      '10.0.0.0/8',
      ['http://10.0.0.1', 'http://10.255.3.4:3000'],
      [
        'http://11.0.0.1',
        'https://10.0.0.1',
        'http://10.0.0.evil.example',
        'http://10.example.com',
        'http://110.0.0.1',
      ],
    ],
    ['172.16.0.0/12', ['http://172.16.0.1', 'http://172.31.9.9:80'], ['http://172.15.0.1', 'http://172.32.0.1']],
    ['https://192.168.1.0/24', ['https://192.168.1.7:8443'], ['http://192.168.1.7', 'https://192.168.2.7']],
    [
      '192.168.1.77/26',
      ['http://192.168.1.64', 'http://192.168.1.127'],
      ['http://192.168.1.63', 'http://192.168.1.128'],
    ],
    [
      '192.168.*.*',
      ['http://192.168.0.1', 'http://192.168.4.5:3000'],
      ['http://192.169.0.1', 'http://192.168.a.example'],
    ],
    ['http://10.*', ['http://10.1.2.3'], ['http://10.example.com', 'http://10.1.2.3.example.com']],
    ['http://192.168.1.*:3000', ['http://192.168.1.9:3000'], ['http://192.168.1.9', 'http://192.168.1.9:30001']],
    [
      'https://app.*.example.com',
      ['https://app.eu.example.com'],
      [
        'https://app.example.com',
        'https://app.a.b.example.com',
        'https://app.eu.example.com.evil.example',
        'https://xapp.eu.example.com',
        'https://app.eu.example.com:1',
      ],
    ],
    [
      'https://app-*-*.example.com:*',
      ['https://app-a-b.example.com', 'https://app-a-b.example.com:8443'],
      ['https://app-a.example.com'],
    ],
    ['https://*.app-*.example.com', ['https://a.b.app-1.example.com'], ['https://app-1.example.com']],
    ['http://app.*.localhost:3000', ['http://app.a.localhost:3000'], ['http://app.localhost:3000']],
  ])('matches exactly the range %s', (text, matched, others) => {
    const matches = matcher(text);
    expect(matched.filter((origin) => !matches(origin))).toEqual([]);
    expect(others.filter((origin) => matches(origin))).toEqual([]);
  });

  it('matches only https: for a policy with credentials', () => {
    expect(matcher('10.0.0.0/8', true)('https://10.0.0.1')).toBe(true);
    expect(matcher('10.0.0.0/8', true)('http://10.0.0.1')).toBe(false);
  });

  it.each([
    'https://app.example.com',
    'https://example.*',
    'https://app.*.com',
    'https://app.*.co.uk',
    'https://app.*.vercel.app',
    'https://*.*',
    'https://app.*',
    '10.0.0.0/0',
    '10.0.0.0/32',
    '10.0.0.0/33',
    '10.0.0.256/8',
    'fd00::/8',
    'https://app.*.exa!mple.com',
    '',
  ])('returns undefined for %j, which is no range or covers hosts of strangers', (text) => {
    expect(rangeSource(text, false)).toBeUndefined();
  });

  it('matches exactly the addresses of a subnet', () => {
    const number = (octets: readonly number[]) => octets.reduce((sum, octet) => sum * 256 + octet, 0);
    const address = fc.tuple(fc.nat(255), fc.nat(255), fc.nat(255), fc.nat(255));
    fc.assert(
      fc.property(address, fc.integer({ min: 1, max: 31 }), address, fc.nat(32), (network, prefix, other, shared) => {
        const size = 2 ** (32 - prefix);
        const near = number(network) - (number(network) % 2 ** (32 - shared)) + (number(other) % 2 ** (32 - shared));
        const octets = [24, 16, 8, 0].map((shift) => Math.floor(near / 2 ** shift) % 256);
        const inside = Math.floor(near / size) === Math.floor(number(network) / size);
        expect(matcher(`${network.join('.')}/${prefix}`)(`http://${octets.join('.')}`)).toBe(inside);
      }),
      { numRuns: 1000 },
    );
  });
});
