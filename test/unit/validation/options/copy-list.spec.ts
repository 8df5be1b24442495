import { DIAGNOSTICS_TABLE, MODULE_TABLE } from '../../../../src/boot/options/module-option-tables.js';
import { codes, copied, ORIGIN, validate } from '../validation.js';

const throwing = () => {
  throw new RangeError('no entry');
};

describe('a list', () => {
  it('of a subclass is copied by its entries, and not by its iterator', () => {
    class Origins extends Array<string> {
      override *[Symbol.iterator](): ArrayIterator<string> {
        yield '*';
      }
      override get length(): number {
        return 1;
      }
    }
    const origins = new Origins();
    origins.push(ORIGIN);
    const { options, problems } = copied({ origin: origins });
    expect(problems).toEqual([]);
    expect(options.origin).toEqual([ORIGIN]);
    expect(Object.getPrototypeOf(options.origin)).toBe(Array.prototype);
  });

  it('may be of another realm, frozen, or a proxy', () => {
    for (const origin of [Object.freeze([ORIGIN]), new Proxy([ORIGIN], {})]) {
      expect(copied({ origin }).options.origin).toEqual([ORIGIN]);
    }
  });

  it('is read once for each entry', () => {
    let reads = 0;
    const methods = Object.defineProperty(['GET'], 1, {
      enumerable: true,
      get: () => {
        reads++;
        return 'PUT';
      },
    });
    expect(copied({ methods }).options.methods).toEqual(['GET', 'PUT']);
    expect(reads).toBe(1);
  });

  it('becomes a list with undefined for each hole, even if a prototype is polluted', () => {
    const polluted = Array.prototype as unknown as Record<string, unknown>;
    polluted[1] = 'https://evil.example';
    try {
      // biome-ignore lint/suspicious/noSparseArray: the hole is the test
      const { options } = copied({ origin: [ORIGIN, , ORIGIN] });
      expect((options.origin as unknown[])[1]).toBeUndefined();
      expect(codes({ origin: options.origin })).toEqual(['origin-invalid']);
    } finally {
      delete polluted[1];
    }
  });

  it.each<[string, unknown, string]>([
    ['with a getter that throws', Object.defineProperty([ORIGIN], 1, { get: throwing }), "threw 'no entry'"],
    ['that is a proxy whose get throws', new Proxy([ORIGIN], { get: throwing }), "threw 'no entry'"],
    [
      'that is a proxy whose getOwnPropertyDescriptor throws',
      new Proxy([ORIGIN], { getOwnPropertyDescriptor: throwing }),
      "threw 'no entry'",
    ],
    ['of billions of holes', new Array(4_000_000_000), 'a list may have at most 1000000 entries'],
    [
      'whose length is no number',
      new Proxy([], { get: (_, name) => (name === 'length' ? 'many' : undefined) }),
      'a list may have at most 1000000 entries',
    ],
  ])('%s is a problem in every list option', (_, list, words) => {
    for (const property of ['origin', 'methods', 'allowedHeaders', 'exposedHeaders', 'paths'] as const) {
      const { options, problems } = copied({ [property]: list }, MODULE_TABLE);
      expect(problems).toMatchObject([{ code: 'option-type', targets: ['CorsModule'], property }]);
      expect(problems[0]?.message).toContain(words);
      expect(property in options).toBe(false);
    }
    expect(copied({ silence: list }, DIAGNOSTICS_TABLE).problems).toMatchObject([
      { code: 'option-type', property: 'silence' },
    ]);
  });

  it.each<[string, unknown]>([
    ['an object with indices', { 0: 'GET', length: 1 }],
    ['a Set', new Set(['GET'])],
    ['a proxy of a Set', new Proxy(new Set(['GET']), {})],
    ['an iterator', ['GET'].values()],
    ['the arguments of a function', (() => Object.assign(Object.create(null), { length: 1 }))()],
    ['a typed array', new Uint8Array(2)],
    ['a proxy whose getPrototypeOf throws', new Proxy({}, { getPrototypeOf: throwing })],
    ['a proxy whose has throws', new Proxy({}, { has: throwing })],
  ])('cannot be %s', (_, value) => {
    for (const property of ['origin', 'methods', 'allowedHeaders', 'exposedHeaders'] as const) {
      const { options } = copied({ [property]: value });
      expect(codes({ [property]: options[property] })).toEqual(['option-type']);
    }
  });
});

describe('a value that throws whenever it is read', () => {
  const hostile = (target: object) =>
    new Proxy(target, {
      get: throwing,
      has: throwing,
      ownKeys: throwing,
      getPrototypeOf: throwing,
      getOwnPropertyDescriptor: throwing,
    });

  it.each(['origin', 'methods', 'allowedHeaders', 'exposedHeaders', 'maxAge', 'credentials', 'enforce'])(
    'is a problem as %s',
    (property) => {
      for (const value of [hostile({}), hostile(() => true), hostile(class {})]) {
        const { options } = copied({ [property]: value });
        const { problems } = validate({ origin: ORIGIN, [property]: options[property] });
        expect(problems).toMatchObject([{ code: 'option-type', property }]);
        expect(problems[0]?.message).toContain('but must be');
      }
    },
  );

  it('is a problem as an entry of a list', () => {
    const list = [hostile({}), hostile(() => true)];
    for (const [property, code] of [
      ['origin', 'origin-invalid'],
      ['methods', 'method-invalid'],
      ['allowedHeaders', 'header-invalid'],
    ] as const) {
      expect(codes({ [property]: copied({ [property]: list }).options[property] })).toEqual([code, code]);
    }
  });
});
