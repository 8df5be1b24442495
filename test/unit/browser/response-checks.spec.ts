import { describe, expect, it } from '@jest/globals';
import { judge, type Verdict } from '../../../src/browser/judge.js';
import { API, PAGE, request, response } from './requests.js';

/** Step, failed checks, and how each engine reports it: `name parameter`, or `-` without a name. */
function summary({ step, failed, browsers }: Verdict): readonly (string | undefined)[] {
  const { chromium, firefox, webkit } = browsers;
  const findings = [chromium, firefox, webkit].map(({ name = '-', parameter }) =>
    parameter === undefined ? name : `${name} ${parameter}`,
  );
  return [step, failed.join(), ...findings];
}

function origins(...values: readonly string[]) {
  return response({ 'Access-Control-Allow-Origin': values });
}

describe('a response without credentials', () => {
  it.each([[[PAGE]], [['*']], [[` ${PAGE}\t`]]])('is readable with the origin %j', (values) => {
    const verdict = judge(request(), { response: origins(...values) });
    expect([verdict.readable, ...summary(verdict)]).toEqual([true, undefined, '', '-', '-', '-']);
  });

  const mismatch = (value: string) => [
    `AllowOriginMismatch ${value}`,
    `CORSAllowOriginNotMatchingOrigin ${value}`,
    `origin-not-allowed ${PAGE}`,
  ];
  const several = (value: string) => [
    `MultipleAllowOriginValues ${value}`,
    'CORSMultipleAllowOriginNotAllowed',
    'more-than-one-origin',
  ];
  const list = (value: string) => [
    `MultipleAllowOriginValues ${value}`,
    `CORSAllowOriginNotMatchingOrigin ${value}`,
    'more-than-one-origin',
  ];
  const invalid = (value: string) => [
    `InvalidAllowOriginValue ${value}`,
    `CORSAllowOriginNotMatchingOrigin ${value}`,
    `origin-not-allowed ${PAGE}`,
  ];
  it.each([
    [[], ['MissingAllowOriginHeader', 'CORSMissingAllowOrigin 200', `origin-not-allowed ${PAGE}`]],
    [[`${PAGE}/`], mismatch(`${PAGE}/`)],
    [[PAGE.toUpperCase()], mismatch(PAGE.toUpperCase())],
    [[`${PAGE}:443`], mismatch(`${PAGE}:443`)],
    [['null'], mismatch('null')],
    [['localhost:3000'], mismatch('localhost:3000')],
    [['https://*.example.com'], mismatch('https://*.example.com')],
    [['NULL'], invalid('NULL')],
    [['app.example.com'], invalid('app.example.com')],
    [['https://'], invalid('https://')],
    [['**'], invalid('**')],
    [[''], invalid('')],
    [[PAGE, PAGE], several(`${PAGE}, ${PAGE}`)],
    [['*', '*'], several('*, *')],
    [[PAGE, ''], several(`${PAGE}, `)],
    [[`${PAGE}, ${PAGE}`], list(`${PAGE}, ${PAGE}`)],
    [[`${PAGE},`], list(`${PAGE},`)],
    [['*,*'], list('*,*')],
    [
      [`${PAGE} ${PAGE}`],
      [
        `MultipleAllowOriginValues ${PAGE} ${PAGE}`,
        `CORSAllowOriginNotMatchingOrigin ${PAGE} ${PAGE}`,
        `origin-not-allowed ${PAGE}`,
      ],
    ],
  ])('is blocked with the origin %j', (values, browsers) => {
    const verdict = judge(request(), { response: origins(...values) });
    expect([verdict.readable, ...summary(verdict)]).toEqual([false, 'response', 'origin', ...browsers]);
  });

  it('needs no Access-Control-Allow-Credentials', () => {
    const headers = { 'access-control-allow-origin': PAGE, 'access-control-allow-credentials': 'no' };
    expect(judge(request(), { response: response(headers) }).readable).toBe(true);
  });

  it('is readable for the origin null only if it names null', () => {
    const readable = (value: string) => judge(request({ origin: 'null' }), { response: origins(value) }).readable;
    expect([readable('null'), readable('*'), readable('https://null')]).toEqual([true, true, false]);
  });
});

describe('a response with credentials', () => {
  const judged = (headers: Record<string, string | readonly string[]>) =>
    judge(request({ credentials: true }), { response: response(headers) });

  it('is readable with the exact origin and true', () => {
    const verdict = judged({ 'ACCESS-CONTROL-ALLOW-ORIGIN': PAGE, 'access-control-allow-CREDENTIALS': ' true' });
    expect(verdict.readable).toBe(true);
  });

  it('is blocked with *, whatever else it says', () => {
    const verdict = judged({ 'Access-Control-Allow-Origin': '*', 'Access-Control-Allow-Credentials': 'true' });
    const browsers = ['WildcardOriginNotAllowed', 'CORSNotSupportingCredentials', 'wildcard-with-credentials'];
    expect(summary(verdict)).toEqual(['response', 'origin', ...browsers]);
  });

  it.each([[[]], [['True']], [['TRUE']], [['1']], [['']], [['true', 'true']], [['true,']]])(
    'is blocked when Access-Control-Allow-Credentials is %j',
    (values) => {
      const verdict = judged({ 'Access-Control-Allow-Origin': PAGE, 'Access-Control-Allow-Credentials': values });
      const browsers = [
        `InvalidAllowCredentials ${values.join(', ')}`,
        'CORSMissingAllowCredentials',
        'credentials-not-true',
      ];
      expect(summary(verdict)).toEqual(['response', 'credentials', ...browsers]);
    },
  );
});

describe('a response that needs no permission', () => {
  it('is readable by a page of the same origin', () => {
    const own = request({ origin: 'https://api.example.com', method: 'PUT', credentials: true });
    expect(judge(own, { response: response({}, 500) }).readable).toBe(true);
  });
});

describe('a connection that fails', () => {
  it.each([
    ['before the preflight is answered', { method: 'PUT' }, ['-', 'CORSDidNotSucceed', 'connection-lost']],
    ['before a simple request is answered', {}, ['-', 'CORSDidNotSucceed', '-']],
    ['on the origin of the page', { origin: 'https://api.example.com' }, ['-', '-', '-']],
    ['on an embed', { mode: 'no-cors' as const }, ['-', '-', '-']],
  ])('%s is a failure of the network', (_where, changes, browsers) => {
    const verdict = judge(request(changes), { preflight: 'connection-failed', response: 'connection-failed' });
    expect([verdict.readable, ...summary(verdict)]).toEqual([false, 'network', 'connection', ...browsers]);
  });
});

describe('a request that browsers do not send', () => {
  const judged = (changes: Parameters<typeof request>[0]) => judge(request(changes), { response: origins('*') });

  it.each([
    [{ method: 'TRACE' }],
    [{ method: 'connect' }],
    [{ method: 'TRaCK' }],
    [{ method: '' }],
    [{ method: 'GET ' }],
    [{ url: '/orders' }],
    [{ url: '' }],
    [{ url: 'https://' }],
    [{ url: 'https://user@api.example.com' }],
    [{ url: 'https://:secret@api.example.com' }],
    [{ mode: 'no-cors' as const, method: 'PUT' }],
    [{ headers: [{ name: 'x a', value: '1' }] }],
    [{ headers: [{ name: '' }] }],
    [{ headers: [{ name: 'x-a', value: 'a\nb' }] }],
    [{ headers: [{ name: 'x-a', value: '\u20ac' }] }],
  ])('fails without a name: %j', (changes) => {
    expect(summary(judged(changes))).toEqual(['request', 'request', '-', '-', '-']);
  });

  it('has the mode same-origin and the URL of another origin', () => {
    const browsers = ['DisallowedByMode', 'SOP', 'mode-forbids'];
    expect(summary(judged({ mode: 'same-origin' }))).toEqual(['request', 'mode', ...browsers]);
    expect(judged({ mode: 'same-origin', origin: 'https://api.example.com' }).readable).toBe(true);
    // The URL has the origin null too, which equals no other.
    expect(judged({ mode: 'same-origin', origin: 'null', url: 'localhost:3000/x' }).failed).toEqual(['mode']);
  });

  it.each([
    ['localhost:3000/x', 'localhost'],
    ['ws://api.example.com', 'ws'],
    ['HTTPSS://api.example.com', 'httpss'],
  ])('has the URL %s, whose scheme is not http', (url, scheme) => {
    const browsers = [`CorsDisabledScheme ${scheme}`, 'CORSRequestNotHttp', 'scheme-not-http'];
    expect(summary(judged({ url }))).toEqual(['request', 'scheme', ...browsers]);
    expect(summary(judged({ url, mode: 'no-cors' }))).toEqual(['request', 'scheme', '-', '-', '-']);
  });

  it.each([
    [{ method: 'get' }],
    [{ method: 'post', mode: 'no-cors' as const }],
    [{ headers: [{ name: 'x-a', value: ' a\n' }] }],
    [{ url: `  ${API}  ` }],
  ])('is not this one: %j', (changes) => {
    expect(judge(request(changes), { response: origins('*') }).readable).toBe(true);
  });
});
