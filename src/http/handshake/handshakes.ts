import type { CompiledPolicy } from '../../policy/compiled-policy.js';
import { decideActual, decidePreflight } from '../../policy/decide.js';
import type { CorsDecision } from '../../policy/decision.js';
import type { OriginCheck } from '../../resolver/origin-check.js';
import type { PathPolicies } from '../../routes/path-policies.js';
import { hasHost } from '../enforcement/exempt-requests.js';
import type { HttpPlatform } from '../http-platform.js';
import { KNOWN_METHODS } from '../preflight/preflight.js';
import type { GatewayPolicy } from './gateway-policy.js';
import type { HandshakeDecision, HandshakeOptions, HandshakePolicy } from './handshake-decision.js';
import { Handshake, type HandshakeRequest } from './handshake-request.js';

/** The policies of an application, as handshakes need them. */
export interface HandshakePolicies {
  readonly paths: PathPolicies;
  readonly originChecks: ReadonlyMap<CompiledPolicy, OriginCheck>;
  readonly gateways: readonly GatewayPolicy[];
}

/** Decides about WebSocket handshakes. The adapters of `nestjs-cors/websockets` and `CorsService` call it. */
export class Handshakes {
  readonly #platform: () => HttpPlatform | undefined;
  #policies: HandshakePolicies | undefined;
  #isServed = false;

  /** @param platform the platform of the application; `undefined` without HTTP */
  constructor(platform: () => HttpPlatform | undefined) {
    this.#platform = platform;
  }

  /** Called at boot, when every policy is valid. */
  configure(policies: HandshakePolicies): void {
    this.#policies = policies;
  }

  /** Called by an adapter of this package when it is created: it checks the handshakes of every gateway. */
  serve(): void {
    this.#isServed = true;
  }

  /** Whether an adapter of this package checks the handshakes of the gateways. */
  get isServed(): boolean {
    return this.#isServed;
  }

  /**
   * The gateways that share a server: those with this port and path. Empty until the policies are compiled, which is
   * after Nest creates the servers and before it accepts clients.
   *
   * @param port the port of the gateway, 0 for the HTTP server of the application
   * @param path the `path` in the options of the gateway
   */
  gatewaysOf(port: number, path: string | undefined): readonly GatewayPolicy[] {
    const gateways = this.#policies?.gateways ?? [];
    return gateways.filter((gateway) => gateway.port === port && gateway.path === path);
  }

  /**
   * Checks a handshake with one policy. Never rejects.
   * @param policy by default that of the URL: of the entry of `paths`, otherwise the application-wide policy
   */
  check(
    request: HandshakeRequest,
    policy: HandshakePolicy | undefined,
    options: HandshakeOptions = {},
  ): Promise<HandshakeDecision> {
    return this.checkEvery(request, policy === undefined ? [] : [policy], options);
  }

  /** Checks a handshake that every one of these policies must allow. Without any, the policy of the URL decides. Never rejects. */
  checkEvery(
    request: HandshakeRequest,
    policies: readonly HandshakePolicy[],
    options: HandshakeOptions = {},
  ): Promise<HandshakeDecision> {
    return this.#checkUntil(false, request, policies, options);
  }

  /** Checks a handshake that one of these policies must allow. Without any, the policy of the URL decides. Never rejects. */
  checkSome(
    request: HandshakeRequest,
    policies: readonly HandshakePolicy[],
    options: HandshakeOptions = {},
  ): Promise<HandshakeDecision> {
    return this.#checkUntil(true, request, policies, options);
  }

  /** @param allowed the answer that ends the check */
  async #checkUntil(
    allowed: boolean,
    request: HandshakeRequest,
    policies: readonly HandshakePolicy[],
    options: HandshakeOptions,
  ): Promise<HandshakeDecision> {
    const handshake = new Handshake(request, this.#platform());
    let decision = await this.#decide(handshake, policies[0], options);
    for (let index = 1; index < policies.length && decision.allowed !== allowed; index++) {
      const next = await this.#decide(handshake, policies[index], options);
      decision = next.allowed === allowed ? next : decision;
    }
    return decision;
  }

  async #decide(
    handshake: Handshake,
    given: HandshakePolicy | undefined,
    { requireOrigin = false }: HandshakeOptions,
  ): Promise<HandshakeDecision> {
    const { target, policy } = this.#policyFor(handshake, given);
    const { origin } = handshake;
    const known = { target, policy, cors: undefined };
    if (handshake.isSameOrigin) {
      return { allowed: true, because: 'same-origin', ...known };
    }
    if (origin === undefined) {
      return { allowed: !requireOrigin, because: 'no-origin', ...known };
    }
    if (isOwnHost(handshake, origin)) {
      return { allowed: true, because: 'own-host', ...known };
    }
    if (policy === undefined) {
      return { allowed: false, because: 'no-policy', ...known };
    }
    const cors = await this.#decideBy(policy, policy.target, handshake, origin);
    return { allowed: cors.outcome === 'allowed', because: cors.reason, target, policy, cors };
  }

  #policyFor({ url }: Handshake, given: HandshakePolicy | undefined): Pick<HandshakeDecision, 'target' | 'policy'> {
    if (this.#policies === undefined || given?.policy !== undefined) {
      return { target: given?.target, policy: given?.policy };
    }
    const { paths } = this.#policies;
    return paths.find(this.#platform()?.pathname(url) ?? (url.split(/[?#]/, 1)[0] as string));
  }

  async #decideBy(
    policy: CompiledPolicy,
    source: string,
    { raw, request, method, url }: Handshake,
    origin: string,
  ): Promise<CorsDecision> {
    const requestedMethod = raw.headers['access-control-request-method'];
    const preflight = method === 'OPTIONS' && typeof requestedMethod === 'string';
    const context = { request, method: preflight ? requestedMethod : method, path: url, policy: source, preflight };
    const originAllowed = await this.#policies?.originChecks.get(policy)?.(origin, () => Object.freeze(context));
    if (!preflight) {
      return decideActual(policy, origin, originAllowed);
    }
    const requestedHeaders = raw.headers['access-control-request-headers'] as string | undefined;
    return decidePreflight(policy, {
      origin,
      originAllowed,
      requestedMethod,
      requestedHeaders,
      knownMethods: KNOWN_METHODS,
    });
  }
}

/** Whether a page has the origin of the server that it connects to. The Host is compared as the client sent it. */
function isOwnHost({ scheme, host }: Handshake, origin: string): boolean {
  return scheme !== undefined && origin.startsWith(`${scheme}://`) && hasHost(origin, host);
}
