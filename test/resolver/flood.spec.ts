import v8 from 'node:v8';
import vm from 'node:vm';
import type { OriginContext } from '../../src/origin/origin-resolver.js';
import { OriginCache } from '../../src/resolver/origin-cache.js';
import { OriginChecks } from '../../src/resolver/origin-checks.js';
import { type ResolverOptions, resolverSettings } from '../../src/resolver/resolver-options.js';
import { FakeClock } from './fake-clock.js';

const BATCH = 1_000;
const MEBIBYTE = 1_048_576;

/** Collects garbage for certain, then measures. The flag is set here because the runner does not pass it. */
function heapUsed(): number {
  v8.setFlagsFromString('--expose-gc');
  const collect = vm.runInNewContext('gc') as () => void;
  collect();
  return process.memoryUsage().heapUsed;
}

function flooded(keepsSynchronous: boolean, options: ResolverOptions, call: (origin: string) => unknown) {
  const clock = new FakeClock();
  const cache = new OriginCache(
    { name: 'Origins', call, keepsSynchronous },
    { settings: resolverSettings(options), clock, report: () => {} },
  );
  return { cache, clock };
}

async function flood(cache: OriginCache, from: number, to: number): Promise<void> {
  for (let number = from; number < to; number += BATCH) {
    const batch: unknown[] = [];
    for (let each = number; each < number + BATCH; each += 1) {
      batch.push(cache.ask(`https://${each}.flood.example`));
    }
    await Promise.all(batch);
  }
}

describe('a flood of invented origins', () => {
  it.each<[number, string, boolean, (origin: string) => unknown]>([
    [200_000, 'a resolver that promises', true, async () => false],
    [1_000_000, 'a resolver that answers at once', true, () => false],
    [100_000, 'a predicate that promises', false, async () => false],
    [100_000, 'a resolver that rejects', true, () => Promise.reject(new Error('down'))],
  ])(
    '%i: memory stays flat with %s',
    async (count, _, keepsSynchronous, call) => {
      const { cache, clock } = flooded(keepsSynchronous, { staleIfError: 60_000 }, call);
      await flood(cache, 0, 20_000);
      const before = heapUsed();
      await flood(cache, 20_000, count);
      const growth = (heapUsed() - before) / MEBIBYTE;
      expect(cache.size).toBeLessThanOrEqual(10_000);
      expect([cache.pending, clock.timers]).toEqual([0, 0]);
      // Far below what one reference for each origin would come to.
      expect(growth).toBeLessThan(3);
    },
    60_000,
  );

  it('does not push out the answers of another resolver', async () => {
    let asked = 0;
    const originChecks = new OriginChecks({ maxEntries: 100 }, () => {}, new FakeClock());
    const context = () => ({}) as OriginContext;
    const partners = originChecks.checkFor('Partners', {
      resolve: () => {
        asked += 1;
        return true;
      },
    });
    const open = originChecks.checkFor('Open', { resolve: async () => false });
    partners('https://partner.example', context);
    for (let number = 0; number < 1_000; number += 1) {
      await open(`https://${number}.flood.example`, context);
    }
    expect([partners('https://partner.example', context), asked]).toEqual([true, 1]);
  });

  it('does not push out an origin in use', async () => {
    let asked = 0;
    const { cache } = flooded(true, { maxEntries: 100, deniedTtl: 60_000 }, async (origin) => {
      asked += 1;
      return origin === 'https://app.example';
    });
    await cache.ask('https://app.example');
    for (let number = 0; number < 1_000; number += 1) {
      await cache.ask(`https://${number}.flood.example`);
      expect(cache.ask('https://app.example')).toBe(true);
    }
    expect(asked).toBe(1_001);
  });
});
