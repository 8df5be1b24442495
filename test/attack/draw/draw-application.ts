import type { Segment } from '../../routing/applications/path-model.js';
import type {
  ApplicationPlan,
  ControllerPlan,
  ForeignDecorator,
  HandlerAnswer,
  HandlerMethod,
  HandlerPlan,
  MiddlewarePlan,
  PlatformName,
} from '../plan.js';
import { drawDeclaration, drawEnforce, drawPaths, drawPolicy, type Rules } from './draw-policies.js';
import type { Random } from './random.js';

type Path = readonly Segment[];

// With few literals, routes often share a URL.
const LITERALS = Object.freeze(['users', 'Users', 'items', 'a', 'me', 'file.json']);
const METHODS: readonly HandlerMethod[] = [
  'GET',
  'GET',
  'POST',
  'PUT',
  'PATCH',
  'DELETE',
  'DELETE',
  'HEAD',
  'OPTIONS',
  'ALL',
];
const ANSWERS: readonly HandlerAnswer[] = [
  'text',
  'text',
  'text',
  'conflict',
  'error',
  'redirect',
  'raw',
  'own headers',
  'later',
];
const FOREIGN: readonly ForeignDecorator[] = [
  'wraps',
  'wraps and copies metadata',
  'binds',
  'proxies',
  'wraps on its prototype',
];
const SETTINGS: { readonly [Name in PlatformName]: readonly ApplicationPlan['router'][] } = {
  express: [{}, {}, { 'case sensitive routing': true }, { 'strict routing': true }],
  fastify: [
    {},
    {},
    { caseSensitive: false },
    { ignoreTrailingSlash: true },
    { ignoreDuplicateSlashes: true },
    { useSemicolonDelimiter: true },
    { maxParamLength: 20 },
  ],
};

/** Draws an application. Most boot. The caller draws again if the router or the options reject it. */
export function drawApplication(random: Random, platform: PlatformName): ApplicationPlan {
  const names = random.list(0, 2, (index) => `policy${index}`);
  const rules: Rules = {
    anyOrigin: random.oneIn(4),
    moduleOrigin: !random.oneIn(4),
    names,
    enforce: random.oneIn(2),
  };
  const versioning = random.oneIn(2) ? undefined : random.pick(['uri', 'header', 'media-type', 'custom'] as const);
  const tenants = platform === 'fastify' && random.oneIn(4);
  const middleware = drawMiddleware(random);
  return {
    platform,
    http2: platform === 'fastify' && random.oneIn(6),
    router: random.pick(SETTINGS[platform]),
    ...(random.oneIn(3) ? { prefix: 'api' } : {}),
    ...(random.oneIn(4) ? { modulePath: 'module' } : {}),
    ...(versioning === undefined ? {} : { versioning }),
    middleware,
    scopedInterceptor: random.oneIn(12),
    module: rules.moduleOrigin ? drawPolicy(random, rules, true) : drawEnforce(random, rules),
    policies: Object.fromEntries(names.map((name) => [name, drawPolicy(random, rules, true)])),
    paths: random.oneIn(2) ? [] : drawPaths(random, rules),
    controllers: random
      .list(1, 4, (index) => drawController(random, rules, index, versioning !== undefined, tenants))
      .map((controller) => (middleware === 'mounts' ? besideMount(controller) : controller)),
  };
}

/** Moves a controller away from mounted paths, where the platforms differ in what they serve. */
function besideMount(controller: ControllerPlan): ControllerPlan {
  const beginsFixed = controller.path[0]?.kind === 'literal';
  return beginsFixed ? controller : { ...controller, path: [{ kind: 'literal', text: 'users' }, ...controller.path] };
}

function drawMiddleware(random: Random): MiddlewarePlan {
  return random.pick<MiddlewarePlan>([
    'none',
    'none',
    'none',
    'sets CORS headers',
    'rewrites the URL',
    'overrides the method',
    'mounts',
    'mounts',
  ]);
}

function drawController(
  random: Random,
  rules: Rules,
  index: number,
  versioned: boolean,
  tenants: boolean,
): ControllerPlan {
  const inherits = random.pick(['none', 'none', 'none', 'base class', 'mixin'] as const);
  const host = random.pick([undefined, undefined, undefined, 'a.test', ':tenant.b.test']);
  const declaration = random.oneIn(2) ? drawDeclaration(random, rules) : undefined;
  const baseDeclaration = inherits !== 'none' && random.oneIn(2) ? drawDeclaration(random, rules) : undefined;
  const version = versioned ? drawVersion(random) : undefined;
  return {
    name: `C${index}`,
    path: random.list(0, 2, () => drawSegment(random, false)),
    ...(host === undefined ? {} : { host }),
    ...(version === undefined ? {} : { version }),
    scoped: random.oneIn(5),
    inherits,
    inModule: random.oneIn(3),
    ...(declaration === undefined ? {} : { declaration }),
    ...(baseDeclaration === undefined ? {} : { baseDeclaration }),
    handlers: withTwin(
      random,
      rules,
      random.list(1, 3, (at) => drawHandler(random, rules, at, versioned, tenants)),
      versioned,
      tenants,
    ),
  };
}

function drawHandler(random: Random, rules: Rules, index: number, versioned: boolean, tenants: boolean): HandlerPlan {
  const declaration = random.oneIn(2) ? drawDeclaration(random, rules) : undefined;
  const version = versioned && random.oneIn(2) ? drawVersion(random) : undefined;
  const tenant = tenants && random.oneIn(2) ? random.pick(['a', 'b']) : undefined;
  return {
    name: `h${index}`,
    method: random.pick(METHODS),
    path: drawPath(random),
    ...(version === undefined ? {} : { version }),
    ...(tenant === undefined ? {} : { tenant }),
    ...(declaration === undefined ? {} : { declaration }),
    ...(random.oneIn(4) ? { foreign: random.pick(FOREIGN) } : {}),
    answer: random.pick(ANSWERS),
    bound: random.oneIn(6),
    guarded: random.oneIn(8),
  };
}

/** Often adds a handler that differs from the first one only in version or tenant, which no preflight carries. */
function withTwin(
  random: Random,
  rules: Rules,
  handlers: readonly HandlerPlan[],
  versioned: boolean,
  tenants: boolean,
): readonly HandlerPlan[] {
  const [first] = handlers;
  if (first === undefined || !(versioned || tenants) || random.oneIn(3)) {
    return handlers;
  }
  const { version: _version, tenant: _tenant, declaration: _declaration, ...rest } = first;
  const own = random.oneIn(3) ? {} : { declaration: drawDeclaration(random, rules) };
  const [one, other] = random.pick([
    ['1', '2'],
    ['2', '1'],
  ] as const);
  const told = (version: string, tenant: string) => (versioned ? { version } : { tenant });
  const twin: HandlerPlan = { ...rest, ...own, ...told(other, 'b'), name: `h${handlers.length}` };
  return [{ ...first, ...told(one, 'a') }, ...handlers.slice(1), twin];
}

function drawVersion(random: Random): string | readonly string[] | undefined {
  return random.pick([undefined, '1', '2', ['1', '2']]);
}

function drawPath(random: Random): Path {
  const start = random.list(0, 2, () => drawSegment(random, true));
  const last = start.at(-1);
  if (random.oneIn(8)) {
    return [...start, { kind: 'wildcard' }];
  }
  return last?.kind === 'literal' && random.oneIn(8) ? [...start, { kind: 'optional' }] : start;
}

function drawSegment(random: Random, mixed: boolean): Segment {
  if (mixed && random.oneIn(12)) {
    return { kind: 'mixed', form: random.pick(['#-#', '#.json'] as const) };
  }
  return random.oneIn(4) ? { kind: 'parameter' } : { kind: 'literal', text: random.pick(LITERALS) };
}
