/**
 * What the policy of a route makes of a request, in the slow and obvious way: the policy of the handler that the
 * application without the module reached, and the headers that it promises. Shares no code with the library.
 */
import {
  allowsHeader,
  allowsMethod,
  allowsOrigin,
  enforces,
  entriesNear,
  isSame,
  type ModelPolicy,
  pathPolicies,
  policyOfHandler,
} from '../../../../attack/judge/model.js';
import { hidesCandidates } from '../../../../attack/plan.js';
import type { ControlReply, JudgedRequest } from '../library-case.js';
import { unsafeNames } from './browser-model.js';

type Lines = readonly (readonly [name: string, value: string])[];

/** A response as it is expected on the wire. */
export interface PromisedResponse {
  readonly status: number;
  readonly headerLines: Lines;
}

/** The policies that matter for a request. */
export interface RoutePolicies {
  /** Of the actual request. */
  readonly own: ModelPolicy;
  readonly routed: boolean;
  /** Of every handler that its preflight can mean. */
  readonly candidates: readonly ModelPolicy[];
}

/** `undefined` for a path that can be read as two with different policies. */
export function policiesOf({ plan, path, control }: JudgedRequest): RoutePolicies | undefined {
  const byPath = pathPolicies(plan, path);
  const routed = control.reached !== undefined;
  const [own, ...others] = routed ? [policyOfHandler(plan, control.reached)] : byPath;
  if (own === undefined || others.length > 0) {
    return undefined;
  }
  const candidates: ModelPolicy[] = [];
  for (const policy of control.candidates.map((label) => policyOfHandler(plan, label))) {
    if (!candidates.some((other) => isSame(other, policy))) {
      candidates.push(policy);
    }
  }
  return { own, routed, candidates: candidates.length > 0 ? candidates : [own] };
}

/** The responses that a preflight may have. The policies of several candidates may all allow it. */
export function preflightResponses(judged: JudgedRequest, { candidates }: RoutePolicies): PromisedResponse[] {
  const { origin, request, control } = judged;
  if (candidates.every(({ state }) => state === 'untouched')) {
    return control.preflight ? [{ status: control.preflight.status, headerLines: control.preflight.lines }] : [];
  }
  const names = unsafeNames(request);
  const granting = candidates.filter(
    (policy) =>
      policy.state === 'open' &&
      allowsOrigin(policy, origin) &&
      allowsMethod(policy, request.method) &&
      names.every((name) => allowsHeader(policy, name)),
  );
  return granting.map((policy) => ({
    status: 204,
    headerLines: [
      ...originLines(policy, origin),
      ['access-control-allow-methods', request.method],
      ['access-control-allow-headers', names.join(',')],
    ],
  }));
}

/** Whether the handler must not run, or may be kept from running, for a request with this Origin. */
export function refusesActual(
  { plan, path, origin, apiOrigin, request: { method }, control }: JudgedRequest,
  { own, routed, candidates }: RoutePolicies,
  sent: string | undefined,
): 'must' | 'may' | 'must not' {
  const stopped = routed && control.actual.ran.length === 0; // by a guard or a body parser, which come first
  if (sent === undefined || origin === apiOrigin || stopped || (own.state === 'open' && allowsOrigin(own, sent))) {
    return 'must not';
  }
  if (!routed) {
    return entriesNear(plan, path).length > 0 && enforces(own, method) ? 'must' : 'must not';
  }
  const hidden = hidesCandidates(plan);
  // The preflight may have been answered for another version, so also an untouched handler must not run.
  const isAmbiguous = hidden && candidates.length > 1 && candidates.some(({ state }) => state !== 'untouched');
  if (enforces(own, method) || isAmbiguous) {
    return 'must';
  }
  // Another URL of the same route may have several candidates.
  return hidden ? 'may' : 'must not';
}

/** The response of the application with the module to a request that is not enforced. */
export function actualResponse(
  reply: ControlReply,
  { own: policy, routed }: RoutePolicies,
  sent: string | undefined,
  { plan, path, request }: JudgedRequest,
): PromisedResponse {
  const { status, lines } = reply;
  if (policy.state === 'untouched') {
    return { status, headerLines: lines };
  }
  const any = policy.state === 'open' && policy.origin?.form === '*';
  const allowed = policy.state === 'open' && (any || (sent !== undefined && allowsOrigin(policy, sent)));
  const exposed = [...new Set(policy.exposedHeaders)].join(',');
  const isEnforced = enforces(policy, request.method) && (routed || entriesNear(plan, path).length > 0);
  const varies = !any && (policy.state === 'open' || isEnforced || (routed && hidesCandidates(plan)));
  return {
    status,
    headerLines: [
      ...lines.filter(([name]) => !name.startsWith('access-control-')),
      ...(allowed ? originLines(policy, sent ?? '') : []),
      ...(allowed && exposed !== '' ? [['access-control-expose-headers', exposed] as const] : []),
      ...(varies ? [['vary', 'Origin'] as const] : []),
    ],
  };
}

function originLines({ origin, credentials }: ModelPolicy, asked: string): Lines {
  return [
    ['access-control-allow-origin', origin?.form === '*' ? '*' : asked],
    ...(credentials ? [['access-control-allow-credentials', 'true'] as const] : []),
  ];
}
