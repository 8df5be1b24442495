import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isWellFormedOrigin } from '../../../src/origin/grammar/origin-grammar.js';
import { VARY_PREFLIGHT } from '../../../src/policy/decide.js';
import type { CorsRequestFacts } from '../../../src/policy/decision.js';
import { NOT_ENFORCED, PolicyCompiler } from '../../../src/policy/policy-compiler.js';
import type { CorsPolicyOptions } from '../../../src/policy/policy-options.js';
import { APP, compiled, decide, OPEN_OPTIONS, POLICIES } from './compiled.js';

const PREFLIGHT = ['Origin', 'Access-Control-Request-Method', 'Access-Control-Request-Headers'];
const PUT = { requestedMethod: 'PUT' };

describe('the decision about an actual request', () => {
  it.each<[string, CorsPolicyOptions, Partial<CorsRequestFacts>, string, string[], string[]]>([
    [
      'from an allowed origin',
      { origin: APP },
      { origin: APP },
      'allowed',
      ['Access-Control-Allow-Origin', APP],
      ['Origin'],
    ],
    [
      'with credentials and exposed headers',
      { origin: APP, credentials: true, exposedHeaders: ['X-Total', 'x-rate'] },
      { origin: APP },
      'allowed',
      [
        'Access-Control-Allow-Origin',
        APP,
        'Access-Control-Allow-Credentials',
        'true',
        'Access-Control-Expose-Headers',
        'x-rate,x-total',
      ],
      ['Origin'],
    ],
    ['under *', { origin: '*' }, { origin: APP }, 'allowed', ['Access-Control-Allow-Origin', '*'], []],
    ['under * without Origin', { origin: '*' }, {}, 'allowed', ['Access-Control-Allow-Origin', '*'], []],
    ['under * from null', { origin: true }, { origin: 'null' }, 'allowed', ['Access-Control-Allow-Origin', '*'], []],
    [
      'under * with exposed headers, with any Origin',
      { origin: '*', exposedHeaders: ['x-total'] },
      {},
      'allowed',
      ['Access-Control-Allow-Origin', '*', 'Access-Control-Expose-Headers', 'x-total'],
      [],
    ],
    ['without Origin', { origin: APP }, {}, 'no-origin', [], ['Origin']],
    ['from null', { origin: APP }, { origin: 'null' }, 'origin-null', [], ['Origin']],
    ['with an empty Origin', { origin: APP }, { origin: '' }, 'origin-malformed', [], ['Origin']],
    [
      'from an origin in upper case',
      { origin: APP },
      { origin: 'https://APP.example.com' },
      'origin-malformed',
      [],
      ['Origin'],
    ],
    [
      'from an origin with a trailing slash',
      { origin: APP },
      { origin: `${APP}/` },
      'origin-malformed',
      [],
      ['Origin'],
    ],
    ['from a list of origins', { origin: APP }, { origin: `${APP} ${APP}` }, 'origin-malformed', [], ['Origin']],
    ['over 330 bytes', { origin: APP }, { origin: `https://${'a'.repeat(330)}` }, 'origin-malformed', [], ['Origin']],
    ['over http', { origin: APP }, { origin: 'http://app.example.com' }, 'origin-not-allowed', [], ['Origin']],
    ['from another port', { origin: APP }, { origin: `${APP}:8443` }, 'origin-not-allowed', [], ['Origin']],
    ['from a suffix', { origin: APP }, { origin: `${APP}.evil` }, 'origin-not-allowed', [], ['Origin']],
    ['from a prefix', { origin: APP }, { origin: 'https://evilapp.example.com' }, 'origin-not-allowed', [], ['Origin']],
    ['to a predicate that was not called', { origin: () => true }, { origin: APP }, 'origin-undecided', [], ['Origin']],
    [
      'that a predicate denied',
      { origin: () => true },
      { origin: APP, originAllowed: false },
      'origin-not-allowed',
      [],
      ['Origin'],
    ],
    [
      'that a predicate allowed',
      { origin: () => true },
      { origin: APP, originAllowed: true },
      'allowed',
      ['Access-Control-Allow-Origin', APP],
      ['Origin'],
    ],
    [
      'to a predicate that answered another value than true',
      { origin: () => true },
      { origin: APP, originAllowed: 'yes' as never },
      'origin-undecided',
      [],
      ['Origin'],
    ],
    ['to a predicate, from null', { origin: () => true }, { origin: 'null' }, 'origin-null', [], ['Origin']],
    [
      'to a predicate, with a malformed Origin',
      { origin: () => true },
      { origin: 'x' },
      'origin-malformed',
      [],
      ['Origin'],
    ],
    [
      'to a list, with the answer of a predicate',
      { origin: APP },
      { origin: 'https://b.example', originAllowed: true },
      'origin-not-allowed',
      [],
      ['Origin'],
    ],
    ['to an untouched route', {}, { origin: APP }, 'no-policy', [], []],
    ['to an untouched route without Origin', {}, {}, 'no-policy', [], []],
  ])('is right for a request %s', (_, options, facts, reason, headers, vary) => {
    expect(decide(compiled(options), { origin: undefined, ...facts })).toEqual({
      outcome: reason === 'allowed' ? 'allowed' : reason === 'no-policy' ? 'untouched' : 'refused',
      reason,
      headers,
      vary,
    });
  });

  it('has no headers and no Vary for a disabled route', () => {
    const disabled = new PolicyCompiler().disabled('X', NOT_ENFORCED);
    const bare = { outcome: 'refused', reason: 'disabled', headers: [], vary: [] };
    expect([decide(disabled, { origin: APP }), decide(disabled, { origin: undefined })]).toEqual([bare, bare]);
  });
});

describe('the decision about a preflight', () => {
  it.each<[string, CorsPolicyOptions, Partial<CorsRequestFacts>, Record<string, string>]>([
    ['the requested method', { origin: APP }, PUT, { Methods: 'PUT' }],
    ['credentials and the method', { origin: APP, credentials: true }, PUT, { Credentials: 'true', Methods: 'PUT' }],
    [
      'the requested headers',
      { origin: APP, allowedHeaders: ['x-a', 'x-b'] },
      { ...PUT, requestedHeaders: 'X-B' },
      { Methods: 'PUT', Headers: 'x-b' },
    ],
    [
      'content-type by default',
      { origin: APP },
      { ...PUT, requestedHeaders: 'content-type' },
      { Methods: 'PUT', Headers: 'content-type' },
    ],
    ['the age', { origin: APP, maxAge: 600 }, PUT, { Methods: 'PUT', 'Max-Age': '600' }],
    ['an age of 0', { origin: APP, maxAge: 0 }, PUT, { Methods: 'PUT', 'Max-Age': '0' }],
    [
      'an age of 0 if other handlers differ',
      { origin: APP, maxAge: 600 },
      { ...PUT, uncacheable: true },
      { Methods: 'PUT', 'Max-Age': '0' },
    ],
    [
      'an age of 0 if other handlers differ and no age is set',
      { origin: APP },
      { ...PUT, uncacheable: true },
      { Methods: 'PUT', 'Max-Age': '0' },
    ],
    ['a listed method', { origin: APP, methods: ['put'] }, PUT, { Methods: 'PUT' }],
    [
      'GET, even if it is not listed',
      { origin: APP, methods: ['PUT'] },
      { requestedMethod: 'GET' },
      { Methods: 'GET' },
    ],
    [
      'HEAD, even if it is not listed',
      { origin: APP, methods: ['PUT'] },
      { requestedMethod: 'HEAD' },
      { Methods: 'HEAD' },
    ],
    ['POST, even if it is not listed', { origin: APP, methods: [] }, { requestedMethod: 'POST' }, { Methods: 'POST' }],
    ['any method under *', { origin: APP, methods: ['PUT', '*'] }, { requestedMethod: 'PURGE' }, { Methods: 'PURGE' }],
    ['a lower-case patch', { origin: APP }, { requestedMethod: 'patch' }, { Methods: 'patch' }],
    ['a method with an empty list of headers', { origin: APP }, { ...PUT, requestedHeaders: '' }, { Methods: 'PUT' }],
    ['a method with a list of empty names', { origin: APP }, { ...PUT, requestedHeaders: ' ,, ' }, { Methods: 'PUT' }],
  ])('grants %s', (_, options, facts, granted) => {
    const decision = decide(compiled(options), { origin: APP, ...facts });
    const pairs = decision.headers.flatMap((name, at) => (at % 2 === 0 ? [[name, decision.headers[at + 1]]] : []));
    expect({ ...decision, headers: Object.fromEntries(pairs) }).toEqual({
      outcome: 'allowed',
      reason: 'allowed',
      headers: {
        'Access-Control-Allow-Origin': APP,
        ...Object.fromEntries(
          Object.entries(granted).map(([name, value]) => [
            name === 'Max-Age' ? 'Access-Control-Max-Age' : `Access-Control-Allow-${name}`,
            value,
          ]),
        ),
      },
      vary: PREFLIGHT,
    });
  });

  it('grants the literal * without credentials, with the same Vary', () => {
    expect(decide(compiled({ origin: '*' }), { origin: 'null', ...PUT })).toEqual({
      outcome: 'allowed',
      reason: 'allowed',
      headers: ['Access-Control-Allow-Origin', '*', 'Access-Control-Allow-Methods', 'PUT'],
      vary: PREFLIGHT,
    });
  });

  it.each<[string, CorsPolicyOptions, Partial<CorsRequestFacts>, string]>([
    ['null', { origin: APP }, { ...PUT, origin: 'null' }, 'origin-null'],
    ['a malformed origin', { origin: APP }, { ...PUT, origin: 'app.example.com' }, 'origin-malformed'],
    ['no origin', { origin: APP }, { ...PUT, origin: undefined }, 'origin-malformed'],
    ['another origin', { origin: APP }, { ...PUT, origin: 'https://b.example' }, 'origin-not-allowed'],
    ['an origin that the predicate did not decide', { origin: () => true }, PUT, 'origin-undecided'],
    ['an origin the predicate denied', { origin: () => true }, { ...PUT, originAllowed: false }, 'origin-not-allowed'],
    ['an empty method', { origin: APP }, { requestedMethod: '' }, 'method-malformed'],
    ['a lower-case put', { origin: APP }, { requestedMethod: 'put' }, 'method-malformed'],
    ['a lower-case put under *', { origin: APP, methods: ['*'] }, { requestedMethod: 'put' }, 'method-malformed'],
    ['a lower-case get', { origin: APP }, { requestedMethod: 'get' }, 'method-malformed'],
    ['two methods', { origin: APP }, { requestedMethod: 'PUT, GET' }, 'method-malformed'],
    ['TRACE', { origin: APP, methods: ['*'] }, { requestedMethod: 'TRACE' }, 'method-malformed'],
    ['Track', { origin: APP, methods: ['*'] }, { requestedMethod: 'Track' }, 'method-malformed'],
    ['connect', { origin: APP, methods: ['*'] }, { requestedMethod: 'connect' }, 'method-malformed'],
    [
      'a method that is too long',
      { origin: APP, methods: ['*'] },
      { requestedMethod: 'A'.repeat(65) },
      'method-malformed',
    ],
    ['a method that the policy does not list', { origin: APP, methods: ['PATCH'] }, PUT, 'method-not-allowed'],
    [
      'a lower-case patch if the policy lists PATCH',
      { origin: APP, methods: ['PATCH'] },
      { requestedMethod: 'patch' },
      'method-not-allowed',
    ],
    [
      'a header that the policy does not list',
      { origin: APP },
      { ...PUT, requestedHeaders: 'x-a' },
      'header-not-allowed',
    ],
    ['one header too many', { origin: APP }, { ...PUT, requestedHeaders: 'content-type,x-a' }, 'header-not-allowed'],
    [
      'content-type if the policy does not list it',
      { origin: APP, allowedHeaders: [] },
      { ...PUT, requestedHeaders: 'content-type' },
      'header-not-allowed',
    ],
    [
      'authorization under *',
      { origin: APP, allowedHeaders: ['*'] },
      { ...PUT, requestedHeaders: 'authorization' },
      'header-not-allowed',
    ],
    [
      'an invalid header name',
      { origin: APP, allowedHeaders: ['*'] },
      { ...PUT, requestedHeaders: 'x a' },
      'headers-malformed',
    ],
    [
      'a header list that is too long',
      { origin: APP, allowedHeaders: ['*'] },
      { ...PUT, requestedHeaders: 'x'.repeat(1025) },
      'headers-malformed',
    ],
  ])('refuses %s', (_, options, facts, reason) => {
    expect(decide(compiled(options), { origin: APP, ...facts })).toEqual({
      outcome: 'refused',
      reason,
      headers: [],
      vary: PREFLIGHT,
    });
  });

  it('refuses a method that the server does not accept before it checks the origin', () => {
    const knownMethods = new Set(['GET', 'PUT', 'PATCH']);
    const policy = compiled({ origin: APP, methods: ['*'] });
    const reason = (requestedMethod: string, origin = APP) =>
      decide(policy, { origin, requestedMethod, knownMethods }).reason;
    expect([reason('patch'), reason('Patch', 'https://evil.example'), reason('FOO')]).toEqual(
      Array(3).fill('method-unknown'),
    );
    expect([reason('PATCH'), reason('POST'), reason('put'), reason('patch ')]).toEqual([
      'allowed',
      'allowed',
      'method-malformed',
      'method-malformed',
    ]);
    expect(decide(policy, { origin: APP, requestedMethod: 'patch' }).reason).toBe('allowed');
  });

  it('names the first mistake: origin, then method, then headers', () => {
    const policy = compiled({ origin: APP, methods: ['PATCH'] });
    const wrong = { origin: 'https://b.example', requestedMethod: 'PUT', requestedHeaders: 'x y' };
    expect(decide(policy, wrong).reason).toBe('origin-not-allowed');
    expect(decide(policy, { ...wrong, origin: APP }).reason).toBe('method-not-allowed');
    expect(decide(policy, { ...wrong, origin: APP, requestedMethod: 'PATCH' }).reason).toBe('headers-malformed');
  });

  it('leaves an untouched route to the platform and refuses a disabled one with the same Vary', () => {
    expect(decide(compiled({}), { origin: APP, ...PUT })).toEqual({
      outcome: 'untouched',
      reason: 'no-policy',
      headers: [],
      vary: [],
    });
    expect(decide(new PolicyCompiler().disabled('X', NOT_ENFORCED), { origin: APP, ...PUT })).toEqual({
      outcome: 'refused',
      reason: 'disabled',
      headers: [],
      vary: PREFLIGHT,
    });
  });
});

describe('every decision', () => {
  const texts = fc.oneof(
    fc.constantFrom(
      '',
      'null',
      APP,
      'https://app1.example.com',
      'http://localhost:3000',
      'PUT',
      'x-a',
      'x-a, x-b',
      '*',
    ),
    fc.string({ unit: 'binary', maxLength: 60 }),
  );
  const facts = fc.record({
    origin: fc.option(texts, { nil: undefined }),
    originAllowed: fc.constantFrom(undefined, true, false),
    requestedMethod: fc.option(texts, { nil: undefined }),
    requestedHeaders: fc.option(texts, { nil: undefined }),
    uncacheable: fc.boolean(),
  });

  it('allocates nothing for a refusal, whatever arrives', () => {
    fc.assert(
      fc.property(fc.constantFrom(...POLICIES), facts, (policy, drawn) => {
        // Predicates are called only for origins that a browser can send.
        const asked = drawn.origin !== undefined && isWellFormedOrigin(drawn.origin);
        const given = asked ? drawn : { ...drawn, originAllowed: undefined };
        const decision = decide(policy, given);
        if (decision.outcome !== 'allowed') {
          // the very same object: nothing was allocated
          expect(decide(policy, given)).toBe(decision);
          expect(decision.headers).toEqual([]);
          expect(Object.isFrozen(decision)).toBe(true);
        } else {
          expect(decision.headers.length % 2).toBe(0);
          expect(decision.headers[1] === '*' || decision.headers[1] === given.origin).toBe(true);
          expect(decision.headers.every((text) => typeof text === 'string' && !/[\r\n]/.test(text))).toBe(true);
        }
      }),
      { numRuns: 3_000 },
    );
  });

  it('has Cross-Origin-Resource-Policy in addition, and only that, if the policy sets it', () => {
    const values = fc.constantFrom('same-origin', 'same-site', 'cross-origin');
    fc.assert(
      fc.property(fc.constantFrom(...OPEN_OPTIONS), values, facts, (options, resourcePolicy, given) => {
        const without = decide(compiled(options), given);
        expect(decide(compiled({ ...options, resourcePolicy }), given)).toEqual({
          ...without,
          headers: [...without.headers, 'Cross-Origin-Resource-Policy', resourcePolicy],
        });
      }),
      { numRuns: 3_000 },
    );
  });

  it('shares no data that a caller can change for the next request', () => {
    expect([VARY_PREFLIGHT, ...POLICIES.map(({ actualHeaders }) => actualHeaders)].every(Object.isFrozen)).toBe(true);
    const policy = compiled({ origin: APP, exposedHeaders: ['x-total'] });
    const first = decide(policy, { origin: APP });
    (first.headers as string[]).push('X-Added', 'later');
    expect(decide(policy, { origin: APP }).headers).toEqual([
      'Access-Control-Allow-Origin',
      APP,
      'Access-Control-Expose-Headers',
      'x-total',
    ]);
  });
});
