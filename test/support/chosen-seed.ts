/**
 * The seed of drawn cases. It is the same in every run, so a failure always belongs to a change. `NESTJS_CORS_SEED=random
 * npm test` draws new cases. A number repeats a run whose failure printed its seed.
 */
export function chosenSeed(): number {
  const wish = process.env.NESTJS_CORS_SEED;
  return wish === 'random' ? Math.floor(Math.random() * 2 ** 31) : Number(wish ?? 20_261_122);
}
