import v8 from 'node:v8';
import vm from 'node:vm';
import type { OriginContext } from '../../../src/origin/origin-resolver.js';
import { OriginChecks } from '../../../src/resolver/origin-checks.js';
import { OriginLookups } from '../../../src/resolver/origin-lookups.js';
import { type ResolverOptions, resolverSettings } from '../../../src/resolver/resolver-options.js';
import { FakeClock } from '../../unit/resolver/fake-clock.js';

const BATCH = 1_000;
const MEBIBYTE = 1_048_576;

/** Collects garbage, then measures. */
function heapUsed(): number {
  v8.setFlagsFromString('--expose-gc');
  const collect = vm.runInNewContext('gc') as () => void;
  collect();
  return process.memoryUsage().heapUsed;
}

function flooded(cachesSynchronous: boolean, options: ResolverOptions, call: (origin: string) => unknown) {
  const clock = new FakeClock();
  const lookups = new OriginLookups(
    { name: 'Origins', call, cachesSynchronous },
    { settings: resolverSettings(options), clock, report: () => {} },
  );
  return { lookups, clock };
}

async function flood(lookups: OriginLookups, from: number, to: number): Promise<void> {
  for (let number = from; number < to; number += BATCH) {
    const batch: unknown[] = [];
    for (let each = number; each < number + BATCH; each += 1) {
      batch.push(lookups.lookUp(`https://${each}.flood.example`));
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
    'of %i keeps memory flat with %s',
    async (count, _, cachesSynchronous, call) => {
      const { lookups, clock } = flooded(cachesSynchronous, { staleIfError: 60_000 }, call);
      await flood(lookups, 0, 20_000);
      const before = heapUsed();
      await flood(lookups, 20_000, count);
      const growth = (heapUsed() - before) / MEBIBYTE;
      expect(lookups.size).toBeLessThanOrEqual(10_000);
      expect([lookups.pending, clock.timers]).toEqual([0, 0]);
      // Far less than one reference for each origin.
      expect(growth).toBeLessThan(3);
    },
    60_000,
  );

  it('does not evict the answers of another resolver', async () => {
    let called = 0;
    const originChecks = new OriginChecks({ maxEntries: 100 }, () => {}, new FakeClock());
    const context = () => ({}) as OriginContext;
    const partners = originChecks.checkFor('Partners', {
      resolve: () => {
        called += 1;
        return true;
      },
    });
    const open = originChecks.checkFor('Open', { resolve: async () => false });
    partners('https://partner.example', context);
    for (let number = 0; number < 1_000; number += 1) {
      await open(`https://${number}.flood.example`, context);
    }
    expect([partners('https://partner.example', context), called]).toEqual([true, 1]);
  });

  it('does not evict an origin in use', async () => {
    let called = 0;
    const { lookups } = flooded(true, { maxEntries: 100, deniedTtl: 60_000 }, async (origin) => {
      called += 1;
      return origin === 'https://app.example';
    });
    await lookups.lookUp('https://app.example');
    for (let number = 0; number < 1_000; number += 1) {
      await lookups.lookUp(`https://${number}.flood.example`);
      expect(lookups.lookUp('https://app.example')).toBe(true);
    }
    expect(called).toBe(1_001);
  });
});
