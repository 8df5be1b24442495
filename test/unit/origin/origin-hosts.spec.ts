import { endsInNumber, isLoopbackHost } from '../../../src/origin/grammar/origin-hosts.js';
import { hostOfLength } from './hosts.js';

describe('isLoopbackHost', () => {
  it.each(['localhost', 'app.localhost', 'a.b.localhost', '127.0.0.1', '127.0.0.0', '127.255.255.255', '[::1]'])(
    'is true for %s',
    (host) => {
      expect(isLoopbackHost(host)).toBe(true);
    },
  );

  it.each([
    'evillocalhost',
    'localhost.example',
    'localhost.',
    'localhosts',
    'Localhost',
    '127.1',
    '127.0.0.256',
    '127.0.0.1.example',
    '127.example.com',
    '128.0.0.1',
    '126.255.255.255',
    '0.0.0.0',
    '10.127.0.0.1',
    '::1',
    '[::]',
    '[::2]',
    '[::1',
    '[::ffff:7f00:1]',
    '',
  ])('is false for %j', (host) => {
    expect(isLoopbackHost(host)).toBe(false);
  });
});

describe('endsInNumber', () => {
  it.each(['1', '127.0.0.1', 'a.1', '0x', 'a.0xff', '00'])('is true for %s', (host) => {
    expect(endsInNumber(host)).toBe(true);
  });

  it.each(['a', '1a', '1.a', '0xg', 'x0', 'a.', ''])('is false for %j', (host) => {
    expect(endsInNumber(host)).toBe(false);
  });
});

describe('hostOfLength', () => {
  it.each([1, 63, 64, 65, 127, 128, 129, 251, 252, 253, 254])('creates a host of %i bytes', (length) => {
    const host = hostOfLength(length);
    expect(host).toHaveLength(length);
    expect(Math.max(...host.split('.').map((label) => label.length))).toBeLessThanOrEqual(63);
    expect(host.split('.')).not.toContain('');
  });
});
