import { CorsService } from 'nestjs-cors';
import { createSample, PLATFORMS } from './open-sample.js';

it('the routes of the sample have the reviewed policies, the same on both platforms', async () => {
  const described = PLATFORMS.map(async ([, createAdapter]) => {
    const app = await createSample(createAdapter());
    await app.init();
    const text = app.get(CorsService).describe('snapshot');
    await app.close();
    return text;
  });
  const [express, fastify] = await Promise.all(described);
  expect(express).toMatchSnapshot();
  expect(fastify).toBe(express);
});
