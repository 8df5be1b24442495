import type { Reply } from '../client.js';
import type { RequestPlan } from '../plan.js';
import { type Check, expectNothing, expectVary, Found, type Violation, values } from './found.js';
import { allowsHeader, allowsMethod, allowsOrigin, type ModelPolicy } from './model.js';

export interface PreflightFacts {
  readonly request: RequestPlan;
  /** The requested header names. */
  readonly names: readonly string[];
  readonly reply: Reply;
  /** The policies of the handlers that the method and URL could reach. */
  readonly candidates: readonly ModelPolicy[];
  /** Whether the path has several readings with different policies. */
  readonly pathAmbiguous: boolean;
}

const PREFLIGHT_VARY = ['origin', 'access-control-request-method', 'access-control-request-headers'];

/** Checks the response to a preflight. */
export function checkPreflight({ request, names, reply, candidates, pathAmbiguous }: PreflightFacts): Violation[] {
  const found = new Found(request, 'preflight');
  if (reply.ran.length > 0) {
    found.add('preflight policy', `ran ${reply.ran.join(', ')}`);
  }
  const granting = candidates.filter((policy) => grants(policy, request, names));
  if (reply.status === 403) {
    if (granting.length > 0 && !pathAmbiguous) {
      found.add('preflight policy', 'refused, but allowed by the policy of the handler');
    }
    expectNothing(found, reply);
    expectVary(found, reply, PREFLIGHT_VARY);
    return found.violations;
  }
  if (pathAmbiguous ? granting.length < candidates.length : granting.length === 0) {
    const why = candidates.map((policy) => refusalOf(policy, request, names)).find((check) => check !== undefined);
    found.add(why ?? 'preflight policy', `answered with ${reply.status}, but no policy it could mean allows it`);
    return found.violations;
  }
  const fitting = granting.some((policy) => matchesGrant(policy, request, names, reply));
  if (!fitting) {
    expectGrant(found, granting[0] as ModelPolicy, request, names, reply);
  }
  expectVary(found, reply, PREFLIGHT_VARY);
  return found.violations;
}

/** Checks the response to a preflight that must be refused. */
export function checkRefusedPreflight(request: RequestPlan, reply: Reply): Violation[] {
  const found = new Found(request, 'preflight');
  if (reply.status !== 403) {
    found.add('method granted', `${reply.status} instead of 403`);
  }
  expectNothing(found, reply);
  return found.violations;
}

/**
 * Checks a preflight that the platform answers: the module must not add or remove headers.
 * @param answering the policy of the handler that answers it without the module, if any: it may enforce
 */
export function checkPassedOn(
  request: RequestPlan,
  control: Reply,
  reply: Reply,
  answering: ModelPolicy | undefined,
): Violation[] {
  const found = new Found(request, 'passed-on preflight');
  const allowed = answering?.state === 'open' && allowsOrigin(answering, request.origin);
  if (reply.status === 403 && answering !== undefined && !allowed) {
    if (answering.state !== 'untouched') {
      expectNothing(found, reply);
    }
    return found.violations;
  }
  if (reply.status !== control.status || reply.ran.join() !== control.ran.join()) {
    found.add('status', `${reply.status} by ${reply.ran} instead of ${control.status} by ${control.ran}`);
  }
  for (const name of [
    'access-control-allow-origin',
    'access-control-allow-credentials',
    'access-control-allow-methods',
    'access-control-allow-headers',
    'access-control-max-age',
  ]) {
    if (values(reply, name).join() !== values(control, name).join()) {
      found.add('origin granted', `${name} is ${values(reply, name)} instead of ${values(control, name)}`);
    }
  }
  return found.violations;
}

function grants(policy: ModelPolicy, request: RequestPlan, names: readonly string[]): boolean {
  return refusalOf(policy, request, names) === undefined;
}

/** The reason for which a policy refuses a preflight, or `undefined` if it allows it. */
function refusalOf(policy: ModelPolicy, { origin, method }: RequestPlan, names: readonly string[]): Check | undefined {
  if (policy.state !== 'open' || !allowsOrigin(policy, origin)) {
    return 'origin granted';
  }
  if (!allowsMethod(policy, method)) {
    return 'method granted';
  }
  return names.every((name) => allowsHeader(policy, name)) ? undefined : 'header granted';
}

function matchesGrant(policy: ModelPolicy, request: RequestPlan, names: readonly string[], reply: Reply): boolean {
  const found = new Found(request, 'preflight');
  expectGrant(found, policy, request, names, reply);
  return found.violations.length === 0;
}

function expectGrant(
  found: Found,
  policy: ModelPolicy,
  request: RequestPlan,
  names: readonly string[],
  reply: Reply,
): void {
  if (reply.status !== 204) {
    found.add('preflight policy', `${reply.status} instead of 204`);
  }
  const any = policy.origin?.form === '*';
  const lower = [...new Set(names.map((name) => name.toLowerCase()))].join(',');
  found.expect('origin granted', 'access-control-allow-origin', reply, any ? '*' : request.origin);
  found.expect(
    'credentials granted',
    'access-control-allow-credentials',
    reply,
    policy.credentials ? 'true' : undefined,
  );
  found.expect('method granted', 'access-control-allow-methods', reply, request.method);
  found.expect('header granted', 'access-control-allow-headers', reply, lower === '' ? undefined : lower);
  found.expect('exposed headers', 'access-control-expose-headers', reply, undefined);
  const age = values(reply, 'access-control-max-age')[0];
  if (age !== '0' && age !== (policy.maxAge === undefined ? undefined : String(policy.maxAge))) {
    found.add('max-age', `${age} instead of ${policy.maxAge}`);
  }
}
