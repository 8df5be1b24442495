import { describe, expect, it } from '@jest/globals';
import type { PolicyLevel } from '../../../src/policy/merge.js';
import { cascade, mergeLevels, type PlacedDeclaration } from '../../../src/policy/merge.js';
import type { CorsPolicyOptions } from '../../../src/policy/policy-options.js';

const WIDE: PolicyLevel = {
  target: 'CorsModule',
  options: { origin: 'https://wide.example', maxAge: 1, exposedHeaders: ['x-wide'] },
};
const NAMED: Readonly<Record<string, PolicyLevel>> = {
  partners: { target: 'policy "partners"', options: { origin: 'https://partner.example', credentials: true } },
};

const cors = (target: string, options: CorsPolicyOptions = {}): PlacedDeclaration => ({
  target,
  declaration: { kind: 'cors', options },
});
const named = (target: string, policy: string, options: CorsPolicyOptions = {}): PlacedDeclaration => ({
  target,
  declaration: { kind: 'cors', policy, options },
});
const disabled = (target: string): PlacedDeclaration => ({ target, declaration: { kind: 'disabled' } });
const untouched = (target: string): PlacedDeclaration => ({ target, declaration: { kind: 'untouched' } });
const follow = (...declarations: PlacedDeclaration[]) => cascade(WIDE, declarations, (name) => NAMED[name]);

describe('mergeLevels', () => {
  const OUTER = 'outer' as const;
  const INNER = 'inner' as const;
  // the outer level, the inner level, and the level whose value applies
  it.each([
    ['set', 'set', INNER],
    ['set', 'undefined', OUTER],
    ['set', 'unset', OUTER],
    ['undefined', 'set', INNER],
    ['unset', 'set', INNER],
    ['undefined', 'undefined', undefined],
    ['unset', 'unset', undefined],
    ['undefined', 'unset', undefined],
    ['unset', 'undefined', undefined],
  ])('with an outer level that is %s and an inner that is %s takes the value of %s', (outer, inner, winner) => {
    const VALUES: readonly [keyof CorsPolicyOptions, unknown, unknown][] = [
      ['origin', 'https://a.example', ['https://b.example']],
      ['methods', ['PUT'], []],
      ['allowedHeaders', ['x-a'], ['x-b']],
      ['exposedHeaders', ['x-a', 'x-b'], ['x-b']],
      ['credentials', true, false],
      ['maxAge', 600, 0],
      ['optionsSuccessStatus', 204, 200],
      ['enforce', 'all', false],
      ['enforceReportOnly', true, false],
      ['resourcePolicy', 'same-origin', 'cross-origin'],
      ['dangerouslyAllowInsecureOrigins', true, false],
    ];
    for (const [property, one, other] of VALUES) {
      const level = (target: string, state: string, value: unknown): PolicyLevel => ({
        target,
        options: state === 'unset' ? {} : { [property]: state === 'set' ? value : undefined },
      });
      const { options, sources } = mergeLevels('C.h', [level(OUTER, outer, one), level(INNER, inner, other)]);
      expect({ ...options }).toEqual(winner === undefined ? {} : { [property]: winner === OUTER ? one : other });
      expect({ ...sources }).toEqual(winner === undefined ? {} : { [property]: winner });
      expect(Object.hasOwn(options, property)).toBe(winner !== undefined);
    }
  });

  it('replaces a list by the same list object', () => {
    const list = Object.freeze(['x-b']);
    const { options } = mergeLevels('C.h', [
      { target: 'a', options: { allowedHeaders: ['x-a'] } },
      { target: 'b', options: { allowedHeaders: list } },
    ]);
    expect(options.allowedHeaders).toBe(list);
  });

  it('reads own properties only, and only options', () => {
    const polluted = Object.create({ credentials: true, origin: '*' }) as CorsPolicyOptions;
    const more = { maxAge: 1, nonsense: true, __proto__: { credentials: true } } as CorsPolicyOptions;
    const { options } = mergeLevels('C.h', [
      { target: 'a', options: polluted },
      { target: 'b', options: more },
    ]);
    expect({ ...options }).toEqual({ maxAge: 1 });
    expect(options.credentials).toBeUndefined();
    expect((options as { toString?: unknown }).toString).toBeUndefined();
  });

  it('accepts frozen options and returns frozen ones', () => {
    const merged = mergeLevels('C.h', [{ target: 'a', options: Object.freeze({ maxAge: 1 }) }]);
    expect([merged, merged.options, merged.sources].map(Object.isFrozen)).toEqual([true, true, true]);
  });
});

describe('the cascade', () => {
  it.each<
    [
      string,
      PlacedDeclaration[],
      { withoutOrigin: string | undefined; decorated: boolean; levels: string[] },
      CorsPolicyOptions,
    ]
  >([
    ['without decorators', [], { withoutOrigin: undefined, decorated: false, levels: ['CorsModule'] }, WIDE.options],
    [
      'for @Cors() on the class',
      [cors('C')],
      { withoutOrigin: undefined, decorated: true, levels: ['CorsModule', 'C'] },
      WIDE.options,
    ],
    [
      'for class and handler',
      [cors('C', { maxAge: 2, credentials: true }), cors('C.h', { maxAge: 3 })],
      { withoutOrigin: undefined, decorated: true, levels: ['CorsModule', 'C', 'C.h'] },
      { ...WIDE.options, maxAge: 3, credentials: true },
    ],
    [
      'for base class, subclass and handler',
      [
        cors('Base', { maxAge: 2, methods: ['PUT'] }),
        cors('Sub', { maxAge: 3 }),
        cors('Sub.h', { methods: undefined }),
      ],
      { withoutOrigin: undefined, decorated: true, levels: ['CorsModule', 'Base', 'Sub', 'Sub.h'] },
      { ...WIDE.options, maxAge: 3, methods: ['PUT'] },
    ],
    [
      'for a named policy on the handler, which restarts it',
      [cors('C', { maxAge: 2 }), named('C.h', 'partners')],
      { withoutOrigin: undefined, decorated: true, levels: ['policy "partners"', 'C.h'] },
      { origin: 'https://partner.example', credentials: true },
    ],
    [
      'for a named policy on the class, with the handler on top',
      [named('C', 'partners', { maxAge: 5 }), cors('C.h', { credentials: false })],
      { withoutOrigin: undefined, decorated: true, levels: ['policy "partners"', 'C', 'C.h'] },
      { origin: 'https://partner.example', credentials: false, maxAge: 5 },
    ],
    [
      'for an unknown name, which is reported elsewhere',
      [named('C.h', 'strangers', { maxAge: 5 })],
      { withoutOrigin: undefined, decorated: true, levels: ['C.h'] },
      { maxAge: 5 },
    ],
    [
      'for a disabled class',
      [disabled('C')],
      { withoutOrigin: 'disabled', decorated: false, levels: ['CorsModule'] },
      WIDE.options,
    ],
    [
      'for a disabled handler',
      [cors('C', { maxAge: 2 }), disabled('C.h')],
      { withoutOrigin: 'disabled', decorated: true, levels: ['CorsModule', 'C'] },
      { ...WIDE.options, maxAge: 2 },
    ],
    [
      'for a handler re-opened below a disabled class, which inherits from the application',
      [cors('Base', { maxAge: 2 }), disabled('C'), cors('C.h', { credentials: true })],
      { withoutOrigin: undefined, decorated: true, levels: ['CorsModule', 'C.h'] },
      { ...WIDE.options, credentials: true },
    ],
    [
      'for a handler re-opened by name below a disabled class',
      [disabled('C'), named('C.h', 'partners')],
      { withoutOrigin: undefined, decorated: true, levels: ['policy "partners"', 'C.h'] },
      { origin: 'https://partner.example', credentials: true },
    ],
    [
      'for a subclass re-opened below a disabled base class',
      [disabled('Base'), cors('Sub', { maxAge: 4 }), cors('Sub.h', { credentials: true })],
      { withoutOrigin: undefined, decorated: true, levels: ['CorsModule', 'Sub', 'Sub.h'] },
      { ...WIDE.options, maxAge: 4, credentials: true },
    ],
    [
      'for an untouched handler, which keeps nothing of its class',
      [cors('C', { maxAge: 2 }), untouched('C.h')],
      { withoutOrigin: 'untouched', decorated: true, levels: ['CorsModule'] },
      WIDE.options,
    ],
    [
      'for a handler with options below an untouched class, which inherits from the application',
      [cors('Base', { maxAge: 2 }), untouched('C'), cors('C.h', { credentials: true })],
      { withoutOrigin: undefined, decorated: true, levels: ['CorsModule', 'C.h'] },
      { ...WIDE.options, credentials: true },
    ],
    [
      'for a handler with a named policy below an untouched class',
      [untouched('C'), named('C.h', 'partners')],
      { withoutOrigin: undefined, decorated: true, levels: ['policy "partners"', 'C.h'] },
      { origin: 'https://partner.example', credentials: true },
    ],
    [
      'for a handler disabled below an untouched class, which keeps nothing of the base class',
      [cors('Base', { enforce: 'all' }), untouched('C'), disabled('C.h')],
      { withoutOrigin: 'disabled', decorated: true, levels: ['CorsModule'] },
      WIDE.options,
    ],
    [
      'for a handler disabled below a disabled class',
      [disabled('C'), disabled('C.h')],
      { withoutOrigin: 'disabled', decorated: false, levels: ['CorsModule'] },
      WIDE.options,
    ],
  ])('is right %s', (_, declarations, expected, options) => {
    const { withoutOrigin, decorated, levels } = follow(...declarations);
    const merged = mergeLevels('C.h', levels);
    expect({ withoutOrigin, decorated, levels: levels.map(({ target }) => target) }).toEqual(expected);
    expect({ ...merged.options }).toEqual(options);
    expect(merged.target).toBe('C.h');
  });

  it('names the place of each value', () => {
    const { levels } = follow(cors('C', { credentials: true }), cors('C.h', { maxAge: 3 }));
    expect({ ...mergeLevels('C.h', levels).sources }).toEqual({
      origin: 'CorsModule',
      exposedHeaders: 'CorsModule',
      credentials: 'C',
      maxAge: 'C.h',
    });
  });
});
