import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isToken, isTokenCode } from '../../../src/policy/http-token.js';
import {
  isForbiddenMethod,
  isRequestableMethod,
  isSafelistedMethod,
  normalizeMethod,
} from '../../../src/policy/methods.js';

const mixedCase = (word: string) =>
  fc
    .array(fc.boolean(), { minLength: word.length, maxLength: word.length })
    .map((upper) => [...word].map((letter, at) => (upper[at] ? letter.toUpperCase() : letter.toLowerCase())).join(''));

describe('a method', () => {
  it.each(['DELETE', 'GET', 'HEAD', 'OPTIONS', 'POST', 'PUT'])(
    '%s is sent in upper case, however it is written',
    (method) => {
      fc.assert(
        fc.property(mixedCase(method), (written) => {
          expect(normalizeMethod(written)).toBe(method);
          expect(isRequestableMethod(written)).toBe(written === method);
        }),
      );
    },
  );

  it.each(['PATCH', 'patch', 'Patch', 'QUERY', 'query', 'gets', 'ge', 'PUTT', ''])(
    '%j is sent as it is written',
    (method) => {
      expect(normalizeMethod(method)).toBe(method);
    },
  );

  it.each(['TRACE', 'TRACK', 'CONNECT'])('%s is forbidden in any case', (method) => {
    fc.assert(
      fc.property(mixedCase(method), (written) => {
        expect([isForbiddenMethod(written), isRequestableMethod(written)]).toEqual([true, false]);
      }),
    );
  });

  it.each(['TRAC', 'TRACES', 'TRACER', 'CONNECTS', 'CONECT', 'PATCH', 'OPTIONS', '', 'trac\u212a', ' TRACE', 'TRACE '])(
    '%j is not forbidden',
    (method) => {
      expect(isForbiddenMethod(method)).toBe(false);
    },
  );

  it.each([
    ['GET', true],
    ['HEAD', true],
    ['POST', true],
    ['get', false],
    ['PUT', false],
    ['OPTIONS', false],
    ['', false],
  ])('%j is safelisted: %s', (method, expected) => {
    expect(isSafelistedMethod(method)).toBe(expected);
  });

  it.each([
    ['PATCH', true],
    ['patch', true],
    ["!#$%&'*+-.^_`|~09", true],
    ['A'.repeat(64), true],
    ['A'.repeat(65), false],
    ['', false],
    ['A B', false],
    ['GET,POST', false],
    ['GET\r\nX: y', false],
    ['G\u00c9T', false],
  ])('%j can be requested by a browser: %s', (method, expected) => {
    expect(isRequestableMethod(method)).toBe(expected);
  });
});

describe('a token', () => {
  it('has only the characters that the standard lists', () => {
    for (let code = 0; code < 70_000; code++) {
      const expected = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]$/.test(String.fromCodePoint(code));
      if (isTokenCode(code) !== expected) {
        expect({ code, token: isTokenCode(code) }).toEqual({ code, token: expected });
      }
    }
    expect([isToken(''), isToken('a'), isToken('a b'), isToken('ab\u0000')]).toEqual([false, true, false, false]);
  });
});
