import { VERSION_NEUTRAL } from '@nestjs/common';
import fc from 'fast-check';
import {
  type ApplicationModel,
  type ControllerModel,
  type HandlerKind,
  type HandlerModel,
  routesOf,
  type Scenario,
  type VersionValue,
} from './application-model.js';
import { conflictPaths, LITERALS, MIXED_FORMS, type PlatformName, type Segment } from './path-model.js';

type Path = readonly Segment[];

const PARAMETERS: Path = Object.freeze(Array.from({ length: 4 }, () => ({ kind: 'parameter' }) as const));

/** The methods that a handler registers on Fastify, which adds a HEAD route to every GET route. */
const CLAIMED: Readonly<Partial<Record<HandlerKind, readonly string[]>>> = {
  ALL: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'SEARCH'],
  GET: ['GET', 'HEAD'],
  SSE: ['GET', 'HEAD'],
};

const literal: fc.Arbitrary<Segment> = fc.constantFrom(...LITERALS).map((text) => ({ kind: 'literal', text }));
const parameter: fc.Arbitrary<Segment> = fc.constant({ kind: 'parameter' });
const mixed: fc.Arbitrary<Segment> = fc.constantFrom(...MIXED_FORMS).map((form) => ({ kind: 'mixed', form }));
const digits: fc.Arbitrary<Segment> = fc.constant({ kind: 'digits' });
const segment = fc.oneof(
  { weight: 6, arbitrary: literal },
  { weight: 3, arbitrary: parameter },
  { weight: 1, arbitrary: mixed },
  { weight: 1, arbitrary: digits },
);
const tail: fc.Arbitrary<Path> = fc.oneof(fc.constant<Path>([{ kind: 'wildcard' }]), literal.map(optionalAfter));
const innerPath: fc.Arbitrary<Path> = fc
  .tuple(fc.array(segment, { maxLength: 3 }), fc.oneof({ weight: 3, arbitrary: fc.constant<Path>([]) }, tail))
  .map(([start, end]) => [...start, ...end]);
const outerPath: fc.Arbitrary<Path> = fc.array(fc.oneof({ weight: 4, arbitrary: literal }, parameter), {
  maxLength: 2,
});

const kind = fc.constantFrom<HandlerKind>(
  'GET',
  'GET',
  'HEAD',
  'POST',
  'PUT',
  'PATCH',
  'DELETE',
  'DELETE',
  'OPTIONS',
  'SEARCH',
  'ALL',
  'SSE',
);

type DeclaredVersion = VersionValue | readonly VersionValue[] | undefined;

function versions({ versioning }: Scenario): fc.Arbitrary<DeclaredVersion> {
  const declared: DeclaredVersion[] = [undefined, '1', '2', ['1', '2'], ['2', '3'], VERSION_NEUTRAL];
  // A custom extractor may or may not return "neutral" for a list, so there is no truth to compare with.
  return fc.constantFrom(...declared, ...(versioning === 'custom' ? [] : [[VERSION_NEUTRAL, '3'] as const]));
}

const host = fc.constantFrom(undefined, 'a.test', ':tenant.b.test', ['c.test', 'a.test']);

function constraints({ constraints: names }: Scenario): fc.Arbitrary<HandlerModel['constraints']> {
  const one = (values: readonly string[]) => fc.option(fc.constantFrom(...values), { freq: 2, nil: undefined });
  return names === undefined
    ? fc.constant(undefined)
    : fc
        .record({
          tenant: names.includes('tenant') ? one(['a', 'b']) : fc.constant(undefined),
          region: names.includes('region') ? one(['eu', 'us']) : fc.constant(undefined),
          host: fc.option(fc.constantFrom('a.test', 'c.test'), { freq: 4, nil: undefined }),
        })
        .map((drawn) => Object.fromEntries(Object.entries(drawn).filter(([, value]) => value !== undefined)));
}

/** A handler, and in scenarios with constraints others that differ from it only in those. */
function handlersAlike(scenario: Scenario, kinds = kind, paths = innerPath): fc.Arbitrary<readonly HandlerModel[]> {
  const one = handler(scenario, kinds, paths);
  return scenario.constraints === undefined
    ? one.map((alone) => [alone])
    : fc
        .tuple(one, fc.array(constraints(scenario), { minLength: 1, maxLength: 3 }))
        .map(([drawn, others]) => [drawn, ...others.map((other) => ({ ...drawn, constraints: other }))]);
}

function handler(scenario: Scenario, kinds = kind, paths = innerPath): fc.Arbitrary<HandlerModel> {
  return fc.record({
    constraints: constraints(scenario),
    untouched: scenario.untouched === true ? fc.boolean() : fc.constant(undefined),
    kind: kinds,
    paths: fc.array(paths, { minLength: 1, maxLength: 2 }),
    version:
      scenario.versioning === undefined
        ? fc.constant(undefined)
        : fc.option(versions(scenario), { freq: 2, nil: undefined }),
  });
}

/** A controller with the features that the counts require. The rest is random. */
function controller(scenario: Scenario, fixed: Partial<ControllerModel> & { kinds?: HandlerKind; end?: Path } = {}) {
  const { kinds, end, ...rest } = fixed;
  const paths = end === undefined ? innerPath : fc.array(segment, { maxLength: 1 }).map((start) => [...start, ...end]);
  const handlers = handlersAlike(scenario, kinds === undefined ? kind : fc.constant(kinds), paths);
  return fc
    .record({
      paths: fc.array(outerPath, { minLength: 1, maxLength: 2 }),
      handlers: fc.array(handlers, { minLength: 2, maxLength: 4 }).map((lists) => lists.flat()),
      scoped: fc.constant(false),
      inherits: fc.constant(false),
      inModule: fc.boolean(),
      host: scenario.hosts === true ? host : fc.constant(undefined),
      version: scenario.versioning === undefined ? fc.constant(undefined) : versions(scenario),
    })
    .map((drawn): ControllerModel => ({ ...drawn, ...rest }))
    .map((drawn) => (drawn.inherits ? { ...drawn, handlers: drawn.handlers.map(decided) } : drawn));
}

/** The policy of an inherited handler is on the class. */
function decided(inherited: HandlerModel): HandlerModel {
  return { ...inherited, untouched: undefined };
}

/** Express writes an optional segment with its slash, so a segment must precede it. */
function optionalAfter(before: Segment): Path {
  return [before, { kind: 'optional' }];
}

/** Handlers of these kinds beside all others, for preflights that are passed on or too long for other routes. */
function covering(scenario: Scenario, kinds: readonly HandlerKind[]): fc.Arbitrary<ControllerModel>[] {
  const any = [...PARAMETERS.keys()].map((length) => PARAMETERS.slice(0, length + 1));
  return scenario.covered !== true
    ? []
    : kinds.map((one) =>
        controller(scenario, { kinds: one, paths: [[]] }).map((drawn) => ({
          ...drawn,
          host: undefined,
          handlers: [{ ...(drawn.handlers[0] as HandlerModel), constraints: undefined, paths: any }],
        })),
      );
}

/** Random applications of a scenario, with every kind of route in each. */
export function applications(scenario: Scenario, platform: PlatformName): fc.Arbitrary<ApplicationModel> {
  const one = (fixed?: Parameters<typeof controller>[1]) => controller(scenario, fixed);
  return fc
    .tuple(
      one(),
      one(),
      one({ kinds: 'GET' }),
      one({ kinds: 'ALL' }),
      one({ kinds: 'HEAD' }),
      one({ kinds: 'SSE' }),
      one({ kinds: 'OPTIONS' }),
      one({ inherits: true }),
      one({ inherits: true }),
      one({ scoped: true }),
      one({ end: [{ kind: 'wildcard' }] }),
      one({ end: [{ kind: 'literal', text: 'maybe' }, { kind: 'optional' }] }),
      one({ end: [{ kind: 'mixed', form: '#-#' }] }),
      one({ end: [{ kind: 'mixed', form: '#,#' }] }),
      one({ end: [{ kind: 'wildcard' }] }),
      ...covering(scenario, ['OPTIONS', 'ALL']),
    )
    .chain((controllers) => fc.shuffledSubarray(controllers, { minLength: controllers.length }))
    .map((controllers) => (platform === 'fastify' ? withoutConflicts(controllers, scenario) : controllers))
    .chain((controllers) => {
      const model = { controllers, excluded: [] };
      const routes = routesOf(model).length;
      return scenario.prefix === true
        ? fc
            .array(fc.nat(Math.max(0, routes - 1)), { minLength: 8, maxLength: 8 })
            .map((excluded) => ({ ...model, excluded }))
        : fc.constant(model);
    });
}

/** Removes routes that Fastify would reject beside earlier ones. */
function withoutConflicts(controllers: readonly ControllerModel[], scenario: Scenario): ControllerModel[] {
  const taken = new Set<string>();
  const claim = (one: ControllerModel, two: HandlerModel, paths: readonly Path[]): boolean => {
    const apart = one.inModule && scenario.routerModule !== undefined;
    const declared = two.version ?? one.version ?? scenario.defaultVersion;
    const versions = [declared].flat().map((one) => (typeof one === 'string' ? one : 'neutral'));
    const methods = CLAIMED[two.kind] ?? [two.kind];
    const keys = new Set<string>();
    for (const path of paths.flatMap((inner) => one.paths.map((outer) => [...outer, ...inner]))) {
      for (const text of new Set(conflictPaths(path))) {
        for (const method of methods) {
          for (const each of versions) {
            const key = `${apart} ${method} ${text || '/'} ${each} ${JSON.stringify(two.constraints ?? {})}`;
            if (taken.has(key) || keys.has(key)) {
              return false;
            }
            keys.add(key);
          }
        }
      }
    }
    for (const key of keys) {
      taken.add(key);
    }
    return true;
  };
  return controllers
    .map((one) => ({
      ...one,
      handlers: one.handlers.flatMap((two) =>
        claim(one, two, two.paths)
          ? [two]
          : claim(one, two, two.paths.slice(0, 1))
            ? [{ ...two, paths: two.paths.slice(0, 1) }]
            : [],
      ),
    }))
    .filter(({ handlers }) => handlers.length > 0);
}
