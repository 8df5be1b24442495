import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { VARY_PREFLIGHT } from '../../../src/policy/decide.js';
import type { CorsRequestFacts } from '../../../src/policy/decision.js';
import { explainPreflight } from '../../../src/policy/explain-preflight.js';
import { NOT_ENFORCED, PolicyCompiler } from '../../../src/policy/policy-compiler.js';
import type { CorsPolicyOptions } from '../../../src/policy/policy-options.js';
import { APP, compiled, decide } from './compiled.js';

const OPTIONS: CorsPolicyOptions = {
  origin: APP,
  credentials: true,
  methods: ['PUT'],
  allowedHeaders: ['x-a', 'x-b'],
  maxAge: 9,
};
const ALLOWED = ['Access-Control-Allow-Origin', APP, 'Access-Control-Allow-Credentials', 'true'];
const AGE = ['Access-Control-Max-Age', '0'];

describe('the explanation of a refused preflight', () => {
  it.each<[string, Partial<CorsRequestFacts>, string, string[]]>([
    ['an origin', { origin: 'https://b.example' }, 'origin-not-allowed', []],
    ['null', { origin: 'null' }, 'origin-null', []],
    ['no origin', { origin: undefined }, 'origin-malformed', []],
    ['a method', { requestedMethod: 'DELETE' }, 'method-not-allowed', [...ALLOWED, ...AGE]],
    ['a malformed method', { requestedMethod: 'put' }, 'method-malformed', [...ALLOWED, ...AGE]],
    [
      'a header among others',
      { requestedHeaders: 'X-B, x-c, , x-a, x-b' },
      'header-not-allowed; missing=x-c',
      [...ALLOWED, 'Access-Control-Allow-Methods', 'PUT', 'Access-Control-Allow-Headers', 'x-b,x-a', ...AGE],
    ],
    [
      'a header list that is too long',
      { requestedHeaders: `x-a,${'x'.repeat(1024)}` },
      'headers-malformed',
      [...ALLOWED, 'Access-Control-Allow-Methods', 'PUT', ...AGE],
    ],
    [
      'more allowed headers than the limit',
      { requestedHeaders: Array(65).fill('x-a').join(',') },
      'headers-malformed',
      [...ALLOWED, 'Access-Control-Allow-Methods', 'PUT', ...AGE],
    ],
    [
      'headers beside a refused method',
      { requestedMethod: 'DELETE', requestedHeaders: 'x-a' },
      'method-not-allowed',
      [...ALLOWED, 'Access-Control-Allow-Headers', 'x-a', ...AGE],
    ],
    [
      'several headers',
      { requestedHeaders: 'X-D, baggage,x-a,x-c,x-d' },
      'header-not-allowed; missing=x-d,baggage,x-c',
      [...ALLOWED, 'Access-Control-Allow-Methods', 'PUT', 'Access-Control-Allow-Headers', 'x-a', ...AGE],
    ],
  ])('grants the rest for %s', (_, facts, text, headers) => {
    const given = { origin: APP, requestedMethod: 'PUT', ...facts };
    const policy = compiled(OPTIONS);
    expect(explainPreflight(policy, given, decide(policy, given))).toEqual({
      outcome: 'refused',
      reason: text.split(';')[0],
      headers: [...headers, 'cors-decision', text],
      vary: VARY_PREFLIGHT,
    });
  });

  it('has the literal * under *', () => {
    const policy = compiled({ origin: '*' });
    const given = { origin: 'null', requestedMethod: 'PUT', requestedHeaders: 'authorization' };
    expect(explainPreflight(policy, given, decide(policy, given)).headers).toEqual([
      'Access-Control-Allow-Origin',
      '*',
      'Access-Control-Allow-Methods',
      'PUT',
      ...AGE,
      'cors-decision',
      'header-not-allowed; missing=authorization',
    ]);
  });

  it('keeps Cross-Origin-Resource-Policy', () => {
    const policy = compiled({ origin: APP, resourcePolicy: 'same-site' });
    const given = { origin: 'https://b.example', requestedMethod: 'PUT' };
    expect(explainPreflight(policy, given, decide(policy, given)).headers).toEqual([
      'Cross-Origin-Resource-Policy',
      'same-site',
      'cors-decision',
      'origin-not-allowed',
    ]);
  });

  it('never grants a method that no browser can send', () => {
    const policy = compiled({ origin: APP });
    for (const requestedMethod of ['put', 'TRACE', 'PUT\r\nX: y', 'A'.repeat(65)]) {
      const given = { origin: APP, requestedMethod };
      expect(explainPreflight(policy, given, decide(policy, given)).headers).toEqual([
        'Access-Control-Allow-Origin',
        APP,
        ...AGE,
        'cors-decision',
        'method-malformed',
      ]);
    }
  });

  it('is bounded, and has no byte that could end the header', () => {
    const policy = compiled(OPTIONS);
    const requested = fc.string({ unit: 'binary', maxLength: 1100 });
    fc.assert(
      fc.property(requested, (requestedHeaders) => {
        const given = { origin: APP, requestedMethod: 'PUT', requestedHeaders: `x-c,${requestedHeaders}` };
        const { headers } = explainPreflight(policy, given, decide(policy, given));
        const text = headers.at(-1) as string;
        expect(text).toMatch(/^(?:headers-malformed|header-not-allowed; missing=[!-~]+)$/);
        expect(text.length).toBeLessThan(1100);
      }),
    );
  });

  it('grants nothing for a disabled route', () => {
    const policy = new PolicyCompiler().disabled('X', NOT_ENFORCED);
    const given = { origin: APP, requestedMethod: 'PUT' };
    expect(explainPreflight(policy, given, decide(policy, given)).headers).toEqual(['cors-decision', 'disabled']);
  });

  it('grants neither an absent nor an empty method', () => {
    const policy = compiled(OPTIONS);
    const given = { origin: APP };
    expect(explainPreflight(policy, given, decide(policy, { ...given, requestedMethod: '' })).headers).toEqual([
      ...ALLOWED,
      ...AGE,
      'cors-decision',
      'method-malformed',
    ]);
  });
});
