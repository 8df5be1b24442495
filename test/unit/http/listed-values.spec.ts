import { describe, expect, it } from '@jest/globals';
import { listedValues } from '../../../src/http/fastify/listed-values.js';

type Matches = (registered: never, value: string) => boolean;

/** A strategy whose storage compares registered values with `matches`. */
function strategyOf(matches: Matches) {
  return {
    storage: () => {
      const routes: [unknown, number][] = [];
      return {
        get: (value: unknown) => routes.find(([registered]) => matches(registered as never, value as string))?.[1],
        set: (registered: unknown, route: number) => routes.push([registered, route]),
      };
    },
  };
}

const equal = strategyOf((registered: unknown, value) => registered === value);
const oneOf = strategyOf((registered: string[], value) => registered.includes(value));
const symbol = Symbol('neutral');

describe('listedValues', () => {
  it.each([
    ['a text', 'a', ['a']],
    ['an empty text', '', ['']],
    ['a number', 7, [7]],
    ['a symbol', symbol, [symbol]],
  ])('lists %s that a route names', (_, value, values) => {
    expect(listedValues(equal, value)).toEqual(values);
  });

  it('lists all entries of a list if the storage accepts a list', () => {
    expect(listedValues(oneOf, ['a', 'b'])).toEqual(['a', 'b']);
    expect(listedValues(equal, ['a', 'b'])).toBeUndefined();
  });

  it('lists a value if the storage ignores case', () => {
    expect(
      listedValues(
        strategyOf((one: string, value) => one.toLowerCase() === value.toLowerCase()),
        'A',
      ),
    ).toEqual(['A']);
  });

  it.each<[string, Matches, unknown]>([
    ['an expression', (one: RegExp, value) => one.test(value), /^a/],
    ['an expression as text', (one: string, value) => new RegExp(one).test(value), '^a$'],
    ['an expression that matches itself', (one: string, value) => new RegExp(one).test(value), 'a.*'],
    ['a prefix', (one: string, value) => value.startsWith(one), 'a'],
    ['a suffix', (one: string, value) => value.endsWith(one), 'a'],
    ['a part', (one: string, value) => value.includes(one), 'a'],
    ['everything', () => true, '*'],
    ['a major version', (one: string, value) => value === one || value.startsWith(`${one}.`), '2'],
    [
      'a range that matches itself',
      (one: string, value) => new RegExp(`^${one.replace('x', '[\\dx]')}$`).test(value),
      '2.x',
    ],
    ['a function', (one: (value: string) => boolean, value) => one(value), () => true],
    ['null', (one: unknown, value) => one === value, null],
    ['a value that the storage does not find', () => false, 'a'],
  ])('does not list %s', (_, matches, value) => {
    expect(listedValues(strategyOf(matches), value)).toBeUndefined();
  });

  it('lists no value if the storage throws', () => {
    const throwing = strategyOf(() => {
      throw new Error('expected');
    });
    expect(listedValues(throwing, 'a')).toBeUndefined();
  });
});
