import { describe, expect, it } from '@jest/globals';
import { drawApplication } from './draw/draw-application.js';
import { drawRequest } from './draw/draw-requests.js';
import { Random } from './draw/random.js';
import { attack } from './main.js';
import { hidesCandidates } from './plan.js';
import { printCase } from './print.js';
import { runCase } from './run-case.js';
import { readSettings } from './settings.js';
import { shrink } from './shrink.js';

const drawCase = (seed: number) => {
  const random = new Random(seed);
  const application = drawApplication(random, 'express');
  return { application, requests: random.list(4, 8, () => drawRequest(random, application)) };
};

describe.each(['express', 'fastify'] as const)('the attack on %s', (platform) => {
  it('finds no violation and repeats a seed exactly', async () => {
    const lines: string[] = [];
    const runs = [];
    for (let run = 0; run < 2; run++) {
      runs.push(await attack(platform, { seed: 11, requests: 700, until: undefined }, (line) => lines.push(line)));
    }
    expect(lines).toEqual([]);
    expect(runs[0]).toEqual(runs[1]);
    const other = await attack(platform, { seed: 12, requests: 100, until: undefined }, () => undefined);
    expect(other.digest).not.toBe(runs[0]?.digest);
  });
});

describe('a random application', () => {
  it('is the same for the same seed', () => {
    expect(drawCase(5)).toEqual(drawCase(5));
    expect(drawCase(5)).not.toEqual(drawCase(6));
  });

  it('has every feature in one of some hundred draws', () => {
    const random = new Random(1);
    const applications = Array.from({ length: 300 }, () => drawApplication(random, 'fastify'));
    const handlers = applications.flatMap(({ controllers }) => controllers.flatMap((one) => one.handlers));
    const values = (name: 'answer' | 'foreign' | 'method' | 'tenant') => new Set(handlers.map((one) => one[name])).size;
    expect([values('answer'), values('foreign'), values('method'), values('tenant')]).toEqual([7, 6, 8, 3]);
    expect(new Set(applications.map(({ middleware }) => middleware)).size).toBe(5);
    expect(new Set(applications.map(({ versioning }) => versioning)).size).toBe(5);
    expect(applications.filter(hidesCandidates).length).toBeGreaterThan(50);
    expect(applications.filter(({ scopedInterceptor }) => scopedInterceptor).length).toBeGreaterThan(5);
    expect(applications.filter(({ http2 }) => http2).length).toBeGreaterThan(20);
  });
});

describe('a failing case', () => {
  it('is shrunk to the necessary parts and printed as a small application', async () => {
    const plan = drawCase(21);
    const wanted = plan.application.controllers.at(-1)?.handlers.at(-1)?.name;
    const smallest = await shrink(plan, async ({ application: { controllers }, requests }) => {
      return requests.length > 0 && controllers.at(-1)?.handlers.at(-1)?.name === wanted;
    });
    expect(smallest.application.controllers).toHaveLength(1);
    expect(smallest.application.controllers[0]?.handlers).toHaveLength(1);
    expect(smallest.application).toMatchObject({ middleware: 'none', paths: [], router: {} });
    expect(smallest.requests).toHaveLength(1);
    expect(printCase(smallest).split('\n').length).toBeLessThan(9);
    expect((await runCase(smallest, new Map())).refused).toBeUndefined();
  });
});

describe('the command line', () => {
  it('chooses a random seed on request', () => {
    expect(readSettings(['--seed', 'random'], () => 0.5).seeds).toEqual([2 ** 31]);
    expect(readSettings(['--seed', '7']).seeds).toEqual([7]);
  });

  it('sends by default 20,000 requests to each platform, with a fixed seed', () => {
    expect(readSettings([])).toMatchObject({ requests: 20_000, platforms: ['express', 'fastify'] });
    expect(readSettings([])).toEqual(readSettings([]));
  });

  it.each([
    [['--seed=-1'], '--seed is "-1"'],
    [['--requests', 'many'], '--requests is "many"'],
    [['--platform', 'koa'], '--platform is "koa"'],
    [['--until', 'dawn'], '--until is "dawn"'],
  ])('rejects %j', (args, message) => {
    expect(() => readSettings(args)).toThrow(message);
  });
});
