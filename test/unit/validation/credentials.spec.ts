import { mergeLevels } from '../../../src/policy/merge.js';
import { validatePolicy } from '../../../src/validation/validate-policy.js';
import { codes, environment, ORIGIN, validate, warningCodes } from './validation.js';

const credentialed = (origin: unknown, more: object = {}) => codes({ origin, credentials: true, ...more });

describe('a policy with credentials', () => {
  it.each([
    ['*', ['credentials-wildcard-origin']],
    [['*'], ['credentials-wildcard-origin']],
    [[ORIGIN, '*'], ['credentials-wildcard-origin']],
    [true, ['credentials-reflect-any']],
    ['http://app.example.com', ['credentials-insecure-origin']],
    ['http://app.example.com:8080', ['credentials-insecure-origin']],
    ['http://*.example.com', ['credentials-insecure-origin']],
    ['http://app.example.com:*', ['credentials-insecure-origin']],
    ['http://evillocalhost', ['credentials-insecure-origin']],
    ['http://localhost.example.com', ['credentials-insecure-origin']],
    ['http://126.255.255.255', ['credentials-insecure-origin']],
    ['http://128.0.0.1', ['credentials-insecure-origin']],
    ['http://10.0.0.1', ['credentials-insecure-origin']],
    ['http://[::2]', ['credentials-insecure-origin']],
    ['http://localhost', []],
    ['http://localhost:*', []],
    ['http://app.localhost:3000', []],
    ['http://*.localhost:*', []],
    ['http://127.0.0.1:3000', []],
    ['http://127.255.255.254', []],
    ['http://[::1]:3000', []],
    ['https://app.example.com', []],
    ['capacitor://localhost', []],
    ['https://*.com', ['credentials-public-suffix']],
    ['https://*.internal:*', ['credentials-public-suffix']],
    ['https://*.example.com', []],
    ['https://*.co.uk', ['credentials-public-suffix']],
    ['https://*.vercel.app', ['credentials-public-suffix']],
    ['https://*.vercel.app:*', ['credentials-public-suffix']],
    [[ORIGIN, 'https://*.github.io'], ['credentials-public-suffix']],
    ['http://*.herokuapp.com', ['credentials-insecure-origin', 'credentials-public-suffix']],
    ['https://*.example.co.uk', []],
    ['https://*.acme.vercel.app', []],
    ['https://acme.vercel.app', []],
    ['https://app-git-*-acme.vercel.app', []],
    ['https://app-*.example.com', []],
    ['http://*.com', ['credentials-insecure-origin', 'credentials-public-suffix']],
    [ORIGIN, []],
    [(origin: string) => origin === ORIGIN, []],
  ])('with origin %p has exactly the problems %j', (origin, expected) => {
    expect(credentialed(origin)).toEqual(expected);
    expect(codes({ origin, credentials: false })).toEqual([]);
    expect(codes({ origin })).toEqual([]);
  });

  it('can accept http: origins by an option, and nothing else', () => {
    const accepted = { dangerouslyAllowInsecureOrigins: true };
    expect(credentialed('http://app.example.com', accepted)).toEqual([]);
    expect(credentialed('http://*.com', accepted)).toEqual(['credentials-public-suffix']);
    expect(credentialed('*', accepted)).toEqual(['credentials-wildcard-origin']);
    expect(credentialed(true, accepted)).toEqual(['credentials-reflect-any']);
    expect(credentialed('http://app.example.com', { dangerouslyAllowInsecureOrigins: false })).toEqual([
      'credentials-insecure-origin',
    ]);
  });

  it.each([
    ['https://app-git-*-acme.vercel.app', ['shared-host']],
    [[ORIGIN, 'https://*-acme.netlify.app:*'], ['shared-host']],
    ['https://shop-*.co.uk', ['shared-host']],
    ['https://app-*.acme.vercel.app', []],
    ['https://app-*.example.com', []],
    ['https://acme.vercel.app', []],
    ['http://app-*.localhost:3000', []],
  ])('with origin %j has exactly the warnings %j, which it does not have without credentials', (origin, expected) => {
    expect(warningCodes({ origin, credentials: true })).toEqual(expected);
    expect(warningCodes({ origin, credentials: false })).toEqual([]);
    expect(warningCodes({ origin })).toEqual([]);
  });

  it('names the shared host in its problem and its warning', () => {
    const { problems } = validate({ origin: 'https://*.vercel.app', credentials: true });
    expect(problems[0]?.message).toBe(
      "origin is 'https://*.vercel.app' together with `credentials: true`, but anyone can register a host below vercel.app (set at UsersController.remove).",
    );
    const { warnings } = validate({ origin: 'https://app-*.vercel.app', credentials: true });
    expect(warnings[0]?.message).toContain('anyone can register a matching host below vercel.app');
  });

  it('is not one whose option is no boolean', () => {
    expect(codes({ origin: '*', credentials: 'true' })).toEqual(['option-type']);
    expect(codes({ origin: 'http://a.example', credentials: true, dangerouslyAllowInsecureOrigins: 1 })).toEqual([
      'credentials-insecure-origin',
      'option-type',
    ]);
  });
});

describe('a predicate with credentials', () => {
  it('that allows a random origin is a warning, and is called once for all policies', () => {
    const asked: string[] = [];
    const origin = (text: string) => asked.push(text) > 0;
    const probed = new Map();
    expect(warningCodes({ origin, credentials: true }, { probed })).toEqual(['predicate-reflects-any']);
    expect(warningCodes({ origin, credentials: true, maxAge: 1 }, { probed })).toEqual(['predicate-reflects-any']);
    expect(asked).toEqual([expect.stringMatching(/^https:\/\/[a-z]{20}\.[a-z]{8}$/)]);
    expect(codes({ origin, credentials: true }, { probed })).toEqual([]);
  });

  it('is not called if the policy has no credentials', () => {
    const origin = () => {
      throw new Error('asked');
    };
    const probed = new Map();
    expect(warningCodes({ origin }, { probed })).toEqual([]);
    expect(probed.size).toBe(0);
  });

  it.each([
    ['a list', (origin: string) => [ORIGIN].includes(origin)],
    ['no boolean', () => 1],
    ['an object', () => ({})],
    [
      'a throw',
      () => {
        throw new Error('no database yet');
      },
    ],
    ['a promise', () => Promise.resolve(true)],
    ['a rejection', () => Promise.reject(new Error('no database yet'))],
    [
      'the request',
      (_origin: string, context: { request: { headers: object } }) => 'tenant' in context.request.headers,
    ],
  ])('that answers with %s is no warning', (_, origin) => {
    expect(warningCodes({ origin, credentials: true })).toEqual([]);
  });

  it('is not called if it is an async function', () => {
    let asked = false;
    const origin = async () => {
      asked = true;
      return true;
    };
    expect(warningCodes({ origin, credentials: true })).toEqual([]);
    expect(asked).toBe(false);
  });
});

describe('credentials of another level', () => {
  const warned = (target: string, levels: readonly (readonly [string, object])[]) =>
    validatePolicy(
      mergeLevels(
        target,
        levels.map(([place, options]) => ({ target: place, options })),
      ),
      environment(),
    ).warnings.map(({ code }) => code);

  const credentials = { credentials: true };
  const origin = { origin: ORIGIN };
  it.each([
    ['UsersController.remove', ['CorsModule', 'UsersController.remove'], true],
    ['UsersController.remove', ['CorsModule', 'UsersController'], true],
    ['UsersController.remove', ['UsersController', 'UsersController.remove'], true],
    ['UsersController.remove', ['policy "partners"', 'UsersController'], true],
    ['UsersController.remove', ['BaseController', 'UsersController'], true],
    ['UsersController.remove', ['OuterController', 'InnerController'], true],
    ['UsersController.remove', ['UsersController', 'BaseController.remove'], true],
    ['UsersController', ['CorsModule', 'UsersController'], true],
    ['paths "/graphql"', ['CorsModule', 'paths "/graphql"'], true],
    ['paths "/a.b"', ['CorsModule', 'paths "/a.b"'], true],
    ['X.remove', ['X', 'X'], true], // a class that extends one of its name
  ])('warn in %s if the levels %j set credentials, then origin', (target, [outer, inner], expected) => {
    const levels = [
      [outer ?? '', credentials],
      [inner ?? '', origin],
    ] as const;
    expect(warned(target, levels)).toEqual(expected ? ['credentials-inherited'] : []);
    const reversed = [
      [outer ?? '', origin],
      [inner ?? '', credentials],
    ] as const;
    expect(warned(target, reversed)).toEqual([]);
  });

  it.each(['CorsModule', 'UsersController', 'UsersController.remove'])('do not warn if %s sets both', (place) => {
    expect(warned('UsersController.remove', [[place, { ...credentials, ...origin }]])).toEqual([]);
  });

  it('do not warn if they are false', () => {
    expect(
      warned('A.b', [
        ['CorsModule', { credentials: false }],
        ['A', origin],
      ]),
    ).toEqual([]);
  });

  it('are named with the place of each option', () => {
    const merged = mergeLevels('UsersController.remove', [
      { target: 'CorsModule', options: { origin: '*' } },
      { target: 'UsersController', options: { credentials: true } },
    ]);
    const [problem] = validatePolicy(merged, environment()).problems;
    expect(problem?.targets).toEqual(['UsersController.remove']);
    expect(problem?.message).toBe(
      "origin is '*' together with `credentials: true`, which browsers reject (origin set at CorsModule, credentials set at UsersController).",
    );
  });
});

it('inherited options are ignored', () => {
  const options = Object.create({ credentials: true, origin: '*' });
  expect(validate(options, {}, { originRequired: false }).problems).toEqual([]);
});
