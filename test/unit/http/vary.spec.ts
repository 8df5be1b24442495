import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { mergeVary } from '../../../src/http/head/vary.js';

const ORIGIN = ['Origin'];
const PREFLIGHT = ['Origin', 'Access-Control-Request-Method', 'Access-Control-Request-Headers'];

describe('mergeVary', () => {
  it.each<[unknown, readonly string[], unknown]>([
    [undefined, [], undefined],
    ['Accept', [], 'Accept'],
    [undefined, ORIGIN, 'Origin'],
    ['', ORIGIN, 'Origin'],
    [' ', ORIGIN, 'Origin'],
    [undefined, PREFLIGHT, PREFLIGHT.join(', ')],
    ['', PREFLIGHT, PREFLIGHT.join(', ')],
    ['Origin', ORIGIN, 'Origin'],
    ['origin', ORIGIN, 'origin'],
    ['ORIGIN', ORIGIN, 'ORIGIN'],
    [' Origin ', ORIGIN, ' Origin '],
    ['Accept', ORIGIN, 'Accept, Origin'],
    ['Accept,Cookie', ORIGIN, 'Accept,Cookie, Origin'],
    ['Accept, origin', ORIGIN, 'Accept, origin'],
    ['Original', ORIGIN, 'Original, Origin'],
    ['X-Origin', ORIGIN, 'X-Origin, Origin'],
    ['Origin-X', ORIGIN, 'Origin-X, Origin'],
    ['Origin', PREFLIGHT, 'Origin, Access-Control-Request-Method, Access-Control-Request-Headers'],
    [
      'Access-Control-Request-Method',
      PREFLIGHT,
      'Access-Control-Request-Method, Origin, Access-Control-Request-Headers',
    ],
    ['*', ORIGIN, '*'],
    ['*', PREFLIGHT, '*'],
    ['Accept, *', ORIGIN, 'Accept, *'],
    ['**', ORIGIN, '**, Origin'],
    [['Accept', 'Cookie'], ORIGIN, 'Accept, Cookie, Origin'],
    [['Accept', 'Origin'], ORIGIN, ['Accept', 'Origin']],
    [['Accept, origin'], ORIGIN, ['Accept, origin']],
    [['*'], ORIGIN, ['*']],
    [[], ORIGIN, 'Origin'],
    [5, ORIGIN, '5, Origin'],
  ])('merges %j and %j into %j', (value, names, expected) => {
    expect(mergeVary(value, names)).toEqual(expected);
  });

  it('returns the same list if it has all names, and never changes it', () => {
    const list = Object.freeze(['Accept', 'Origin']);
    expect(mergeVary(list, ORIGIN)).toBe(list);
    const missing = Object.freeze(['Accept']);
    expect(mergeVary(missing, ORIGIN)).toBe('Accept, Origin');
    expect(missing).toEqual(['Accept']);
  });

  it('returns the union of both, which a second merge does not change', () => {
    const name = fc.constantFrom('Accept', 'origin', 'Cookie', 'X-Origin', 'ACCESS-CONTROL-REQUEST-METHOD');
    const set = (value: unknown) =>
      new Set(
        String(value)
          .toLowerCase()
          .split(',')
          .map((one) => one.trim()),
      );
    fc.assert(
      fc.property(
        fc.array(name, { minLength: 1, maxLength: 5 }),
        fc.constantFrom(ORIGIN, PREFLIGHT),
        (names, added) => {
          const merged = mergeVary(names.join(', '), added);
          expect(set(merged)).toEqual(new Set([...set(names.join(',')), ...added.map((one) => one.toLowerCase())]));
          expect(mergeVary(merged, added)).toBe(merged);
        },
      ),
    );
  });
});
