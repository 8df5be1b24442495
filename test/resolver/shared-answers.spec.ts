import type { OriginContext } from '../../src/origin/origin-resolver.js';
import { OriginChecks } from '../../src/resolver/origin-checks.js';
import type { ResolverEvent } from '../../src/resolver/resolver-event.js';
import type { ResolverOptions } from '../../src/resolver/resolver-options.js';
import { STORE_PAUSE } from '../../src/resolver/shared-answer-store.js';
import { deferred, FakeClock, settled } from './fake-clock.js';
import { MemoryStore, type StoreFault } from './memory-store.js';

const ORIGIN = 'https://app.example';
const OTHER = 'https://other.example';
const ANSWER = 'nestjs-cors:answer:Origins:';

/** One deployment: instances with a clock, a store and a database in common. */
class Deployment {
  readonly clock = new FakeClock();
  readonly store = new MemoryStore(this.clock);
  /** What the database says: the tenants' yeses as `origin tenant`. */
  readonly allowed = new Set<string>([ORIGIN, `${ORIGIN} one`]);
  queries: string[] = [];
  query: (question: string) => unknown = async (question) => this.allowed.has(question);

  instance(options: ResolverOptions = {}) {
    const events: ResolverEvent[] = [];
    const settings = { store: this.store, ...options };
    const originChecks = new OriginChecks(settings, (event) => events.push(event), this.clock);
    const run = (question: string) => {
      this.queries.push(question);
      return this.query(question) as Promise<boolean>;
    };
    const plain = originChecks.checkFor('Origins', { resolve: (origin: string) => run(origin) });
    const keyed = originChecks.checkFor('Tenants', {
      resolve: (origin, context) => run(`${origin} ${context.path}`),
      cacheKey: (context) => context.path,
    });
    const predicate = originChecks.checkFor('CorsModule', (origin: string) => run(origin));
    const none = (): OriginContext => {
      throw new Error('nobody may ask for the context');
    };
    return {
      originChecks,
      events,
      ask: (origin = ORIGIN) => plain(origin, none),
      askFor: (tenant: string, origin = ORIGIN) => keyed(origin, () => ({ path: tenant }) as OriginContext),
      askPredicate: (origin = ORIGIN) => predicate(origin, none),
    };
  }
}

describe('two instances', () => {
  it.each([
    [ORIGIN, true],
    [OTHER, false],
  ])("see one another's answer about %s", async (origin, expected) => {
    const deployment = new Deployment();
    const [here, there] = [deployment.instance(), deployment.instance()];
    expect(await here.ask(origin)).toBe(expected);
    expect(await there.ask(origin)).toBe(expected);
    expect(there.ask(origin)).toBe(expected);
    expect(deployment.queries).toEqual([origin]);
    expect(deployment.clock.timers).toBe(0);
  });

  it('keep resolvers, tenants and namespaces apart', async () => {
    const deployment = new Deployment();
    const [here, there] = [deployment.instance(), deployment.instance()];
    const elsewhere = deployment.instance({ namespace: 'other' });
    expect([await here.ask(), await here.askFor('one')]).toEqual([true, true]);
    expect([await there.askFor('one'), await there.askFor('two'), await there.askFor('')]).toEqual([
      true,
      false,
      false,
    ]);
    expect(await elsewhere.ask()).toBe(true);
    expect(deployment.queries).toEqual([ORIGIN, `${ORIGIN} one`, `${ORIGIN} two`, `${ORIGIN} `, ORIGIN]);
  });

  it('share the promises of a predicate once it was seen to make one', async () => {
    const deployment = new Deployment();
    const [here, there] = [deployment.instance(), deployment.instance()];
    await there.askPredicate(OTHER);
    await here.askPredicate(OTHER);
    await here.askPredicate();
    expect(deployment.queries).toEqual([OTHER, OTHER, ORIGIN]);
    await there.askPredicate();
    expect(deployment.queries.length).toBe(3);
  });

  it('do not keep or share what a predicate answers at once', async () => {
    const deployment = new Deployment();
    const here = deployment.instance();
    await here.askPredicate(OTHER);
    deployment.query = () => true;
    expect(await here.askPredicate()).toBe(true);
    expect(await here.askPredicate()).toBe(true);
    expect(deployment.queries).toEqual([OTHER, ORIGIN, ORIGIN]);
    expect(deployment.store.keys()).toEqual(['nestjs-cors:generation']);
  });

  it('write nothing into the store that does not expire', async () => {
    const deployment = new Deployment();
    const here = deployment.instance();
    await here.ask();
    await here.ask(OTHER);
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

  it('share no answer whose time to live is 0', async () => {
    const deployment = new Deployment();
    const here = deployment.instance({ allowedTtl: 0, deniedTtl: 0 });
    await here.ask();
    await here.ask(OTHER);
    await settled();
    // To some stores a time to live of 0 means for ever.
    expect(deployment.store.calls.filter((call) => call.startsWith('set'))).toEqual(['set nestjs-cors:generation']);
  });

  it('wait for one another only once: 200 that ask at once look at the store once', async () => {
    const deployment = new Deployment();
    const here = deployment.instance();
    expect(await Promise.all(Array.from({ length: 200 }, () => here.ask()))).toEqual(Array(200).fill(true));
    expect(deployment.queries).toEqual([ORIGIN]);
    expect(deployment.store.calls.filter((call) => call.startsWith('get')).length).toBe(3);
  });

  it('make one generation for all who miss it at once', async () => {
    const deployment = new Deployment();
    const here = deployment.instance();
    await Promise.all([here.ask(), here.ask(OTHER), here.askFor('one')]);
    expect(deployment.store.calls.filter((call) => call === 'set nestjs-cors:generation').length).toBe(1);
  });
});

describe('forgetting', () => {
  type Instance = ReturnType<Deployment['instance']>;
  const ways: [string, (instance: Instance) => Promise<void>][] = [
    ['forget', ({ originChecks }) => originChecks.forget(ORIGIN)],
    ['forgetAll', ({ originChecks }) => originChecks.forgetAll()],
  ];

  it.each(ways)('%s reaches the other instance within localTtl, for every tenant', async (_, forget) => {
    const deployment = new Deployment();
    const [here, there] = [deployment.instance(), deployment.instance()];
    const answers = async (instance: Instance) => [await instance.ask(), await instance.askFor('one')];
    // The second tenant's answer is known only there: `forget` here cannot name its key.
    expect([await here.ask(), ...(await answers(there))]).toEqual([true, true, true]);
    deployment.allowed.clear();
    await forget(here);
    expect(await answers(here)).toEqual([false, false]);
    deployment.clock.skip(4_999);
    expect(await answers(there)).toEqual([true, true]);
    deployment.clock.skip(1);
    expect(await answers(there)).toEqual([false, false]);
  });

  it.each(ways)('%s discards the answer that another instance is still waiting for', async (_, forget) => {
    const deployment = new Deployment();
    const [here, there] = [deployment.instance(), deployment.instance()];
    const old = deferred<boolean>();
    deployment.query = () => old.promise;
    const before = there.ask();
    await settled();
    deployment.query = async () => false;
    await forget(here);
    old.resolve(true);
    expect(await before).toBe(true);
    await settled();
    expect(deployment.store.keys()).toContain(`${ANSWER}${ORIGIN}`);
    expect(await here.ask()).toBe(false);
    deployment.clock.skip(5_000);
    expect(await there.ask()).toBe(false);
  });

  it.each(ways)('%s keeps an instance from sharing the answer of a question asked before', async (_, forget) => {
    const deployment = new Deployment();
    const here = deployment.instance();
    const old = deferred<boolean>();
    deployment.query = () => old.promise;
    const before = here.ask();
    await settled();
    await forget(here);
    old.resolve(true);
    expect(await before).toBe(true);
    await settled();
    expect(deployment.store.keys()).not.toContain(`${ANSWER}${ORIGIN}`);
  });

  it('forgetAll does not settle for a generation that was being set before', async () => {
    const deployment = new Deployment();
    const [here, there] = [deployment.instance(), deployment.instance()];
    const acknowledged = deferred<boolean>();
    const { store } = deployment;
    store.set = async (key, value, ttl) => {
      await MemoryStore.prototype.set.call(store, key, value, ttl);
      return acknowledged.promise;
    };
    const before = here.ask(OTHER);
    await settled();
    store.set = MemoryStore.prototype.set;
    expect(await there.ask()).toBe(true);
    deployment.allowed.clear();
    const forgotten = here.originChecks.forgetAll();
    acknowledged.resolve(true);
    await Promise.all([before, forgotten]);
    expect(await here.ask()).toBe(false);
  });

  it('one origin leaves the others', async () => {
    const deployment = new Deployment();
    const here = deployment.instance();
    await here.ask();
    await here.ask(OTHER);
    await here.originChecks.forget(ORIGIN);
    deployment.clock.skip(5_000);
    await here.ask(OTHER);
    expect(deployment.queries).toEqual([ORIGIN, OTHER]);
    await here.ask();
    expect(deployment.queries).toEqual([ORIGIN, OTHER, ORIGIN]);
  });

  it('removes the answers it knows of', async () => {
    const deployment = new Deployment();
    const here = deployment.instance();
    await here.askFor('one');
    await settled();
    await here.originChecks.forget(ORIGIN);
    expect(deployment.store.calls.filter((call) => call.startsWith('delete')).sort()).toEqual([
      `delete nestjs-cors:answer:CorsModule:${ORIGIN}`,
      `delete ${ANSWER}${ORIGIN}`,
      `delete nestjs-cors:answer:Tenants:${ORIGIN}`,
      `delete nestjs-cors:answer:Tenants:${ORIGIN} one`,
    ]);
  });

  it('outlives every answer made before', async () => {
    const deployment = new Deployment();
    const [here, there] = [deployment.instance(), deployment.instance()];
    const old = deferred<boolean>();
    deployment.query = () => old.promise;
    const before = there.ask();
    await settled();
    deployment.query = async () => false;
    await here.originChecks.forget(ORIGIN);
    await deployment.clock.advance(1_999);
    old.resolve(true);
    expect(await before).toBe(true);
    await settled();
    // The old answer is still there when the last one made before the `forget` would have ended.
    await deployment.clock.advance(59_000);
    expect(deployment.store.keys()).toContain(`${ANSWER}${ORIGIN}`);
    expect(await deployment.instance().ask()).toBe(false);
  });

  it('keeps a late answer from coming back, here and there', async () => {
    const deployment = new Deployment();
    const there = deployment.instance();
    const old = deferred<boolean>();
    deployment.query = () => old.promise;
    const before = there.ask();
    await deployment.clock.advance(2_000);
    expect(await before).toBe(false);
    deployment.query = async () => false;
    old.resolve(true);
    await settled();
    expect(deployment.store.keys()).toEqual(['nestjs-cors:generation']);
    expect(await there.ask()).toBe(false);
  });

  it.each(['forget', 'forgetAll'] as const)(
    '%s also forgets what is read from the store before the store is told',
    async (forget) => {
      const deployment = new Deployment();
      const here = deployment.instance();
      await here.ask();
      await settled();
      deployment.allowed.clear();
      const told = deferred<void>();
      const set = deployment.store.set.bind(deployment.store);
      deployment.store.set = async (...parameters) => {
        await told.promise;
        return set(...parameters);
      };
      const forgetting = here.originChecks[forget](ORIGIN);
      expect(await here.ask()).toBe(true); // the store has not heard of it yet
      told.resolve();
      await forgetting;
      expect(await here.ask()).toBe(false);
    },
  );

  it('ends staleIfError of an answer that was kept while the store was down', async () => {
    const deployment = new Deployment();
    const [here, there] = [deployment.instance(), deployment.instance({ staleIfError: 600_000 })];
    deployment.store.fault = 'rejects';
    expect(await there.ask()).toBe(true);
    deployment.store.fault = 'none';
    deployment.clock.skip(60_000);
    await here.originChecks.forget(ORIGIN);
    deployment.query = () => Promise.reject(new Error('database down'));
    expect(await there.ask()).toBe(false);
  });

  it('ends staleIfError at another instance', async () => {
    const deployment = new Deployment();
    const [here, there] = [deployment.instance(), deployment.instance({ staleIfError: 600_000 })];
    await there.ask();
    deployment.query = () => Promise.reject(new Error('database down'));
    deployment.clock.skip(60_000);
    expect(await there.ask()).toBe(true);
    await here.originChecks.forget(ORIGIN);
    deployment.clock.skip(1_000);
    expect(await there.ask()).toBe(false);
  });
});

describe('what is found in the store', () => {
  const good = async () => {
    const deployment = new Deployment();
    deployment.allowed.clear();
    await deployment.instance().ask();
    await settled();
    const text = deployment.store.values.get(`${ANSWER}${ORIGIN}`)?.value as string;
    expect(text).toMatch(/^v1 no [0-9a-f-]{36} - nestjs-cors:answer:Origins:https:\/\/app\.example$/);
    deployment.queries = [];
    return { deployment, yes: text.replace('no', 'yes') };
  };

  it.each<[string, (yes: string) => unknown, boolean]>([
    ['the answer', (yes) => yes, true],
    ['another version', (yes) => yes.replace('v1', 'v2'), false],
    ['another case', (yes) => yes.replace('yes', 'YES'), false],
    ['a space more', (yes) => `${yes} `, false],
    ['no marks', () => 'v1 yes', false],
    ['other marks', (yes) => yes.replace(/yes .{36} /, `yes ${'0'.repeat(36)} `), false],
    ['the answer to another origin', (yes) => yes.replace(ORIGIN, OTHER), false],
    ['true', () => true, false],
    ['the text true', () => 'true', false],
    ['1', () => 1, false],
    ['an object', () => ({ v: 1, allowed: true }), false],
    ['an object that reads like the answer', (yes) => ({ toString: () => yes }), false],
    ['a list', (yes) => [yes], false],
    ['null', () => null, false],
  ])('%s', async (_, value, counts) => {
    const { deployment, yes } = await good();
    deployment.store.values.set(`${ANSWER}${ORIGIN}`, { value: value(yes), expires: Number.POSITIVE_INFINITY });
    const there = deployment.instance();
    expect(await there.ask()).toBe(counts);
    expect([deployment.queries.length, there.events]).toEqual([counts ? 0 : 1, []]);
  });

  it.each([true, 1, '', 'x', {}, `${'0'.repeat(36)}\n`, '0'.repeat(37), null])(
    '%j is no generation, so a new one begins',
    async (value) => {
      const { deployment, yes } = await good();
      const forged = yes.replace(/yes .{36} /, `yes ${String(value)} `);
      deployment.store.values.set('nestjs-cors:generation', { value, expires: Number.POSITIVE_INFINITY });
      deployment.store.values.set(`${ANSWER}${ORIGIN}`, { value: forged, expires: Number.POSITIVE_INFINITY });
      expect(await deployment.instance().ask()).toBe(false);
      expect(deployment.store.values.get('nestjs-cors:generation')?.value).toMatch(/^[0-9a-f-]{36}$/);
    },
  );
});

it('does not serve one tenant the answer of another from a store that cleans its keys', async () => {
  const deployment = new Deployment();
  const { store } = deployment;
  const clean = (key: string) => key.replace(/[;/]/g, '');
  store.get = (key) => MemoryStore.prototype.get.call(store, clean(key));
  store.set = (key, value, ttl) => MemoryStore.prototype.set.call(store, clean(key), value, ttl);
  const [here, there] = [deployment.instance(), deployment.instance()];
  expect(await here.askFor('one')).toBe(true);
  await settled();
  expect(await there.askFor('on;e')).toBe(false);
  expect(await there.askFor('one')).toBe(true);
});

describe('a store that is down', () => {
  const faults: StoreFault[] = ['throws', 'rejects', 'hangs', 'swallows', 'refuses-writes'];

  it.each(faults)('%s: requests are served, the resolver is asked, one event', async (fault) => {
    const deployment = new Deployment();
    const here = deployment.instance({ allowedTtl: 1, deniedTtl: 1 });
    await here.ask();
    await settled();
    deployment.store.fault = fault;
    deployment.queries = [];
    const answers: unknown[] = [];
    for (let request = 0; request < 50; request += 1) {
      deployment.clock.skip(STORE_PAUSE / 10);
      const answer = Promise.resolve(here.ask(request % 2 === 0 ? ORIGIN : OTHER));
      await deployment.clock.advance(fault === 'hangs' ? 1_000 : 0);
      answers.push(await answer);
    }
    expect(answers).toEqual(Array.from({ length: 50 }, (_, request) => request % 2 === 0));
    expect(deployment.queries.length).toBe(50);
    expect(here.events.map(({ code }) => code)).toEqual(['store-failed']);
    expect(here.events[0]?.message).toMatch(/^The store .* resolvers are asked instead until it works again\.$/);
    await deployment.clock.advance(1_000);
    expect(deployment.clock.timers).toBe(0);
  });

  it('is left alone for a while, then used again, and the next outage is told again', async () => {
    const deployment = new Deployment();
    const here = deployment.instance({ allowedTtl: 1 });
    deployment.store.fault = 'rejects';
    await here.ask();
    deployment.store.calls.length = 0;
    deployment.clock.skip(STORE_PAUSE - 1);
    await here.ask();
    expect(deployment.store.calls).toEqual([]);
    deployment.clock.skip(1);
    await here.ask();
    expect(deployment.store.calls.length).toBe(3);
    deployment.store.fault = 'none';
    deployment.clock.skip(STORE_PAUSE);
    await here.ask();
    await settled();
    expect(deployment.store.keys()).toContain(`${ANSWER}${ORIGIN}`);
    expect(here.events.length).toBe(1);
    deployment.store.fault = 'rejects';
    deployment.clock.skip(1);
    await here.ask();
    expect(here.events.length).toBe(2);
  });

  it.each([
    ['hangs', 500],
    ['rejects', 0],
  ] as const)('%s: costs a request at most %i ms', async (fault, cost) => {
    const deployment = new Deployment();
    deployment.store.fault = fault;
    const here = deployment.instance();
    let answer: unknown;
    void Promise.resolve(here.ask()).then((allowed) => {
      answer = allowed;
    });
    await deployment.clock.advance(cost);
    expect(answer).toBe(true);
  });

  it('hangs together with the resolver: the answer still comes within timeout', async () => {
    const deployment = new Deployment();
    deployment.store.fault = 'hangs';
    deployment.query = () => new Promise(() => {});
    const here = deployment.instance();
    let answer: unknown;
    void Promise.resolve(here.ask()).then((allowed) => {
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
  )('misses a %s (%s), which is made good when it works again', async (way, fault) => {
    const deployment = new Deployment();
    const [here, there] = [deployment.instance({ deniedTtl: 0 }), deployment.instance({ deniedTtl: 0 })];
    expect([await here.ask(), await there.ask()]).toEqual([true, true]);
    await settled();
    deployment.store.fault = fault;
    deployment.allowed.clear();
    const forgotten = way === 'forget' ? here.originChecks.forget(ORIGIN) : here.originChecks.forgetAll();
    await deployment.clock.advance(1_000);
    await forgotten;
    expect(await here.ask()).toBe(false);
    expect(here.events.map(({ code }) => code)).toEqual(['store-failed']);
    deployment.store.fault = 'none';
    // The old yes is still in the store; here it is not believed, and asking here voids it for the others.
    expect(deployment.store.keys()).toContain(`${ANSWER}${ORIGIN}`);
    expect(await here.ask()).toBe(false);
    deployment.clock.skip(STORE_PAUSE);
    expect(await here.ask()).toBe(false);
    expect(await there.ask()).toBe(false);
  });

  it('is not written to when it failed since it was read', async () => {
    const deployment = new Deployment();
    const here = deployment.instance();
    await here.ask(OTHER);
    const slow = deferred<boolean>();
    deployment.query = () => slow.promise;
    const answer = here.ask();
    await settled();
    deployment.store.fault = 'rejects';
    void here.askFor('one');
    await settled();
    deployment.store.calls.length = 0;
    slow.resolve(true);
    expect(await answer).toBe(true);
    await settled();
    expect(deployment.store.calls).toEqual([]);
  });

  it('does not matter with the cache off: it is never used', async () => {
    const deployment = new Deployment();
    const here = deployment.instance({ cache: false });
    await here.ask();
    await here.originChecks.forget(ORIGIN);
    await here.originChecks.forgetAll();
    expect(deployment.store.calls).toEqual([]);
  });
});
