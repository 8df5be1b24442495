import { createRequire } from 'node:module';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { expressPathname } from '../../../src/http/express/express-pathname.js';

const require = createRequire(join(process.cwd(), 'package.json'));
/** The package with which Express's router reads paths. */
const parseurl = require('parseurl') as (request: { url: string }) => { pathname: string | null } | undefined;

function expressReading(url: string): string | undefined {
  try {
    return parseurl({ url })?.pathname ?? undefined;
  } catch {
    return undefined;
  }
}

describe('expressPathname', () => {
  it.each([
    ['/', '/'],
    ['/users', '/users'],
    ['/users?x=/y', '/users'],
    ['/users/?', '/users/'],
    ['/?', '/'],
    ['//users', '//users'],
    ['/users//', '/users//'],
    ['/users#x', '/users'],
    ['/users?x#y', '/users'],
    ['/%2F%zz', '/%2F%zz'],
    ['/users;x', '/users;x'],
    ['/\\users', '/\\users'],
    ['/a\\b#c', '/a/b'],
    ['/a\\b?c', '/a\\b'],
    ['/a\\b?c#d', '/a/b'],
    ["/o'neil?c#d", '/o%27neil'],
    ['/a?b\tc', '/a'],
    ['/caf\u00e9', '/caf\u00e9'],
    ['http://host/users?x', '/users'],
    ['http://host', '/'],
    ['HTTP://host:80/users', '/users'],
    ['https://user@host/users', '/users'],
    ['ftp://host/users', '/users'],
    ['//host/users', '//host/users'],
    ['host:80', undefined],
    ['*', '*'],
    ['', undefined],
    ['?x', undefined],
    ['users', 'users'],
    ['http://[::1/users', undefined],
  ])('reads the path of %j as %j', (url, expected) => {
    expect(expressReading(url)).toBe(expected);
    expect(expressPathname(url)).toBe(expected);
  });

  it('reads the same path as Express for any target', () => {
    const part = fc.constantFrom(
      '/',
      '//',
      'users',
      '?',
      '#',
      ' ',
      '\t',
      '\\',
      '%2e',
      '..',
      ';',
      ':',
      '@',
      'http://',
      'https://host',
      '[',
      ']',
      '*',
      '\u00a0',
      '\ufeff',
      '\u000c',
      'caf\u00e9',
      '"',
      '<',
      '{',
      '|',
      '^',
      '`',
      "'",
      'javascript:',
      ':80',
      '%',
    );
    const target = fc.oneof(
      fc.array(part, { maxLength: 7 }).map((parts) => parts.join('')),
      fc.array(part, { maxLength: 7 }).map((parts) => `/${parts.join('')}`),
      fc.string({ unit: 'binary-ascii', maxLength: 15 }).map((text) => `/${text}`),
    );
    fc.assert(
      fc.property(target, (url) => {
        expect({ url, path: expressPathname(url) }).toEqual({ url, path: expressReading(url) });
      }),
      { numRuns: 5_000 },
    );
  });
});
