import type { OriginContext } from '../../../src/origin/origin-resolver.js';
import { OriginChecks } from '../../../src/resolver/origin-checks.js';
import type { ResolverEvent } from '../../../src/resolver/resolver-event.js';
import type { ResolverOptions } from '../../../src/resolver/resolver-options.js';
import { STORE_PAUSE } from '../../../src/resolver/shared-answer-store.js';
import { deferred, FakeClock, settled } from './fake-clock.js';
import { MemoryStore, type StoreFault } from './memory-store.js';

const ORIGIN = 'https://app.example';
const OTHER = 'https://other.example';
const ANSWER = 'nestjs-cors:answer:Origins:';

/** One deployment: instances that share a clock, a store and a database. */
class Deployment {
  readonly clock = new FakeClock();
  readonly store = new MemoryStore(this.clock);
  /** The database: allowed origins, those of a tenant as `origin tenant`. */
  readonly allowed = new Set<string>([ORIGIN, `${ORIGIN} one`]);
  queries: string[] = [];
  query: (query: string) => unknown = async (query) => this.allowed.has(query);

  instance(options: ResolverOptions = {}) {
    const events: ResolverEvent[] = [];
    const settings = { store: this.store, ...options };
    const originChecks = new OriginChecks(settings, (event) => events.push(event), this.clock);
    const run = (query: string) => {
      this.queries.push(query);
      return this.query(query) as Promise<boolean>;
    };
    const plain = originChecks.checkFor('Origins', { resolve: (origin: string) => run(origin) });
    const keyed = originChecks.checkFor('Tenants', {
      resolve: (origin, context) => run(`${origin} ${context.path}`),
      cacheKey: (context) => context.path,
    });
    const predicate = originChecks.checkFor('CorsModule', (origin: string) => run(origin));
    const none = (): OriginContext => {
      throw new Error('the context must not be created');
    };
    return {
      originChecks,
      events,
      check: (origin = ORIGIN) => plain(origin, none),
      checkFor: (tenant: string, origin = ORIGIN) => keyed(origin, () => ({ path: tenant }) as OriginContext),
      checkPredicate: (origin = ORIGIN) => predicate(origin, none),
    };
  }
}

describe('two instances', () => {
  it.each([
    [ORIGIN, true],
    [OTHER, false],
  ])('share the answer for %s', async (origin, expected) => {
    const deployment = new Deployment();
    const [here, there] = [deployment.instance(), deployment.instance()];
    expect(await here.check(origin)).toBe(expected);
    expect(await there.check(origin)).toBe(expected);
    expect(there.check(origin)).toBe(expected);
    expect(deployment.queries).toEqual([origin]);
    expect(deployment.clock.timers).toBe(0);
  });

  it('separate resolvers, tenants and namespaces', async () => {
    const deployment = new Deployment();
    const [here, there] = [deployment.instance(), deployment.instance()];
    const elsewhere = deployment.instance({ namespace: 'other' });
    expect([await here.check(), await here.checkFor('one')]).toEqual([true, true]);
    expect([await there.checkFor('one'), await there.checkFor('two'), await there.checkFor('')]).toEqual([
      true,
      false,
      false,
    ]);
    expect(await elsewhere.check()).toBe(true);
    expect(deployment.queries).toEqual([ORIGIN, `${ORIGIN} one`, `${ORIGIN} two`, `${ORIGIN} `, ORIGIN]);
  });

  it('share the promises of a predicate after its first promise', async () => {
    const deployment = new Deployment();
    const [here, there] = [deployment.instance(), deployment.instance()];
    await there.checkPredicate(OTHER);
    await here.checkPredicate(OTHER);
    await here.checkPredicate();
    expect(deployment.queries).toEqual([OTHER, OTHER, ORIGIN]);
    await there.checkPredicate();
    expect(deployment.queries.length).toBe(3);
  });

  it('do not cache or share synchronous answers of a predicate', async () => {
    const deployment = new Deployment();
    const here = deployment.instance();
    await here.checkPredicate(OTHER);
    deployment.query = () => true;
    expect(await here.checkPredicate()).toBe(true);
    expect(await here.checkPredicate()).toBe(true);
    expect(deployment.queries).toEqual([OTHER, ORIGIN, ORIGIN]);
    expect(deployment.store.keys()).toEqual(['nestjs-cors:generation']);
  });

  it('write only values that expire', async () => {
    const deployment = new Deployment();
    const here = deployment.instance();
    await here.check();
    await here.check(OTHER);
    await here.originChecks.forget(OTHER);
    await settled();
    expect(deployment.store.keys().sort()).toEqual([
      `${ANSWER}${ORIGIN}`,
      `nestjs-cors:forgotten:${OTHER}`,
      'nestjs-cors:generation',
    ]);
    deployment.clock.skip(60_000);
    expect(deployment.store.keys()).not.toContain(`${ANSWER}${ORIGIN}`);
    deployment.clock.skip(86_400_000);
    expect(deployment.store.keys()).toEqual([]);
  });

  it('do not share an answer whose time to live is 0', async () => {
    const deployment = new Deployment();
    const here = deployment.instance({ allowedTtl: 0, deniedTtl: 0 });
    await here.check();
    await here.check(OTHER);
    await settled();
    // To some stores a time to live of 0 means forever.
    expect(deployment.store.calls.filter((call) => call.startsWith('set'))).toEqual(['set nestjs-cors:generation']);
  });

  it('read the store once for 200 concurrent requests', async () => {
    const deployment = new Deployment();
    const here = deployment.instance();
    expect(await Promise.all(Array.from({ length: 200 }, () => here.check()))).toEqual(Array(200).fill(true));
    expect(deployment.queries).toEqual([ORIGIN]);
    expect(deployment.store.calls.filter((call) => call.startsWith('get')).length).toBe(3);
  });

  it('create one generation for concurrent requests that find none', async () => {
    const deployment = new Deployment();
    const here = deployment.instance();
    await Promise.all([here.check(), here.check(OTHER), here.checkFor('one')]);
    expect(deployment.store.calls.filter((call) => call === 'set nestjs-cors:generation').length).toBe(1);
  });
});

describe('forgetting in a shared store', () => {
  type Instance = ReturnType<Deployment['instance']>;
  const ways: [string, (instance: Instance) => Promise<void>][] = [
    ['forget', ({ originChecks }) => originChecks.forget(ORIGIN)],
    ['forgetAll', ({ originChecks }) => originChecks.forgetAll()],
  ];

  it.each(ways)('(%s) reaches the other instance within localTtl, for every tenant', async (_, forget) => {
    const deployment = new Deployment();
    const [here, there] = [deployment.instance(), deployment.instance()];
    const answers = async (instance: Instance) => [await instance.check(), await instance.checkFor('one')];
    // Only the other instance has the answer for the tenant: `forget` here does not know its key.
    expect([await here.check(), ...(await answers(there))]).toEqual([true, true, true]);
    deployment.allowed.clear();
    await forget(here);
    expect(await answers(here)).toEqual([false, false]);
    deployment.clock.skip(4_999);
    expect(await answers(there)).toEqual([true, true]);
    deployment.clock.skip(1);
    expect(await answers(there)).toEqual([false, false]);
  });

  it.each(ways)('(%s) invalidates the answer that another instance still waits for', async (_, forget) => {
    const deployment = new Deployment();
    const [here, there] = [deployment.instance(), deployment.instance()];
    const old = deferred<boolean>();
    deployment.query = () => old.promise;
    const before = there.check();
    await settled();
    deployment.query = async () => false;
    await forget(here);
    old.resolve(true);
    expect(await before).toBe(true);
    await settled();
    expect(deployment.store.keys()).toContain(`${ANSWER}${ORIGIN}`);
    expect(await here.check()).toBe(false);
    deployment.clock.skip(5_000);
    expect(await there.check()).toBe(false);
  });

  it.each(ways)('(%s) keeps an instance from sharing the answer of an earlier call', async (_, forget) => {
    const deployment = new Deployment();
    const here = deployment.instance();
    const old = deferred<boolean>();
    deployment.query = () => old.promise;
    const before = here.check();
    await settled();
    await forget(here);
    old.resolve(true);
    expect(await before).toBe(true);
    await settled();
    expect(deployment.store.keys()).not.toContain(`${ANSWER}${ORIGIN}`);
  });

  it('(forgetAll) does not reuse a generation that is being written', async () => {
    const deployment = new Deployment();
    const [here, there] = [deployment.instance(), deployment.instance()];
    const acknowledged = deferred<boolean>();
    const { store } = deployment;
    store.set = async (key, value, ttl) => {
      await MemoryStore.prototype.set.call(store, key, value, ttl);
      return acknowledged.promise;
    };
    const before = here.check(OTHER);
    await settled();
    store.set = MemoryStore.prototype.set;
    expect(await there.check()).toBe(true);
    deployment.allowed.clear();
    const forgotten = here.originChecks.forgetAll();
    acknowledged.resolve(true);
    await Promise.all([before, forgotten]);
    expect(await here.check()).toBe(false);
  });

  it('(forget) does not affect other origins', async () => {
    const deployment = new Deployment();
    const here = deployment.instance();
    await here.check();
    await here.check(OTHER);
    await here.originChecks.forget(ORIGIN);
    deployment.clock.skip(5_000);
    await here.check(OTHER);
    expect(deployment.queries).toEqual([ORIGIN, OTHER]);
    await here.check();
    expect(deployment.queries).toEqual([ORIGIN, OTHER, ORIGIN]);
  });

  it('(forget) deletes the answers that the instance cached', async () => {
    const deployment = new Deployment();
    const here = deployment.instance();
    await here.checkFor('one');
    await settled();
    await here.originChecks.forget(ORIGIN);
    expect(deployment.store.calls.filter((call) => call.startsWith('delete')).sort()).toEqual([
      `delete nestjs-cors:answer:CorsModule:${ORIGIN}`,
      `delete ${ANSWER}${ORIGIN}`,
      `delete nestjs-cors:answer:Tenants:${ORIGIN}`,
      `delete nestjs-cors:answer:Tenants:${ORIGIN} one`,
    ]);
  });

  it('(forget) outlives every earlier answer', async () => {
    const deployment = new Deployment();
    const [here, there] = [deployment.instance(), deployment.instance()];
    const old = deferred<boolean>();
    deployment.query = () => old.promise;
    const before = there.check();
    await settled();
    deployment.query = async () => false;
    await here.originChecks.forget(ORIGIN);
    await deployment.clock.advance(1_999);
    old.resolve(true);
    expect(await before).toBe(true);
    await settled();
    // The old answer is still in the store, after the last earlier answer would have expired.
    await deployment.clock.advance(59_000);
    expect(deployment.store.keys()).toContain(`${ANSWER}${ORIGIN}`);
    expect(await deployment.instance().check()).toBe(false);
  });

  it('does not share or cache an answer after the timeout', async () => {
    const deployment = new Deployment();
    const there = deployment.instance();
    const old = deferred<boolean>();
    deployment.query = () => old.promise;
    const before = there.check();
    await deployment.clock.advance(2_000);
    expect(await before).toBe(false);
    deployment.query = async () => false;
    old.resolve(true);
    await settled();
    expect(deployment.store.keys()).toEqual(['nestjs-cors:generation']);
    expect(await there.check()).toBe(false);
  });

  it.each(['forget', 'forgetAll'] as const)(
    '(%s) also drops an answer read from the store before the store is updated',
    async (forget) => {
      const deployment = new Deployment();
      const here = deployment.instance();
      await here.check();
      await settled();
      deployment.allowed.clear();
      const updated = deferred<void>();
      const set = deployment.store.set.bind(deployment.store);
      deployment.store.set = async (...parameters) => {
        await updated.promise;
        return set(...parameters);
      };
      const forgetting = here.originChecks[forget](ORIGIN);
      expect(await here.check()).toBe(true); // the store is not updated yet
      updated.resolve();
      await forgetting;
      expect(await here.check()).toBe(false);
    },
  );

  it('(forget) ends staleIfError for an answer cached while the store was down', async () => {
    const deployment = new Deployment();
    const [here, there] = [deployment.instance(), deployment.instance({ staleIfError: 600_000 })];
    deployment.store.fault = 'rejects';
    expect(await there.check()).toBe(true);
    deployment.store.fault = 'none';
    deployment.clock.skip(60_000);
    await here.originChecks.forget(ORIGIN);
    deployment.query = () => Promise.reject(new Error('database down'));
    expect(await there.check()).toBe(false);
  });

  it('(forget) ends staleIfError at another instance', async () => {
    const deployment = new Deployment();
    const [here, there] = [deployment.instance(), deployment.instance({ staleIfError: 600_000 })];
    await there.check();
    deployment.query = () => Promise.reject(new Error('database down'));
    deployment.clock.skip(60_000);
    expect(await there.check()).toBe(true);
    await here.originChecks.forget(ORIGIN);
    deployment.clock.skip(1_000);
    expect(await there.check()).toBe(false);
  });
});

describe('a value in the store', () => {
  const good = async () => {
    const deployment = new Deployment();
    deployment.allowed.clear();
    await deployment.instance().check();
    await settled();
    const text = deployment.store.values.get(`${ANSWER}${ORIGIN}`)?.value as string;
    expect(text).toMatch(/^v1 no [0-9a-f-]{36} - nestjs-cors:answer:Origins:https:\/\/app\.example$/);
    deployment.queries = [];
    return { deployment, yes: text.replace('no', 'yes') };
  };

  it.each<[string, (yes: string) => unknown, boolean]>([
    ['the answer', (yes) => yes, true],
    ['an answer of another version', (yes) => yes.replace('v1', 'v2'), false],
    ['an answer in another case', (yes) => yes.replace('yes', 'YES'), false],
    ['an answer with a space at its end', (yes) => `${yes} `, false],
    ['an answer without tokens', () => 'v1 yes', false],
    ['an answer with other tokens', (yes) => yes.replace(/yes .{36} /, `yes ${'0'.repeat(36)} `), false],
    ['the answer for another origin', (yes) => yes.replace(ORIGIN, OTHER), false],
    ['true', () => true, false],
    ['the text true', () => 'true', false],
    ['1', () => 1, false],
    ['an object', () => ({ v: 1, allowed: true }), false],
    ['an object that converts to the answer', (yes) => ({ toString: () => yes }), false],
    ['a list', (yes) => [yes], false],
    ['null', () => null, false],
  ])('that is %s counts only if it is the exact answer', async (_, value, counts) => {
    const { deployment, yes } = await good();
    deployment.store.values.set(`${ANSWER}${ORIGIN}`, { value: value(yes), expires: Number.POSITIVE_INFINITY });
    const there = deployment.instance();
    expect(await there.check()).toBe(counts);
    expect([deployment.queries.length, there.events]).toEqual([counts ? 0 : 1, []]);
  });

  it.each([true, 1, '', 'x', {}, `${'0'.repeat(36)}\n`, '0'.repeat(37), null])(
    '(%j) that is not a generation token starts a new generation',
    async (value) => {
      const { deployment, yes } = await good();
      const forged = yes.replace(/yes .{36} /, `yes ${String(value)} `);
      deployment.store.values.set('nestjs-cors:generation', { value, expires: Number.POSITIVE_INFINITY });
      deployment.store.values.set(`${ANSWER}${ORIGIN}`, { value: forged, expires: Number.POSITIVE_INFINITY });
      expect(await deployment.instance().check()).toBe(false);
      expect(deployment.store.values.get('nestjs-cors:generation')?.value).toMatch(/^[0-9a-f-]{36}$/);
    },
  );
});

it('never serves one tenant the answer of another, even if the store cleans its keys', async () => {
  const deployment = new Deployment();
  const { store } = deployment;
  const clean = (key: string) => key.replace(/[;/]/g, '');
  store.get = (key) => MemoryStore.prototype.get.call(store, clean(key));
  store.set = (key, value, ttl) => MemoryStore.prototype.set.call(store, clean(key), value, ttl);
  const [here, there] = [deployment.instance(), deployment.instance()];
  expect(await here.checkFor('one')).toBe(true);
  await settled();
  expect(await there.checkFor('on;e')).toBe(false);
  expect(await there.checkFor('one')).toBe(true);
});

describe('a store that fails', () => {
  const faults: StoreFault[] = ['throws', 'rejects', 'hangs', 'swallows', 'refuses-writes'];

  it.each(faults)('(%s) leaves requests to the resolver and reports one event', async (fault) => {
    const deployment = new Deployment();
    const here = deployment.instance({ allowedTtl: 1, deniedTtl: 1 });
    await here.check();
    await settled();
    deployment.store.fault = fault;
    deployment.queries = [];
    const answers: unknown[] = [];
    for (let request = 0; request < 50; request += 1) {
      deployment.clock.skip(STORE_PAUSE / 10);
      const answer = Promise.resolve(here.check(request % 2 === 0 ? ORIGIN : OTHER));
      await deployment.clock.advance(fault === 'hangs' ? 1_000 : 0);
      answers.push(await answer);
    }
    expect(answers).toEqual(Array.from({ length: 50 }, (_, request) => request % 2 === 0));
    expect(deployment.queries.length).toBe(50);
    expect(here.events.map(({ code }) => code)).toEqual(['store-failed']);
    expect(here.events[0]?.message).toMatch(/^The store .*\. Resolvers are called without it until it works again\.$/);
    await deployment.clock.advance(1_000);
    expect(deployment.clock.timers).toBe(0);
  });

  // Jest fails a test that leaves a rejection unhandled.
  it.each(['get', 'delete'] as const)('(%s) leaves no rejection unhandled if the next call throws', async (method) => {
    const deployment = new Deployment();
    const here = deployment.instance();
    let calls = 0;
    deployment.store[method] = () => {
      calls += 1;
      if (calls > 1) {
        throw new Error('the connection is closed');
      }
      return Promise.reject(new Error('the connection was lost'));
    };
    expect(await here.check()).toBe(true);
    await here.originChecks.forget(ORIGIN);
    await settled();
    expect(here.events.map(({ code }) => code)).toEqual(['store-failed']);
  });

  it('is not used for a while, then used again, and the next outage is reported again', async () => {
    const deployment = new Deployment();
    const here = deployment.instance({ allowedTtl: 1 });
    deployment.store.fault = 'rejects';
    await here.check();
    deployment.store.calls.length = 0;
    deployment.clock.skip(STORE_PAUSE - 1);
    await here.check();
    expect(deployment.store.calls).toEqual([]);
    deployment.clock.skip(1);
    await here.check();
    expect(deployment.store.calls.length).toBe(3);
    deployment.store.fault = 'none';
    deployment.clock.skip(STORE_PAUSE);
    await here.check();
    await settled();
    expect(deployment.store.keys()).toContain(`${ANSWER}${ORIGIN}`);
    expect(here.events.length).toBe(1);
    deployment.store.fault = 'rejects';
    deployment.clock.skip(1);
    await here.check();
    expect(here.events.length).toBe(2);
  });

  it.each([
    ['hangs', 500],
    ['rejects', 0],
  ] as const)('(%s) costs a request at most %i ms', async (fault, cost) => {
    const deployment = new Deployment();
    deployment.store.fault = fault;
    const here = deployment.instance();
    let answer: unknown;
    void Promise.resolve(here.check()).then((allowed) => {
      answer = allowed;
    });
    await deployment.clock.advance(cost);
    expect(answer).toBe(true);
  });

  it('and a resolver that both hang deny within the timeout', async () => {
    const deployment = new Deployment();
    deployment.store.fault = 'hangs';
    deployment.query = () => new Promise(() => {});
    const here = deployment.instance();
    let answer: unknown;
    void Promise.resolve(here.check()).then((allowed) => {
      answer = allowed;
    });
    await deployment.clock.advance(1_999);
    expect(answer).toBeUndefined();
    await deployment.clock.advance(1);
    expect(answer).toBe(false);
    expect(here.events.map(({ code }) => code)).toEqual(['store-failed', 'resolver-timeout']);
  });

  it.each<['forget' | 'forgetAll', StoreFault]>(
    (['forget', 'forgetAll'] as const).flatMap((way) =>
      faults.map((fault): ['forget' | 'forgetAll', StoreFault] => [way, fault]),
    ),
  )('misses a %s (%s) and makes up for it when it works again', async (way, fault) => {
    const deployment = new Deployment();
    const [here, there] = [deployment.instance({ deniedTtl: 0 }), deployment.instance({ deniedTtl: 0 })];
    expect([await here.check(), await there.check()]).toEqual([true, true]);
    await settled();
    deployment.store.fault = fault;
    deployment.allowed.clear();
    const forgotten = way === 'forget' ? here.originChecks.forget(ORIGIN) : here.originChecks.forgetAll();
    await deployment.clock.advance(1_000);
    await forgotten;
    expect(await here.check()).toBe(false);
    expect(here.events.map(({ code }) => code)).toEqual(['store-failed']);
    deployment.store.fault = 'none';
    // The old answer is still in the store. It does not count here, and a lookup here invalidates it elsewhere.
    expect(deployment.store.keys()).toContain(`${ANSWER}${ORIGIN}`);
    expect(await here.check()).toBe(false);
    deployment.clock.skip(STORE_PAUSE);
    expect(await here.check()).toBe(false);
    expect(await there.check()).toBe(false);
  });

  it('is not written to if it failed after it was read', async () => {
    const deployment = new Deployment();
    const here = deployment.instance();
    await here.check(OTHER);
    const slow = deferred<boolean>();
    deployment.query = () => slow.promise;
    const answer = here.check();
    await settled();
    deployment.store.fault = 'rejects';
    void here.checkFor('one');
    await settled();
    deployment.store.calls.length = 0;
    slow.resolve(true);
    expect(await answer).toBe(true);
    await settled();
    expect(deployment.store.calls).toEqual([]);
  });

  it('is never used with the cache off', async () => {
    const deployment = new Deployment();
    const here = deployment.instance({ cache: false });
    await here.check();
    await here.originChecks.forget(ORIGIN);
    await here.originChecks.forgetAll();
    expect(deployment.store.calls).toEqual([]);
  });
});
