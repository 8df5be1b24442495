import { METHODS } from 'node:http';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { CompiledPolicy } from '../../../src/policy/compiled-policy.js';
import type { CorsRequestFacts } from '../../../src/policy/decision.js';
import { NOT_ENFORCED, PolicyCompiler } from '../../../src/policy/policy-compiler.js';
import { refusalsOf } from '../../../src/policy/refusals.js';
import { APP, compiled, decide, POLICIES } from './compiled.js';

const EVIL = 'https://evil.example';
const KNOWN = new Set(METHODS);
const LISTED = compiled({ origin: APP, methods: ['PUT'], allowedHeaders: ['x-a'] });

function reasonsOf(policy: CompiledPolicy, facts: CorsRequestFacts): string[] {
  return refusalsOf(policy, facts).map(({ reason, missingHeaders }) => [reason, ...missingHeaders].join(' '));
}

describe('refusalsOf', () => {
  it.each<[string, CompiledPolicy, CorsRequestFacts, string[]]>([
    ['an allowed preflight', LISTED, { origin: APP, requestedMethod: 'PUT', requestedHeaders: 'x-a' }, []],
    ['an allowed request', LISTED, { origin: APP }, []],
    ['a request without Origin', LISTED, { origin: undefined }, ['no-origin']],
    ['a request from null', LISTED, { origin: 'null' }, ['origin-null']],
    [
      'everything that a policy does not list',
      LISTED,
      { origin: EVIL, requestedMethod: 'DELETE', requestedHeaders: 'baggage, x-a, Sentry-Trace, traceparent' },
      ['origin-not-allowed', 'method-not-allowed', 'header-not-allowed baggage sentry-trace traceparent'],
    ],
    [
      'what remains once the method is in upper case',
      LISTED,
      { origin: EVIL, requestedMethod: 'patch', knownMethods: KNOWN },
      ['method-unknown', 'origin-not-allowed', 'method-not-allowed'],
    ],
    ['a method that browsers normalize', LISTED, { origin: APP, requestedMethod: 'put' }, ['method-malformed']],
    [
      'what remains once a method is normalized',
      LISTED,
      { origin: 'null', requestedMethod: 'delete', requestedHeaders: 'x-b' },
      ['origin-null', 'method-malformed', 'method-not-allowed', 'header-not-allowed x-b'],
    ],
    ['a method that no policy can allow', LISTED, { origin: APP, requestedMethod: 'TRACE' }, ['method-malformed']],
    [
      'names beside others that are malformed',
      LISTED,
      { origin: APP, requestedMethod: 'PUT', requestedHeaders: 'not a name,x-b' },
      ['headers-malformed', 'header-not-allowed x-b'],
    ],
    [
      'names before others that are malformed',
      LISTED,
      { origin: APP, requestedMethod: 'PUT', requestedHeaders: 'x-b,not a name' },
      ['header-not-allowed x-b', 'headers-malformed'],
    ],
    [
      'authorization under *',
      compiled({ origin: '*', allowedHeaders: ['*'] }),
      { origin: APP, requestedMethod: 'GET', requestedHeaders: 'x-b,authorization' },
      ['header-not-allowed authorization'],
    ],
    ['an undecided origin', compiled({ origin: () => true }), { origin: APP }, ['origin-undecided']],
    ['a disabled route', new PolicyCompiler().disabled('X', NOT_ENFORCED), { origin: APP }, ['disabled']],
    [
      'an ambiguous path',
      new PolicyCompiler().ambiguous('X'),
      { origin: EVIL, requestedMethod: 'put' },
      ['path-ambiguous'],
    ],
    ['an untouched route', compiled({}), { origin: APP, requestedMethod: 'PUT' }, ['no-policy']],
  ])('lists every reason for %s', (_, policy, facts, expected) => {
    expect(reasonsOf(policy, facts)).toEqual(expected);
  });

  const method = fc.constantFrom('GET', 'PUT', 'DELETE', 'put', 'patch', 'TRACE', '', 'a b', 'A'.repeat(65), '\u212a');
  const headers = fc
    .array(fc.constantFrom('x-a', 'X-A', 'x-b', 'authorization', '', ' ', 'a b', 'x'.repeat(1025)), { maxLength: 6 })
    .map((names) => names.join(','));
  const facts = fc.record({
    origin: fc.constantFrom(undefined, APP, EVIL, 'null', 'https://a.example.com', `${APP}/`, ''),
    originAllowed: fc.constantFrom(undefined, true, false),
    requestedMethod: fc.option(fc.oneof(method, fc.string({ unit: 'binary', maxLength: 70 })), { nil: undefined }),
    requestedHeaders: fc.option(fc.oneof(headers, fc.string({ unit: 'binary', maxLength: 40 })), { nil: undefined }),
    knownMethods: fc.constantFrom(undefined, KNOWN),
  });
  const policies = [...POLICIES, LISTED, new PolicyCompiler().ambiguous('CorsModule')];

  it('begins with the reason of the decision, and names each reason once', () => {
    fc.assert(
      fc.property(fc.constantFrom(...policies), facts, (policy, drawn) => {
        const { reason } = decide(policy, drawn);
        const reasons = refusalsOf(policy, drawn).map((refusal) => refusal.reason);
        expect(reasons[0] ?? 'allowed').toBe(reason);
        expect(new Set(reasons).size).toBe(reasons.length);
        expect(reasons).not.toContain('allowed');
      }),
      { numRuns: 5_000 },
    );
  });

  it('names headers exactly where they are the reason', () => {
    fc.assert(
      fc.property(fc.constantFrom(...policies), facts, (policy, drawn) => {
        for (const { reason, missingHeaders } of refusalsOf(policy, drawn)) {
          expect(missingHeaders.length > 0).toBe(reason === 'header-not-allowed');
        }
      }),
      { numRuns: 5_000 },
    );
  });
});
