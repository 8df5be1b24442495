import { METHODS } from 'node:http';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { correctRefusal } from '../../../src/explanations/corrections/correct-refusal.js';
import type { Correction, RefusedRequest } from '../../../src/explanations/corrections/correction.js';
import type { CompiledPolicy } from '../../../src/policy/compiled-policy.js';
import type { CorsRequestFacts } from '../../../src/policy/decision.js';
import { type MergedPolicy, mergeLevels, type PolicyLevel } from '../../../src/policy/merge.js';
import { PolicyCompiler } from '../../../src/policy/policy-compiler.js';
import type { CorsPolicyOptions } from '../../../src/policy/policy-options.js';
import { refusalsOf } from '../../../src/policy/refusals.js';
import { validatePolicy } from '../../../src/validation/validate-policy.js';
import { environment } from '../validation/validation.js';

const HANDLER = 'OrdersController.remove';
const OTHER = 'OrdersController.list';
const KNOWN_METHODS = new Set(METHODS);
const ORIGINS = [
  'https://app.example.com',
  'http://app.example.com',
  'https://app.example.com:8443',
  'https://admin.example.com',
  'http://localhost:3000',
  'https://a.vercel.app',
  'https://example.com',
  'app://main',
  'https://xn--a.example',
];
const METHODS_OF_PAGES = ['GET', 'PUT', 'DELETE', 'PATCH'];
const HEADERS = [
  'content-type',
  'x-a',
  'X-B',
  'authorization',
  'baggage',
  "x-'`",
  'cookie',
  'access-control-max-age',
  '*',
];

const patterns = ['https://*.example.com', 'http://localhost:*', 'https://*.vercel.app', 'https://a-*.vercel.app'];
const listed = fc.constantFrom(...ORIGINS, ...patterns, ...Array.from({ length: 9 }, (_, at) => `https://o${at}.test`));
const subset = <T>(values: readonly T[]) => fc.uniqueArray(fc.constantFrom(...values), { maxLength: values.length });
const options = fc.record(
  {
    origin: fc.oneof(
      listed,
      fc.uniqueArray(listed, { minLength: 1, maxLength: 12 }),
      fc.constantFrom('*', true as const),
    ),
    methods: subset([...METHODS_OF_PAGES, 'put', '*']),
    allowedHeaders: subset([...HEADERS.filter((name) => !/cookie|access-/.test(name)), ...'abcdefgh']),
    exposedHeaders: subset(['x-total', '*']),
    credentials: fc.boolean(),
    dangerouslyAllowInsecureOrigins: fc.boolean(),
  },
  { requiredKeys: [] },
);
const levels = fc
  .tuple(options, options, options)
  .map((all) => ['CorsModule', 'OrdersController', HANDLER].map((target, at) => ({ target, options: all[at] ?? {} })));
const requests = fc.record({
  origin: fc.constantFrom(...ORIGINS),
  requestedMethod: fc.constantFrom(...METHODS_OF_PAGES),
  requestedHeaders: subset(HEADERS.map((name) => name.toLowerCase())).map((names) => names.join(',')),
  credentials: fc.boolean(),
});

type PageRequest = CorsRequestFacts & { readonly credentials: boolean };

function isValid(merged: MergedPolicy): boolean {
  return validatePolicy(merged, environment(), { originRequired: true }).problems.length === 0;
}

function refusedRequest(
  merged: MergedPolicy,
  policy: CompiledPolicy,
  request: PageRequest,
): RefusedRequest | undefined {
  const [refusal] = refusalsOf(policy, { ...request, knownMethods: KNOWN_METHODS });
  const wildcard = policy.anyOrigin ? 'wildcard-with-credentials' : 'credentials-not-allowed';
  const reason = refusal?.reason ?? (request.credentials && !policy.credentials ? wildcard : undefined);
  return (
    reason && {
      reason,
      origin: request.origin,
      method: request.requestedMethod ?? '',
      missingHeaders: refusal?.missingHeaders ?? [],
      target: HANDLER,
      policy,
      effective: { ...merged, withoutOriginAt: undefined },
      applicationWide: policy,
    }
  );
}

/** The options in a text: those to write, or the entries to add to a list. */
function writtenIn({ text, place }: Correction, all: readonly PolicyLevel[]): CorsPolicyOptions | undefined {
  const [, code] = /write `([^`]+)` in /.exec(text) ?? [];
  if (code !== undefined) {
    return new Function(`return ({ ${code} });`)();
  }
  const [, entries, property] = /add ((?:`'[^`]+'`(?:, )?)+) to `(\w+)` in /.exec(text) ?? [];
  if (entries === undefined || property === undefined) {
    return undefined;
  }
  const before: CorsPolicyOptions = all.find(({ target }) => target === place)?.options ?? {};
  const added = new Function(`return [${entries.replaceAll('`', '')}];`)();
  return { [property]: [before[property as 'origin'] ?? [], added].flat() };
}

/** What a policy allows, of the values above. */
function allowedBy(policy: CompiledPolicy) {
  const allows = (facts: CorsRequestFacts) =>
    refusalsOf(
      { ...policy, ...('origin' in facts && facts.origin ? {} : { anyOrigin: true }) },
      { requestedMethod: 'GET', ...facts },
    ).length === 0;
  return {
    origins: ORIGINS.filter((origin) => allows({ origin })),
    methods: METHODS_OF_PAGES.filter((requestedMethod) => allows({ origin: undefined, requestedMethod })),
    headers: HEADERS.filter((requestedHeaders) => allows({ origin: undefined, requestedHeaders })),
  };
}

describe('any correction', () => {
  const corrected = new Set<string>();

  it('boots, allows the refused request and nothing else, and takes nothing from another handler', () => {
    fc.assert(
      fc.property(levels, options, requests, (drawn, other, request) => {
        let current: readonly PolicyLevel[] = drawn;
        const otherPolicy = (all: readonly PolicyLevel[]) =>
          mergeLevels(OTHER, [...all.slice(0, -1), { target: OTHER, options: other }]);
        fc.pre(isValid(mergeLevels(HANDLER, current)) && isValid(otherPolicy(current)));
        for (let round = 0; round < 5; round++) {
          const merged = mergeLevels(HANDLER, current);
          const policy = new PolicyCompiler().compile(merged);
          const compiledOther = new PolicyCompiler().compile(otherPolicy(current));
          const refused = refusedRequest(merged, policy, request);
          const correction = refused && correctRefusal(refused);
          const written = correction && writtenIn(correction, current);
          if (refused === undefined || correction === undefined || written === undefined) {
            expect(correction?.code).toBeUndefined();
            return;
          }
          corrected.add(refused.reason);
          expect(`${correction.why} ${correction.text}`).toMatch(/^[ -~]+$/);
          current = current.map((level) =>
            level.target === correction.place ? { ...level, options: { ...level.options, ...written } } : level,
          );
          const after = mergeLevels(HANDLER, current);
          expect(isValid(after)).toBe(true);
          expect(isValid(otherPolicy(current))).toBe(true);
          const [othersBefore, othersAfter] = [compiledOther, new PolicyCompiler().compile(otherPolicy(current))].map(
            allowedBy,
          );
          for (const list of ['origins', 'methods', 'headers'] as const) {
            expect(othersAfter?.[list]).toEqual(expect.arrayContaining(othersBefore?.[list] ?? []));
          }
          const policyAfter = new PolicyCompiler().compile(after);
          const left = refusalsOf(policyAfter, { ...request, knownMethods: KNOWN_METHODS });
          const useless = refused.missingHeaders.filter((name) => /cookie|access-|\*/.test(name));
          const isLeft = left.find(({ reason }) => reason === refused.reason);
          expect(isLeft?.missingHeaders ?? []).toEqual(useless);
          const [before, now] = [allowedBy(policy), allowedBy(policyAfter)];
          expect([request.origin, ...before.origins]).toEqual(expect.arrayContaining(now.origins));
          expect([request.requestedMethod, ...before.methods]).toEqual(expect.arrayContaining(now.methods));
          // With credentials, `*` covers `authorization` too.
          const covered = refused.reason.includes('credentials') ? ['authorization'] : refused.missingHeaders;
          const names = [...covered, ...before.headers].map((name) => name.toLowerCase());
          expect(names).toEqual(expect.arrayContaining(now.headers.map((name) => name.toLowerCase())));
          if (useless.length > 0) {
            return;
          }
        }
        throw new Error('still refused after every correction');
      }),
      { numRuns: 500 },
    );
    expect([...corrected].sort()).toEqual([
      'credentials-not-allowed',
      'header-not-allowed',
      'method-not-allowed',
      'origin-not-allowed',
      'wildcard-with-credentials',
    ]);
  });
});
