import type { CompiledPolicy } from '../../policy/compiled-policy.js';
import { decideActual, decidePreflight } from '../../policy/decide.js';
import type { CorsDecision } from '../../policy/decision.js';
import type { OriginCheck } from '../../resolver/origin-check.js';
import type { PathPolicies } from '../../routes/path-policies.js';
import { hasHost } from '../enforcement/exempt-requests.js';
import type { HttpPlatform } from '../http-platform.js';
import { KNOWN_METHODS } from '../preflight/preflight.js';
import { publishHandshake } from '../reports/decision-channel.js';
import type { Refusal } from '../reports/request-reports.js';
import type { GatewayPolicy } from './gateway-policy.js';
import type { HandshakeDecision, HandshakeOptions, HandshakePolicy } from './handshake-decision.js';
import { Handshake, type HandshakeRequest } from './handshake-request.js';

/** The policies of an application, as handshakes need them. */
export interface HandshakePolicies {
  readonly paths: PathPolicies;
  readonly originChecks: ReadonlyMap<CompiledPolicy, OriginCheck>;
  readonly gateways: readonly GatewayPolicy[];
}

/** What a check needs of its application. */
export interface HandshakeApplication {
  /** `undefined` without HTTP. */
  readonly platform: HttpPlatform | undefined;
  /** `undefined` until they are compiled. */
  readonly policies: HandshakePolicies | undefined;
  /** Never throws. */
  readonly refused: (refusal: Refusal) => void;
}

/**
 * Checks a handshake with several policies, and reports the result once. Never rejects.
 *
 * @param policies without any, the policy of the URL decides
 * @param final the answer of one policy that is the answer of all
 */
export async function checkHandshake(
  application: HandshakeApplication,
  request: HandshakeRequest,
  policies: readonly HandshakePolicy[],
  final: 'allowed' | 'refused',
  options: HandshakeOptions,
): Promise<HandshakeDecision> {
  const handshake = new Handshake(request, application.platform);
  let decision = await decide(application, handshake, policies[0], options);
  for (const policy of policies.slice(1)) {
    if (decision.allowed === (final === 'allowed')) {
      break;
    }
    const next = await decide(application, handshake, policy, options);
    decision = next.allowed === decision.allowed ? decision : next;
  }
  report(application, handshake, decision);
  return decision;
}

async function decide(
  application: HandshakeApplication,
  handshake: Handshake,
  given: HandshakePolicy | undefined,
  { requireOrigin = false }: HandshakeOptions,
): Promise<HandshakeDecision> {
  const { origin } = handshake;
  const place = placeOf(application, handshake, given);
  const { target, policy } = place;
  if (handshake.isSameOrigin) {
    return { allowed: true, because: 'same-origin', ...place, cors: undefined };
  }
  if (origin === undefined) {
    return { allowed: !requireOrigin, because: 'no-origin', ...place, cors: undefined };
  }
  if (isOwnHost(handshake, origin)) {
    return { allowed: true, because: 'own-host', ...place, cors: undefined };
  }
  if (policy === undefined) {
    return { allowed: false, because: 'no-policy', ...place, cors: undefined };
  }
  const cors = await decideBy(policy, target ?? policy.target, application.policies, handshake, origin);
  return { allowed: cors.outcome === 'allowed', because: cors.reason, target, policy, cors };
}

function placeOf(
  { platform, policies }: HandshakeApplication,
  { url }: Handshake,
  given: HandshakePolicy | undefined,
): Pick<HandshakeDecision, 'target' | 'policy'> {
  if (policies === undefined || given?.policy !== undefined) {
    return { target: given?.target, policy: given?.policy };
  }
  const { target, policy } = policies.paths.find(platform?.pathname(url) ?? (url.split(/[?#]/, 1)[0] as string));
  return { target, policy };
}

async function decideBy(
  policy: CompiledPolicy,
  target: string,
  policies: HandshakePolicies | undefined,
  { request, method, url, isPreflight, requestedHeaders }: Handshake,
  origin: string,
): Promise<CorsDecision> {
  const context = { request, method, path: url, policy: target, preflight: isPreflight };
  const originAllowed = await policies?.originChecks.get(policy)?.(origin, () => Object.freeze(context));
  if (!isPreflight) {
    return decideActual(policy, origin, originAllowed);
  }
  const facts = { origin, originAllowed, requestedMethod: method, requestedHeaders, knownMethods: KNOWN_METHODS };
  return decidePreflight(policy, facts);
}

/** Whether a page has the origin of the server that it connects to. The Host is compared as the client sent it. */
function isOwnHost({ scheme, host }: Handshake, origin: string): boolean {
  return scheme !== undefined && origin.startsWith(`${scheme}://`) && hasHost(origin, host);
}

/** Whether the page would have the origin of the server, if the request had come over TLS. */
function isBehindTls({ scheme, host }: Handshake, origin: string): boolean {
  return scheme === 'http' && origin.startsWith('https://') && hasHost(origin, host);
}

/** Publishes the decision of a policy, and logs a refusal. Handshakes that every policy allows are not reported. */
function report(
  { platform, refused }: HandshakeApplication,
  handshake: Handshake,
  { allowed, because, target, policy, cors }: HandshakeDecision,
): void {
  if (policy === undefined || target === undefined || (allowed && cors === undefined)) {
    return;
  }
  const { method, url, origin, isPreflight: preflight, requestedHeaders } = handshake;
  const reason = because as Refusal['reason'];
  publishHandshake({ reason, allowed, target, origin, method, url, preflight });
  if (!allowed) {
    const trustProxy = origin !== undefined && isBehindTls(handshake, origin) ? platform?.trustProxyCode : undefined;
    refused({ reason, preflight, method, url, origin, target, policy, requestedHeaders, handshake: { trustProxy } });
  }
}
