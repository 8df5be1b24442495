import fc from 'fast-check';

/**
 * Property tests draw the same cases in every run, so that a change is never blamed for somebody else's luck.
 * `NESTJS_CORS_SEED=random npm test` explores new ones; a number repeats a run whose failure named its seed.
 */
const wish = process.env.NESTJS_CORS_SEED;
if (wish !== 'random') {
  fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: wish === undefined ? 20_261_122 : Number(wish) });
}
