import { describe, expect, it } from '@jest/globals';
import type { EnableCorsCall } from '../../../../src/boot/enable-cors/enable-cors-call.js';
import { enableCorsWarning } from '../../../../src/boot/enable-cors/enable-cors-warning.js';
import type { CorsPolicyOptions } from '../../../../src/policy/policy-options.js';

const APP = 'https://app.example.com';

/** A variable that a callback passes on. */
const answers: unknown = [APP];

type Platform = EnableCorsCall['platform'];

function remedy(platform: Platform, options: unknown, current: CorsPolicyOptions = {}): string {
  const callee = (): string => enableCorsWarning({ platform, options, callee }, current).remedy;
  return callee();
}

/** The printed options, on one line. */
function code(platform: Platform, options: unknown): string | undefined {
  const text = remedy(platform, options)
    .replace(/\{\n +/g, '{ ')
    .replace(/,\n +\}/g, ' }')
    .replace(/,\n +/g, ', ');
  return /^ +(CorsModule\.forRoot\(.*\))$/m.exec(text)?.[1];
}

const SIX = "['GET', 'HEAD', 'PUT', 'PATCH', 'POST', 'DELETE']";
const THREE = "['GET', 'HEAD', 'POST']";
const EVERY_HEADER = "['*', 'authorization']";

/** A translation that is the same on both platforms, but for the methods. */
const CODE: Readonly<Record<string, readonly [options: unknown, code: string]>> = {
  'no options': [undefined, `{ origin: '*', methods: METHODS, allowedHeaders: ${EVERY_HEADER} }`],
  null: [null, `{ origin: '*', methods: METHODS, allowedHeaders: ${EVERY_HEADER} }`],
  'origin: true': [{ origin: true }, `{ origin: '*', methods: METHODS, allowedHeaders: ${EVERY_HEADER} }`],
  'origin: false': [{ origin: false, maxAge: 600 }, ''],
  'every option': [
    {
      origin: [APP, 'https://admin.example.com'],
      methods: 'GET,PUT',
      allowedHeaders: 'Content-Type, Authorization',
      exposedHeaders: ['X-Total-Count'],
      credentials: true,
      maxAge: '600',
      optionsSuccessStatus: 200,
    },
    `{ origin: ['${APP}', 'https://admin.example.com'], methods: ['GET', 'PUT'], ` +
      "allowedHeaders: ['content-type', 'authorization'], exposedHeaders: ['x-total-count'], credentials: true, " +
      'maxAge: 600, optionsSuccessStatus: 200 }',
  ],
  'credentials without origin': [
    { credentials: true },
    `{ origin: '*', methods: METHODS, allowedHeaders: ${EVERY_HEADER} }`,
  ],
  'credentials with an origin': [
    { origin: APP, credentials: true },
    `{ origin: '${APP}', methods: METHODS, allowedHeaders: ['*'], credentials: true }`,
  ],
  'http: with credentials': [
    { origin: 'http://app.example.com', credentials: true },
    "{ origin: 'http://app.example.com', methods: METHODS, allowedHeaders: ['*'], credentials: true, " +
      'dangerouslyAllowInsecureOrigins: true }',
  ],
  'http: on localhost with credentials': [
    { origin: 'http://localhost:3000', credentials: true },
    "{ origin: 'http://localhost:3000', methods: METHODS, allowedHeaders: ['*'], credentials: true }",
  ],
  'an expression': [
    { origin: /^https:\/\/(.+\.)?example\.com$/ },
    `{ origin: ['https://example.com', 'https://*.example.com'], methods: METHODS, allowedHeaders: ${EVERY_HEADER} }`,
  ],
  'an expression that needs a predicate': [
    { origin: [APP, /^https:\/\/pr-\d+\.example\.com$/] },
    `{ origin: (origin) => origin === '${APP}' || /^https:\\/\\/pr-\\d+\\.example\\.com$/.test(origin), ` +
      `methods: METHODS, allowedHeaders: ${EVERY_HEADER} }`,
  ],
  'a callback': [
    {
      origin: (origin: string, done: (error: null, allow: boolean) => void) => done(null, origin.endsWith('.example')),
    },
    `{ origin: (origin) => origin.endsWith('.example'), methods: METHODS, allowedHeaders: ${EVERY_HEADER} }`,
  ],
  'a callback with a template': [
    {
      origin: (origin: string, done: (error: unknown, allow?: boolean) => void) => {
        if (origin.endsWith(`.example`)) {
          done(null, true);
        } else {
          done(new Error(`${origin} is not allowed`));
        }
      },
    },
    '{ origin: (origin) => { if (origin.endsWith(`.example`)) { return true; } else { return false; } }, ' +
      `methods: METHODS, allowedHeaders: ${EVERY_HEADER} }`,
  ],
  'a callback that allows every origin': [
    { origin: (_: string, done: (error: null, allow: boolean) => void) => done(null, true) },
    `{ origin: '*', methods: METHODS, allowedHeaders: ${EVERY_HEADER} }`,
  ],
  'a status that browsers refuse': [
    { origin: APP, optionsSuccessStatus: 404, methods: 'GET,PUT', maxAge: 5 },
    `{ origin: '${APP}', methods: ${THREE}, allowedHeaders: [] }`,
  ],
};

describe.each<[Platform, string]>([
  ['express', SIX],
  ['fastify', THREE],
])('the translation of enableCors() (%s)', (platform, methods) => {
  it.each(Object.entries(CODE))('is printed for %s', (_, [options, expected]) => {
    expect(code(platform, options)).toBe(`CorsModule.forRoot(${expected.replace('METHODS', methods)})`);
  });
});

describe('a difference between the platforms', () => {
  it.each<[string, unknown, string | RegExp, string | RegExp]>([
    ["'*' in a list", { origin: ['*', APP] }, `origin: ['${APP}']`, "origin: '*'"],
    [
      'credentials that are only truthy',
      { origin: APP, credentials: 'yes' },
      /^(?!.*credentials)/,
      'credentials: true',
    ],
    ['`headers`', { headers: ['X-A'] }, "allowedHeaders: ['x-a']", `allowedHeaders: ${EVERY_HEADER}`],
    ['an empty text of headers', { allowedHeaders: '' }, `allowedHeaders: ${EVERY_HEADER}`, 'allowedHeaders: []'],
    [
      'headers that are undefined',
      { allowedHeaders: undefined },
      `allowedHeaders: ${EVERY_HEADER}`,
      'allowedHeaders: []',
    ],
    ['methods that are undefined', { methods: undefined }, 'allowedHeaders: []', `allowedHeaders: ${EVERY_HEADER}`],
    ['`preflight: false`', { preflight: false }, `methods: ${SIX}`, `methods: ${THREE}, allowedHeaders: []`],
    ['an undefined origin', { origin: undefined }, 'forRoot()', 'forRoot()'],
    ['a String object', { origin: new String(APP) }, `origin: '${APP}'`, "origin: '*'"],
  ])('is part of the translation of %s', (_, options, onExpress, onFastify) => {
    expect(code('express', options)).toMatch(onExpress);
    expect(code('fastify', options)).toMatch(onFastify);
  });
});

describe('the explanation of an enableCors() call', () => {
  it.each<[string, unknown, RegExp]>([
    [
      'origin: true with credentials',
      { origin: true, credentials: true },
      /`origin: true` with credentials has no translation/,
    ],
    [
      'a URL as origin',
      { origin: new URL(APP) },
      /allows every origin \(a URL object with the text .* counts as true there\)/,
    ],
    ['http: with credentials', { origin: ['http://a.example'], credentials: true }, /serve them over https:/],
    ['credentials with every origin', { credentials: true }, /`credentials` is left out: under `'\*'`/],
    [
      'an empty list',
      { origin: [] },
      /`\.\.\.\(isProduction \? \{\} : \{ origin: \['https:\/\/app\.example\.com'\] \}\)`/,
    ],
    [
      'a trailing slash',
      { origin: `${APP}/` },
      /'https:\/\/app\.example\.com\/': .* Did you mean 'https:\/\/app\.example\.com'\?/,
    ],
    [
      'a pattern',
      { origin: ['https://*.example.com', `${APP}/`] },
      /- 'https:\/\/\*\.example\.com': .* Here it is a pattern: .*\n {2}- 'https:\/\/app\.example\.com\/': .* Did you mean 'https:\/\/app\.example\.com'\?/,
    ],
    [
      'a callback that allows every origin',
      { origin: (__: string, done: (error: null, allow: boolean) => void) => done(null, true) },
      /`origin` allows every origin \(the function allows all of them\)[\s\S]*refused preflight gets 403, not 204\.\n/,
    ],
    [
      'a callback that allows every origin, with credentials',
      { origin: (asked: string, done: (error: null, allow: string) => void) => done(null, asked), credentials: true },
      /`origin: true` \(the function allows all of them\) with credentials has no translation/,
    ],
    [
      'a callback whose answer may be a list',
      { origin: (asked: string, done: (error: null, allow: unknown) => void) => done(null, asked && answers) },
      /- `\[true, asked\]\.includes\(\.\.\.\)` expects .*write `list\.includes\(asked\)`\./,
    ],
    [
      'methods in lower case',
      { methods: ['get', 'PUT', 'patch'] },
      /Methods are case-sensitive, so these in `methods` allow nothing and are left out: 'get', 'patch'\./,
    ],
    ['an expression of strangers', { origin: /^https:\/\/app\.[a-z]+$/ }, /matches hosts that anyone can register/],
    [
      'a long list',
      { origin: Array.from({ length: 100 }, (__, index) => `https://a${index}.example`) },
      /100 entries, too many to print/,
    ],
    ['a delegate', () => ({}), /Its options are a function, which has no translation/],
    ['preflightContinue', { preflightContinue: true }, /`preflightContinue` lets your handlers answer preflights/],
    ['unknown options', { allowHeaders: [], 'x y': 1 }, /no option here: allowHeaders, 'x y'\./],
    [
      'a function that answers elsewhere',
      { origin: (__: string, done: unknown) => Promise.resolve(done) },
      /cannot be rewritten/,
    ],
    [
      'options that throw',
      {
        get origin() {
          throw new Error('no');
        },
      },
      /Its options cannot be read \(they threw 'no'\)\./,
    ],
  ])('says what to do about %s', (_, options, expected) => {
    expect(remedy('express', options)).toMatch(expected);
  });

  it.each<[string, unknown, RegExp]>([
    ['a delegate in the options', { delegator: () => ({}) }, /Its options are a function/],
    ['cacheControl', { cacheControl: 60 }, /`cacheControl` has no translation/],
    ['a later hook', { hook: 'preHandler' }, /Responses that end before the hook 'preHandler'/],
    ['an undefined origin', { origin: undefined }, /every request fails with 500/],
    [
      'options without meaning',
      { logLevel: 'warn', hideOptionsRoute: true },
      /no option here: hideOptionsRoute, logLevel\./,
    ],
  ])('says on Fastify what to do about %s', (_, options, expected) => {
    expect(remedy('fastify', options)).toMatch(expected);
  });

  it.each<[string, CorsPolicyOptions, RegExp]>([
    ['no origin', { maxAge: 5 }, /CorsModule has no `origin` now\. To keep these headers, give it the options above\./],
    [
      'other options',
      { origin: APP, maxAge: 5 },
      /CorsModule has these options now, and they apply: `\{ origin: '.*', maxAge: 5 \}`\./,
    ],
    [
      'the same options',
      { origin: '*', methods: ['GET', 'HEAD', 'POST'], allowedHeaders: ['*', 'authorization'] },
      /CorsModule has these options already\./,
    ],
  ])('compares it with a module that has %s', (_, current, expected) => {
    expect(remedy('fastify', undefined, current)).toMatch(expected);
  });

  it.each<Platform>(['express', 'fastify'])('has no line for a difference that there is not (%s)', (platform) => {
    const everything = remedy(platform, { methods: '*', strictPreflight: false });
    expect(everything).not.toContain('refused preflight');
    expect(remedy(platform, { origin: false })).not.toContain('differs');
  });

  it('is a text of printable characters in at most 16 lines', () => {
    const hostile = { origin: ['\u001b[31m', /\u2028/, 'https://`'], methods: ['\n'], '\u0000`': 1 };
    const text = remedy('express', hostile);
    expect(text.replaceAll('\n', '')).toMatch(/^[ -~]*$/);
    expect(text.split('\n').length).toBeLessThanOrEqual(16);
  });
});
