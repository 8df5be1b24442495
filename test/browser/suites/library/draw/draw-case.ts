import { KEY_HEADER } from '../../../../attack/application/runs.js';
import { pathTo } from '../../../../attack/draw/draw-requests.js';
import type { Random } from '../../../../attack/draw/random.js';
import { allowsHeader, allowsOrigin, type ModelPolicy, policyOfHandler } from '../../../../attack/judge/model.js';
import {
  type ApplicationPlan,
  type ControllerPlan,
  CUSTOM_HEADER,
  type HandlerPlan,
  labelOf,
  VERSION_HEADER,
  VERSIONS,
} from '../../../../attack/plan.js';
import type { PageName } from '../../matrix/row.js';
import type { DrawnRequest, LibraryCase } from '../library-case.js';

/** Origins of pages, by their names. */
export type PageOrigins = readonly (readonly [name: PageName, origin: string])[];

const METHODS = Object.freeze(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);
const SAFELISTED_METHODS = Object.freeze(['GET', 'HEAD', 'POST']);
const WITHOUT_BODY = Object.freeze(['GET', 'HEAD', 'OPTIONS']);
/** Values of parameters. A URL parser leaves them as they are. */
const VALUES = Object.freeze(['7', 'users', 'me', 'n.json', 'v1', 'a-b']);
const UNROUTED_PATHS = Object.freeze(['/', '/nowhere', '/svc/file', '/svc', '/users/extra/deep', '/api/users/x/y/z']);
const HEADERS: readonly (readonly [name: string, value: string])[] = [
  ['authorization', 'Bearer a'],
  ['x-a', '1'],
  ['x-b', '2'],
  ['x-c', '3'],
  ['accept-language', 'de'],
];
const BODIES: readonly { readonly body?: string; readonly type?: string }[] = [
  {},
  {},
  { body: 'text', type: 'text/plain' },
  { body: 'a=1', type: 'application/x-www-form-urlencoded' },
  { body: '{"a":1}', type: 'application/json' },
  { body: '{"a":', type: 'application/json' },
];
/** How often each part of a request is one that the policy of the handler may refuse. */
const UNFITTING = 7;

/** Draws the requests of a page, usually for one of the routes, and often with one part that its policy refuses. */
export function drawCase(random: Random, plan: ApplicationPlan, pages: PageOrigins, number: string): LibraryCase {
  const kind = random.pick(['simple', 'simple', 'any', 'any', 'any', 'pair'] as const);
  const { controller, handler } = drawHandler(random, plan, kind === 'simple');
  const policy = policyOfHandler(plan, labelOf(controller, handler));
  const requests =
    kind === 'pair'
      ? drawPair(random, plan, controller, handler)
      : [kind === 'simple' ? drawSimpleRequest(random, plan, handler) : drawRequest(random, plan, controller, handler)];
  const from = drawPage(random, policy, pages);
  const isOther = controller.host?.includes('other') === true;
  return {
    number,
    from,
    to: isOther !== random.oneIn(8) ? 'otherApi' : 'api',
    path: random.oneIn(8) ? random.pick(UNROUTED_PATHS) : pathTo(random, plan, controller, handler, VALUES),
    requests: from === 'sandbox' ? requests.map(withoutStorageAccess) : requests,
  };
}

/**
 * With `Sec-Fetch-Storage-Access: inactive`, browsers add `Origin: null` to requests that have none by the Fetch standard.
 * Whether they do depends on what the frame may store.
 */
function withoutStorageAccess(request: DrawnRequest): DrawnRequest {
  return request.mode === 'no-cors' ? { ...request, credentials: 'omit' } : request;
}

function drawHandler(random: Random, { controllers }: ApplicationPlan, isSimple: boolean) {
  const all = controllers.flatMap((controller) => controller.handlers.map((handler) => ({ controller, handler })));
  const simple = all.filter(({ handler: { method } }) => method === 'ALL' || SAFELISTED_METHODS.includes(method));
  return random.pick(isSimple && simple.length > 0 ? simple : all);
}

function drawPage(random: Random, policy: ModelPolicy, pages: PageOrigins): PageName {
  const allowed = pages.filter(([, origin]) => allowsOrigin(policy, origin));
  const [name] = random.pick(allowed.length === 0 || random.oneIn(3) ? pages : allowed);
  return name;
}

function drawRequest(
  random: Random,
  plan: ApplicationPlan,
  controller: ControllerPlan,
  handler: HandlerPlan,
): DrawnRequest {
  const policy = policyOfHandler(plan, labelOf(controller, handler));
  const isMapped = handler.method !== 'ALL' && !random.oneIn(UNFITTING);
  const method = isMapped ? handler.method : random.pick(METHODS);
  const { body, type } = WITHOUT_BODY.includes(method) ? {} : random.pick(BODIES);
  const headers = {
    ...Object.fromEntries(random.oneIn(2) ? [] : HEADERS.filter(() => random.oneIn(3))),
    ...(type !== undefined && { 'content-type': type }),
    ...(handler.guarded && !random.oneIn(3) && { [KEY_HEADER]: 'yes' }),
  };
  const fitting = Object.entries(headers).filter(
    ([name]) => allowsHeader(policy, name) || name === 'accept-language' || name === 'content-type',
  );
  return {
    method,
    headers: {
      ...(random.oneIn(UNFITTING) ? headers : Object.fromEntries(fitting)),
      ...drawVersion(random, plan, handler.version ?? controller.version),
    },
    ...(body !== undefined && { body }),
    credentials: drawCredentials(random, policy),
    mode: SAFELISTED_METHODS.includes(method) && random.oneIn(8) ? 'no-cors' : 'cors',
  };
}

/**
 * Draws requests to two handlers that often share a URL. The browser must not use the preflight of the first for the
 * second if their policies differ.
 */
function drawPair(
  random: Random,
  plan: ApplicationPlan,
  controller: ControllerPlan,
  handler: HandlerPlan,
): DrawnRequest[] {
  const policy = policyOfHandler(plan, labelOf(controller, handler));
  const allowed = HEADERS.filter(([name]) => allowsHeader(policy, name));
  const headers = {
    ...Object.fromEntries(allowed.length === 0 ? [] : [random.pick(allowed)]),
    ...drawVersion(random, plan, handler.version ?? controller.version),
  };
  const credentials = drawCredentials(random, policy);
  return [handler, random.pick(controller.handlers)].map(({ method }) => ({
    method: method === 'ALL' ? 'POST' : method,
    headers,
    credentials,
    mode: 'cors',
  }));
}

/** A request without a preflight, which only the enforcement of a policy keeps from its handler. */
function drawSimpleRequest(random: Random, plan: ApplicationPlan, { method, version }: HandlerPlan): DrawnRequest {
  const own = SAFELISTED_METHODS.includes(method) ? method : random.pick(['GET', 'POST']);
  return {
    method: own,
    headers: plan.versioning === 'media-type' ? drawVersion(random, plan, version) : {},
    ...(own === 'POST' && random.oneIn(2) && { body: 'text' }),
    credentials: random.pick(['same-origin', 'omit', 'include']),
    mode: random.oneIn(8) ? 'no-cors' : 'cors',
  };
}

function drawCredentials(random: Random, { credentials }: ModelPolicy): RequestCredentials {
  const included = credentials ? random.oneIn(2) : random.oneIn(UNFITTING);
  return included ? 'include' : random.pick(['same-origin', 'omit']);
}

function drawVersion(
  random: Random,
  { versioning }: ApplicationPlan,
  declared: HandlerPlan['version'],
): Record<string, string> {
  const version = random.oneIn(4) ? random.pick(VERSIONS) : random.pick([declared].flat());
  return version === undefined ? {} : versionHeader(versioning, version);
}

/** The header that tells an application the version, if it is not in the URL. */
export function versionHeader(versioning: ApplicationPlan['versioning'], version: string): Record<string, string> {
  switch (versioning) {
    case 'header':
      return { [VERSION_HEADER]: version };
    case 'custom':
      return { [CUSTOM_HEADER]: version };
    case 'media-type':
      return { accept: `application/json;v=${version}` };
    default:
      return {};
  }
}
