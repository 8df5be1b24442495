/** Random values that a seed repeats exactly. */
export class Random {
  #state: number;
  readonly seed: number;

  /** @param seed a whole number from 0 to 4294967295 */
  constructor(seed: number) {
    this.seed = seed;
    this.#state = seed >>> 0;
  }

  /** A number from 0 up to 1. Mulberry32, a public-domain generator of 32 bits. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = this.#state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  /** A whole number from 0 up to, and without, a bound. */
  below(bound: number): number {
    return Math.floor(this.next() * bound);
  }

  /** True once in this many times on average. */
  oneIn(times: number): boolean {
    return this.below(times) === 0;
  }

  pick<Value>(values: readonly Value[]): Value {
    const value = values[this.below(values.length)];
    if (value === undefined && values.length === 0) {
      throw new RangeError('There is nothing to pick from.');
    }
    return value as Value;
  }

  /** Some of the values, in their order. May be empty. */
  some<Value>(values: readonly Value[]): Value[] {
    return values.filter(() => this.oneIn(2));
  }

  /** A list with a random length between two bounds. */
  list<Value>(least: number, most: number, draw: (index: number) => Value): Value[] {
    return Array.from({ length: least + this.below(most - least + 1) }, (_, index) => draw(index));
  }

  /** A separate generator, so that draws of one part do not change those of another. */
  branch(): Random {
    return new Random(Math.floor(this.next() * 2 ** 32));
  }
}
