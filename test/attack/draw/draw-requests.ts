import { requestPath, type Segment } from '../../routing/applications/path-model.js';
import { SPELLINGS, spell } from '../../routing/request-arbitrary.js';
import {
  type ApplicationPlan,
  type ControllerPlan,
  type HandlerPlan,
  hasTenants,
  type RequestPlan,
  TENANTS,
  type Transport,
  VERSIONS,
} from '../plan.js';
import { MALFORMED, STRANGERS, TRUSTED } from './origins.js';
import type { Random } from './random.js';

const METHODS = Object.freeze(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);
/** Methods for preflights only: no actual request can have them. */
const ASKED_ONLY = Object.freeze(['patch', 'put', 'CONNECT', 'trace', 'CHICKEN', 'GE T', '']);
const VALUES = Object.freeze(['7', 'users', 'me', 'x%20y', 'p%2Fq', '%61', 'n.json', 'v1', 'a-b']);
const HOSTS = Object.freeze(['a.test', 'x.b.test', 'b.test', 'partner.test', 'evil-a.test', 'a.test:8080']);
const NAMES = Object.freeze(['content-type', 'authorization', 'x-a', 'X-B', 'x-c']);
const OTHER_TARGETS = Object.freeze([
  '/',
  '/nowhere',
  '/svc/file',
  '/svc',
  '/mounted/file',
  '/mounted/deep/file',
  '/Mounted/file',
  '/users/extra/deep',
]);
const TRANSPORTS: readonly Transport[] = [
  'kept alive',
  'kept alive',
  'kept alive',
  'kept alive',
  'pipelined',
  'aborted',
];

/** Draws a request, usually for one of the routes. */
export function drawRequest(random: Random, application: ApplicationPlan): RequestPlan {
  const controller = random.pick(application.controllers);
  const handler = random.pick(controller.handlers);
  const routed = !random.oneIn(6);
  const plain = routed ? pathTo(random, application, controller, handler) : random.pick(OTHER_TARGETS);
  const spelling = random.oneIn(3) ? random.pick(SPELLINGS) : 'plain';
  const target = spell(plain, spelling, random.below(97));
  const rewritten = application.middleware === 'rewrites the URL' && random.oneIn(2);
  const host = drawHost(random, controller);
  const declared = random.pick([handler.version ?? controller.version].flat());
  const version = random.oneIn(3) ? random.pick(VERSIONS) : declared;
  const tenant = random.oneIn(3) ? random.pick(TENANTS) : handler.tenant;
  return {
    method: drawMethod(random, handler, routed),
    target: rewritten && target.startsWith('/') ? `/r${target}` : target,
    spelling,
    ...(host === undefined ? {} : { host }),
    ...(version === undefined || application.versioning === undefined ? {} : { version }),
    ...(tenant === undefined || !hasTenants(application) ? {} : { tenant }),
    origin: drawOrigin(random),
    requestedHeaders: random.oneIn(2) ? [] : random.some(NAMES),
    transport: random.pick(TRANSPORTS),
  };
}

function drawHost(random: Random, { host }: ControllerPlan): string | undefined {
  const fitting = host === undefined ? undefined : host.replace(':tenant', 'x');
  return random.oneIn(4) ? random.pick(HOSTS) : fitting;
}

function drawMethod(random: Random, { method }: HandlerPlan, routed: boolean): string {
  if (random.oneIn(15)) {
    return random.pick(ASKED_ONLY);
  }
  return routed && method !== 'ALL' && !random.oneIn(6) ? method : random.pick(METHODS);
}

function drawOrigin(random: Random): string {
  const kind = random.below(10);
  return random.pick(kind < 6 ? TRUSTED : kind < 9 ? STRANGERS : MALFORMED);
}

/** Draws a path that leads to a handler. */
export function pathTo(
  random: Random,
  application: ApplicationPlan,
  controller: ControllerPlan,
  handler: HandlerPlan,
  values: readonly string[] = VALUES,
): string {
  const value = () => random.pick(values);
  const version = random.pick([handler.version ?? controller.version].flat());
  const prefix = application.prefix === undefined || random.oneIn(16) ? '' : `/${application.prefix}`;
  const inUrl = application.versioning === 'uri' && version !== undefined ? `/v${version}` : '';
  const module = controller.inModule && application.modulePath !== undefined ? `/${application.modulePath}` : '';
  const segments: readonly Segment[] = [...controller.path, ...handler.path];
  return `${prefix}${inUrl}${module}${requestPath(segments, value)}` || '/';
}
