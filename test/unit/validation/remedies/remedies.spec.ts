import fc from 'fast-check';
import { POLICY_TABLE } from '../../../../src/validation/options/policy-table.js';
import type { CorsProblem, ProblemCode } from '../../../../src/validation/problems/problem.js';
import { applied, copied, ORIGIN, remedyCode, validate } from '../validation.js';

/** All problems of options as they are written at the module. */
function problemsOf(options: object): readonly CorsProblem[] {
  const { options: copy, problems } = copied(options, POLICY_TABLE);
  return problems.length > 0 ? problems : validate(copy).problems;
}

/** One mistake each; the first code in its remedy, pasted as written, leaves none. */
const MISTAKES: Record<string, readonly object[]> = {
  'origin-missing': [{ origin: undefined }, { origin: [] }, { origin: [], credentials: true }, {}],
  'origin-invalid': [
    { origin: 'https://app.example.com/' },
    { origin: '' },
    { origin: 'nonsense nonsense' },
    { origin: '["https://a.example", "https://b.example/"]' },
    { origin: '["https://a.example", "http://b.example"]', credentials: true },
    { origin: ['http://localhost:3000-3010', ORIGIN], credentials: true },
    { origin: '.vercel.app', credentials: true },
    { origin: ['https://*', ORIGIN] },
    { origin: ['*://*', ORIGIN], credentials: true },
    { origin: '10.0.0.0/8' },
    { origin: ['192.168.*.*', ORIGIN, 'https://*.example.org'], credentials: true },
    { origin: 'https://app.*.example.com' },
    { origin: 'https://app.*.vercel.app', credentials: true },
    { origin: [new URL(ORIGIN)] },
    { origin: ['app.example.com', ORIGIN] },
    { origin: ['https://*'], credentials: true },
    { origin: 'HTTPS://*.vercel.app/', credentials: true },
    { origin: ['app.example.com:80'], credentials: true },
    { origin: ['http://App.example.com'], credentials: true },
    { origin: [undefined] },
    { origin: [42, ORIGIN] },
    { origin: [() => true] },
  ],
  'origin-null': [{ origin: 'null' }, { origin: ['null', ORIGIN] }, { origin: ['null'] }],
  'option-type': [
    { origin: (origin: string, done: (error: null, allow: boolean) => void) => done(null, origin === `${ORIGIN}`) },
    { origin: false },
    { origin: 7 },
    { origin: { toString: () => '*' } },
    { origin: class {} },
    { origin: (_origin: string, callback: () => void) => callback() },
    { origin: new Set(['https://a.example', '*']), credentials: true },
    { origin: ORIGIN, methods: 'GET,PUT' },
    { origin: ORIGIN, methods: null },
    { origin: ORIGIN, allowedHeaders: 'x-a, cookie' },
    { origin: ORIGIN, exposedHeaders: '*', credentials: true },
    { origin: ORIGIN, credentials: 'true' },
    { origin: ORIGIN, credentials: 'no' },
    { origin: ORIGIN, maxAge: '600' },
    { origin: ORIGIN, maxAge: '10 minutes' },
    { origin: ORIGIN, optionsSuccessStatus: '200' },
    { origin: ORIGIN, enforce: true },
    { origin: ORIGIN, enforce: 'unsafe' },
    { origin: ORIGIN, resourcePolicy: 'Same-Site' },
    { origin: ORIGIN, dangerouslyAllowInsecureOrigins: 'yes' },
    {
      get origin() {
        throw new Error('x');
      },
    },
  ],
  'method-invalid': [
    { origin: ORIGIN, methods: ['patch'] },
    { origin: ORIGIN, methods: ['GET,PUT'] },
    { origin: ORIGIN, methods: [undefined] },
    { origin: ORIGIN, methods: [''] },
  ],
  'method-forbidden': [
    { origin: ORIGIN, methods: ['TRACE'] },
    { origin: ORIGIN, methods: ['connect', 'PUT'] },
  ],
  'header-invalid': [
    { origin: ORIGIN, allowedHeaders: ['x a'] },
    { origin: ORIGIN, allowedHeaders: ['x-a: 1'] },
    { origin: ORIGIN, exposedHeaders: [''] },
    { origin: ORIGIN, exposedHeaders: ['x\r\ny: z'] },
  ],
  'header-forbidden': [
    { origin: ORIGIN, allowedHeaders: ['Cookie'] },
    { origin: ORIGIN, allowedHeaders: ['x-a', 'Sec-Fetch-Mode'] },
    { origin: ORIGIN, exposedHeaders: ['Set-Cookie'] },
  ],
  'header-prohibited': [
    { origin: ORIGIN, allowedHeaders: ['Access-Control-Allow-Origin'] },
    { origin: ORIGIN, exposedHeaders: ['Origin', 'x-a'] },
    { origin: ORIGIN, exposedHeaders: ['Access-Control-Max-Age', 'x-a'] },
  ],
  'max-age-range': [-1, 86_401, 1.5, Number.NaN, Number.POSITIVE_INFINITY].map((maxAge) => ({
    origin: ORIGIN,
    maxAge,
  })),
  'status-range': [199, 300, Number.NaN].map((optionsSuccessStatus) => ({ origin: ORIGIN, optionsSuccessStatus })),
  'origin-expression': [
    { origin: /https:\/\/app\.example\.com/ },
    { origin: /^https:\/\/a\.example|https:\/\/b\.example$/ },
    { origin: [/\.example\.com$/], credentials: true },
    { origin: [ORIGIN, /^https:\/\/pr-\d+\.example\.com$/, 'https://*.example.org'] },
    { origin: '^https://.*.example.com$', credentials: true },
    { origin: ['/^https:\\/\\/`\\.example\\.com$/i'] },
    { origin: /^https:\/\/(?!\u00fc).*\.example\.com$/ },
    { origin: /^https:\/\/.*\.vercel\.app$/, credentials: true },
    { origin: /^https?:\/\/app\.example\.com/, credentials: true },
    { origin: /^.*$/, credentials: true },
  ],
  'credentials-wildcard-origin': [
    { origin: '*', credentials: true },
    { origin: [ORIGIN, '*'], credentials: true },
  ],
  'credentials-reflect-any': [{ origin: true, credentials: true }],
  'credentials-insecure-origin': [
    { origin: 'http://app.example.com', credentials: true },
    { origin: ['http://*.example.com:*', ORIGIN], credentials: true },
    { origin: ['http://app.example.com:443'], credentials: true },
  ],
  'credentials-public-suffix': [
    { origin: 'https://*.com', credentials: true },
    { origin: ['https://*.co.uk', ORIGIN], credentials: true },
    { origin: 'https://*.vercel.app', credentials: true },
  ],
  'credentials-wildcard-expose': [
    { origin: ORIGIN, exposedHeaders: ['*'], credentials: true },
    { origin: ORIGIN, exposedHeaders: ['x-a', '*'], credentials: true },
  ],
  'option-unknown': [
    { origin: ORIGIN, allowHeaders: 'x-a' },
    { origins: ['https://a.example/'] },
    { origin: ORIGIN, maxage: '60' },
  ],
};

/** Their faults are in decorators, paths and providers, not in options. */
const ELSEWHERE: readonly ProblemCode[] = [
  'policy-unknown',
  'policy-reserved',
  'path-invalid',
  'constraint-unsupported',
  'decorator-conflict',
  'decorator-misplaced',
  'module-duplicate',
  'module-lazy',
  'not-installed',
  'resolver-unknown',
  'resolver-scoped',
];

it('every code about options has an example below', async () => {
  const { PROBLEM_CODES } = await import('../../../../src/validation/problems/problem.js');
  expect([...Object.keys(MISTAKES), ...ELSEWHERE].sort()).toEqual([...PROBLEM_CODES].sort());
});

describe.each(Object.entries(MISTAKES))('the remedy for %s', (code, mistakes) => {
  it.each(mistakes.map((options, index) => [index, options]))('boots as written in example %i', (_, options) => {
    const problems = problemsOf(options);
    expect([...new Set(problems.map((problem) => problem.code))]).toContain(code);
    for (const problem of problems.filter((candidate) => candidate.code === code)) {
      const [corrected, ...alternatives] = remedyCode(problem);
      const others = Object.fromEntries(
        Object.entries(Object.getOwnPropertyDescriptors(options))
          .filter(([name]) => name !== problem.property)
          .map(([name, { value }]) => [name, value]),
      );
      expect(problemsOf(applied(others, corrected ?? ''))).toEqual([]);
      for (const alternative of alternatives) {
        if (/^(?:credentials: false|dangerously)/.test(alternative)) {
          expect(problemsOf(applied(options, alternative)).map((left) => left.code)).not.toContain(code);
        }
      }
    }
  });
});

describe('any options', () => {
  const texts = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 20 }),
    fc.webUrl(),
    fc.constantFrom('*', 'null', 'https://*.com', 'http://a.example', 'HTTP://A.example:80/', 'a.example', 'get,patch'),
    fc.constantFrom('Cookie', 'Origin', 'set-cookie', 'x-a: 1', 'TRACE', 'trace, put', '600', 'true', 'x-a,*'),
  );
  const scalars = fc.oneof(texts, fc.double(), fc.integer(), fc.boolean(), fc.anything({ withBigInt: true }));
  const expressions = fc.constantFrom(
    /^.*$/,
    /a/g,
    /^https?:\/\/a\.example$/,
    /^(?:https:\/\/[a-z]+\.a\.example)$/,
    '^x$',
  );
  const values = fc.oneof(scalars, expressions, fc.array(fc.oneof(scalars, expressions), { maxLength: 5 }));
  const written = fc.record(
    {
      origin: values,
      methods: values,
      allowedHeaders: values,
      exposedHeaders: values,
      credentials: fc.oneof({ weight: 3, arbitrary: fc.boolean() }, { weight: 1, arbitrary: values }),
      maxAge: values,
      optionsSuccessStatus: values,
      enforce: values,
      resourcePolicy: values,
      dangerouslyAllowInsecureOrigins: fc.oneof(fc.boolean(), values),
      allowHeaders: values,
      origins: values,
    },
    { requiredKeys: ['origin'] },
  );

  it('have printable messages, with code to paste until no problem is left', () => {
    fc.assert(
      fc.property(written, (given) => {
        let options: Record<string, unknown> = { ...given };
        for (let round = 0; round < 12; round++) {
          const problems = problemsOf(options);
          const [problem] = problems;
          if (problem === undefined) {
            return;
          }
          for (const { message, remedy } of problems) {
            if (!/^[ -~]{1,600}$/.test(message) || !/^[ -~]+$/.test(remedy)) {
              throw new Error(`not one printable line: ${JSON.stringify({ message, remedy })}`);
            }
          }
          const { [problem.property ?? '']: _, ...others } = options;
          options = applied(others, remedyCode(problem)[0] ?? '');
        }
        throw new Error('still faulty after every option was corrected');
      }),
      { numRuns: 150 },
    );
  });
});
