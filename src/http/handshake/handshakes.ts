import type { HttpPlatform } from '../http-platform.js';
import type { Refusal } from '../reports/request-reports.js';
import { checkHandshake, type HandshakePolicies } from './check-handshake.js';
import type { GatewayPolicy } from './gateway-policy.js';
import type { HandshakeDecision, HandshakeOptions, HandshakePolicy } from './handshake-decision.js';
import type { HandshakeRequest } from './handshake-request.js';

/** Decides about WebSocket handshakes. The adapters of `nestjs-cors/websockets` and `CorsService` call it. */
export class Handshakes {
  readonly #platform: () => HttpPlatform | undefined;
  readonly #refused: (refusal: Refusal) => void;
  #policies: HandshakePolicies | undefined;
  #isServed = false;

  /**
   * @param platform returns the platform of the application; `undefined` without HTTP
   * @param refused receives every refused handshake. Never throws
   */
  constructor(platform: () => HttpPlatform | undefined, refused: (refusal: Refusal) => void) {
    this.#platform = platform;
    this.#refused = refused;
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
   * after Nest creates the servers and before the application starts to listen.
   *
   * @param port the port of the gateway, 0 for the HTTP server of the application
   * @param path the `path` in the options of the gateway
   */
  gatewaysOf(port: number, path: string | undefined): readonly GatewayPolicy[] {
    const gateways = this.#policies?.gateways ?? [];
    return gateways.filter((gateway) => gateway.port === port && gateway.path === path);
  }

  /** Checks a handshake that every one of these policies must allow. Without any, the policy of the URL decides. Never rejects. */
  checkEvery(
    request: HandshakeRequest,
    policies: readonly HandshakePolicy[],
    options: HandshakeOptions = {},
  ): Promise<HandshakeDecision> {
    return checkHandshake(this.#application, request, policies, 'refused', options);
  }

  /** Checks a handshake that one of these policies must allow. Without any, the policy of the URL decides. Never rejects. */
  checkSome(
    request: HandshakeRequest,
    policies: readonly HandshakePolicy[],
    options: HandshakeOptions = {},
  ): Promise<HandshakeDecision> {
    return checkHandshake(this.#application, request, policies, 'allowed', options);
  }

  get #application() {
    return { platform: this.#platform(), policies: this.#policies, refused: this.#refused };
  }
}
