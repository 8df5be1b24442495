import fc from 'fast-check';
import { closestName, editDistance, plain } from '../../../../src/validation/remedies/closest-name.js';

it.each([
  ['', '', 0],
  ['abc', 'abc', 0],
  ['abc', '', 3],
  ['', 'ab', 2],
  ['abc', 'abd', 1],
  ['abc', 'acb', 1],
  ['abc', 'ab', 1],
  ['kitten', 'sitting', 3],
  ['maxaeg', 'maxage', 1],
])('the edit distance from %j to %j is %i', (from, to, distance) => {
  expect(editDistance(from, to)).toBe(distance);
  expect(editDistance(to, from)).toBe(distance);
});

it('the edit distance is zero for equal texts only, and at most the length of the longer text', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 12 }), fc.string({ maxLength: 12 }), (from, to) => {
      const distance = editDistance(from, to);
      expect(distance === 0).toBe(from === to);
      expect(distance).toBeLessThanOrEqual(Math.max(from.length, to.length));
      expect(distance).toBeGreaterThanOrEqual(Math.abs(from.length - to.length));
    }),
  );
});

it.each([
  ['maxAge', 'maxAge'],
  ['MAX_AGE', 'maxAge'],
  ['orgin', 'origin'],
  ['originn', 'origin'],
  ['oirgn', 'origin'],
  ['banana', undefined],
  ['', undefined],
  ['o'.repeat(65), undefined],
])('the closest name to %j is %j', (name, meant) => {
  expect(closestName(name, ['origin', 'methods', 'maxAge', 'enforce'])).toBe(meant);
});

it('the closest name wins over the first similar one', () => {
  expect(closestName('exposedHeader', ['allowedHeaders', 'exposedHeaders'])).toBe('exposedHeaders');
});

it('plain removes separators and letter case', () => {
  expect(['max_age', 'Max-Age', 'max age', 'max.age'].map(plain)).toEqual(Array(4).fill('maxage'));
});
