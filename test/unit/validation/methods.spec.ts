import { codes, validate, warningCodes } from './validation.js';

describe('methods', () => {
  it.each([
    ['GET'],
    ['get'],
    ['Get'],
    ['put'],
    ['Delete'],
    ['options'],
    ['head'],
    ['post'],
    ['PATCH'],
    ['QUERY'],
    ['PROPFIND'],
    ['M-SEARCH'],
    ['CHICKEN!'],
    ['CONNECTED'],
    ['TRAC'],
    ['*'],
  ])('accepts %j', (method) => {
    expect(codes({ methods: [method] })).toEqual([]);
  });

  it.each([
    ['patch', 'method-invalid'],
    ['Patch', 'method-invalid'],
    ['query', 'method-invalid'],
    ['PROPFINd', 'method-invalid'],
    ['', 'method-invalid'],
    [' ', 'method-invalid'],
    ['GET ', 'method-invalid'],
    ['GET,PUT', 'method-invalid'],
    ['GET PUT', 'method-invalid'],
    ['GET\r\nX: y', 'method-invalid'],
    ['P\u{dc}T', 'method-invalid'],
    ['GET/', 'method-invalid'],
    [undefined, 'method-invalid'],
    [null, 'method-invalid'],
    [1, 'method-invalid'],
    [['GET'], 'method-invalid'],
    [{}, 'method-invalid'],
    ['CONNECT', 'method-forbidden'],
    ['connect', 'method-forbidden'],
    ['TRACE', 'method-forbidden'],
    ['Trace', 'method-forbidden'],
    ['TRACK', 'method-forbidden'],
    ['track', 'method-forbidden'],
  ])('refuses %j as %s', (method, code) => {
    expect(codes({ methods: ['GET', method] })).toEqual([code]);
  });

  it.each([['GET'], ['GET,PUT'], [true], [null], [{ 0: 'GET' }], [new Set(['GET'])]])(
    'refuses %p, which is no list',
    (methods) => {
      expect(codes({ methods })).toEqual(['option-type']);
    },
  );

  it('accepts an empty list, because browsers always send GET, HEAD and POST', () => {
    expect(codes({ methods: [] })).toEqual([]);
  });

  it('shows a comma list as the correct list', () => {
    const [problem] = validate({ origin: 'https://a.example', methods: 'GET,put, Patch' }).problems;
    expect(problem?.remedy).toBe("Write `methods: ['GET', 'PUT', 'PATCH']`.");
  });

  it('reports every wrong entry, and each remedy corrects the whole list', () => {
    const { problems } = validate({ origin: 'https://a.example', methods: ['patch', 'TRACE', 'DELETE'] });
    expect(problems.map(({ code, value, remedy }) => [code, value, remedy.split('`')[1]])).toEqual([
      ['method-invalid', 'patch', "methods: ['PATCH', 'DELETE']"],
      ['method-forbidden', 'TRACE', "methods: ['PATCH', 'DELETE']"],
    ]);
  });

  it('shows only the correct entry for a long list', () => {
    const methods = [...Array.from({ length: 12 }, (_, index) => `M${index}`), 'patch'];
    const [problem] = validate({ origin: 'https://a.example', methods }).problems;
    expect(problem?.remedy).toBe("Write `'PATCH'` in its place.");
  });
});

describe('a policy for a handler', () => {
  it.each([
    [['PUT'], ['PUT'], []],
    [['put'], ['PUT'], []],
    [['*'], ['PUT', 'GET'], []],
    [undefined, ['PUT'], []],
    [['PUT'], ['DELETE'], ['method-not-allowed-by-own-policy']],
    [['PUT'], ['PATCH'], ['method-not-allowed-by-own-policy']],
    [['PUT'], ['OPTIONS'], ['method-not-allowed-by-own-policy']],
    [['PUT'], ['GET'], ['safelisted-method-omitted']],
    [['PUT'], ['POST'], ['safelisted-method-omitted']],
    [['PUT'], ['HEAD'], ['safelisted-method-omitted']],
    [['GET'], ['HEAD'], []],
    [['HEAD'], ['GET'], ['safelisted-method-omitted']],
    [[], ['GET', 'DELETE'], ['safelisted-method-omitted', 'method-not-allowed-by-own-policy']],
    [['PUT'], ['ALL'], []],
    [['PUT'], ['*'], []],
    [['PUT'], [], []],
    [['PUT', 7], ['PUT'], []],
    ['PUT', ['DELETE'], []],
  ])('with methods %j, mapped to %j, has exactly the warnings %j', (methods, mappedMethods, expected) => {
    expect(warningCodes({ methods }, {}, { mappedMethods })).toEqual(expected);
  });

  it('names the options that do refuse a request', () => {
    const { warnings } = validate({ origin: 'https://a.example', methods: ['PUT'] }, {}, { mappedMethods: ['POST'] });
    expect(warnings[0]?.remedy).toBe(
      "Write `methods: ['PUT', 'POST']`. To refuse cross-origin requests, use `@DisableCors()` and `enforce: 'all'`.",
    );
  });
});
