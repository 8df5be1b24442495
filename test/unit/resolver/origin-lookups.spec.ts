import type { OriginContext } from '../../../src/origin/origin-resolver.js';
import type { Clock } from '../../../src/resolver/clock.js';
import { systemClock } from '../../../src/resolver/clock.js';
import { OriginChecks } from '../../../src/resolver/origin-checks.js';
import { OriginLookups } from '../../../src/resolver/origin-lookups.js';
import type { ResolverEvent } from '../../../src/resolver/resolver-event.js';
import { type ResolverOptions, resolverSettings } from '../../../src/resolver/resolver-options.js';
import { deferred, FakeClock, settled } from './fake-clock.js';

const ORIGIN = 'https://app.example';

function setUp(call: (origin: string) => unknown, options: ResolverOptions = {}, cachesSynchronous = true) {
  const clock = new FakeClock();
  const events: ResolverEvent[] = [];
  const called: string[] = [];
  const lookups = new OriginLookups(
    {
      name: 'Origins',
      cachesSynchronous,
      call: (origin) => {
        called.push(origin);
        return call(origin);
      },
    },
    { settings: resolverSettings(options), clock, report: (event) => events.push(event) },
  );
  return { lookups, clock, events, called, codes: () => events.map(({ code }) => code) };
}

const boom = new Error('boom');
const never = new Promise<never>(() => {});

describe('OriginLookups', () => {
  it.each<[string, (origin: string) => unknown, boolean]>([
    ['true', () => true, true],
    ['false', () => false, false],
    ['a promise of true', async () => true, true],
    ['a promise of false', async () => false, false],
    // biome-ignore lint/suspicious/noThenProperty: what a promise of another library looks like
    ['a thenable of true', () => ({ then: (resolve: (value: boolean) => void) => resolve(true) }), true],
  ])('returns %s and caches it', async (_, call, expected) => {
    const { lookups, events, called, clock } = setUp(call);
    expect(await lookups.lookUp(ORIGIN)).toBe(expected);
    expect(lookups.lookUp(ORIGIN)).toBe(expected);
    expect(called).toEqual([ORIGIN]);
    expect(events).toEqual([]);
    expect([clock.timers, lookups.pending, lookups.size]).toEqual([0, 0, 1]);
  });

  it('returns a synchronous answer synchronously', () => {
    expect(setUp(() => true).lookups.lookUp(ORIGIN)).toBe(true);
  });

  it('does not cache synchronous answers of a predicate', async () => {
    let answer: unknown = true;
    const { lookups, called } = setUp(() => answer, {}, false);
    expect([lookups.lookUp(ORIGIN), lookups.lookUp(ORIGIN), lookups.size]).toEqual([true, true, 0]);
    answer = false;
    expect(lookups.lookUp(ORIGIN)).toBe(false);
    answer = Promise.resolve(true);
    expect(await lookups.lookUp(ORIGIN)).toBe(true);
    expect(lookups.lookUp(ORIGIN)).toBe(true);
    expect(called.length).toBe(4);
  });

  it('caches an answer for its origin only', () => {
    const { lookups } = setUp((origin) => origin === ORIGIN);
    expect(lookups.lookUp(ORIGIN)).toBe(true);
    for (const near of [
      'http://app.example',
      'https://app.example:8443',
      'https://app.example.evil',
      'https://pp.example',
      'https://APP.example',
      'https://app.example/',
      `${ORIGIN} tenant`,
    ]) {
      expect([near, lookups.lookUp(near)]).toEqual([near, false]);
    }
  });

  it('caches an answer for its cache key only', () => {
    let answer = true;
    const { lookups } = setUp(() => answer);
    expect(lookups.lookUp(ORIGIN, 'one')).toBe(true);
    answer = false;
    const others = ['two', 'One', 'one ', ' one', '', undefined];
    for (const other of others) {
      expect([other, lookups.lookUp(ORIGIN, other)]).toEqual([other, false]);
    }
    expect(lookups.size).toBe(others.length + 1);
    expect(lookups.lookUp(ORIGIN, 'one')).toBe(true);
  });
});

describe('OriginLookups with a source that fails', () => {
  const faults: [string, (origin: string) => unknown, string, unknown][] = [
    [
      'throws',
      () => {
        throw boom;
      },
      'resolver-threw',
      boom,
    ],
    [
      'throws undefined',
      () => {
        throw undefined;
      },
      'resolver-threw',
      undefined,
    ],
    ['rejects', () => Promise.reject(boom), 'resolver-rejected', boom],
    ['hangs', () => never, 'resolver-timeout', undefined],
    [
      'has a then that throws when read',
      () =>
        Object.defineProperty({}, 'then', {
          get() {
            throw boom;
          },
        }),
      'resolver-threw',
      boom,
    ],
    [
      'has a then that throws when called',
      () => ({
        // biome-ignore lint/suspicious/noThenProperty: what is tested
        then() {
          throw boom;
        },
      }),
      'resolver-rejected',
      boom,
    ],
    ...[1, 'true', ORIGIN, '*', {}, [true], null, undefined, () => true, Object(true), Symbol('true'), 1n].flatMap(
      (value): [string, () => unknown, string, unknown][] => [
        [`answers ${typeof value} ${String(value)}`, () => value, 'resolver-not-boolean', undefined],
        [`promises ${typeof value} ${String(value)}`, async () => value, 'resolver-not-boolean', undefined],
      ],
    ),
  ];

  it.each(faults)('denies, reports one event and calls again when it %s', async (_, call, code, error) => {
    const { lookups, clock, events, called } = setUp(call);
    const answers = [lookups.lookUp(ORIGIN), lookups.lookUp(ORIGIN)];
    await clock.advance(2_000);
    expect(await Promise.all(answers)).toEqual([false, false]);
    const joined = answers[0] instanceof Promise;
    const event = {
      code,
      message: expect.stringMatching(/^Origins .*\.$/),
      resolver: 'Origins',
      origin: ORIGIN,
      error,
    };
    expect(events).toEqual(joined ? [event] : [event, event]);
    expect([clock.timers, lookups.pending, lookups.size]).toEqual([0, 0, 0]);
    expect(called.length).toBe(joined ? 1 : 2);
    lookups.lookUp(ORIGIN);
    expect(called.length).toBe(joined ? 2 : 3);
  });

  it('cancels the timer when a promise is rejected', async () => {
    const { lookups, clock } = setUp(() => Promise.reject(boom));
    await lookups.lookUp(ORIGIN);
    expect(clock.timers).toBe(0);
  });

  it('ignores an error that the reporter throws', async () => {
    const report = () => {
      throw boom;
    };
    const check = new OriginChecks({}, report, new FakeClock()).checkFor('Origins', {
      resolve: () => Promise.reject(boom),
    });
    expect(await check(ORIGIN, () => ({}) as OriginContext)).toBe(false);
  });

  it('denies when the timeout passes, not before', async () => {
    const { lookups, clock, events } = setUp(() => never, { timeout: 300 });
    let answer: boolean | undefined;
    void Promise.resolve(lookups.lookUp(ORIGIN)).then((allowed) => {
      answer = allowed;
    });
    await clock.advance(299);
    expect(answer).toBeUndefined();
    await clock.advance(1);
    expect(answer).toBe(false);
    expect(events[0]?.message).toBe('Origins did not answer within 300 ms.');
  });
});

describe('OriginLookups with an answer after the timeout', () => {
  it.each([true, false])('caches a late %s for the next request and does not change the response', async (late) => {
    const { promise, resolve } = deferred<boolean>();
    const { lookups, clock, called, codes } = setUp(() => promise);
    const answer = lookups.lookUp(ORIGIN);
    await clock.advance(2_000);
    expect(await answer).toBe(false);
    resolve(late);
    await settled();
    expect(await answer).toBe(false);
    expect(lookups.lookUp(ORIGIN)).toBe(late);
    expect(called.length).toBe(1);
    expect(codes()).toEqual(['resolver-timeout']);
  });

  it.each<[string, (settle: ReturnType<typeof deferred<unknown>>) => void]>([
    ['a rejection', ({ reject }) => reject(boom)],
    ['a wrong type', ({ resolve }) => resolve('true')],
  ])('drops %s', async (_, settle) => {
    const slow = deferred<unknown>();
    const { lookups, clock, codes } = setUp(() => slow.promise);
    lookups.lookUp(ORIGIN);
    await clock.advance(2_000);
    settle(slow);
    await settled();
    expect([lookups.size, codes()]).toEqual([0, ['resolver-timeout']]);
  });

  it('does not replace a newer answer', async () => {
    const calls = [deferred<boolean>(), deferred<boolean>()];
    let called = 0;
    const { lookups, clock } = setUp(() => calls[called++]?.promise);
    lookups.lookUp(ORIGIN);
    await clock.advance(2_000);
    const second = lookups.lookUp(ORIGIN);
    calls[1]?.resolve(false);
    expect(await second).toBe(false);
    calls[0]?.resolve(true);
    await settled();
    expect(lookups.lookUp(ORIGIN)).toBe(false);
  });

  it('does not cache a late answer for a forgotten origin', async () => {
    const slow = deferred<boolean>();
    const { lookups, clock } = setUp(() => slow.promise);
    lookups.lookUp(ORIGIN);
    await clock.advance(2_000);
    lookups.forget(ORIGIN);
    slow.resolve(true);
    await settled();
    expect(lookups.size).toBe(0);
  });
});

describe('OriginLookups with concurrent requests', () => {
  it('calls the source once for 200 requests', async () => {
    const slow = deferred<boolean>();
    const { lookups, called, clock } = setUp(() => slow.promise);
    const answers = Array.from({ length: 200 }, () => lookups.lookUp(ORIGIN));
    expect([lookups.pending, clock.timers, called]).toEqual([1, 1, [ORIGIN]]);
    slow.resolve(true);
    expect(await Promise.all(answers)).toEqual(Array(200).fill(true));
    expect([lookups.pending, clock.timers]).toEqual([0, 0]);
  });

  it('calls the source once for each origin and cache key', async () => {
    const { lookups, called } = setUp(async () => true);
    lookups.lookUp(ORIGIN);
    lookups.lookUp(`${ORIGIN}:8443`);
    lookups.lookUp(ORIGIN, 'one');
    lookups.lookUp(ORIGIN, 'two');
    expect([called.length, lookups.pending]).toEqual([4, 4]);
    await settled();
    expect(lookups.pending).toBe(0);
  });
});

describe('the time to live', () => {
  it.each([
    [true, { allowedTtl: 60_000, deniedTtl: 10 }, 60_000],
    [false, { allowedTtl: 10, deniedTtl: 10_000 }, 10_000],
  ])('of %s ends as configured', (allowed, options, ttl) => {
    const { lookups, clock, called } = setUp(() => allowed, options);
    lookups.lookUp(ORIGIN);
    clock.skip(ttl - 1);
    expect([lookups.lookUp(ORIGIN), called.length]).toEqual([allowed, 1]);
    clock.skip(1);
    expect([lookups.lookUp(ORIGIN), called.length]).toEqual([allowed, 2]);
  });

  it('is not prolonged by use', () => {
    const { lookups, clock, called } = setUp(() => true, { allowedTtl: 100 });
    for (let step = 0; step < 10; step += 1) {
      lookups.lookUp(ORIGIN);
      clock.skip(50);
    }
    expect(called.length).toBe(5);
  });

  it('of 0 caches nothing', () => {
    const { lookups, called } = setUp((origin) => origin === ORIGIN, { allowedTtl: 0, deniedTtl: 0 });
    lookups.lookUp(ORIGIN);
    lookups.lookUp(ORIGIN);
    lookups.lookUp('https://evil.example');
    expect([lookups.size, called.length]).toEqual([0, 3]);
  });

  it('of 0 for false removes the cached true', () => {
    let answer = true;
    const { lookups, clock } = setUp(() => answer, { allowedTtl: 10, deniedTtl: 0 });
    lookups.lookUp(ORIGIN);
    answer = false;
    clock.skip(10);
    lookups.lookUp(ORIGIN);
    expect(lookups.size).toBe(0);
  });
});

describe('staleIfError', () => {
  const options = { allowedTtl: 100, deniedTtl: 100, staleIfError: 5_000, timeout: 200 };
  const failures: [string, () => unknown][] = [
    [
      'throws',
      () => {
        throw boom;
      },
    ],
    ['rejects', () => Promise.reject(boom)],
    ['hangs', () => never],
  ];

  it.each(failures)('serves the stale answer while the resolver %s, then denies', async (_, fail) => {
    let call: () => unknown = () => true;
    const { lookups, clock, called } = setUp(() => call(), options);
    lookups.lookUp(ORIGIN);
    call = fail;
    const lookUp = async () => {
      const answer = lookups.lookUp(ORIGIN);
      await clock.advance(200);
      return answer;
    };
    clock.skip(100);
    expect(await lookUp()).toBe(true);
    expect(called.length).toBe(2);
    // Served for a second, so that not every request waits for the timeout; then the resolver is called again.
    expect([lookups.lookUp(ORIGIN), called.length]).toEqual([true, 2]);
    clock.skip(1_000);
    expect(await lookUp()).toBe(true);
    expect(called.length).toBe(3);
    clock.skip(5_000);
    expect(await lookUp()).toBe(false);
    expect(called.length).toBe(4);
    call = () => true;
    expect(await lookUp()).toBe(true);
  });

  it.each([
    [4_999, true],
    [5_000, false],
  ])('after %i ms serves %s', (past, expected) => {
    let fails = false;
    const { lookups, clock } = setUp(() => {
      if (fails) {
        throw boom;
      }
      return true;
    }, options);
    lookups.lookUp(ORIGIN);
    fails = true;
    clock.skip(100 + past);
    expect(lookups.lookUp(ORIGIN)).toBe(expected);
    clock.skip(1);
    expect(lookups.lookUp(ORIGIN)).toBe(false);
  });

  it.each<[string, () => unknown, ResolverOptions, boolean]>([
    ['is off by default', () => Promise.reject(boom), { allowedTtl: 100 }, true],
    ['does not cover an answer of the wrong type', () => 'true', options, true],
    ['does not turn a stale false into true', () => Promise.reject(boom), options, false],
  ])('%s', async (_, fail, settings, before) => {
    let call: () => unknown = () => before;
    const { lookups, clock } = setUp(() => call(), settings);
    lookups.lookUp(ORIGIN);
    call = fail;
    clock.skip(100);
    expect(await lookups.lookUp(ORIGIN)).toBe(false);
  });

  it('replaces the stale answer with a late one', async () => {
    let answer: unknown = true;
    const slow = deferred<boolean>();
    const { lookups, clock } = setUp(() => answer, options);
    lookups.lookUp(ORIGIN);
    answer = slow.promise;
    clock.skip(100);
    const served = lookups.lookUp(ORIGIN);
    await clock.advance(200);
    expect(await served).toBe(true);
    slow.resolve(false);
    await settled();
    expect(lookups.lookUp(ORIGIN)).toBe(false);
  });
});

describe('OriginLookups.forget', () => {
  it('drops the answers of an origin under every cache key, and no others', () => {
    const { lookups, called } = setUp(() => true);
    const near = `${ORIGIN}:8443`;
    for (const [origin, cacheKey] of [[ORIGIN], [ORIGIN, 'one'], [ORIGIN, 'two'], [near], [near, 'one']] as const) {
      lookups.lookUp(origin, cacheKey);
    }
    expect([...lookups.forget(ORIGIN)].sort()).toEqual([ORIGIN, `${ORIGIN} one`, `${ORIGIN} two`]);
    lookups.lookUp(near);
    lookups.lookUp(near, 'one');
    expect([lookups.size, called.length]).toEqual([2, 5]);
    lookups.forgetAll();
    expect(lookups.size).toBe(0);
  });

  it.each<[string, (lookups: OriginLookups) => void]>([
    ['forget', (lookups) => lookups.forget(ORIGIN)],
    ['forgetAll', (lookups) => lookups.forgetAll()],
  ])('(%s) keeps later requests from getting the answer of an earlier call', async (_, forget) => {
    const calls = [deferred<boolean>(), deferred<boolean>()];
    let called = 0;
    const { lookups } = setUp(() => calls[called++]?.promise);
    const before = lookups.lookUp(ORIGIN);
    forget(lookups);
    const after = lookups.lookUp(ORIGIN);
    calls[0]?.resolve(true);
    expect(await before).toBe(true);
    expect([lookups.size, lookups.pending, lookups.lookUp(ORIGIN)]).toEqual([0, 1, after]);
    calls[1]?.resolve(false);
    expect(await after).toBe(false);
    expect(lookups.lookUp(ORIGIN)).toBe(false);
  });
});

describe('systemClock', () => {
  it('runs forward, fires and cancels timers, and does not keep the process alive', async () => {
    const clock: Clock = systemClock;
    const alive = () => process.getActiveResourcesInfo().filter((resource) => resource === 'Timeout').length;
    const before = [clock.now(), alive()] as const;
    const cancel = clock.setTimer(() => {
      throw new Error('this timer is cancelled');
    }, 1);
    await new Promise<void>((resolve) => {
      clock.setTimer(resolve, 2);
      expect(alive()).toBe(before[1]);
      cancel();
    });
    expect(clock.now()).toBeGreaterThan(before[0]);
  });
});
