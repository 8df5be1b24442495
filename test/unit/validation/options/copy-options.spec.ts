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

  it('treats undefined as not set, where it does not say otherwise', () => {
    const { options, problems } = copied(Object.fromEntries(names.map((name) => [name, undefined])), table);
    expect(Object.keys(options)).toEqual([]);
    expect(problems.map(({ property }) => property)).toEqual(
      names.filter((name) => table.rules[name]?.missing !== undefined),
    );
  });
});

describe('the copy', () => {
  it('holds what was written, frozen, and the object stays as it was', () => {
    const written = Object.freeze({ origin: Object.freeze([ORIGIN]), maxAge: 5, methods: ['PUT'] });
    const { options, problems } = copied(written);
    expect(problems).toEqual([]);
    expect({ ...options }).toEqual({ origin: [ORIGIN], maxAge: 5, methods: ['PUT'] });
    expect(Object.isFrozen(options)).toBe(true);
    expect(Object.isFrozen(options.methods)).toBe(true);
    expect(written).toEqual({ origin: [ORIGIN], maxAge: 5, methods: ['PUT'] });
  });

  it('does not follow later changes', () => {
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

  it('holes in a list are seen', () => {
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

  it.each(Object.entries(TABLES))('of %s has nothing from a polluted Object.prototype', (_, table) => {
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

  it('hands out the names known at this place as they are', () => {
    const policies = { partners: { origin: ORIGIN } };
    const { options, problems } = copied({ policies, maxAge: 5 }, MODULE_TABLE);
    expect(problems).toEqual([]);
    expect((options as { policies?: unknown }).policies).toBe(policies);
  });
});

describe('getters', () => {
  it('are read once', () => {
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

  it('that throw are a problem that names the property', () => {
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

  it('that throw anything, anywhere', () => {
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

  it('a list that cannot be read is a problem too', () => {
    const list = new Proxy([], {
      get: () => {
        throw new Error('unreadable');
      },
    });
    expect(copied({ methods: list }).problems).toMatchObject([{ code: 'option-type', property: 'methods' }]);
  });
});

describe('what is no object', () => {
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
  ])('%p', (value) => {
    const { options, problems } = copied(value);
    expect(problems).toMatchObject([{ code: 'option-type', targets: ['CorsModule'], value }]);
    expect({ ...options }).toEqual({});
  });

  it('an object that cannot be read', () => {
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

  it('a delegate function and a promise are led to forRootAsync', () => {
    for (const value of [() => ({}), Promise.resolve({})]) {
      expect(copied(value).problems[0]?.remedy).toContain('forRootAsync');
    }
  });

  it('nothing at all is the empty policy', () => {
    expect(copied(undefined)).toEqual({ options: expect.objectContaining({}), problems: [] });
  });
});

describe('undefined', () => {
  it('in a decorator is not set', () => {
    const { options, problems } = copied({ origin: undefined, maxAge: undefined });
    expect(problems).toEqual([]);
    expect(Object.keys(options)).toEqual([]);
  });

  it('at the module is a missing origin, and not set otherwise', () => {
    const { options, problems } = copied({ origin: undefined, maxAge: undefined }, MODULE_TABLE);
    expect(problems).toMatchObject([{ code: 'origin-missing', property: 'origin', targets: ['CorsModule'] }]);
    expect(problems[0]?.remedy).toContain(`\`origin: '${ORIGIN}'\``);
    expect(Object.keys(options)).toEqual([]);
  });

  it('an absent origin is none', () => {
    expect(copied({ maxAge: 5 }, MODULE_TABLE).problems).toEqual([]);
  });
});

describe('unknown names', () => {
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
  ])('%s: %j becomes %s, which is valid', (name, value, code) => {
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
  ])('%s gets a sentence of its own', (name, words) => {
    const { problems } = copied({ [name]: true });
    expect(problems).toMatchObject([{ code: 'option-unknown', property: name }]);
    expect(problems[0]?.remedy).toContain(words);
  });

  it('without anything near it the known names are listed', () => {
    const [problem] = copied({ banana: 1 }).problems;
    expect(problem?.remedy).toMatch(/^Remove it, or use one of these options: origin, methods, allowedHeaders,/);
    expect(copied({ banana: 1 }, MODULE_TABLE).problems[0]?.remedy).toContain('diagnostics');
  });

  it('options of the module are sent there', () => {
    expect(copied({ policies: {} }).problems[0]?.remedy).toBe(
      'Move it to the module: `CorsModule.forRoot({ policies: ... })`.',
    );
    expect(copied({ polices: {} }, MODULE_TABLE).problems[0]?.remedy).toBe(
      "Did you mean `policies: { partners: { origin: 'https://partner.example.com' } }`?",
    );
  });

  it('a name with anything in it is quoted', () => {
    const name = 'x\u001b[31m\n';
    expect(copied({ [name]: 1 }).problems[0]?.message).toBe("'x\\u001b[31m\\n' is not an option (set at CorsModule).");
    expect(copied({ ['o'.repeat(500)]: 1 }).problems[0]?.message.length).toBeLessThan(200);
  });

  it('a renamed origin respects credentials beside it', () => {
    const { problems } = copied({ origins: '*', credentials: true });
    expect(remedyCode(problems[0] as CorsProblem)).toEqual([`origin: '${ORIGIN}'`]);
  });
});

it('every problem carries the place it was given', () => {
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
