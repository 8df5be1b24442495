import { describe, expect, it } from '@jest/globals';
import type { PreflightCheck } from '../../../src/browser/engines.js';
import { judge, judgePreflight, type Verdict } from '../../../src/browser/judge.js';
import { ALLOWED, API, PAGE, request, response } from './requests.js';

type Headers = Readonly<Record<string, string | readonly string[]>>;

const GRANTED: Headers = {
  'Access-Control-Allow-Origin': PAGE,
  'Access-Control-Allow-Credentials': 'true',
  'Access-Control-Allow-Methods': 'PUT',
  'Access-Control-Allow-Headers': 'x-a',
};
const PUT = request({ method: 'PUT', credentials: true, headers: [{ name: 'X-A', value: '1' }] });

function judgeAnswer(changes: Headers, { status = 204, page = PUT } = {}): Verdict {
  return judge(page, { preflight: response({ ...GRANTED, ...changes }, status), response: ALLOWED });
}

/** For each check, what makes it fail, and its names in Chromium, Firefox and WebKit. */
const FAILURES: Readonly<Record<PreflightCheck, readonly [Headers, number, readonly [string, string, string]]>> = {
  redirect: [
    { Location: '/login' },
    302,
    ['PreflightDisallowedRedirect', 'CORSExternalRedirectNotAllowed', 'preflight-status'],
  ],
  origin: [
    { 'Access-Control-Allow-Origin': [] },
    204,
    ['PreflightMissingAllowOriginHeader', 'CORSMissingAllowOrigin', 'origin-not-allowed'],
  ],
  credentials: [
    { 'Access-Control-Allow-Credentials': [] },
    204,
    ['PreflightInvalidAllowCredentials', 'CORSMissingAllowCredentials', 'credentials-not-true'],
  ],
  status: [{}, 404, ['PreflightInvalidStatus', 'CORSPreflightDidNotSucceed', 'preflight-status']],
  'methods-readable': [
    { 'Access-Control-Allow-Methods': 'GET; PUT' },
    204,
    ['InvalidAllowMethodsPreflightResponse', 'CORSInvalidAllowMethod', 'header-unreadable'],
  ],
  'headers-readable': [
    { 'Access-Control-Allow-Headers': 'x a' },
    204,
    ['InvalidAllowHeadersPreflightResponse', 'CORSInvalidAllowHeader', 'header-unreadable'],
  ],
  method: [
    { 'Access-Control-Allow-Methods': 'GET' },
    204,
    ['MethodDisallowedByPreflightResponse', 'CORSMethodNotFound', 'method-not-allowed'],
  ],
  headers: [
    { 'Access-Control-Allow-Headers': 'x-b' },
    204,
    ['HeaderDisallowedByPreflightResponse', 'CORSMissingAllowHeaderFromPreflight', 'header-not-allowed'],
  ],
};

/** As measured. */
const ORDERS = {
  chromium: 'redirect origin credentials status methods-readable headers-readable method headers',
  firefox: 'origin credentials redirect status methods-readable method headers-readable headers',
  webkit: 'redirect status origin credentials methods-readable headers-readable method headers',
} as const;

/** Checks that one answer cannot fail together. */
const EXCLUSIVE = [
  ['redirect', 'status'],
  ['origin', 'credentials'],
  ['methods-readable', 'method'],
  ['headers-readable', 'headers'],
];

describe.each(Object.entries(FAILURES))('the answer to a preflight that fails the check %s', (check, failure) => {
  const [changes, status, names] = failure;

  it('has the names of that check', () => {
    const { browsers, readable, step, failed, ...rest } = judgeAnswer(changes, { status });
    expect([readable, step, failed, rest.status]).toEqual([false, 'preflight', [check], status]);
    expect([browsers.chromium.name, browsers.firefox.name, browsers.webkit.name]).toEqual(names);
  });
});

describe.each(['chromium', 'firefox', 'webkit'] as const)('of two failed checks, %s', (engine) => {
  const order = ORDERS[engine].split(' ') as PreflightCheck[];
  const position = ['chromium', 'firefox', 'webkit'].indexOf(engine);
  const pairs = order
    .flatMap((first, index) => order.slice(index + 1).map((second) => [first, second] as const))
    .filter((pair) => !EXCLUSIVE.some((both) => both.every((check) => pair.some((one) => one === check))));

  it.each(pairs)('names %s before %s', (first, second) => {
    const [changes, status, names] = FAILURES[first];
    const [others, otherStatus] = FAILURES[second];
    const verdict = judgeAnswer({ ...changes, ...others }, { status: status === 204 ? otherStatus : status });
    expect(verdict.browsers[engine].name).toBe(names[position]);
    expect([...verdict.failed].sort()).toEqual([first, second].sort());
  });
});

describe('the answer to a preflight', () => {
  it('lists its failed checks in the order of the Fetch standard', () => {
    const bare = { 'Access-Control-Allow-Origin': [], 'Access-Control-Allow-Methods': 'A B' };
    expect(judgeAnswer({ ...bare, 'Access-Control-Allow-Headers': [] }, { status: 401 }).failed).toEqual([
      'origin',
      'status',
      'methods-readable',
      'headers',
    ]);
  });

  it.each([
    ['status 200', {}, 200],
    ['status 299', {}, 299],
    ['several lines of methods', { 'Access-Control-Allow-Methods': ['GET', 'PUT'] }, 204],
    ['empty elements', { 'Access-Control-Allow-Methods': ',PUT,, ', 'Access-Control-Allow-Headers': ' ,\tX-A ,' }, 204],
    ['names in another case', { 'Access-Control-Allow-Headers': 'x-A' }, 204],
  ])('passes with %s', (_what, changes, status) => {
    expect(judgeAnswer(changes, { status }).readable).toBe(true);
  });

  it.each([
    ['status 199', {}, 199],
    ['status 300', {}, 300],
    ['status 304', {}, 304],
    ['status 0', {}, 0],
    ['a redirect that says nowhere to go', {}, 302],
    ['a method in another case', { 'Access-Control-Allow-Methods': 'put' }, 204],
    ['a longer method', { 'Access-Control-Allow-Methods': 'PUTS' }, 204],
    ['* for the method, with credentials', { 'Access-Control-Allow-Methods': '*' }, 204],
    ['* for the headers, with credentials', { 'Access-Control-Allow-Headers': '*' }, 204],
    ['a longer name', { 'Access-Control-Allow-Headers': 'x-aa, x' }, 204],
    ['two values of the credentials header', { 'Access-Control-Allow-Credentials': ['true', 'true'] }, 204],
  ])('fails with %s', (_what, changes, status) => {
    expect(judgeAnswer(changes, { status }).step).toBe('preflight');
  });

  it.each(['GET', 'HEAD', 'POST'])('needs no entry for %s', (method) => {
    const page = request({ method, headers: [{ name: 'x-a', value: '1' }], credentials: true });
    expect(judgeAnswer({ 'Access-Control-Allow-Methods': [] }, { page }).readable).toBe(true);
  });

  it('may say * for method and headers without credentials', () => {
    const stars = { 'Access-Control-Allow-Methods': '*', 'Access-Control-Allow-Headers': '*' };
    expect(judgeAnswer(stars, { page: { ...PUT, credentials: false } }).readable).toBe(true);
  });

  it('allows a method and a header that are called * by their name', () => {
    const page = request({ method: '*', headers: [{ name: '*', value: '1' }], credentials: true });
    const stars = { 'Access-Control-Allow-Methods': '*', 'Access-Control-Allow-Headers': '*' };
    expect(judgeAnswer(stars, { page }).readable).toBe(true);
  });

  it('is not judged when no preflight is due, or when the browser has its permission', () => {
    const refused = response({}, 404);
    expect(judge(request(), { preflight: refused, response: ALLOWED }).readable).toBe(true);
    expect(judgePreflight(request(), refused)).toBeUndefined();
    expect(judge(PUT, { response: ALLOWED }).readable).toBe(true);
  });
});

describe('headers that a preflight refuses', () => {
  const headers = ['X-B', 'x-a', 'traceparent', 'x-c'].map((name) => ({ name, value: '1' }));

  it('are all listed, and each engine names one', () => {
    const { refusedHeaders, browsers } = judgeAnswer(
      { 'Access-Control-Allow-Headers': 'X-C' },
      { page: { ...PUT, headers } },
    );
    expect(refusedHeaders).toEqual(['traceparent', 'x-a', 'x-b']);
    expect(refusedHeaders).toContain(browsers.chromium.parameter);
    expect([browsers.firefox.parameter, browsers.webkit.parameter]).toEqual(['traceparent', 'X-B']);
  });

  it.each([
    [['x-b', 'authorization', 'content-type'], 'Authorization'],
    [['x-b', 'LAST-EVENT-ID'], 'Last-Event-ID'],
    [['X-Bb', 'x-a'], 'X-Bb'],
  ])('are found by WebKit in its own order: %j', (names, found) => {
    const page = { ...PUT, headers: names.map((name) => ({ name })) };
    expect(judgeAnswer({ 'Access-Control-Allow-Headers': [] }, { page }).browsers.webkit.parameter).toBe(found);
  });

  it('are all of them when the list cannot be read', () => {
    const verdict = judgeAnswer({ 'Access-Control-Allow-Headers': 'x-c, x a' }, { page: { ...PUT, headers } });
    expect(verdict.refusedHeaders).toEqual(['traceparent', 'x-a', 'x-b', 'x-c']);
    expect([verdict.browsers.firefox.parameter, verdict.browsers.webkit.parameter]).toEqual([
      'x a',
      'Access-Control-Allow-Headers',
    ]);
  });

  it('do not include headers that browsers would not send, or that need no permission', () => {
    const silent = ['cookie', 'sec-a', 'accept'].map((name) => ({ name, value: 'a' }));
    const page = { ...PUT, headers: [...silent, { name: 'x-z', value: '1' }] };
    const { refusedHeaders, browsers } = judgeAnswer({}, { page });
    expect([refusedHeaders, browsers.webkit.parameter]).toEqual([['x-z'], 'x-z']);
  });
});

describe('authorization under *', () => {
  const page = request({ headers: [{ name: 'Authorization', value: 'Bearer a' }] });

  it.each([
    ['*', true],
    ['x-a, *', true],
    ['*, Authorization', false],
    ['authorization', false],
  ])('is noted with the list %j: %s', (list, noted) => {
    const verdict = judgeAnswer({ 'Access-Control-Allow-Headers': list }, { page });
    expect([verdict.readable, verdict.authorizationUnderWildcard]).toEqual([true, noted]);
  });

  it('is not noted for other headers, nor with credentials', () => {
    const star = { 'Access-Control-Allow-Headers': '*' };
    expect(judgeAnswer(star, { page: { ...PUT, credentials: false } }).authorizationUnderWildcard).toBe(false);
    const verdict = judgeAnswer(star, { page: { ...page, credentials: true } });
    expect([verdict.refusedHeaders, verdict.authorizationUnderWildcard]).toEqual([['authorization'], false]);
  });
});

describe('what an engine quotes about a preflight', () => {
  it.each([
    [
      { 'Access-Control-Allow-Origin': 'https://other.example' },
      204,
      'https://other.example',
      'https://other.example',
      PAGE,
    ],
    [{ 'Access-Control-Allow-Credentials': 'yes' }, 204, 'yes', undefined, undefined],
    [{}, 503, undefined, '503', '503'],
    [{ Location: API }, 307, undefined, undefined, '307'],
    [{ 'Access-Control-Allow-Methods': 'A,B C' }, 204, undefined, 'B C', 'Access-Control-Allow-Methods'],
    [{ 'Access-Control-Allow-Methods': 'A' }, 204, 'PUT', undefined, 'PUT'],
    [{ 'Access-Control-Allow-Headers': [] }, 204, 'x-a', 'x-a', 'X-A'],
  ])('is, for %j and status %d: %j, %j and %j', (changes, status, chromium, firefox, webkit) => {
    const { browsers } = judgeAnswer(changes as unknown as Headers, { status });
    expect([browsers.chromium.parameter, browsers.firefox.parameter, browsers.webkit.parameter]).toEqual([
      chromium,
      firefox,
      webkit,
    ]);
  });
});
