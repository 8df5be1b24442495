import type { OriginContext, OriginPredicate, OriginResolver } from '../../../src/origin/origin-resolver.js';
import { CACHE_KEY_LIMIT } from '../../../src/resolver/origin-check.js';
import { OriginChecks } from '../../../src/resolver/origin-checks.js';
import type { ResolverEvent } from '../../../src/resolver/resolver-event.js';
import type { ResolverOptions } from '../../../src/resolver/resolver-options.js';
import { FakeClock } from './fake-clock.js';

const ORIGIN = 'https://app.example';
const MALFORMED = Object.freeze([
  'null',
  '',
  `${ORIGIN}/`,
  `${ORIGIN} `,
  ` ${ORIGIN}`,
  `${ORIGIN} one`,
  `${ORIGIN}, ${ORIGIN}`,
  ORIGIN.toUpperCase(),
  `${ORIGIN}.${'a'.repeat(8_192)}`,
]);

function setUp(source: unknown, options?: ResolverOptions) {
  const clock = new FakeClock();
  const events: ResolverEvent[] = [];
  const originChecks = new OriginChecks(options, (event) => events.push(event), clock);
  const check = originChecks.checkFor('Origins', source as OriginPredicate | OriginResolver);
  let contexts = 0;
  let tenant = 'one';
  const context = (): OriginContext => {
    contexts += 1;
    return { request: { tenant }, method: 'GET', path: '/', policy: 'CorsModule', preflight: false };
  };
  return {
    originChecks,
    clock,
    events,
    check: (origin = ORIGIN) => check(origin, context),
    contexts: () => contexts,
    as: (name: string) => {
      tenant = name;
    },
  };
}

const tenantOf = (context: OriginContext) => (context.request as { tenant: string }).tenant;

describe('safeOriginCheck', () => {
  const calls: unknown[][] = [];
  beforeEach(() => {
    calls.length = 0;
  });

  class Cached {
    readonly #allowed = true;
    resolve(...parameters: unknown[]) {
      calls.push(parameters);
      return this.#allowed;
    }
  }
  class CachedAsync extends Cached {
    override resolve(...parameters: unknown[]): never {
      return Promise.resolve(super.resolve(...parameters)) as never;
    }
  }
  class Greedy extends Cached {
    override resolve(origin: unknown, context?: unknown, ...rest: unknown[]) {
      return super.resolve(...[origin, context, ...rest].filter((parameter) => parameter !== undefined));
    }
  }
  class Keyed extends Cached {
    readonly #field = 'tenant';
    cacheKey(context: OriginContext) {
      return (context.request as Record<string, string>)[this.#field];
    }
  }
  class Uncached extends Cached {
    readonly cache = false;
  }
  class Both extends Keyed {
    readonly cache = false;
  }

  const off = { cache: false };
  it.each<[string, unknown, ResolverOptions, { context: boolean; calls: number; contexts: number }]>([
    ['a resolver', new Cached(), {}, { context: false, calls: 1, contexts: 0 }],
    ['a resolver with promises', new CachedAsync(), {}, { context: false, calls: 1, contexts: 0 }],
    ['a resolver with an undeclared second parameter', new Greedy(), {}, { context: false, calls: 1, contexts: 0 }],
    ['a resolver, cache off', new Cached(), off, { context: false, calls: 3, contexts: 0 }],
    ['a keyed resolver', new Keyed(), {}, { context: true, calls: 1, contexts: 3 }],
    ['a keyed resolver, cache off', new Keyed(), off, { context: true, calls: 3, contexts: 3 }],
    ['an uncached resolver', new Uncached(), {}, { context: true, calls: 3, contexts: 3 }],
    ['a resolver with a key and without a cache', new Both(), {}, { context: true, calls: 3, contexts: 3 }],
    [
      'a predicate',
      (origin: string, ...rest: unknown[]) => {
        calls.push([origin, ...rest]);
        return true;
      },
      {},
      { context: false, calls: 3, contexts: 0 },
    ],
    [
      'a predicate without parameters',
      (...parameters: unknown[]) => {
        calls.push(parameters);
        return true;
      },
      {},
      { context: false, calls: 3, contexts: 0 },
    ],
    [
      'a predicate with an optional context',
      (origin: string, context: unknown = 'none') => {
        calls.push(context === 'none' ? [origin] : [origin, context]);
        return true;
      },
      {},
      { context: false, calls: 3, contexts: 0 },
    ],
    [
      'an asynchronous predicate',
      async (origin: string, ...rest: unknown[]) => {
        calls.push([origin, ...rest]);
        return true;
      },
      {},
      { context: false, calls: 1, contexts: 0 },
    ],
    [
      'an asynchronous predicate, cache off',
      async (origin: string) => {
        calls.push([origin]);
        return true;
      },
      off,
      { context: false, calls: 3, contexts: 0 },
    ],
    [
      'a predicate with context',
      (origin: string, context: OriginContext) => {
        calls.push([origin, context]);
        return true;
      },
      {},
      { context: true, calls: 3, contexts: 3 },
    ],
    [
      'an asynchronous predicate with context',
      async (origin: string, context: OriginContext) => {
        calls.push([origin, context]);
        return true;
      },
      {},
      { context: true, calls: 3, contexts: 3 },
    ],
  ])('calls %s with the right parameters, as often as needed', async (_, source, options, expected) => {
    const { check, contexts, events } = setUp(source, options);
    for (let time = 0; time < 3; time += 1) {
      expect(await check()).toBe(true);
    }
    expect({ context: calls[0]?.length === 2, calls: calls.length, contexts: contexts() }).toEqual(expected);
    expect(new Set(calls.map(({ length }) => length)).size).toBe(1);
    expect(calls[0]?.[0]).toBe(ORIGIN);
    expect(events).toEqual([]);
    // A malformed origin is never looked up, whatever is cached.
    for (const malformed of MALFORMED) {
      expect([malformed.slice(0, 40), check(malformed)]).toEqual([malformed.slice(0, 40), undefined]);
    }
    expect({ calls: calls.length, contexts: contexts() }).toEqual({
      calls: expected.calls,
      contexts: expected.contexts,
    });
  });
});

describe('a resolver with cacheKey', () => {
  it('never serves one tenant the answer of another', async () => {
    const { check, as } = setUp({
      resolve: async (origin: string, context: OriginContext) => origin === ORIGIN && tenantOf(context) === 'one',
      cacheKey: tenantOf,
    });
    const answers: unknown[] = [];
    for (const tenant of ['one', 'two', 'One', 'one ', '', 'one']) {
      as(tenant);
      answers.push(await check());
    }
    expect(answers).toEqual([true, false, false, false, false, true]);
  });
});

describe('a cacheKey', () => {
  it.each<[string, unknown, number]>([
    ['of the maximum length is cached', 'k'.repeat(CACHE_KEY_LIMIT), 0],
    ['one character too long is reported', 'k'.repeat(CACHE_KEY_LIMIT + 1), 2],
    ['undefined is reported', undefined, 2],
    ['that is a promise is reported', Promise.resolve('one'), 2],
    ['that is a number is reported', 1, 2],
  ])('%s', (_, key, reports) => {
    let calls = 0;
    const { check, events } = setUp({
      resolve: () => {
        calls += 1;
        return true;
      },
      cacheKey: () => key,
    });
    expect([check(), check()]).toEqual([true, true]);
    expect(calls).toBe(reports === 0 ? 1 : 2);
    expect(events.map(({ code }) => code)).toEqual(Array(reports).fill('resolver-cache-key'));
    expect(events.every(({ message }) => !message.includes('kkk'))).toBe(true);
  });

  it.each([true, false])('that throws denies, with cache: %s', (cache) => {
    const error = new Error('no tenant');
    const resolver = {
      resolve: () => true,
      cacheKey: () => {
        throw error;
      },
    };
    const { check, events } = setUp(resolver, { cache });
    expect(check()).toBe(false);
    expect(events).toEqual([
      {
        code: 'resolver-threw',
        message: 'Origins threw an error in cacheKey.',
        resolver: 'Origins',
        origin: ORIGIN,
        error,
      },
    ]);
  });
});

describe('a resolver with cache = false', () => {
  const boom = new Error('boom');
  it.each<[string, () => unknown, string, unknown]>([
    [
      'throws',
      () => {
        throw boom;
      },
      'resolver-threw',
      boom,
    ],
    ['rejects', () => Promise.reject(boom), 'resolver-rejected', boom],
    ['hangs', () => new Promise(() => {}), 'resolver-timeout', undefined],
    ['answers a string', () => 'true', 'resolver-not-boolean', undefined],
  ])('denies when it %s', async (_, call, code, error) => {
    const { check, events, clock } = setUp({ resolve: call, cache: false });
    const answer = check();
    await clock.advance(2_000);
    expect(await answer).toBe(false);
    expect(events).toEqual([
      { code, message: expect.stringMatching(/^Origins .*\.$/), resolver: 'Origins', origin: ORIGIN, error },
    ]);
    expect(clock.timers).toBe(0);
  });
});

describe('OriginChecks', () => {
  it('shares one cache for a resolver in several policies, but not between resolvers of the same name', () => {
    let calls = 0;
    const make = (allowed: boolean) => ({
      resolve: () => {
        calls += 1;
        return allowed;
      },
    });
    const [first, second] = [make(true), make(false)];
    const originChecks = new OriginChecks(undefined, () => {}, new FakeClock());
    const context = () => ({}) as OriginContext;
    expect(originChecks.checkFor('Origins', first)).toBe(originChecks.checkFor('partners', first));
    expect(originChecks.checkFor('Origins', first)(ORIGIN, context)).toBe(true);
    expect(originChecks.checkFor('Origins', second)(ORIGIN, context)).toBe(false);
    expect(calls).toBe(2);
  });

  it('numbers resolvers of the same name', () => {
    const events: ResolverEvent[] = [];
    const originChecks = new OriginChecks(undefined, (event) => events.push(event), new FakeClock());
    for (const name of ['Origins', 'Origins#2', 'Origins', 'Origins']) {
      originChecks.checkFor(name, { resolve: () => 1 as never })(ORIGIN, () => ({}) as OriginContext);
    }
    expect(events.map(({ resolver }) => resolver)).toEqual(['Origins', 'Origins#2', 'Origins#3', 'Origins#4']);
  });

  it('forgets an origin, or everything, in every cache', async () => {
    let allowed = true;
    const originChecks = new OriginChecks(undefined, () => {}, new FakeClock());
    const context = () => ({ request: { tenant: 'one' } }) as OriginContext;
    const checks = [
      originChecks.checkFor('Plain', { resolve: () => allowed }),
      originChecks.checkFor('Keyed', { resolve: () => allowed, cacheKey: tenantOf }),
    ];
    const answers = () => checks.flatMap((check) => [check(ORIGIN, context), check('https://other.example', context)]);
    expect(answers()).toEqual([true, true, true, true]);
    allowed = false;
    expect(answers()).toEqual([true, true, true, true]);
    await originChecks.forget(ORIGIN);
    expect(answers()).toEqual([false, true, false, true]);
    await originChecks.forgetAll();
    expect(answers()).toEqual([false, false, false, false]);
  });
});
