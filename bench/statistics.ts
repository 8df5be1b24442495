/** A median and its confidence interval. */
export interface Estimate {
  readonly median: number;
  readonly low: number;
  readonly high: number;
  /** The confidence, 0 to 1, that the interval contains the true median. Below 0.95 with fewer than six samples. */
  readonly coverage: number;
  readonly samples: number;
}

/**
 * The middle of the sorted values, or the mean of the two middle ones.
 * @throws RangeError without values
 */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  const middle = sorted.length >> 1;
  const upper = sorted[middle];
  if (upper === undefined) {
    throw new RangeError('There is no median of nothing.');
  }
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] as number) + upper) / 2;
}

/**
 * The median and its interval by order statistics: the narrowest symmetric pair of sorted values that contains the
 * median with at least 95 %. Assumes no distribution of the values.
 */
export function estimate(values: readonly number[]): Estimate {
  const sorted = [...values].sort((one, other) => one - other);
  const samples = sorted.length;
  let rank = 1;
  while (rank + 1 <= samples / 2 && coverageOf(samples, rank + 1) >= 0.95) {
    rank++;
  }
  return {
    median: median(sorted),
    low: sorted[rank - 1] as number,
    high: sorted[samples - rank] as number,
    coverage: coverageOf(samples, rank),
    samples,
  };
}

/** The probability that the median is between the value at a rank and the value at the same rank from the end. */
export function coverageOf(samples: number, rank: number): number {
  let outside = 0;
  let combinations = 1;
  for (let below = 0; below < rank; below++) {
    outside += combinations;
    combinations = (combinations * (samples - below)) / (below + 1);
  }
  return 1 - (2 * outside) / 2 ** samples;
}

/** Divides pair by pair. */
export function ratios(values: readonly number[], bases: readonly number[]): number[] {
  return pairwise(values, bases, (value, base) => value / base);
}

/** Subtracts pair by pair. */
export function differences(values: readonly number[], bases: readonly number[]): number[] {
  return pairwise(values, bases, (value, base) => value - base);
}

function pairwise(
  values: readonly number[],
  bases: readonly number[],
  combine: (value: number, base: number) => number,
): number[] {
  if (values.length !== bases.length) {
    throw new RangeError(`${values.length} values cannot be paired with ${bases.length}.`);
  }
  return values.map((value, index) => combine(value, bases[index] as number));
}
