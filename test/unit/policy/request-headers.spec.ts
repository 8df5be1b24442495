import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { CompiledPolicy } from '../../../src/policy/compiled-policy.js';
import {
  grantedRequestHeaders,
  MALFORMED,
  missingRequestHeaders,
  NOT_ALLOWED,
  readRequestHeaders,
} from '../../../src/policy/request-headers.js';
import { APP, compiled } from './compiled.js';

const LISTED = compiled({ origin: APP, allowedHeaders: ['X-A', 'x-bb', 'content-type'] });
const ANY = compiled({ origin: APP, allowedHeaders: ['*'] });
const ANY_WITH_CREDENTIALS = compiled({ origin: APP, allowedHeaders: ['*'], credentials: true });
const ANY_AND_AUTHORIZATION = compiled({ origin: APP, allowedHeaders: ['*', 'Authorization'] });

/** The rule in the slowest and plainest words. */
function model(policy: CompiledPolicy, value: string | undefined): string | number {
  const text = value ?? '';
  if (text.length > 1024) {
    return MALFORMED;
  }
  const elements = text === '' ? [] : text.split(',').map((element) => element.replace(/^[ \t]+|[ \t]+$/g, ''));
  let names = 0;
  let empty = 0;
  const cleaned: string[] = [];
  for (const element of elements) {
    if (element === '') {
      empty++;
    } else {
      names++;
    }
    if (empty > 16 || names > 64 || !/^[!#$%&'*+\-.^_`|~0-9A-Za-z]*$/.test(element)) {
      return MALFORMED;
    }
    const name = element.toLowerCase();
    const listed = policy.allowedHeaders.has(name);
    if (name !== '' && !listed && !(policy.anyHeader && (name !== 'authorization' || policy.credentials))) {
      return NOT_ALLOWED;
    }
    if (name !== '' && !cleaned.includes(name)) {
      cleaned.push(name);
    }
  }
  return cleaned.join(',');
}

describe('Access-Control-Request-Headers', () => {
  it.each<[string | undefined, string | number]>([
    [undefined, ''],
    ['', ''],
    [' ', ''],
    ['\t', ''],
    [',', ''],
    ['x-a', 'x-a'],
    ['X-A', 'x-a'],
    [' x-a ', 'x-a'],
    ['\tx-a\t', 'x-a'],
    ['x-a,x-bb', 'x-a,x-bb'],
    ['x-bb,x-a', 'x-bb,x-a'],
    ['x-a , x-bb', 'x-a,x-bb'],
    ['x-a,x-a', 'x-a'],
    ['x-a,X-A,x-bb,x-A', 'x-a,x-bb'],
    ['x-bb,,x-a', 'x-bb,x-a'],
    [',x-a,', 'x-a'],
    ['x-b', NOT_ALLOWED],
    ['x-a,x-b', NOT_ALLOWED],
    ['x-aa', NOT_ALLOWED],
    ['*', NOT_ALLOWED],
    ['x a', MALFORMED],
    ['x-a x-bb', MALFORMED],
    ['x-a;x-bb', MALFORMED],
    ['x-a\r\n', MALFORMED],
    ['x-a\n', MALFORMED],
    ['x-a\0', MALFORMED],
    ['x-\u00e4', MALFORMED],
    ['x-\u212a', MALFORMED],
    ['\u00a0x-a', MALFORMED],
    ['"x-a"', MALFORMED],
    ['x-a:', MALFORMED],
    ['x-b,x a', NOT_ALLOWED],
    ['x a,x-b', MALFORMED],
  ])('%j is read as %j', (value, expected) => {
    expect(readRequestHeaders(LISTED, value)).toBe(expected);
    expect(model(LISTED, value)).toBe(expected);
  });

  it.each([
    ['any', ANY, 'authorization', NOT_ALLOWED],
    ['any', ANY, 'AUTHORIZATION', NOT_ALLOWED],
    ['any', ANY, 'x-1,authorization2', 'x-1,authorization2'],
    ['any and authorization', ANY_AND_AUTHORIZATION, 'Authorization,x-1', 'authorization,x-1'],
    ['any with credentials', ANY_WITH_CREDENTIALS, 'Authorization,x-1', 'authorization,x-1'],
    ['any with credentials', ANY_WITH_CREDENTIALS, '*', '*'],
  ])('is read with %s allowed (case %#)', (_, policy, value, expected) => {
    expect(readRequestHeaders(policy, value)).toBe(expected);
  });

  const name = (length: number) => 'x'.repeat(length);
  const list = (names: number) => Array.from({ length: names }, (_, at) => `x${at}`);
  it.each([
    ['1024 bytes', name(1024), name(1024)],
    ['1025 bytes', name(1025), MALFORMED],
    ['1025 bytes, one of them blank', `${name(1024)} `, MALFORMED],
    ['64 names', list(64).join(','), list(64).join(',')],
    ['65 names', list(65).join(','), MALFORMED],
    ['the same name 64 times', Array(64).fill('x').join(), 'x'],
    ['the same name 65 times', Array(65).fill('x').join(), MALFORMED],
    ['16 empty elements', `${','.repeat(16)}x`, 'x'],
    ['17 empty elements', `${','.repeat(17)}x`, MALFORMED],
    ['16 empty elements and blanks', ` ,${'\t,'.repeat(15)}x`, 'x'],
    ['17 empty elements at the end', `x${','.repeat(17)}`, MALFORMED],
    ['64 names and 16 empty elements', `${','.repeat(16)}${list(64).join(',')}`, list(64).join(',')],
    ['1024 commas', ','.repeat(1024), MALFORMED],
    ['1024 blanks', ' '.repeat(1024), ''],
  ])('is read in bounds for %s', (_, value, expected) => {
    expect(readRequestHeaders(ANY_WITH_CREDENTIALS, value)).toBe(expected);
    expect(model(ANY_WITH_CREDENTIALS, value)).toBe(expected);
  });

  it('is read as a simple model reads it, whatever arrives', () => {
    const element = fc.oneof(
      fc.constantFrom('x-a', 'X-A', 'x-bb', 'x-b', 'b', 'bb', '', ' ', '\t', 'authorization', '*', 'x a', 'x\u00e9'),
      fc.string({ unit: 'binary-ascii', maxLength: 6 }),
    );
    const values = fc
      .array(fc.tuple(fc.constantFrom('', '', ' ', ' \t'), element, fc.constantFrom('', '', ' ')), { maxLength: 24 })
      .map((elements) => elements.map((parts) => parts.join('')).join(','));
    fc.assert(
      fc.property(fc.constantFrom(LISTED, ANY, ANY_WITH_CREDENTIALS), values, (policy, value) => {
        expect(readRequestHeaders(policy, value)).toBe(model(policy, value));
      }),
      { numRuns: 5_000 },
    );
  });
});

describe('the headers that an explanation grants', () => {
  it.each([
    ['', ''],
    ['x-a,x-c', 'x-a'],
    ['x-c', ''],
    [' X-BB ,, x-a,x-bb', 'x-bb,x-a'],
    ['x a', ''],
    ['x'.repeat(1025), ''],
    [`${','.repeat(100)}x-a`, ''],
  ])('for %j are %j', (value, expected) => {
    expect(grantedRequestHeaders(LISTED, value).join(',')).toBe(expected);
  });

  it('never contain a byte that no header name has', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (value) => {
        expect(grantedRequestHeaders(LISTED, `x-a,${value}`).join(',')).toMatch(/^x-a(,x-bb|,content-type)*$/);
      }),
    );
  });
});

describe('the headers that a policy does not allow', () => {
  const tracing = 'baggage,content-type,sentry-trace,traceparent';
  it.each<[CompiledPolicy, string | undefined, readonly string[]]>([
    [LISTED, undefined, []],
    [LISTED, 'x-a', []],
    [LISTED, tracing, ['baggage', 'sentry-trace', 'traceparent']],
    [LISTED, 'Z-Two, X-A,z-one ,,Z-TWO', ['z-two', 'z-one']],
    [LISTED, 'x-c, not a name, x-d', ['x-c', 'x-d']],
    [ANY, 'x-c,Authorization', ['authorization']],
    [ANY_AND_AUTHORIZATION, 'x-c,Authorization', []],
    [ANY_WITH_CREDENTIALS, 'x-c,Authorization', []],
    [LISTED, 'x'.repeat(1024), ['x'.repeat(1024)]],
    [LISTED, 'x'.repeat(1025), []],
  ])('are named, each once (%#)', (policy, value, missing) => {
    expect(missingRequestHeaders(policy, value)).toEqual(missing);
  });

  it('are at most 64', () => {
    expect(missingRequestHeaders(LISTED, Array.from({ length: 200 }, (_, at) => `x${at}`).join(','))).toHaveLength(64);
  });

  it('are the ones that a list must add to allow a well-formed request', () => {
    const names = fc.array(fc.constantFrom('X-A', 'x-bb', 'x-c', 'X-C', 'authorization', 'baggage'), { maxLength: 8 });
    fc.assert(
      fc.property(fc.constantFrom(LISTED, ANY, ANY_WITH_CREDENTIALS), names, (policy, requested) => {
        const value = requested.join(', ');
        const missing = missingRequestHeaders(policy, value);
        const completed = { ...policy, allowedHeaders: new Set([...policy.allowedHeaders, ...missing]) };
        expect(missing.length === 0).toBe(readRequestHeaders(policy, value) !== NOT_ALLOWED);
        expect(readRequestHeaders(completed, value)).not.toBe(NOT_ALLOWED);
      }),
    );
  });
});
