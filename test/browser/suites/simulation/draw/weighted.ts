import type { Random } from '../../../../attack/draw/random.js';

/** Picks by weights, and reads like a table. */
export function weighted<Value>(random: Random, choices: readonly (readonly [weight: number, value: Value])[]): Value {
  const total = choices.reduce((sum, [weight]) => sum + weight, 0);
  let rest = random.next() * total;
  for (const [weight, value] of choices) {
    rest -= weight;
    if (rest < 0) {
      return value;
    }
  }
  return (choices.at(-1) as readonly [number, Value])[1];
}

/** True with this probability, in percent. */
export function chance(random: Random, percent: number): boolean {
  return random.next() * 100 < percent;
}
