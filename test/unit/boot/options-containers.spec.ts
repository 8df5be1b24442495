import { describe, expect, it } from '@jest/globals';
import { Controller, Get, Module } from '@nestjs/common';
import { Cors, CorsModule, type CorsModuleOptions, type CorsPolicyOptions } from 'nestjs-cors';
import { ACCEPTED, REFUSED } from '../../support/options-containers.js';
import type { RootModule } from '../../support/platforms.js';
import { boot } from './boot.js';

const APP = 'https://app.example.com';

interface Decorated {
  readonly onClass?: unknown;
  readonly onHandler?: unknown;
}

const withDefault = (options: unknown): unknown => (options === undefined ? {} : options);

function application(options: unknown, decorated?: Decorated): RootModule {
  @Controller('r')
  @Cors(withDefault(decorated?.onClass) as CorsPolicyOptions)
  class RController {
    @Get() @Cors(withDefault(decorated?.onHandler) as CorsPolicyOptions) list(): void {}
  }
  @Module({
    imports: [CorsModule.forRoot(options as CorsModuleOptions)],
    controllers: decorated === undefined ? [] : [RController],
  })
  class Root {}
  return Root;
}

function applicationOf(useFactory: () => unknown): RootModule {
  @Module({ imports: [CorsModule.forRootAsync({ useFactory: useFactory as () => CorsModuleOptions })] })
  class Root {}
  return Root;
}

interface Place {
  readonly target: string;
  /** What problems call the options of this place; absent for the options of the target itself. */
  readonly property?: string;
  /** Options that are valid here. */
  readonly valid: Readonly<Record<string, unknown>>;
  /** The same with a value that is not: that it is reported shows that it was read. */
  readonly faulty: Readonly<Record<string, unknown>>;
  /** The option whose value is faulty. */
  readonly reported: string;
  build(value: unknown): RootModule;
}

const POLICY = {
  valid: { origin: [APP], enforce: 'all' },
  faulty: { origin: [APP], enforce: 'some' },
  reported: 'enforce',
} as const;

const PLACES: Readonly<Record<string, Place>> = {
  'forRoot()': { ...POLICY, target: 'CorsModule', build: (value) => application(value) },
  'forRootAsync()': { ...POLICY, target: 'CorsModule', build: (value) => applicationOf(() => value) },
  'a named policy': {
    ...POLICY,
    target: 'policy "partners"',
    build: (partners) => application({ origin: APP, policies: { partners } }),
  },
  'a path policy': {
    ...POLICY,
    target: 'paths "/docs"',
    build: (policy) => application({ origin: APP, paths: [{ path: '/docs', policy }] }),
  },
  'a decorator on a class': {
    ...POLICY,
    target: 'RController',
    build: (onClass) => application({ origin: APP }, { onClass }),
  },
  'a decorator on a handler': {
    ...POLICY,
    target: 'RController.list',
    build: (onHandler) => application({ origin: APP }, { onHandler }),
  },
  policies: {
    target: 'CorsModule',
    property: 'policies',
    valid: { partners: { origin: APP } },
    faulty: { partners: { origin: APP, maxAge: -1 } },
    reported: 'maxAge',
    build: (policies) => application({ origin: APP, policies }),
  },
  'an entry of paths': {
    target: 'CorsModule',
    property: 'paths[0]',
    valid: { path: '/docs', policy: false },
    faulty: { path: 'docs', policy: false },
    reported: 'paths[0].path',
    build: (entry) => application({ origin: APP, paths: [entry] }),
  },
  resolver: {
    target: 'CorsModule',
    property: 'resolver',
    valid: { timeout: 5 },
    faulty: { timeout: 0 },
    reported: 'resolver.timeout',
    build: (resolver) => application({ origin: APP, resolver }),
  },
  diagnostics: {
    target: 'CorsModule',
    property: 'diagnostics',
    valid: { logRefusals: false, explainToClient: undefined },
    faulty: { logRefusals: 'no' },
    reported: 'diagnostics.logRefusals',
    build: (diagnostics) => application({ origin: APP, diagnostics }),
  },
};

/** Values that mean something else at a place: a text is the name of a policy, a Promise is awaited. */
const OTHER_MEANING: Readonly<Record<string, readonly string[]>> = {
  'a path policy': ['a text'],
  'a decorator on a class': ['a text'],
  'a decorator on a handler': ['a text'],
  'forRootAsync()': ['a Promise'],
  // Any name can be a policy there, so nothing else can be missed.
  policies: ['a proxy that answers names it does not list', 'a proxy whose getOwnPropertyDescriptor throws'],
};

const cases = <Value>(containers: Readonly<Record<string, Value>>): [string, string, Value][] =>
  Object.keys(PLACES).flatMap((place) =>
    Object.entries(containers)
      .filter(([container]) => !OTHER_MEANING[place]?.includes(container))
      .map(([container, value]): [string, string, Value] => [place, container, value]),
  );

it.each([undefined, null])('a named policy that is %p stops the boot', async (partners) => {
  const { problems } = await boot(application({ origin: APP, policies: { partners } }));
  expect(problems).toMatchObject([
    {
      code: 'option-type',
      targets: ['policy "partners"'],
      message: `The options are ${partners} but must be a plain object (set at policy "partners").`,
    },
  ]);
});

describe('options at one place', () => {
  it.each(cases(ACCEPTED))('%s: %s is read', async (name, _, container) => {
    const place = PLACES[name] as Place;
    expect((await boot(place.build(container(place.valid)))).problems).toEqual([]);
    const { problems } = await boot(place.build(container(place.faulty)));
    expect(problems.map(({ property }) => property)).toEqual([place.reported]);
  });

  it.each(cases(REFUSED))('%s: %s stops the boot', async (name, _, [container, called]) => {
    const place = PLACES[name] as Place;
    const { problems } = await boot(place.build(container(place.valid)));
    expect(problems.map(({ code }) => code)).toEqual(['option-type']);
    const [problem] = problems;
    const primitive = typeof container(place.valid) !== 'object';
    const inPath = name === 'a path policy' && primitive ? 'paths[0].policy' : undefined;
    expect(problem?.property).toBe(place.property ?? inPath);
    expect(problem?.targets).toEqual([place.target]);
    expect(problem?.message).toContain(called);
    expect(problem?.message).toMatch(/ is | are /);
    expect(problem?.message).toMatch(/ but must .* \(set at .*\)\.$/);
    expect(problem?.remedy).toMatch(/`.*`/);
  });
});
