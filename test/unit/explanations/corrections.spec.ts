import { METHODS } from 'node:http';
import { describe, expect, it } from '@jest/globals';
import { correctRefusal } from '../../../src/explanations/corrections/correct-refusal.js';
import type { Correction, RefusedRequest } from '../../../src/explanations/corrections/correction.js';
import type { CorsRequestFacts } from '../../../src/policy/decision.js';
import { mergeLevels, type PolicyLevel } from '../../../src/policy/merge.js';
import { PolicyCompiler } from '../../../src/policy/policy-compiler.js';
import type { CorsPolicyOptions } from '../../../src/policy/policy-options.js';
import { refusalsOf } from '../../../src/policy/refusals.js';
import { codes } from '../validation/validation.js';

const APP = 'https://app.example.com';
const ADMIN = 'https://admin.example.org';
const HANDLER = 'OrdersController.remove';

function policyOf(levels: readonly PolicyLevel[]) {
  const effective = mergeLevels(HANDLER, levels);
  return { effective: { ...effective, withoutOriginAt: undefined }, policy: new PolicyCompiler().compile(effective) };
}

function levelsOf(module: CorsPolicyOptions, handler: CorsPolicyOptions = {}): readonly PolicyLevel[] {
  return [
    { target: 'CorsModule', options: module },
    { target: HANDLER, options: handler },
  ];
}

/** The correction of the first reason for which levels refuse a request. */
function correctionOf(
  levels: readonly PolicyLevel[],
  facts: CorsRequestFacts,
  others: Partial<RefusedRequest> = {},
): Correction | undefined {
  const { effective, policy } = policyOf(levels);
  const [refusal] = refusalsOf(policy, facts);
  return correctRefusal({
    reason: refusal?.reason ?? 'allowed',
    origin: facts.origin,
    method: facts.requestedMethod ?? 'GET',
    missingHeaders: refusal?.missingHeaders ?? [],
    target: HANDLER,
    policy,
    effective,
    applicationWide: policy,
    ...others,
  });
}

/** The levels after pasting the code of a correction. */
function applied(levels: readonly PolicyLevel[], { code, place }: Correction): readonly PolicyLevel[] {
  expect(levels.map(({ target }) => target)).toContain(place);
  const written = new Function(`return ({ ${code} });`)() as CorsPolicyOptions;
  return levels.map((level) =>
    level.target === place ? { ...level, options: { ...level.options, ...written } } : level,
  );
}

describe('the correction of a malformed origin', () => {
  it.each([
    ['https://Shop.partner.example', 'https://shop.partner.example'],
    ['https://shop.partner.example/', 'https://shop.partner.example'],
  ])('writes %s as browsers send it where a pattern allows it', (origin, meant) => {
    const correction = correctionOf(levelsOf({ origin: 'https://*.partner.example' }), { origin });
    expect(correction?.text).toBe(`Most often a tool or a proxy sent it: send \`${meant}\` there.`);
  });
});

describe('the correction of a refusal', () => {
  it.each<[string, readonly PolicyLevel[], CorsRequestFacts, Partial<Correction>]>([
    [
      'completes the headers where they are set',
      levelsOf({ origin: APP, allowedHeaders: ['content-type', 'X-A'] }, { maxAge: 5 }),
      { origin: APP, requestedMethod: 'GET', requestedHeaders: 'baggage,sentry-trace,traceparent,x-a' },
      {
        why: '`allowedHeaders` does not allow baggage, sentry-trace, traceparent.',
        code: "allowedHeaders: ['content-type', 'X-A', 'baggage', 'sentry-trace', 'traceparent']",
        place: 'CorsModule',
      },
    ],
    [
      'writes headers that no level sets beside the origin',
      levelsOf({ maxAge: 5 }, { origin: APP }),
      { origin: APP, requestedMethod: 'GET', requestedHeaders: 'x-a' },
      { code: "allowedHeaders: ['content-type', 'x-a']", place: HANDLER },
    ],
    [
      'only names what to add to a long list',
      levelsOf({ origin: APP, allowedHeaders: 'abcdefgh'.split('') }),
      { origin: APP, requestedMethod: 'GET', requestedHeaders: 'x-b,x-c' },
      {
        text: "If pages should send them, add `'x-b'`, `'x-c'` to `allowedHeaders` in CorsModule.",
        code: undefined,
        place: 'CorsModule',
      },
    ],
    [
      'names the headers that no policy can list',
      levelsOf({ origin: APP }),
      { origin: APP, requestedMethod: 'GET', requestedHeaders: 'access-control-allow-origin,cookie,*' },
      {
        text: 'Remove access-control-allow-origin, cookie, * from the request: no policy can list them.',
        code: undefined,
      },
    ],
    [
      'separates the headers that no policy can list',
      levelsOf({ origin: APP }),
      { origin: APP, requestedMethod: 'GET', requestedHeaders: 'cookie,x-a' },
      {
        text: "If pages should send it, write `allowedHeaders: ['content-type', 'x-a']` in CorsModule. Remove cookie from the request: no policy can list it.",
      },
    ],
    [
      'completes the methods',
      levelsOf({ origin: APP, methods: ['GET'] }, { methods: ['get'] }),
      { origin: APP, requestedMethod: 'DELETE' },
      {
        text: "If pages should use it, write `methods: ['get', 'DELETE']` in @Cors() on OrdersController.remove.",
        code: "methods: ['get', 'DELETE']",
        place: HANDLER,
      },
    ],
    [
      'writes a method in upper case',
      levelsOf({ origin: APP }),
      { origin: APP, requestedMethod: 'patch', knownMethods: new Set(METHODS) },
      { text: "Write it in upper case in the page: `fetch(url, { method: 'PATCH' })`.", code: undefined },
    ],
    [
      'adds an origin to a text',
      levelsOf({ origin: APP }),
      { origin: ADMIN },
      {
        why: '`origin` does not list this origin.',
        text: `If the page should have access, write \`origin: ['${APP}', '${ADMIN}']\` in CorsModule.`,
        code: `origin: ['${APP}', '${ADMIN}']`,
      },
    ],
    [
      'names the near miss',
      levelsOf({ origin: [APP, 'http://localhost:3000'] }),
      { origin: 'http://localhost:5173' },
      {
        why: "`origin` does not list this origin. It differs from the allowed 'http://localhost:3000' only in its port.",
        code: `origin: ['${APP}', 'http://localhost:3000', 'http://localhost:5173']`,
      },
    ],
    [
      'proposes no http: origin with credentials',
      levelsOf({ origin: APP, credentials: true }),
      { origin: 'http://app.example.com' },
      {
        why: "`origin` does not list this origin. It differs from the allowed 'https://app.example.com' only in its scheme.",
        text: 'A policy with `credentials: true` cannot list an http: origin: serve the page over https:.',
        code: undefined,
      },
    ],
    [
      'does not speak of credentials where the policy has none',
      levelsOf({ origin: APP }),
      { origin: 'http://xn--a.example' },
      { text: 'No policy can list it: open the page under another address.', code: undefined },
    ],
    [
      'proposes it where the policy accepts the risk',
      levelsOf({ origin: APP, credentials: true, dangerouslyAllowInsecureOrigins: true }),
      { origin: 'http://app.example.com' },
      { code: `origin: ['${APP}', 'http://app.example.com']` },
    ],
    [
      'names the predicate',
      levelsOf({
        origin: function isTenant() {
          return false;
        },
      }),
      { origin: APP, originAllowed: false },
      { why: '`origin` is function isTenant, and it did not return `true` for this origin.', code: undefined },
    ],
    [
      'names the resolver',
      levelsOf({
        origin: class Tenants {
          resolve() {
            return false;
          }
        },
      }),
      { origin: APP, originAllowed: false },
      { why: '`origin` is class Tenants, and resolve() did not return `true` for this origin.', code: undefined },
    ],
    ['never proposes null', levelsOf({ origin: APP }), { origin: 'null' }, { code: undefined }],
    [
      'names the allowed form of a malformed origin',
      levelsOf({ origin: APP }),
      { origin: `${APP}/` },
      { why: `It differs from the allowed '${APP}' only in its trailing slash.`, code: undefined },
    ],
  ])('%s', (_, levels, facts, expected) => {
    const correction = correctionOf(levels, facts);
    expect(correction).toMatchObject(expected);
    if (correction?.code !== undefined) {
      const { policy, effective } = policyOf(applied(levels, correction));
      const listed = facts.requestedHeaders?.replace('cookie,', '');
      expect(codes(effective.options)).toEqual([]);
      expect(refusalsOf(policy, { ...facts, requestedHeaders: listed })).toEqual([]);
    }
  });

  it('names the variable of a long list', () => {
    const levels = levelsOf({ origin: APP, allowedHeaders: 'abcdefgh'.split('') });
    const facts = { origin: APP, requestedMethod: 'GET', requestedHeaders: 'x-b,x-c' };
    const effective = { ...policyOf(levels).effective, fromEnvironment: true };
    expect(correctionOf(levels, facts, { effective })).toMatchObject({
      text: 'If pages should send them, add `x-b,x-c` to the variable CORS_ALLOWED_HEADERS.',
      code: undefined,
    });
  });

  it('is absent for a request that is no CORS request', () => {
    expect(correctionOf(levelsOf({ origin: APP }), { origin: undefined })).toBeUndefined();
  });
});
