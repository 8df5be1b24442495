import type { Reply } from '../client.js';
import { MALFORMED } from '../draw/origins.js';
import type { ApplicationPlan, RequestPlan } from '../plan.js';
import { expectNothing, expectVary, Found, type Violation, values } from './found.js';
import { allowsOrigin, enforces, type ModelPolicy, rehearses } from './model.js';

const PREFIX = 'access-control-';

export interface ActualFacts {
  readonly plan: ApplicationPlan;
  readonly request: RequestPlan;
  /** The response to the same request without the module. */
  readonly control: Reply;
  /** Whether the request reached a handler. */
  readonly routed: boolean;
  /** The policy that applies, or several if the path has several readings. */
  readonly policies: readonly ModelPolicy[];
  /** Whether a preflight cannot distinguish this handler from one with another policy. Then the request is enforced. */
  readonly versionHidden: boolean;
  readonly mayHideVersion: boolean;
  /** `undefined` if the client disconnected. */
  readonly reply: Reply | undefined;
  readonly ran: readonly string[];
}

/** Checks the response to a cross-origin request. */
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
    return found.violations; // The route of the original URL is unknown here.
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
  checkRehearsal(found, facts, policy, reply);
  return found.violations;
}

/** Whether a request must be refused with 403, may be, or must not be. */
function refuses(policy: ModelPolicy, facts: ActualFacts): 'must' | 'may' | 'must not' {
  const { plan, request, routed, control, versionHidden, mayHideVersion } = facts;
  if (isRerouted(plan)) {
    return 'may'; // A resolver may have checked the origin for the original URL, and an unknown answer is a refusal.
  }
  const allowed = policy.state === 'open' && allowsOrigin(policy, request.origin);
  if (allowed || isExemptByHost(request) || (routed && control.ran.length === 0)) {
    return 'must not';
  }
  // Without a handler, only `paths` enforces, which the model does not read.
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

/** Without Sec-Fetch-Site, an origin is the page's own if its host and port are those of the request. */
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

/** A request that is only served because of `enforceReportOnly` is reported as one, and no other request is. */
function checkRehearsal(found: Found, facts: ActualFacts, policy: ModelPolicy, { messages }: Reply): void {
  const { request, routed } = facts;
  if (isRerouted(facts.plan) || !routed) {
    return;
  }
  const due =
    rehearses(policy, request.method) && refuses({ ...policy, enforce: policy.wouldEnforce }, facts) === 'must';
  const reported = messages.some(
    ({ decision, origin }) => origin === request.origin && decision.reason === 'would-refuse',
  );
  if (due !== reported) {
    found.add('would-refuse', due ? 'not reported' : 'reported');
  }
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
    // The resolver checked the origin for the original URL, but another handler answered, so nothing is granted.
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

/** Whether middleware may have sent the request to another handler than that of its URL and method. */
function isRerouted({ middleware }: ApplicationPlan): boolean {
  return middleware === 'rewrites the URL' || middleware === 'overrides the method';
}

function isAsynchronous({ origin }: ModelPolicy): boolean {
  return origin !== undefined && !['*', 'list', 'pattern'].includes(origin.form);
}

/** The control's response to a request without an Origin, converted for this one. */
function echoed(control: readonly string[], origin: string): readonly string[] {
  return control.map((value) => (value === '*' && origin !== '' ? origin : value));
}

/** An ambiguous path grants no more than every one of its readings. */
function checkAmbiguous(found: Found, { request, policies }: ActualFacts, reply: Reply): void {
  const granted = values(reply, 'access-control-allow-origin');
  if (
    granted.length > 0 &&
    policies.some((policy) => !allowsOrigin(policy, request.origin) && policy.state !== 'untouched')
  ) {
    found.add('origin granted', `${granted.join()} for a path that can also be read as one that refuses it`);
  }
}
