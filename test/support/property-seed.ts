import fc from 'fast-check';

/**
 * Property tests draw the same cases in every run, so a failure always belongs to a change. `NESTJS_CORS_SEED=random
 * npm test` draws new cases. A number repeats a run whose failure printed its seed.
 */
const wish = process.env.NESTJS_CORS_SEED;
if (wish !== 'random') {
  fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: wish === undefined ? 20_261_122 : Number(wish) });
}
