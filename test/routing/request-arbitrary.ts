import fc from 'fast-check';
import {
  type ApplicationModel,
  CONSTRAINTS,
  GLOBAL_PREFIX,
  MODULE_PATH,
  type RouteModel,
  routesOf,
  type Scenario,
} from './applications/application-model.js';
import { LITERALS, requestPath } from './applications/path-model.js';
import { constraintHeaders, VERSIONS, versionHeaders } from './hidden-headers.js';

/** Ways to write a path. Some router or proxy reads most of them as another path. */
export const SPELLINGS = Object.freeze([
  'plain',
  'trailing slash',
  'double slash',
  'other case',
  'encoded letter',
  'encoded slash',
  'encoded dot',
  'plus',
  'semicolon',
  'dot segment',
  'parent segment',
  'broken encoding',
  'invalid UTF-8',
  'double encoding',
  'backslash',
  'over-long',
  'absolute form',
  'query',
  'fragment',
] as const);
export type Spelling = (typeof SPELLINGS)[number];

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'SEARCH', 'LINK'];
const VALUES = [
  ...LITERALS.map(encodeURI),
  '7',
  'x%20y',
  'p%2Fq',
  '%61ctive',
  'a-b',
  '12',
  '1,2',
  'n.json',
  'v1',
  'api',
];
const HOSTS = ['a.test', 'A.test', 'a.test:8080', 'a.test.', 'x.b.test', 'b.test', 'c.test', 'evil-a.test'];

/** A random request, independent of the application. */
export interface RequestDraw {
  readonly route: number;
  readonly ownMethod: boolean;
  readonly method: string;
  readonly values: readonly string[];
  readonly spelling: Spelling;
  readonly at: number;
  readonly dropPrefix: boolean;
  readonly version: string | undefined;
  readonly host: string | undefined;
  readonly tenant: string | undefined;
  readonly region: string | undefined;
}

/** One request as it is sent. */
export interface RoutedRequest {
  readonly method: string;
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly version: string | undefined;
  readonly spelling: Spelling;
  /** The route that it was made for. It may reach another one. */
  readonly route: RouteModel;
}

const version = fc.constantFrom(...VERSIONS);

export const requestDraws: fc.Arbitrary<RequestDraw> = fc.record({
  route: fc.nat(),
  ownMethod: fc.boolean(),
  method: fc.constantFrom(...METHODS),
  values: fc.array(fc.constantFrom(...VALUES), { minLength: 5, maxLength: 5 }),
  spelling: fc.oneof(
    { weight: 1, arbitrary: fc.constant('plain' as const) },
    { weight: 5, arbitrary: fc.constantFrom(...SPELLINGS) },
  ),
  at: fc.nat(97),
  dropPrefix: fc.boolean(),
  version,
  host: fc.constantFrom(...HOSTS),
  tenant: fc.constantFrom(...CONSTRAINTS.tenant.values),
  region: fc.constantFrom(...CONSTRAINTS.region.values),
});

/** The requests to one application: a plain one to each handler, then the random ones. */
export function requestsFor(
  model: ApplicationModel,
  scenario: Scenario,
  draws: readonly RequestDraw[],
): RoutedRequest[] {
  const routes = routesOf(model);
  const plain = [...new Set(routes.map(({ handler }) => handler))].map((handler, position) => {
    const draw = draws[position % draws.length] as RequestDraw;
    const own = routes.flatMap((route, index) => (route.handler === handler ? [index] : []));
    return { ...draw, route: own[draw.at % own.length] as number, ownMethod: true, spelling: 'plain' as const };
  });
  return [...plain, ...draws].map((draw) => {
    const index = draw.route % routes.length;
    const route = routes[index] as RouteModel;
    const dropPrefix = model.excluded.includes(index) || (draw.dropPrefix && draw.at % 4 === 0);
    return {
      method: draw.ownMethod ? methodOf(route, draw) : draw.method,
      target: spell(pathTo(route, scenario, draw, dropPrefix), draw.spelling, draw.at),
      headers: {
        ...(draw.host !== undefined && (scenario.hosts ?? scenario.constraints) !== undefined
          ? { Host: draw.host }
          : {}),
        ...versionHeaders(scenario, draw.version),
        ...constraintHeaders(scenario, draw),
      },
      version: draw.version,
      spelling: draw.spelling,
      route,
    };
  });
}

function methodOf({ handler }: RouteModel, { method, at }: RequestDraw): string {
  switch (handler.kind) {
    case 'ALL':
      return method;
    case 'SSE':
      return 'GET';
    case 'GET':
      return at % 5 === 0 ? 'HEAD' : 'GET';
    default:
      return handler.kind;
  }
}

function pathTo(route: RouteModel, scenario: Scenario, draw: RequestDraw, dropPrefix: boolean): string {
  let used = 0;
  const value = () => draw.values[used++ % draw.values.length] as string;
  const declared = [route.handler.version ?? route.controller.version ?? scenario.defaultVersion].flat();
  const first = declared[draw.at % declared.length];
  const inUrl = scenario.versioning === 'uri' && typeof first === 'string' ? `/v${first}` : '';
  const module =
    route.controller.inModule && scenario.routerModule !== undefined
      ? requestPath(MODULE_PATH[scenario.routerModule], value)
      : '';
  const prefix = scenario.prefix === true && !dropPrefix ? `/${GLOBAL_PREFIX}` : '';
  return `${prefix}${inUrl}${module}${requestPath(route.segments, value)}` || '/';
}

/** Writes a path in another way, at the position `at`. */
export function spell(path: string, spelling: Spelling, at: number): string {
  const slashes = [...path.matchAll(/\//g)].map(({ index }) => index);
  const slash = slashes[at % slashes.length] ?? 0;
  const letters = [...path.matchAll(/(?<!%|%.)[A-Za-z]/g)].map(({ index }) => index);
  const letter = letters[at % Math.max(1, letters.length)];
  const insert = (position: number, text: string) => path.slice(0, position) + text + path.slice(position);
  const replace = (position: number | undefined, write: (character: string) => string) =>
    position === undefined ? path : path.slice(0, position) + write(path.charAt(position)) + path.slice(position + 1);
  const encoded = (character: string) => `%${character.charCodeAt(0).toString(16)}`;
  switch (spelling) {
    case 'plain':
      return path;
    case 'trailing slash':
      return `${path}/`;
    case 'double slash':
      return at % 3 === 0 ? `${path}//` : insert(slash, '/');
    case 'other case':
      return replace(letter, (character) =>
        character === character.toLowerCase() ? character.toUpperCase() : character.toLowerCase(),
      );
    case 'encoded letter':
      return replace(letter, encoded);
    case 'encoded slash':
      return slash === 0 ? insert(path.length, '%2F') : replace(slash, () => '%2F');
    case 'encoded dot':
      return path.includes('.') ? path.replace('.', '%2e') : insert(slash, '/%2e%2E');
    case 'plus':
      return insert(path.length, '+x');
    case 'semicolon':
      return insert(path.length, at % 2 === 0 ? ';x=1' : ';');
    case 'dot segment':
      return insert(slash, '/.');
    case 'parent segment':
      return insert(slash, '/x/..');
    case 'broken encoding':
      return insert(path.length, at % 2 === 0 ? '%' : '%zz');
    case 'invalid UTF-8':
      return insert(path.length, '%FF');
    case 'double encoding':
      return replace(letter, (character) => encoded(character).replace('%', '%25'));
    case 'backslash':
      return replace(slash === 0 ? undefined : slash, () => '\\');
    case 'over-long':
      return insert(path.length, 'x'.repeat(120));
    case 'absolute form':
      return `http://elsewhere.test${path}`;
    case 'query':
      return `${path}?next=/users/me/%zz`;
    case 'fragment':
      return `${path}#/users`;
  }
}
