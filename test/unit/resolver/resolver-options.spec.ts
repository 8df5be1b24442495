import { RESOLVER_TABLE } from '../../../src/boot/options/resolver-table.js';
import { RESOLVER_DEFAULTS, type ResolverOptions, resolverSettings } from '../../../src/resolver/resolver-options.js';
import { copyOptions } from '../../../src/validation/options/copy-options.js';
import type { CorsProblem } from '../../../src/validation/problems/problem.js';

function problemsOf(value: unknown, target = 'CorsModule'): readonly CorsProblem[] {
  const problems: CorsProblem[] = [];
  copyOptions(value, RESOLVER_TABLE, { target, property: 'resolver' }, problems);
  return problems;
}

class KeyvLike {
  async get() {}
  async set() {}
  async delete() {}
}

describe('resolverSettings', () => {
  it('fills in the defaults and is frozen', () => {
    const settings = resolverSettings();
    expect(settings).toEqual({
      cache: true,
      maxEntries: 10_000,
      allowedTtl: 60_000,
      deniedTtl: 10_000,
      staleIfError: 0,
      timeout: 2_000,
      store: undefined,
      localTtl: 5_000,
      namespace: 'nestjs-cors',
    });
    expect(Object.isFrozen(settings)).toBe(true);
    expect(resolverSettings({ timeout: undefined })).toEqual(settings);
  });

  it('keeps set values, falsy ones included', () => {
    const store = new KeyvLike();
    const options: ResolverOptions = {
      cache: false,
      maxEntries: 1,
      allowedTtl: 0,
      deniedTtl: 0,
      staleIfError: 5,
      timeout: 1,
      store,
      localTtl: 0,
      namespace: 'a',
    };
    expect(resolverSettings(Object.freeze(options))).toEqual(options);
    expect(resolverSettings(options).store).toBe(store);
  });

  it('reads own properties only', () => {
    const inherited = Object.create({ timeout: 1, cache: false }) as ResolverOptions;
    expect(resolverSettings(inherited)).toEqual({ ...RESOLVER_DEFAULTS, store: undefined });
  });
});

describe('the resolver option', () => {
  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['an empty object', {}],
    ['undefined values', { timeout: undefined, store: undefined }],
    ['the defaults', RESOLVER_DEFAULTS],
    [
      'the minimums',
      { cache: false, maxEntries: 1, allowedTtl: 0, deniedTtl: 0, staleIfError: 0, timeout: 1, localTtl: 0 },
    ],
    ['the maximums', { maxEntries: 1_000_000, allowedTtl: 2_147_483_647, timeout: 2_147_483_647 }],
    ['a store whose methods are inherited', { store: new KeyvLike(), namespace: 'Shop.eu:1_a-b' }],
  ])('accepts %s', (_, value) => {
    expect(problemsOf(value)).toEqual([]);
  });

  it.each<[string, string, unknown]>([
    ['cache', 'a string', 'false'],
    ['cache', 'null', null],
    ['maxEntries', 'zero', 0],
    ['maxEntries', 'one too many', 1_000_001],
    ['maxEntries', 'a fraction', 1.5],
    ['maxEntries', 'a string', '100'],
    ['maxEntries', 'Infinity', Number.POSITIVE_INFINITY],
    ['allowedTtl', 'a negative number', -1],
    ['allowedTtl', 'NaN', Number.NaN],
    ['deniedTtl', 'a string with a unit', '10s'],
    ['deniedTtl', 'a bigint', 10n],
    ['staleIfError', 'true', true],
    ['timeout', 'zero', 0],
    ['timeout', 'longer than a timer can be', 2_147_483_648],
    ['localTtl', 'a list', [1]],
    ['store', 'a URL', 'redis://localhost'],
    ['store', 'a class', KeyvLike],
    ['store', 'an object without delete', { get() {}, set() {} }],
    ['store', 'null', null],
    ['namespace', 'an empty string', ''],
    ['namespace', 'a space', 'my shop'],
    ['namespace', 'a line end', 'shop\n'],
    ['namespace', 'one character too long', 'a'.repeat(65)],
    ['namespace', 'a symbol', Symbol('shop')],
  ])('refuses %s as %s', (name, _, value) => {
    const problems = problemsOf({ [name]: value });
    expect(problems).toEqual([
      {
        code: 'option-type',
        targets: ['CorsModule'],
        property: `resolver.${name}`,
        value,
        message: expect.stringMatching(
          new RegExp(`^resolver\\.${name} is .* but must be .* \\(set at CorsModule\\)\\.$`),
        ),
        remedy: expect.stringMatching(new RegExp(`^Write \`resolver: \\{ ${name}: .* \\}\`\\.$`)),
      },
    ]);
  });

  it('writes whole sentences', () => {
    const [problem] = problemsOf({ timeout: '2s' });
    expect(problem?.message).toBe(
      "resolver.timeout is '2s' but must be a whole number of milliseconds from 1 to 2147483647 (set at CorsModule).",
    );
    expect(problem?.remedy).toBe('Write `resolver: { timeout: 2000 }`.');
  });

  it.each([
    ['a function', () => {}],
    ['a list', []],
    ['null', null],
    ['a number', 2000],
    ['false', false],
  ])('refuses %s for the whole option', (_, value) => {
    expect(problemsOf(value)).toMatchObject([{ code: 'option-type', property: 'resolver', value }]);
  });

  it.each(['ttl', 'constructor', 'toString', 'line\nend'])('reports %j as unknown', (name) => {
    const value = Object.defineProperty({}, name, { value: 1, enumerable: true });
    const problems = problemsOf(value, 'AppModule');
    expect(problems).toMatchObject([
      { code: 'option-unknown', targets: ['AppModule'], property: `resolver.${name}`, value: 1 },
    ]);
    expect(problems[0]?.message).not.toContain('\n');
    expect(problems[0]?.remedy).toContain('allowedTtl, deniedTtl, staleIfError, timeout');
  });

  it('ignores __proto__ as an own property, as in parsed JSON', () => {
    expect(problemsOf(JSON.parse('{ "__proto__": { "timeout": 0 } }'))).toEqual([]);
  });

  it('suggests the option for a misspelt name', () => {
    expect(problemsOf({ Timeout: 1 })).toMatchObject([
      { code: 'option-unknown', remedy: 'Did you mean `resolver: { timeout: 2000 }`?' },
    ]);
  });

  it('collects every mistake', () => {
    const properties = problemsOf({ ttl: 1, timeout: 0, cache: 1 }).map(({ property }) => property);
    expect(properties).toEqual(['resolver.timeout', 'resolver.cache', 'resolver.ttl']);
  });

  it('keeps messages short, however long the value is', () => {
    const [problem] = problemsOf({ namespace: 'x'.repeat(1_000_000) });
    expect(problem?.message.length).toBeLessThan(300);
  });
});
