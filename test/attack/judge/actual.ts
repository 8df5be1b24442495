import type { Reply } from '../client.js';
import { MALFORMED } from '../draw/origins.js';
import type { ApplicationPlan, RequestPlan } from '../plan.js';
import { expectNothing, expectVary, Found, type Violation, values } from './found.js';
import { allowsOrigin, enforces, type ModelPolicy } from './model.js';

const PREFIX = 'access-control-';

export interface ActualFacts {
  readonly plan: ApplicationPlan;
  readonly request: RequestPlan;
  /** What the same request comes to without the module. */
  readonly control: Reply;
  /** Whether a handler was reached. */
  readonly routed: boolean;
  /** The policy that decides; several where a path can be read in several ways. */
  readonly policies: readonly ModelPolicy[];
  /** Whether a preflight could not tell this handler from one with another policy, so that the request is enforced. */
  readonly versionHidden: boolean;
  readonly mayHideVersion: boolean;
  /** `undefined` for a request whose client went away. */
  readonly reply: Reply | undefined;
  readonly ran: readonly string[];
}

/** Judges the answer to a cross-origin request. */
export function checkActual(facts: ActualFacts): Violation[] {
  const { request, reply, ran, control, policies } = facts;
  const found = new Found(request, 'actual');
  const refusing = policies.map((policy) => refuses(policy, facts));
  if (refusing.includes('must') && ran.length > 0) {
    found.add('enforced', `${ran.join(', ')} ran`);
  }
  if (reply === undefined) {
    return found.violations;
  }
  const [policy] = policies;
  if (isRerouted(facts.plan) && !facts.routed) {
    return found.violations; // which route it was sent for is not known here
  }
  if (policies.length > 1 || policy === undefined) {
    checkAmbiguous(found, facts, reply);
    return found.violations;
  }
  if (refusing.includes('must')) {
    checkForbidden(found, reply, control);
    return found.violations;
  }
  if (refusing.includes('may') && reply.status === 403 && control.status !== 403) {
    return found.violations;
  }
  if (reply.status !== control.status) {
    found.add('status', `${reply.status} instead of ${control.status}`);
  }
  checkHeaders(found, facts, policy, reply);
  return found.violations;
}

/** Whether a request must be refused with 403, may be, or must not. */
function refuses(policy: ModelPolicy, facts: ActualFacts): 'must' | 'may' | 'must not' {
  const { plan, request, routed, control, versionHidden, mayHideVersion } = facts;
  if (isRerouted(plan)) {
    return 'may'; // the origin may have been looked up for the URL that was sent, and what is not known is refused
  }
  const allowed = policy.state === 'open' && allowsOrigin(policy, request.origin);
  if (allowed || isExemptByHost(request) || (routed && control.ran.length === 0)) {
    return 'must not';
  }
  // What no handler takes is enforced only where `paths` lists it, which the model does not look at.
  if (!routed) {
    return 'may';
  }
  if (versionHidden && policy.state === 'untouched') {
    return 'may';
  }
  if (versionHidden || enforces(policy, request.method)) {
    return 'must';
  }
  return mayHideVersion ? 'may' : 'must not';
}

/** Without Sec-Fetch-Site, an origin whose host and port were asked for is the page's own. */
function isExemptByHost({ origin, host }: RequestPlan): boolean {
  return !MALFORMED.includes(origin) && /^https?:/.test(origin) && host !== undefined && origin.endsWith(`//${host}`);
}

function checkForbidden(found: Found, reply: Reply, control: Reply): void {
  if (reply.status !== 403 && reply.status !== control.status) {
    found.add('status', `${reply.status} instead of 403`);
  }
  if (reply.status === 403) {
    const store = values(reply, 'cache-control').join();
    if (!store.includes('no-store')) {
      found.add('no-store', `403 with Cache-Control ${JSON.stringify(store)}`);
    }
  } else {
    found.add('enforced', `${reply.status} instead of 403`);
  }
  expectNothing(found, reply);
  expectVary(found, reply, ['origin']);
}

function checkHeaders(found: Found, { plan, request, control }: ActualFacts, policy: ModelPolicy, reply: Reply): void {
  if (policy.state === 'untouched') {
    for (const name of [
      'access-control-allow-origin',
      'access-control-allow-credentials',
      'access-control-expose-headers',
    ]) {
      if (values(reply, name).join() !== echoed(values(control, name), request.origin).join()) {
        found.add(
          'origin granted',
          `untouched, but ${name} is ${values(reply, name)} instead of ${values(control, name)}`,
        );
      }
    }
    return;
  }
  if (policy.state === 'disabled') {
    expectNothing(found, reply);
    expectVary(found, reply, enforces(policy, request.method) ? ['origin'] : []);
    return;
  }
  const any = policy.origin?.form === '*';
  const allowed = allowsOrigin(policy, request.origin);
  if (!allowed) {
    expectNothing(found, reply);
  } else if (isRerouted(plan) && isAsynchronous(policy) && reply.lines.every(([name]) => !name.startsWith(PREFIX))) {
    // The origin was looked up for the URL that was sent, and another handler answered: nothing is granted.
  } else {
    found.expect('origin granted', 'access-control-allow-origin', reply, any ? '*' : request.origin);
    found.expect(
      'credentials granted',
      'access-control-allow-credentials',
      reply,
      policy.credentials ? 'true' : undefined,
    );
    const exposed = [...new Set(policy.exposedHeaders)].sort();
    const came = (values(reply, 'access-control-expose-headers')[0] ?? '')
      .split(',')
      .filter((name) => name !== '')
      .sort();
    if (came.join() !== exposed.join()) {
      found.add('exposed headers', `${came.join() || 'none'} instead of ${exposed.join() || 'none'}`);
    }
  }
  expectVary(found, reply, any ? [] : ['origin']);
}

/** Whether middleware may have sent the request to another handler than its URL and method name. */
function isRerouted({ middleware }: ApplicationPlan): boolean {
  return middleware === 'rewrites the URL' || middleware === 'overrides the method';
}

function isAsynchronous({ origin }: ModelPolicy): boolean {
  return origin !== undefined && !['*', 'list', 'pattern'].includes(origin.form);
}

/** What the control answered for a request without an Origin, as it would have been for this one. */
function echoed(control: readonly string[], origin: string): readonly string[] {
  return control.map((value) => (value === '*' && origin !== '' ? origin : value));
}

/** A path that could mean two things: nobody gets more than each of its readings allows. */
function checkAmbiguous(found: Found, { request, policies }: ActualFacts, reply: Reply): void {
  const granted = values(reply, 'access-control-allow-origin');
  if (
    granted.length > 0 &&
    policies.some((policy) => !allowsOrigin(policy, request.origin) && policy.state !== 'untouched')
  ) {
    found.add('origin granted', `${granted.join()} for a path that can also be read as one that refuses it`);
  }
}
