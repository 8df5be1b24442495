import { METHODS as NODE_METHODS } from 'node:http';
import type { Client, Reply, Sent } from '../client.js';
import { type ApplicationPlan, hasTenants, hidesCandidates, type RequestPlan, TENANTS, VERSIONS } from '../plan.js';
import { checkActual } from './actual.js';
import type { Violation } from './found.js';
import { entriesNear, isSame, type ModelPolicy, pathPolicies, policyOfHandler, sharesPreflights } from './model.js';
import { checkPassedOn, checkPreflight, checkRefusedPreflight } from './preflight.js';
import { checkPublished } from './published.js';
import { corsLines, describe, headerOf } from './reply-text.js';
import { RequestWriter } from './request-writer.js';

/** The handler that one request without an Origin reached. */
interface Reached {
  readonly label: string | undefined;
  readonly reply: Reply;
}

/** Counts of the kinds of requests in a run. */
export type Counts = Map<string, number>;

const SIBLINGS = Object.freeze(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']);

/**
 * Checks an application by the handler that really ran. It first sends each request without an Origin, which no policy
 * refuses. The model then predicts the responses to the preflight and the cross-origin request from that handler.
 */
export class Oracle {
  readonly violations: Violation[] = [];
  /** The result of every exchange. Two runs of one seed have equal records. */
  readonly record: string[] = [];
  readonly #writer: RequestWriter;
  readonly #plan: ApplicationPlan;
  readonly #ours: Client;
  readonly #control: Client;
  readonly #counts: Counts;

  constructor(plan: ApplicationPlan, ours: Client, control: Client, counts: Counts) {
    this.#plan = plan;
    this.#ours = ours;
    this.#control = control;
    this.#counts = counts;
    this.#writer = new RequestWriter(plan);
  }

  async judge(request: RequestPlan): Promise<void> {
    const sent = this.#writer.plain(request);
    if (!NODE_METHODS.includes(request.method) || request.method === 'CONNECT') {
      await this.#unreachableMethod(request, sent);
      return;
    }
    const control = await this.#send(this.#control, 'control', sent);
    const plain = control && (await this.#send(this.#ours, 'without Origin', sent));
    if (control === undefined || plain === undefined) {
      return;
    }
    const reached = { label: plain.reached, reply: plain };
    this.#count(reached.label === undefined ? 'reached nothing' : 'reached a handler');
    this.#compareWithControl(request, control, plain);
    const policies = this.#policiesOf(reached, request);
    const candidates = await this.#candidates(request, policies);
    await this.#actual(request, sent, control, reached, policies, candidates);
    await this.#preflight(request, reached, policies, candidates);
  }

  /** The module must not change the handler, and must not cause an error. */
  #compareWithControl(request: RequestPlan, control: Reply, plain: Reply): void {
    if (
      plain.status !== control.status ||
      plain.ran.join() !== control.ran.join() ||
      plain.reached !== control.reached
    ) {
      this.#violation('status', request, `without Origin ${describe(plain)} instead of ${describe(control)}`);
    }
  }

  /** The policies that may apply: several if a path without a handler has several readings. */
  #policiesOf({ label }: Reached, { target }: RequestPlan): readonly ModelPolicy[] {
    return label === undefined ? pathPolicies(this.#plan, target) : [policyOfHandler(this.#plan, label)];
  }

  /** The handlers that the method and URL could reach with another version or tenant, which preflights do not carry. */
  async #candidates(request: RequestPlan, own: readonly ModelPolicy[]): Promise<readonly ModelPolicy[]> {
    if (!hidesCandidates(this.#plan)) {
      return own;
    }
    const policies: ModelPolicy[] = [];
    for (const version of this.#plan.versioning === undefined || this.#plan.versioning === 'uri'
      ? [undefined]
      : this.#versions(request)) {
      for (const tenant of hasTenants(this.#plan) ? TENANTS : [undefined]) {
        const { version: _version, tenant: _tenant, ...rest } = request;
        const other: RequestPlan = {
          ...rest,
          ...(version === undefined ? {} : { version }),
          ...(tenant === undefined ? {} : { tenant }),
        };
        const reply = await this.#send(this.#ours, 'candidate', this.#writer.plain(other));
        const label = reply?.reached;
        const policy = label === undefined ? undefined : policyOfHandler(this.#plan, label);
        if (policy !== undefined && !policies.some((one) => isSame(one, policy))) {
          policies.push(policy);
        }
      }
    }
    if (policies.length > 1) {
      this.#count('several candidates');
    }
    return policies.length > 0 ? policies : pathPolicies(this.#plan, request.target);
  }

  /** If the preflight does not name the version header, the actual request will not have it. */
  #versions({ version }: RequestPlan): readonly (string | undefined)[] {
    return this.#plan.versioning === 'header' && version === undefined ? [undefined] : VERSIONS;
  }

  async #actual(
    request: RequestPlan,
    sent: Sent,
    control: Reply,
    { label }: Reached,
    policies: readonly ModelPolicy[],
    candidates: readonly ModelPolicy[],
  ): Promise<void> {
    const crossOrigin = { ...sent, headers: { ...sent.headers, Origin: request.origin } };
    const facts = {
      plan: this.#plan,
      request,
      control,
      routed: label !== undefined,
      policies,
      versionHidden: hidesCandidates(this.#plan) && candidates.length > 1,
      mayHideVersion: hidesCandidates(this.#plan),
    };
    if (request.transport === 'aborted' && !this.#plan.http2) {
      const ran = await this.#ours.abort(crossOrigin);
      this.#count('aborted');
      this.violations.push(...checkActual({ ...facts, reply: undefined, ran }));
      return;
    }
    const reply = await this.#send(this.#ours, 'actual', { ...crossOrigin, transport: request.transport });
    if (reply !== undefined) {
      this.#count(reply.status === 403 && control.status !== 403 ? 'actual: 403' : 'actual: served');
      this.violations.push(...checkActual({ ...facts, reply, ran: reply.ran }));
    }
  }

  async #preflight(
    request: RequestPlan,
    { label }: Reached,
    policies: readonly ModelPolicy[],
    candidates: readonly ModelPolicy[],
  ): Promise<void> {
    if (this.#plan.middleware === 'rewrites the URL' || this.#plan.middleware === 'overrides the method') {
      return; // A preflight has the original URL and method, and this request was rerouted.
    }
    const preflight = this.#writer.preflightFor(request);
    const reply = await this.#send(this.#ours, 'preflight', { ...preflight, transport: request.transport });
    if (reply === undefined) {
      return;
    }
    const possible = label === undefined && candidates.length === 0 ? policies : candidates;
    const untouched = possible.every(({ state }) => state === 'untouched');
    if (untouched) {
      const control = await this.#send(this.#control, 'control preflight', preflight);
      if (control !== undefined) {
        this.#count('preflight: passed on');
        const answering = control.reached === undefined ? undefined : policyOfHandler(this.#plan, control.reached);
        this.violations.push(...checkPassedOn(request, control, reply, answering));
      }
      return;
    }
    const names = this.#writer.requestedNames(request);
    this.#count(reply.status === 403 ? 'preflight: refused' : 'preflight: allowed');
    // If versions or tenants hide handlers, the handlers are the candidates and the path is not.
    const isPath = possible.length === policies.length && possible.every((one, at) => isSame(one, policies[at] ?? one));
    const several = label === undefined && policies.length > 1 && isPath;
    this.violations.push(...checkPreflight({ request, names, reply, candidates: possible, pathAmbiguous: several }));
    if (reply.status !== 403 && headerOf(reply, 'access-control-max-age') !== '0') {
      await this.#mayBeCached(request, possible[0] as ModelPolicy);
    }
  }

  /** Browsers cache preflights by URL, so a URL with handlers of different policies must not be cached. */
  async #mayBeCached(request: RequestPlan, policy: ModelPolicy): Promise<void> {
    for (const method of SIBLINGS) {
      const reply = await this.#send(this.#ours, 'sibling', this.#writer.plain({ ...request, method }));
      const label = reply?.reached;
      if (label !== undefined && !sharesPreflights(policyOfHandler(this.#plan, label), policy)) {
        this.#violation('max-age', request, `the preflight may be kept, but ${method} reaches ${label}`);
        return;
      }
    }
    const other = entriesNear(this.#plan, request.target).find((entry) => !sharesPreflights(entry, policy));
    if (other !== undefined && request.spelling === 'plain') {
      this.#violation('max-age', request, 'the preflight may be kept, but another policy covers other methods');
    }
    this.#count('preflight: may be kept');
  }

  /** For a method that no request can have, the preflight is refused or passed to the platform. */
  async #unreachableMethod(request: RequestPlan, sent: Sent): Promise<void> {
    if (/[^!-~]/.test(request.method) || this.#plan.middleware !== 'none') {
      return;
    }
    const preflight = this.#writer.preflightFor(request);
    const control = await this.#send(this.#control, 'control preflight', preflight);
    const reply = control && (await this.#send(this.#ours, 'preflight', preflight));
    if (control === undefined || reply === undefined) {
      return;
    }
    this.#count('preflight: method that cannot arrive');
    const passedOn = pathPolicies(this.#plan, sent.target).some(({ state }) => state === 'untouched');
    const refused = checkRefusedPreflight(request, reply);
    if (refused.length > 0 && !(passedOn || reply.ran.length > 0 || reply.status === control.status)) {
      this.violations.push(...refused);
    }
    if (headerOf(reply, 'access-control-allow-methods') !== undefined && reply.ran.length === 0 && !passedOn) {
      this.#violation('method granted', request, `the preflight for ${request.method} was allowed`);
    }
  }

  async #send(client: Client, what: string, sent: Sent): Promise<Reply | undefined> {
    try {
      const reply = await client.send(sent);
      this.violations.push(...(client === this.#ours ? checkPublished(what, sent, reply) : []));
      this.record.push(`${what} ${sent.method} ${sent.target} ${describe(reply)} ${corsLines(reply)}`);
      return reply;
    } catch (error) {
      if (client === this.#control) {
        this.#count('not taken by the platform');
        return undefined;
      }
      this.violations.push({
        check: 'hang',
        text: `${what}: ${sent.method} ${sent.target}: ${(error as Error).message}`,
      });
      return undefined;
    }
  }

  #violation(check: Violation['check'], request: RequestPlan, text: string): void {
    this.violations.push({ check, text: `${request.method} ${request.target} from ${request.origin}: ${text}` });
  }

  #count(name: string): void {
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1);
  }
}
