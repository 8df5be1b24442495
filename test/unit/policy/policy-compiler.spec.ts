import { describe, expect, it } from '@jest/globals';
import { mergeLevels } from '../../../src/policy/merge.js';
import { enforcedRequests, NOT_ENFORCED, PolicyCompiler } from '../../../src/policy/policy-compiler.js';
import type { CorsPolicyOptions } from '../../../src/policy/policy-options.js';
import { APP } from './compiled.js';

const merged = (options: CorsPolicyOptions, target = 'CorsModule') => mergeLevels(target, [{ target, options }]);
const predicate = () => true;

class Resolver {
  resolve(): boolean {
    return true;
  }
}

describe('the policy compiler', () => {
  it('makes 20 objects for 10,000 handlers with 20 policies', () => {
    const compiler = new PolicyCompiler();
    const made = new Set<unknown>();
    for (let at = 0; at < 10_000; at++) {
      const options = { origin: [`https://o${at % 20}.example`], allowedHeaders: ['X-A'], maxAge: 60 };
      made.add(compiler.compile(merged(options, `C${at}.h`)));
    }
    expect({ made: made.size, size: compiler.policies.length }).toEqual({ made: 20, size: 20 });
  });

  it('adds the defaults', () => {
    const policy = new PolicyCompiler().compile(merged({ origin: APP }));
    expect({ ...policy, origins: policy.origins?.kind, preflightIdentity: undefined }).toEqual({
      state: 'open',
      untouchedByChoice: false,
      target: 'CorsModule',
      origins: 'static',
      anyOrigin: false,
      credentials: false,
      methods: undefined,
      allowedHeaders: new Set(['content-type']),
      anyHeader: false,
      maxAge: undefined,
      optionsSuccessStatus: 204,
      enforce: false,
      wouldEnforce: false,
      actualHeaders: [],
      commonHeaders: [],
      preflightIdentity: undefined,
    });
  });

  it.each<[string, CorsPolicyOptions, CorsPolicyOptions]>([
    ['case of header names', { origin: APP, allowedHeaders: ['X-A'] }, { origin: APP, allowedHeaders: ['x-a'] }],
    [
      'order of header names',
      { origin: APP, allowedHeaders: ['a', 'b'] },
      { origin: APP, allowedHeaders: ['b', 'a', 'B'] },
    ],
    ['case of normalised methods', { origin: APP, methods: ['put'] }, { origin: APP, methods: ['PUT', 'PUT'] }],
    [
      'defaults',
      { origin: APP },
      {
        origin: APP,
        allowedHeaders: ['Content-Type'],
        exposedHeaders: [],
        credentials: false,
        optionsSuccessStatus: 204,
        enforce: false,
        enforceReportOnly: false,
      },
    ],
    ['reports of what is not enforced', { origin: APP }, { origin: APP, enforceReportOnly: true }],
    ['form of the origin', { origin: APP }, { origin: [APP] }],
    ['true for *', { origin: true }, { origin: '*' }],
    ['other methods beside *', { origin: APP, methods: ['*'] }, { origin: APP, methods: ['*', 'PUT'] }],
    ['the same predicate', { origin: predicate }, { origin: predicate }],
    ['the same resolver class', { origin: Resolver }, { origin: Resolver }],
  ])('shares policies with the same meaning: %s', (_, one, other) => {
    const compiler = new PolicyCompiler();
    expect(compiler.compile(merged(other, 'C.h'))).toBe(compiler.compile(merged(one)));
  });

  it.each<[string, CorsPolicyOptions, CorsPolicyOptions, boolean]>([
    ['origin', { origin: APP }, { origin: `${APP}:1` }, false],
    ['origin *', { origin: APP }, { origin: '*' }, false],
    ['predicate', { origin: predicate }, { origin: () => true }, false],
    ['credentials', { origin: APP }, { origin: APP, credentials: true }, false],
    ['methods', { origin: APP }, { origin: APP, methods: ['PUT'] }, false],
    ['an empty list of methods', { origin: APP }, { origin: APP, methods: [] }, false],
    ['methods, empty or *', { origin: APP, methods: ['*'] }, { origin: APP, methods: [] }, false],
    ['methods *', { origin: APP, methods: ['*'] }, { origin: APP, methods: ['PUT'] }, false],
    ['case of other methods', { origin: APP, methods: ['patch'] }, { origin: APP, methods: ['PATCH'] }, false],
    ['allowedHeaders', { origin: APP }, { origin: APP, allowedHeaders: [] }, false],
    ['exposedHeaders', { origin: APP }, { origin: APP, exposedHeaders: ['x'] }, true],
    ['maxAge', { origin: APP }, { origin: APP, maxAge: 0 }, true],
    ['optionsSuccessStatus', { origin: APP }, { origin: APP, optionsSuccessStatus: 200 }, true],
    ['enforce', { origin: APP }, { origin: APP, enforce: 'all' }, true],
    ['resourcePolicy, set or not', { origin: APP }, { origin: APP, resourcePolicy: 'same-site' }, true],
    [
      'resourcePolicy',
      { origin: APP, resourcePolicy: 'cross-origin' },
      { origin: APP, resourcePolicy: 'same-site' },
      true,
    ],
    [
      'enforceReportOnly',
      { origin: APP, enforce: 'all' },
      { origin: APP, enforce: 'all', enforceReportOnly: true },
      true,
    ],
  ])('keeps policies apart that differ in %s', (_, one, other, cachedSideBySide) => {
    const compiler = new PolicyCompiler();
    const [first, second] = [compiler.compile(merged(one)), compiler.compile(merged(other))];
    expect(first).not.toBe(second);
    expect(first.preflightIdentity === second.preflightIdentity).toBe(cachedSideBySide);
  });

  it('keeps lists apart that would be equal when joined', () => {
    const compiler = new PolicyCompiler();
    const policies = [
      { origin: APP, allowedHeaders: ['a', 'b'] },
      { origin: APP, allowedHeaders: ['a'], exposedHeaders: ['b'] },
      { origin: APP, allowedHeaders: [], exposedHeaders: ['a', 'b'] },
      { origin: [APP, 'https://b.example'] },
    ].map((options) => compiler.compile(merged(options)));
    expect(new Set(policies).size).toBe(4);
  });

  it('sends resourcePolicy under an open policy only', () => {
    const compiler = new PolicyCompiler();
    const header = ['Cross-Origin-Resource-Policy', 'same-site'];
    const open = compiler.compile(merged({ origin: APP, credentials: true, resourcePolicy: 'same-site' }));
    expect(open.commonHeaders).toEqual(header);
    expect(open.actualHeaders).toEqual(['Access-Control-Allow-Credentials', 'true', ...header]);
    const untouched = compiler.compile(merged({ resourcePolicy: 'same-site' }));
    expect([untouched.commonHeaders, untouched.actualHeaders]).toEqual([[], []]);
  });

  it('moves enforce aside under enforceReportOnly', () => {
    const options: CorsPolicyOptions = { enforce: 'all', enforceReportOnly: true };
    const policies = [
      new PolicyCompiler().compile(merged({ origin: APP, ...options })),
      new PolicyCompiler().disabled('C', enforcedRequests(options)),
    ];
    for (const { enforce, wouldEnforce } of policies) {
      expect({ enforce, wouldEnforce }).toEqual({ enforce: false, wouldEnforce: 'all' });
    }
  });

  it('gives open policies and policies without an origin their properties in one order', () => {
    const compiler = new PolicyCompiler();
    const [open, disabled] = [compiler.compile(merged({ origin: APP })), compiler.disabled('C', NOT_ENFORCED)];
    expect(Object.keys(disabled)).toEqual(Object.keys(open));
  });

  it('makes one object for each state without an origin and each enforcement', () => {
    const compiler = new PolicyCompiler();
    const closed = compiler.compile(merged({}));
    const disabled = compiler.disabled('C', NOT_ENFORCED);
    const enforcing = compiler.disabled('C', enforcedRequests({ enforce: 'all' }));
    expect(new Set([closed, disabled, enforcing, compiler.compile(merged({ enforce: 'all' }))]).size).toBe(4);
    expect(compiler.compile(merged({ maxAge: 5 }, 'D'))).toBe(closed);
    expect(compiler.disabled('D', enforcedRequests({ enforce: 'all' }))).toBe(enforcing);
    expect([closed.state, disabled.state, enforcing.enforce]).toEqual(['untouched', 'disabled', 'all']);
    expect(new Set([closed.preflightIdentity, disabled.preflightIdentity]).size).toBe(2);
  });

  it('makes frozen policies that do not depend on the options afterwards', () => {
    const options = { origin: [APP], allowedHeaders: ['x-a'], exposedHeaders: ['x-b'], methods: ['PUT'] };
    const compiler = new PolicyCompiler();
    const policy = compiler.compile(merged(options));
    options.origin.push('https://evil.example');
    options.allowedHeaders.push('x-evil');
    options.exposedHeaders.push('x-evil');
    options.methods.push('DELETE');
    expect([policy, policy.actualHeaders, policy.commonHeaders].every(Object.isFrozen)).toBe(true);
    expect({
      origins: policy.origins?.kind === 'static' && policy.origins.allows('https://evil.example'),
      headers: [...policy.allowedHeaders],
      methods: [...(policy.methods ?? [])],
      actual: policy.actualHeaders,
    }).toEqual({
      origins: false,
      headers: ['x-a'],
      methods: ['PUT'],
      actual: ['Access-Control-Expose-Headers', 'x-b'],
    });
  });

  it('compiles the origins of different policies once if they are equal', () => {
    const compiler = new PolicyCompiler();
    const policies = [{ maxAge: 1 }, { maxAge: 2 }, { credentials: true }].map((options) =>
      compiler.compile(merged({ origin: [APP, 'https://*.example.org'], ...options })),
    );
    expect(new Set(policies).size).toBe(3);
    expect(new Set(policies.map(({ origins }) => origins)).size).toBe(1);
  });

  it('shares nothing with the compiler of another application', () => {
    expect(new PolicyCompiler().compile(merged({ origin: APP }))).not.toBe(
      new PolicyCompiler().compile(merged({ origin: APP })),
    );
  });
});
