import type { Clock } from '../../src/resolver/clock.js';
import { systemClock } from '../../src/resolver/clock.js';
import { OriginCache } from '../../src/resolver/origin-cache.js';
import type { ResolverEvent } from '../../src/resolver/resolver-event.js';
import { type ResolverOptions, resolverSettings } from '../../src/resolver/resolver-options.js';
import { deferred, FakeClock, settled } from './fake-clock.js';

const ORIGIN = 'https://app.example';

function setUp(call: (origin: string) => unknown, options: ResolverOptions = {}, keepsSynchronous = true) {
  const clock = new FakeClock();
  const events: ResolverEvent[] = [];
  const asked: string[] = [];
  const cache = new OriginCache(
    {
      name: 'Origins',
      keepsSynchronous,
      call: (origin) => {
        asked.push(origin);
        return call(origin);
      },
    },
    { settings: resolverSettings(options), clock, report: (event) => events.push(event) },
  );
  return { cache, clock, events, asked, codes: () => events.map(({ code }) => code) };
}

const boom = new Error('boom');
const never = new Promise<never>(() => {});

describe('answers', () => {
  it.each<[string, (origin: string) => unknown, boolean]>([
    ['true', () => true, true],
    ['false', () => false, false],
    ['a promise of true', async () => true, true],
    ['a promise of false', async () => false, false],
    // biome-ignore lint/suspicious/noThenProperty: what a promise of another library looks like
    ['a thenable of true', () => ({ then: (resolve: (value: boolean) => void) => resolve(true) }), true],
  ])('%s', async (_, call, expected) => {
    const { cache, events, asked, clock } = setUp(call);
    expect(await cache.ask(ORIGIN)).toBe(expected);
    expect(cache.ask(ORIGIN)).toBe(expected);
    expect(asked).toEqual([ORIGIN]);
    expect(events).toEqual([]);
    expect([clock.timers, cache.pending, cache.size]).toEqual([0, 0, 1]);
  });

  it('comes at once where the resolver answers at once', () => {
    expect(setUp(() => true).cache.ask(ORIGIN)).toBe(true);
  });

  it('is not kept where it came at once and is not to be', async () => {
    let answer: unknown = true;
    const { cache, asked } = setUp(() => answer, {}, false);
    expect([cache.ask(ORIGIN), cache.ask(ORIGIN), cache.size]).toEqual([true, true, 0]);
    answer = false;
    expect(cache.ask(ORIGIN)).toBe(false);
    answer = Promise.resolve(true);
    expect(await cache.ask(ORIGIN)).toBe(true);
    expect(cache.ask(ORIGIN)).toBe(true);
    expect(asked.length).toBe(4);
  });

  it('is kept for its origin alone', () => {
    const { cache } = setUp((origin) => origin === ORIGIN);
    expect(cache.ask(ORIGIN)).toBe(true);
    for (const near of [
      'http://app.example',
      'https://app.example:8443',
      'https://app.example.evil',
      'https://pp.example',
      'https://APP.example',
      'https://app.example/',
      `${ORIGIN} tenant`,
    ]) {
      expect([near, cache.ask(near)]).toEqual([near, false]);
    }
  });

  it('is kept for its cache key alone', () => {
    let answer = true;
    const { cache } = setUp(() => answer);
    expect(cache.ask(ORIGIN, 'one')).toBe(true);
    answer = false;
    const others = ['two', 'One', 'one ', ' one', '', undefined];
    for (const other of others) {
      expect([other, cache.ask(ORIGIN, other)]).toEqual([other, false]);
    }
    expect(cache.size).toBe(others.length + 1);
    expect(cache.ask(ORIGIN, 'one')).toBe(true);
  });
});

describe('failing closed', () => {
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

  it.each(faults)('denies and reports once when it %s, and asks again', async (_, call, code, error) => {
    const { cache, clock, events, asked } = setUp(call);
    const answers = [cache.ask(ORIGIN), cache.ask(ORIGIN)];
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
    expect([clock.timers, cache.pending, cache.size]).toEqual([0, 0, 0]);
    expect(asked.length).toBe(joined ? 1 : 2);
    cache.ask(ORIGIN);
    expect(asked.length).toBe(joined ? 2 : 3);
  });

  it('leaves no timer behind when a promise is rejected', async () => {
    const { cache, clock } = setUp(() => Promise.reject(boom));
    await cache.ask(ORIGIN);
    expect(clock.timers).toBe(0);
  });

  it('survives a reporter that throws', async () => {
    const cache = new OriginCache(
      { name: 'Origins', keepsSynchronous: true, call: () => Promise.reject(boom) },
      {
        settings: resolverSettings(),
        clock: new FakeClock(),
        report: () => {
          throw boom;
        },
      },
    );
    expect(await cache.ask(ORIGIN)).toBe(false);
  });

  it('denies at the deadline, not before', async () => {
    const { cache, clock, events } = setUp(() => never, { timeout: 300 });
    let answer: boolean | undefined;
    void Promise.resolve(cache.ask(ORIGIN)).then((allowed) => {
      answer = allowed;
    });
    await clock.advance(299);
    expect(answer).toBeUndefined();
    await clock.advance(1);
    expect(answer).toBe(false);
    expect(events[0]?.message).toBe('Origins did not answer within 300 ms.');
  });
});

describe('late answers', () => {
  it.each([true, false])('%s is kept for the next request and changes nothing answered', async (late) => {
    const { promise, resolve } = deferred<boolean>();
    const { cache, clock, asked, codes } = setUp(() => promise);
    const answer = cache.ask(ORIGIN);
    await clock.advance(2_000);
    expect(await answer).toBe(false);
    resolve(late);
    await settled();
    expect(await answer).toBe(false);
    expect(cache.ask(ORIGIN)).toBe(late);
    expect(asked.length).toBe(1);
    expect(codes()).toEqual(['resolver-timeout']);
  });

  it.each<[string, (settle: ReturnType<typeof deferred<unknown>>) => void]>([
    ['rejections', ({ reject }) => reject(boom)],
    ['wrong types', ({ resolve }) => resolve('true')],
  ])('%s are dropped', async (_, settle) => {
    const slow = deferred<unknown>();
    const { cache, clock, codes } = setUp(() => slow.promise);
    cache.ask(ORIGIN);
    await clock.advance(2_000);
    settle(slow);
    await settled();
    expect([cache.size, codes()]).toEqual([0, ['resolver-timeout']]);
  });

  it('do not replace a newer answer', async () => {
    const questions = [deferred<boolean>(), deferred<boolean>()];
    let asked = 0;
    const { cache, clock } = setUp(() => questions[asked++]?.promise);
    cache.ask(ORIGIN);
    await clock.advance(2_000);
    const second = cache.ask(ORIGIN);
    questions[1]?.resolve(false);
    expect(await second).toBe(false);
    questions[0]?.resolve(true);
    await settled();
    expect(cache.ask(ORIGIN)).toBe(false);
  });

  it('do not bring back what was forgotten', async () => {
    const slow = deferred<boolean>();
    const { cache, clock } = setUp(() => slow.promise);
    cache.ask(ORIGIN);
    await clock.advance(2_000);
    cache.forget(ORIGIN);
    slow.resolve(true);
    await settled();
    expect(cache.size).toBe(0);
  });
});

describe('single flight', () => {
  it('asks once for 200 that wait', async () => {
    const slow = deferred<boolean>();
    const { cache, asked, clock } = setUp(() => slow.promise);
    const answers = Array.from({ length: 200 }, () => cache.ask(ORIGIN));
    expect([cache.pending, clock.timers, asked]).toEqual([1, 1, [ORIGIN]]);
    slow.resolve(true);
    expect(await Promise.all(answers)).toEqual(Array(200).fill(true));
    expect([cache.pending, clock.timers]).toEqual([0, 0]);
  });

  it('is by origin and by cache key', async () => {
    const { cache, asked } = setUp(async () => true);
    cache.ask(ORIGIN);
    cache.ask(`${ORIGIN}:8443`);
    cache.ask(ORIGIN, 'one');
    cache.ask(ORIGIN, 'two');
    expect([asked.length, cache.pending]).toEqual([4, 4]);
    await settled();
    expect(cache.pending).toBe(0);
  });
});

describe('time to live', () => {
  it.each([
    [true, { allowedTtl: 60_000, deniedTtl: 10 }, 60_000],
    [false, { allowedTtl: 10, deniedTtl: 10_000 }, 10_000],
  ])('of %s', (allowed, options, ttl) => {
    const { cache, clock, asked } = setUp(() => allowed, options);
    cache.ask(ORIGIN);
    clock.skip(ttl - 1);
    expect([cache.ask(ORIGIN), asked.length]).toEqual([allowed, 1]);
    clock.skip(1);
    expect([cache.ask(ORIGIN), asked.length]).toEqual([allowed, 2]);
  });

  it('is not prolonged by use', () => {
    const { cache, clock, asked } = setUp(() => true, { allowedTtl: 100 });
    for (let step = 0; step < 10; step += 1) {
      cache.ask(ORIGIN);
      clock.skip(50);
    }
    expect(asked.length).toBe(5);
  });

  it('of 0 keeps nothing', () => {
    const { cache, asked } = setUp((origin) => origin === ORIGIN, { allowedTtl: 0, deniedTtl: 0 });
    cache.ask(ORIGIN);
    cache.ask(ORIGIN);
    cache.ask('https://evil.example');
    expect([cache.size, asked.length]).toEqual([0, 3]);
  });

  it('of 0 for a no removes the yes before it', () => {
    let answer = true;
    const { cache, clock } = setUp(() => answer, { allowedTtl: 10, deniedTtl: 0 });
    cache.ask(ORIGIN);
    answer = false;
    clock.skip(10);
    cache.ask(ORIGIN);
    expect(cache.size).toBe(0);
  });
});

describe('stale if error', () => {
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

  it.each(failures)('serves the past answer while the resolver %s, then denies', async (_, fail) => {
    let call: () => unknown = () => true;
    const { cache, clock, asked } = setUp(() => call(), options);
    cache.ask(ORIGIN);
    call = fail;
    const ask = async () => {
      const answer = cache.ask(ORIGIN);
      await clock.advance(200);
      return answer;
    };
    clock.skip(100);
    expect(await ask()).toBe(true);
    expect(asked.length).toBe(2);
    // Held for a second, so that not everybody waits for the deadline; then asked again.
    expect([cache.ask(ORIGIN), asked.length]).toEqual([true, 2]);
    clock.skip(1_000);
    expect(await ask()).toBe(true);
    expect(asked.length).toBe(3);
    clock.skip(5_000);
    expect(await ask()).toBe(false);
    expect(asked.length).toBe(4);
    call = () => true;
    expect(await ask()).toBe(true);
  });

  it.each([
    [4_999, true],
    [5_000, false],
  ])('ends: after %i ms it serves %s', (past, expected) => {
    let fails = false;
    const { cache, clock } = setUp(() => {
      if (fails) {
        throw boom;
      }
      return true;
    }, options);
    cache.ask(ORIGIN);
    fails = true;
    clock.skip(100 + past);
    expect(cache.ask(ORIGIN)).toBe(expected);
    clock.skip(1);
    expect(cache.ask(ORIGIN)).toBe(false);
  });

  it.each<[string, () => unknown, ResolverOptions, boolean]>([
    ['is off by default', () => Promise.reject(boom), { allowedTtl: 100 }, true],
    ['does not cover an answer of the wrong type', () => 'true', options, true],
    ['keeps a no a no', () => Promise.reject(boom), options, false],
  ])('%s', async (_, fail, settings, before) => {
    let call: () => unknown = () => before;
    const { cache, clock } = setUp(() => call(), settings);
    cache.ask(ORIGIN);
    call = fail;
    clock.skip(100);
    expect(await cache.ask(ORIGIN)).toBe(false);
  });

  it('takes the late answer in place of the past one', async () => {
    let answer: unknown = true;
    const slow = deferred<boolean>();
    const { cache, clock } = setUp(() => answer, options);
    cache.ask(ORIGIN);
    answer = slow.promise;
    clock.skip(100);
    const served = cache.ask(ORIGIN);
    await clock.advance(200);
    expect(await served).toBe(true);
    slow.resolve(false);
    await settled();
    expect(cache.ask(ORIGIN)).toBe(false);
  });
});

describe('forgetting', () => {
  it('drops the answers of an origin under every cache key, and nothing else', () => {
    const { cache, asked } = setUp(() => true);
    const near = `${ORIGIN}:8443`;
    for (const [origin, cacheKey] of [[ORIGIN], [ORIGIN, 'one'], [ORIGIN, 'two'], [near], [near, 'one']] as const) {
      cache.ask(origin, cacheKey);
    }
    expect([...cache.forget(ORIGIN)].sort()).toEqual([ORIGIN, `${ORIGIN} one`, `${ORIGIN} two`]);
    cache.ask(near);
    cache.ask(near, 'one');
    expect([cache.size, asked.length]).toEqual([2, 5]);
    cache.forgetAll();
    expect(cache.size).toBe(0);
  });

  it.each<[string, (cache: OriginCache) => void]>([
    ['forget', (cache) => cache.forget(ORIGIN)],
    ['forgetAll', (cache) => cache.forgetAll()],
  ])('%s: who asks afterwards does not get the answer of a question asked before', async (_, forget) => {
    const questions = [deferred<boolean>(), deferred<boolean>()];
    let asked = 0;
    const { cache } = setUp(() => questions[asked++]?.promise);
    const before = cache.ask(ORIGIN);
    forget(cache);
    const after = cache.ask(ORIGIN);
    questions[0]?.resolve(true);
    expect(await before).toBe(true);
    expect([cache.size, cache.pending, cache.ask(ORIGIN)]).toEqual([0, 1, after]);
    questions[1]?.resolve(false);
    expect(await after).toBe(false);
    expect(cache.ask(ORIGIN)).toBe(false);
  });
});

describe('the clock of the process', () => {
  it('runs forward, calls back, can be cancelled, and keeps no process alive', async () => {
    const clock: Clock = systemClock;
    const alive = () => process.getActiveResourcesInfo().filter((resource) => resource === 'Timeout').length;
    const before = [clock.now(), alive()] as const;
    const cancel = clock.setTimer(() => {
      throw new Error('was cancelled');
    }, 1);
    await new Promise<void>((resolve) => {
      clock.setTimer(resolve, 2);
      expect(alive()).toBe(before[1]);
      cancel();
    });
    expect(clock.now()).toBeGreaterThan(before[0]);
  });
});
