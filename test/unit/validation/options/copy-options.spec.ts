import {
  ASYNC_TABLE,
  DIAGNOSTICS_TABLE,
  MODULE_TABLE,
  PATH_TABLE,
  POLICIES_TABLE,
} from '../../../../src/boot/options/module-option-tables.js';
import { RESOLVER_TABLE } from '../../../../src/boot/options/resolver-table.js';
import { copyOptions } from '../../../../src/validation/options/copy-options.js';
import type { OptionRule, OptionsTable } from '../../../../src/validation/options/options-table.js';
import { DECORATOR_TABLE, POLICY_TABLE } from '../../../../src/validation/options/policy-table.js';
import type { CorsProblem } from '../../../../src/validation/problems/problem.js';
import { applied, codes, copied, ORIGIN, remedyCode } from '../validation.js';

const TABLES: Readonly<Record<string, OptionsTable>> = {
  'the module': MODULE_TABLE,
  'a named policy': POLICY_TABLE,
  'a decorator': DECORATOR_TABLE,
  policies: POLICIES_TABLE,
  'an entry of paths': PATH_TABLE,
  resolver: RESOLVER_TABLE,
  diagnostics: DIAGNOSTICS_TABLE,
  'forRootAsync()': ASYNC_TABLE,
};

describe.each(Object.entries(TABLES))('the table of %s', (_, table) => {
  const names = Object.keys(table.rules);

  it('writes an example that can be pasted and that it accepts', () => {
    for (const name of names.filter((each) => table.rules[each]?.accepts !== undefined && each !== 'store')) {
      const { example, accepts } = table.rules[name] as OptionRule;
      const value = new Function('ConfigModule', 'ConfigService', 'CorsSettings', `return (${example});`)(
        class ConfigModule {},
        class ConfigService {},
        class CorsSettings {},
      );
      expect([name, accepts?.(value)]).toEqual([name, true]);
    }
  });

  it('reports each mistake with place, value and what it must be', () => {
    for (const name of names.filter((each) => table.rules[each]?.accepts !== undefined)) {
      const { must } = table.rules[name] as OptionRule;
      const value = Symbol('wrong');
      const problems: CorsProblem[] = [];
      copyOptions({ [name]: value }, table, { target: 'CorsModule', property: 'place' }, problems);
      expect(problems).toMatchObject([
        {
          code: 'option-type',
          targets: ['CorsModule'],
          property: `place.${name}`,
          value,
          message: `place.${name} is Symbol(wrong) but must be ${must} (set at CorsModule).`,
          remedy: expect.stringMatching(/^Write `.*`\.$/),
        },
      ]);
    }
  });

  it('treats undefined as not set, unless a rule has a code for it', () => {
    const { options, problems } = copied(Object.fromEntries(names.map((name) => [name, undefined])), table);
    expect(Object.keys(options)).toEqual([]);
    expect(problems.map(({ property }) => property)).toEqual(
      names.filter((name) => table.rules[name]?.missing !== undefined),
    );
  });
});

describe('the copy of options', () => {
  it('has the values, is frozen, and leaves the object as it was', () => {
    const written = Object.freeze({ origin: Object.freeze([ORIGIN]), maxAge: 5, methods: ['PUT'] });
    const { options, problems } = copied(written);
    expect(problems).toEqual([]);
    expect({ ...options }).toEqual({ origin: [ORIGIN], maxAge: 5, methods: ['PUT'] });
    expect(Object.isFrozen(options)).toBe(true);
    expect(Object.isFrozen(options.methods)).toBe(true);
    expect(written).toEqual({ origin: [ORIGIN], maxAge: 5, methods: ['PUT'] });
  });

  it('does not change with the object', () => {
    const origin = [ORIGIN];
    const written: Record<string, unknown> = { origin };
    const { options } = copied(written);
    origin.push('*');
    written.credentials = true;
    expect({ ...options }).toEqual({ origin: [ORIGIN] });
  });

  it('keeps the identity of functions and expressions', () => {
    const origin = () => true;
    expect(copied({ origin }).options.origin).toBe(origin);
  });

  it('keeps holes in a list as undefined', () => {
    // biome-ignore lint/suspicious/noSparseArray: the hole is the test
    const { options } = copied({ origin: [ORIGIN, , ORIGIN] });
    expect(codes({ origin: options.origin })).toEqual(['origin-invalid']);
  });

  it('ignores an own __proto__, as parsed JSON has it', () => {
    const { options, problems } = copied(JSON.parse(`{"maxAge":5,"__proto__":{"credentials":true,"origin":"*"}}`));
    expect(problems).toEqual([]);
    expect({ ...options }).toEqual({ maxAge: 5 });
    expect(options.credentials).toBeUndefined();
  });

  it.each(Object.entries(TABLES))('of %s has no properties of a polluted Object.prototype', (_, table) => {
    const names = [...Object.keys(table.rules), 'partners', 'nonsense'];
    const polluted = Object.prototype as Record<string, unknown>;
    for (const name of names) {
      polluted[name] = true;
    }
    try {
      for (const written of [{}, Object.create(null), new (class Options {})(), JSON.parse('{}')]) {
        const { options, problems } = copied(written, table);
        expect(problems).toEqual([]);
        expect(names.filter((name) => name in options)).toEqual([]);
      }
    } finally {
      for (const name of names) {
        delete polluted[name];
      }
    }
  });

  it('has nested options as they are', () => {
    const policies = { partners: { origin: ORIGIN } };
    const { options, problems } = copied({ policies, maxAge: 5 }, MODULE_TABLE);
    expect(problems).toEqual([]);
    expect((options as { policies?: unknown }).policies).toBe(policies);
  });
});

describe('a getter', () => {
  it('is read once', () => {
    let read = 0;
    const written = {
      get origin() {
        read++;
        return ORIGIN;
      },
    };
    expect(copied(written).options.origin).toBe(ORIGIN);
    expect(read).toBe(1);
  });

  it('that throws is a problem with the name of the property', () => {
    const { options, problems } = copied({
      get origin() {
        throw new Error('no\nconfiguration');
      },
      maxAge: 5,
    });
    expect(problems).toMatchObject([{ code: 'option-type', targets: ['CorsModule'], property: 'origin' }]);
    expect(problems[0]?.message).toBe(
      "origin is unreadable (it threw 'no\\nconfiguration') but must be '*', an origin, a pattern, a predicate, a resolver class or a list (set at CorsModule).",
    );
    expect({ ...options }).toEqual({ maxAge: 5 });
  });

  it('that throws is a problem whatever it throws', () => {
    const thrower = (name: string) =>
      Object.defineProperty({}, name, {
        get: () => {
          throw 7;
        },
        enumerable: true,
      });
    expect(copied(thrower('policies'), MODULE_TABLE).problems[0]?.remedy).toContain(
      "`policies: { partners: { origin: 'https://partner.example.com' } }`",
    );
    expect(copied(thrower('allowHeaders')).problems.map(({ code }) => code)).toEqual(['option-unknown']);
  });

  it('of a list that throws is a problem', () => {
    const list = new Proxy([], {
      get: () => {
        throw new Error('unreadable');
      },
    });
    expect(copied({ methods: list }).problems).toMatchObject([{ code: 'option-type', property: 'methods' }]);
  });
});

describe('a value that is no plain object', () => {
  const revoked = Proxy.revocable({}, {});
  revoked.revoke();
  it.each([
    [null],
    ['https://app.example.com'],
    [true],
    [42],
    [[ORIGIN]],
    [Promise.resolve({})],
    [(_request: unknown, callback: (error: null, options: object) => void) => callback(null, {})],
  ])('is a problem if it is %p', (value) => {
    const { options, problems } = copied(value);
    expect(problems).toMatchObject([{ code: 'option-type', targets: ['CorsModule'], value }]);
    expect({ ...options }).toEqual({});
  });

  it('is a problem if it cannot be read', () => {
    const secretive = new Proxy(
      {},
      {
        ownKeys() {
          throw new Error('no');
        },
      },
    );
    for (const value of [revoked.proxy, secretive]) {
      expect(copied(value).problems).toMatchObject([{ code: 'option-type', targets: ['CorsModule'] }]);
    }
  });

  it('has forRootAsync as its remedy if it is a function or a promise', () => {
    for (const value of [() => ({}), Promise.resolve({})]) {
      expect(copied(value).problems[0]?.remedy).toContain('forRootAsync');
    }
  });

  it('means no options if it is undefined', () => {
    expect(copied(undefined)).toEqual({ options: expect.objectContaining({}), problems: [] });
  });
});

describe('an undefined option', () => {
  it('of a decorator is not set', () => {
    const { options, problems } = copied({ origin: undefined, maxAge: undefined });
    expect(problems).toEqual([]);
    expect(Object.keys(options)).toEqual([]);
  });

  it('of the module is a missing origin for origin, and not set for others', () => {
    const { options, problems } = copied({ origin: undefined, maxAge: undefined }, MODULE_TABLE);
    expect(problems).toMatchObject([{ code: 'origin-missing', property: 'origin', targets: ['CorsModule'] }]);
    expect(problems[0]?.remedy).toContain(`\`origin: '${ORIGIN}'\``);
    expect(Object.keys(options)).toEqual([]);
  });

  it('differs from an absent one', () => {
    expect(copied({ maxAge: 5 }, MODULE_TABLE).problems).toEqual([]);
  });
});

describe('an unknown name', () => {
  it.each([
    ['allowHeaders', ['X-A'], "allowedHeaders: ['X-A']"],
    ['headers', 'x-a,x-b', "allowedHeaders: ['x-a', 'x-b']"],
    ['exposeHeaders', ['x-a'], "exposedHeaders: ['x-a']"],
    ['allowMethods', 'GET,PUT', "methods: ['GET', 'PUT']"],
    ['allowedMethods', ['patch'], "methods: ['PATCH']"],
    ['method', 'put', "methods: ['PUT']"],
    ['origins', ['https://a.example/'], "origin: ['https://a.example']"],
    ['allowOrigin', '*', "origin: '*'"],
    ['allowedOrigins', [ORIGIN, '*'], `origin: ['${ORIGIN}', '*']`],
    ['allowedOrigin', () => true, `origin: '${ORIGIN}'`],
    ['allowCredentials', 'true', 'credentials: true'],
    ['supportsCredentials', true, 'credentials: true'],
    ['maxage', 60, 'maxAge: 60'],
    ['max_age', '60', 'maxAge: 60'],
    ['max-age', 100_001, 'maxAge: 86400'],
    ['cacheControl', 60, 'maxAge: 60'],
    ['optionsSuccess', 200, 'optionsSuccessStatus: 200'],
    ['orign', ORIGIN, `origin: '${ORIGIN}'`],
    ['Origin', ORIGIN, `origin: '${ORIGIN}'`],
    ['maxAeg', 60, 'maxAge: 60'],
    ['credentails', true, 'credentials: true'],
    ['exposedHeadres', ['x-a'], "exposedHeaders: ['x-a']"],
    ['enforced', true, "enforce: 'all'"],
    ['optionSuccesStatus', 201, 'optionsSuccessStatus: 201'],
    ['dangerouslyAllowInsecureOrigin', true, 'dangerouslyAllowInsecureOrigins: true'],
  ])('%s with the value %j has the remedy %s, which is valid', (name, value, code) => {
    const { problems } = copied({ [name]: value });
    expect(problems).toMatchObject([{ code: 'option-unknown', property: name, value }]);
    expect(remedyCode(problems[0] as CorsProblem)).toEqual([code]);
    expect(codes(applied({}, code))).toEqual([]);
  });

  it.each([
    ['preflightContinue', '@Options()'],
    ['optionsPassthrough', '@Options()'],
    ['preflight', '@DisableCors()'],
    ['strictPreflight', '@DisableCors()'],
    ['hideOptionsRoute', 'no OPTIONS route'],
    ['privateNetwork', 'no header is needed'],
    ['allowPrivateNetwork', 'no header is needed'],
    ['hook', '@Cors('],
    ['delegator', '@Cors('],
    ['logLevel', 'logger'],
    ['varyOrigin', 'Vary'],
    ['isGlobal', 'always global'],
    ['allowNull', 'sandboxed'],
    ['enabled', '@DisableCors()'],
    ['useFactory', 'forRootAsync'],
  ])('%s has a special remedy', (name, words) => {
    const { problems } = copied({ [name]: true });
    expect(problems).toMatchObject([{ code: 'option-unknown', property: name }]);
    expect(problems[0]?.remedy).toContain(words);
  });

  it('without a similar one has the known names as its remedy', () => {
    const [problem] = copied({ banana: 1 }).problems;
    expect(problem?.remedy).toMatch(/^Remove it, or use one of these options: origin, methods, allowedHeaders,/);
    expect(copied({ banana: 1 }, MODULE_TABLE).problems[0]?.remedy).toContain('diagnostics');
  });

  it('that is an option of the module has the module as its remedy', () => {
    expect(copied({ policies: {} }).problems[0]?.remedy).toBe(
      'Move it to the module: `CorsModule.forRoot({ policies: ... })`.',
    );
    expect(copied({ polices: {} }, MODULE_TABLE).problems[0]?.remedy).toBe(
      "Did you mean `policies: { partners: { origin: 'https://partner.example.com' } }`?",
    );
  });

  it('is quoted and cut in the message', () => {
    const name = 'x\u001b[31m\n';
    expect(copied({ [name]: 1 }).problems[0]?.message).toBe("'x\\u001b[31m\\n' is not an option (set at CorsModule).");
    expect(copied({ ['o'.repeat(500)]: 1 }).problems[0]?.message.length).toBeLessThan(200);
  });

  it('that means origin has a remedy that suits the credentials beside it', () => {
    const { problems } = copied({ origins: '*', credentials: true });
    expect(remedyCode(problems[0] as CorsProblem)).toEqual([`origin: '${ORIGIN}'`]);
  });
});

it('copyOptions puts the given place into every problem', () => {
  const problems: CorsProblem[] = [];
  copyOptions(
    {
      origins: 1,
      get maxAge() {
        throw new Error('x');
      },
    },
    POLICY_TABLE,
    { target: 'policy "partners"' },
    problems,
  );
  expect(problems.map(({ targets }) => targets)).toEqual([['policy "partners"'], ['policy "partners"']]);
});
