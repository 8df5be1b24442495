import { codes, validate, warningCodes } from './validation.js';

const NO_NAMES = [
  '',
  ' ',
  'x a',
  'x-a ',
  'x-a:',
  'x-a: y',
  'x-a\r\nx: y',
  'x-a\n',
  'x,y',
  'X\u0130',
  '\u212aey',
  'x-a\u0000',
  '"x"',
  undefined,
  null,
  1,
  ['x-a'],
  {},
];

describe('allowedHeaders', () => {
  it.each([
    ['content-type'],
    ['Authorization'],
    ['X-Custom'],
    ['x_custom'],
    ['accept'],
    ['user-agent'],
    ['range'],
    ['x-http-method-override'],
    ['secret'],
    ['proxy'],
    ['hosts'],
    ['x-cookie'],
    ['dates'],
    ['access-control'],
    ['*'],
    ["!#$%&'*+-.^_`|~"],
  ])('accepts %j', (name) => {
    expect(codes({ allowedHeaders: [name] })).toEqual([]);
  });

  it.each(NO_NAMES.map((name) => [name]))('refuses %j, which is no header name', (name) => {
    expect(codes({ allowedHeaders: ['x-b', name] })).toEqual(['header-invalid']);
  });

  it.each([
    ['Accept-Charset'],
    ['Accept-Encoding'],
    ['Access-Control-Request-Headers'],
    ['access-control-request-method'],
    ['access-control-request-private-network'],
    ['Connection'],
    ['Content-Length'],
    ['Cookie'],
    ['cookie2'],
    ['Date'],
    ['DNT'],
    ['Expect'],
    ['HOST'],
    ['Keep-Alive'],
    ['Origin'],
    ['Referer'],
    ['Set-Cookie'],
    ['TE'],
    ['Trailer'],
    ['Transfer-Encoding'],
    ['Upgrade'],
    ['Via'],
    ['Proxy-Authorization'],
    ['proxy-'],
    ['Sec-Fetch-Mode'],
    ['sec-'],
  ])('refuses %j, which only browsers can set', (name) => {
    expect(codes({ allowedHeaders: [name] })).toEqual(['header-forbidden']);
  });

  it.each([
    ['Access-Control-Allow-Origin'],
    ['access-control-allow-credentials'],
    ['access-control-allow-methods'],
    ['access-control-allow-headers'],
    ['access-control-allow-private-network'],
    ['access-control-expose-headers'],
    ['access-control-max-age'],
  ])('refuses %j, which only responses have', (name) => {
    expect(codes({ allowedHeaders: [name] })).toEqual(['header-prohibited']);
  });

  it('points to credentials for cookies', () => {
    const [problem] = validate({ origin: 'https://a.example', allowedHeaders: ['Cookie'] }).problems;
    expect(problem?.remedy).toContain('credentials: true');
  });

  it.each([
    [{ allowedHeaders: ['*'] }, []],
    [{ allowedHeaders: ['*'], credentials: false }, []],
    [{ allowedHeaders: ['x-star'], credentials: true }, []],
    [{ allowedHeaders: ['*', 'authorization'], credentials: true }, ['wildcard-headers-with-credentials']],
  ])('with %j has exactly the warnings %j', (options, expected) => {
    expect(warningCodes(options)).toEqual(expected);
  });
});

describe('exposedHeaders', () => {
  it.each([['x-total-count'], ['Authorization'], ['ETag'], ['content-length'], ['set-cookie3'], ['sec-custom'], ['*']])(
    'accepts %j',
    (name) => {
      expect(codes({ exposedHeaders: [name] })).toEqual([]);
    },
  );

  it.each(NO_NAMES.map((name) => [name]))('refuses %j, which is no header name', (name) => {
    expect(codes({ exposedHeaders: ['x-b', name] })).toEqual(['header-invalid']);
  });

  it.each([
    ['Set-Cookie', 'header-forbidden'],
    ['set-cookie2', 'header-forbidden'],
    ['Access-Control-Request-Method', 'header-prohibited'],
    ['access-control-request-headers', 'header-prohibited'],
    ['Origin', 'header-prohibited'],
    ['Access-Control-Allow-Methods', 'header-prohibited'],
    ['access-control-allow-headers', 'header-prohibited'],
    ['access-control-allow-private-network', 'header-prohibited'],
    ['Access-Control-Max-Age', 'header-prohibited'],
    ['Cookie', 'header-prohibited'],
    ['Host', 'header-prohibited'],
    ['Referer', 'header-prohibited'],
    ['Sec-Fetch-Site', 'header-prohibited'],
  ])('refuses %j as %s', (name, code) => {
    expect(codes({ exposedHeaders: [name] })).toEqual([code]);
  });

  it.each([
    [{ exposedHeaders: ['*'], credentials: true }, ['credentials-wildcard-expose']],
    [{ exposedHeaders: ['x-a', '*'], credentials: true }, ['credentials-wildcard-expose']],
    [{ exposedHeaders: ['x-a', '*'], credentials: false }, []],
    [{ exposedHeaders: ['x-a'], credentials: true }, []],
    [{ exposedHeaders: [], credentials: true }, []],
  ])('with %j has exactly the problems %j', (options, expected) => {
    expect(codes(options)).toEqual(expected);
  });
});

it.each([['allowedHeaders'], ['exposedHeaders']])('%s must be a list', (property) => {
  for (const value of ['x-a', 'x-a,x-b', true, null, {}, new Set(['x-a'])]) {
    expect(codes({ [property]: value })).toEqual(['option-type']);
  }
  const [problem] = validate({ origin: 'https://a.example', [property]: 'X-A, x-b' }).problems;
  expect(problem?.remedy).toBe(`Write \`${property}: ['X-A', 'x-b']\`.`);
});

it('allowedHeaders changes only ASCII letters to lower case, so that no other letter makes a forbidden name', () => {
  expect(codes({ allowedHeaders: ['\u212aeep-alive'] })).toEqual(['header-invalid']);
});
