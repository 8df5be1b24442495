import { quoteValue } from '../../../../src/validation/problems/quote-value.js';
import { quoteName, sourceText } from '../../../../src/validation/problems/source-text.js';

class Instance {
  name = 'x';
}
const revoked = Proxy.revocable({}, {});
revoked.revoke();

it.each<[unknown, string]>([
  ['plain', "'plain'"],
  ["it's \\ here", "'it\\'s \\\\ here'"],
  ['line\r\nbreak\ttab', "'line\\r\\nbreak\\ttab'"],
  ['\u001b[31m\u202e\u2028\u0130\u{1f600}', "'\\u001b[31m\\u202e\\u2028\\u0130\\ud83d\\ude00'"],
  ['', "''"],
  [5, '5'],
  [-0, '-0'],
  [Number.NaN, 'NaN'],
  [5n, '5n'],
  [null, 'null'],
  [undefined, 'undefined'],
  [true, 'true'],
  [Symbol('a\nb'), 'Symbol(a\\nb)'],
  [Symbol(), 'Symbol()'],
  [function named() {}, 'function named'],
  [
    (
      () => () =>
        1
    )(),
    'a function',
  ],
  [Instance, 'class Instance'],
  [class {}, 'a class'],
  [/a\n\u00e9/g, '/a\\n\\u00e9/g'],
  [Promise.resolve(), 'an instance of Promise'],
  [new Map([[1, 2]]), 'an instance of Map'],
  [new URL('https://app.example.com'), 'an instance of URL'],
  [Object.create(null), '{}'],
  [[1, 'a', undefined], "[1, 'a', undefined]"],
  [new Instance(), 'an instance of Instance'],
  [{}, '{}'],
  [{ 'a b': { c: { d: 1 }, e: [[1]] } }, "{ 'a b': { c: {...}, e: [...] } }"],
  [revoked.proxy, 'an unreadable value'],
])('quoteValue shows value %# as %s', (value, text) => {
  expect(quoteValue(value)).toBe(text);
});

it('quoteValue cuts at 120 characters', () => {
  for (const value of ['x'.repeat(1e6), Array(1e6).fill('x'), '\n'.repeat(500), 10n ** 500n]) {
    expect(quoteValue(value).length).toBeLessThanOrEqual(120);
  }
  expect(quoteValue('x'.repeat(117))).toHaveLength(119);
  expect(quoteValue('x'.repeat(130))).toMatch(/\.\.\.$/);
  expect(quoteValue(Array(13).fill(1))).toMatch(/, \.\.\.\]$/);
  const many = Object.fromEntries(Array.from({ length: 13 }, (_, index) => [`k${index}`, 1]));
  expect(quoteValue(many)).toMatch(/, \.\.\. \}$/);
});

it('quoteValue calls no code of the user', () => {
  const hostile = {
    get getter() {
      throw new Error('called');
    },
    toString() {
      throw new Error('called');
    },
    toJSON() {
      throw new Error('called');
    },
  };
  expect(quoteValue(hostile)).toBe('{ getter: a getter, toString: function toString, toJSON: function toJSON }');
  const unnamed = Object.defineProperty(() => 1, 'name', {
    get() {
      throw new Error('called');
    },
  });
  expect(quoteValue(unnamed)).toBe('a function');
});

it('quoteValue shows a hole as undefined, and ends at a cycle', () => {
  const cycle: unknown[] = [];
  cycle.push(cycle);
  expect(quoteValue(cycle)).toBe('[[[...]]]');
  expect(quoteValue(new Array(2))).toBe('[undefined, undefined]');
});

it('quoteName quotes names that are no identifiers', () => {
  expect(['maxAge', 'max-age', '$a', '1a', 'a\n'].map(quoteName)).toEqual([
    'maxAge',
    "'max-age'",
    '$a',
    "'1a'",
    "'a\\n'",
  ]);
});

it('sourceText can be pasted', () => {
  expect(sourceText(['a', "b'c", 1, true])).toBe("['a', 'b\\'c', 1, true]");
  expect(sourceText(['`'])).toBe("['\\u0060']");
});
