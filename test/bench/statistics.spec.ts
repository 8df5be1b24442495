import { describe, expect, it } from '@jest/globals';
import { coverageOf, estimate, median, ratios } from '../../bench/statistics.js';

const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

describe('the median', () => {
  it.each([
    [[3], 3],
    [[9, 1, 5], 5],
    [[4, 1, 3, 2], 2.5],
    [[10, 9, 100], 10],
    [[-1, -10, 0], -1],
  ])('of %j is %d', (values, expected) => {
    expect(median(values)).toBe(expected);
  });

  it('keeps the order of its values', () => {
    const values = Object.freeze([3, 1, 2]);
    expect(median(values)).toBe(2);
  });

  it('of no values throws an error', () => {
    expect(() => median([])).toThrow(RangeError);
  });
});

describe('the interval of the median', () => {
  // Binomial tables: 1 - 2 * P(X < rank) for X ~ B(samples, 1/2).
  it.each([
    [5, 1, 0.9375],
    [6, 1, 0.96875],
    [8, 1, 0.9921875],
    [8, 2, 0.9296875],
    [9, 2, 0.9609375],
    [12, 3, 0.96142578125],
    [12, 4, 0.85400390625],
  ])('of %d samples between the values at rank %d covers %d', (samples, rank, coverage) => {
    expect(coverageOf(samples, rank)).toBe(coverage);
  });

  it.each([
    [1, 1, 1],
    [5, 1, 5],
    [8, 1, 8],
    [9, 2, 8],
    [12, 3, 10],
    [20, 6, 15],
  ])('of %d values is the narrowest with 95 %%: %d to %d', (samples, low, high) => {
    expect(estimate(upTo(samples).reverse())).toMatchObject({ low, high, samples });
  });

  it('has a coverage below 95 % for too few samples', () => {
    expect(estimate([1, 2, 3])).toEqual({ median: 2, low: 1, high: 3, coverage: 0.75, samples: 3 });
  });

  it('does not change with one extreme value', () => {
    expect(estimate([1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1_000])).toMatchObject({ median: 1, low: 1, high: 1 });
  });
});

describe('paired ratios', () => {
  it('are divided pair by pair', () => {
    expect(ratios([2, 9], [4, 3])).toEqual([0.5, 3]);
  });

  it('require two lists of the same length', () => {
    expect(() => ratios([1, 2], [1])).toThrow('2 values cannot be paired with 1.');
  });
});
