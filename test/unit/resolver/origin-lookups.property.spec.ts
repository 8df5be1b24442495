import fc from 'fast-check';
import { OriginLookups } from '../../../src/resolver/origin-lookups.js';
import { type ResolverOptions, resolverSettings } from '../../../src/resolver/resolver-options.js';
import { FakeClock, settled } from './fake-clock.js';

type World = 'yes' | 'no' | 'down';

const origins = fc.constantFrom(...['a', 'b', 'c', 'd', 'e', 'f'].map((name) => `https://${name}.example`));
const keys = fc.constantFrom(undefined, 'one', 'two');
const options = fc.record({
  maxEntries: fc.integer({ min: 1, max: 4 }),
  allowedTtl: fc.integer({ min: 0, max: 50 }),
  deniedTtl: fc.integer({ min: 0, max: 50 }),
  staleIfError: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 3_000 })),
});

/** The cache as a list, most recently used first, searched from the start. */
class SlowModel {
  entries: { origin: string; key: string | undefined; allowed: boolean; fresh: number; usable: number }[] = [];
  readonly options: Required<Pick<ResolverOptions, 'maxEntries' | 'allowedTtl' | 'deniedTtl' | 'staleIfError'>>;

  constructor(options: Required<Pick<ResolverOptions, 'maxEntries' | 'allowedTtl' | 'deniedTtl' | 'staleIfError'>>) {
    this.options = options;
  }

  lookUp(now: number, origin: string, key: string | undefined, world: World): { allowed: boolean; calls: boolean } {
    const entry = this.entries.find((each) => each.origin === origin && each.key === key);
    const others = this.entries.filter((each) => each !== entry);
    if (entry !== undefined) {
      this.entries = [entry, ...others];
      if (now < entry.fresh) {
        return { allowed: entry.allowed, calls: false };
      }
    }
    if (world === 'down') {
      if (entry === undefined || now >= entry.usable) {
        return { allowed: false, calls: true };
      }
      entry.fresh = Math.min(now + 1_000, entry.usable);
      return { allowed: entry.allowed, calls: true };
    }
    const allowed = world === 'yes';
    const fresh = now + (allowed ? this.options.allowedTtl : this.options.deniedTtl);
    const usable = fresh + this.options.staleIfError;
    this.entries = usable > now ? [{ origin, key, allowed, fresh, usable }, ...others] : others;
    this.entries = this.entries.slice(0, this.options.maxEntries);
    return { allowed, calls: true };
  }

  forget(origin: string): void {
    this.entries = this.entries.filter((each) => each.origin !== origin);
  }
}

const step = fc.oneof(
  { weight: 8, arbitrary: fc.record({ kind: fc.constant('lookUp' as const), origin: origins, key: keys }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('skip' as const), time: fc.integer({ min: 1, max: 60 }) }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('skip' as const), time: fc.integer({ min: 500, max: 2_000 }) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('world' as const), world: fc.constantFrom<World>('yes', 'no', 'down') }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('forget' as const), origin: origins }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('forgetAll' as const) }) },
);

it('answers, calls and caches as a slow model does', () => {
  fc.assert(
    fc.property(options, fc.array(step, { maxLength: 120 }), (settings, steps) => {
      const clock = new FakeClock();
      let world: World = 'yes';
      let called = 0;
      const call = () => {
        called += 1;
        if (world === 'down') {
          throw new Error('down');
        }
        return world === 'yes';
      };
      const lookups = new OriginLookups(
        { name: 'Origins', call, cachesSynchronous: true },
        { settings: resolverSettings(settings), clock, report: () => {} },
      );
      const model = new SlowModel(settings);
      for (const each of steps) {
        switch (each.kind) {
          case 'lookUp': {
            const before = called;
            const allowed = lookups.lookUp(each.origin, each.key);
            const expected = model.lookUp(clock.now(), each.origin, each.key, world);
            expect({ allowed, calls: called > before }).toEqual(expected);
            break;
          }
          case 'skip':
            clock.skip(each.time);
            break;
          case 'world':
            world = each.world;
            break;
          case 'forget':
            lookups.forget(each.origin);
            model.forget(each.origin);
            break;
          case 'forgetAll':
            lookups.forgetAll();
            model.entries = [];
            break;
        }
        expect(lookups.size).toBe(model.entries.length);
      }
    }),
    { numRuns: 1_000 },
  );
});

/** How a call is answered, and after how many milliseconds. */
const replies = fc.record({
  delay: fc.integer({ min: 0, max: 250 }),
  kind: fc.constantFrom('answers', 'rejects', 'answers with text'),
});
const tick = fc.oneof(
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('lookUp' as const), origin: origins, reply: replies }) },
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('advance' as const), time: fc.integer({ min: 1, max: 80 }) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('revoke' as const), origin: origins }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('allow' as const), origin: origins }) },
);

it('never allows an origin that was not allowed, never exceeds the timeout and leaks nothing, however answers interleave', async () => {
  await fc.assert(
    fc.asyncProperty(options, fc.array(tick, { maxLength: 60 }), async (settings, ticks) => {
      const clock = new FakeClock();
      const allowed = new Set<string>();
      /** When each origin was revoked and forgotten; a later lookup must not allow it. */
      const revoked = new Map<string, number>();
      let reply = { delay: 0, kind: 'answers' };
      let order = 0;
      const call = (origin: string) => {
        const [answer, { delay, kind }] = [allowed.has(origin), reply];
        return new Promise((resolve, reject) => {
          clock.setTimer(() => {
            if (kind === 'rejects') {
              reject(new Error('down'));
            } else {
              resolve(kind === 'answers' ? answer : String(answer));
            }
          }, delay);
        });
      };
      const timeout = 100;
      const lookups = new OriginLookups(
        { name: 'Origins', call, cachesSynchronous: true },
        { settings: resolverSettings({ ...settings, timeout }), clock, report: () => {} },
      );
      const problems: string[] = [];
      let open = 0;
      for (const each of ticks) {
        order += 1;
        switch (each.kind) {
          case 'lookUp': {
            const [origin, started, number] = [each.origin, clock.now(), order];
            const everAllowed = allowed.has(origin) || revoked.has(origin);
            reply = each.reply;
            open += 1;
            void Promise.resolve(lookups.lookUp(origin)).then((answer) => {
              open -= 1;
              if (answer && !everAllowed) {
                problems.push(`${origin} was never allowed`);
              }
              const revocation = revoked.get(origin) ?? 0;
              if (answer && revocation > 0 && revocation < number && !allowed.has(origin)) {
                problems.push(`${origin} was revoked before it was looked up`);
              }
              if (clock.now() - started > timeout) {
                problems.push(`${origin} was answered late`);
              }
            });
            await settled();
            break;
          }
          case 'advance':
            await clock.advance(each.time);
            break;
          case 'revoke':
            if (allowed.delete(each.origin)) {
              revoked.set(each.origin, order);
            }
            lookups.forget(each.origin);
            break;
          case 'allow':
            allowed.add(each.origin);
            break;
        }
        if (lookups.size > settings.maxEntries) {
          problems.push('too many entries');
        }
      }
      await clock.advance(1_000);
      expect({ problems, open, pending: lookups.pending, timers: clock.timers }).toEqual({
        problems: [],
        open: 0,
        pending: 0,
        timers: 0,
      });
    }),
    { numRuns: 300 },
  );
});
