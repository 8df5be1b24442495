import type { CompiledPolicy } from '../../policy/compiled-policy.js';
import type { CorsDecision, CorsReason } from '../../policy/decision.js';
import type { PolicySource } from '../../policy/policy-source.js';

/** A policy that decides about handshakes, and its name in messages. */
export interface HandshakePolicy {
  /** `ChatGateway`, or `policy "partners"`. */
  readonly target: PolicySource;
  /** `undefined` for a gateway without a decorator: the policy of the URL applies. */
  readonly policy: CompiledPolicy | undefined;
}

/** Settings of one check. */
export interface HandshakeOptions {
  /**
   * Whether a handshake without an Origin is refused, as native clients send it.
   * @default false
   */
  readonly requireOrigin?: boolean | undefined;
}

/** Whether a handshake is allowed, and why. */
export interface HandshakeDecision {
  readonly allowed: boolean;
  /**
   * - `same-origin`, `own-host`: allowed under every policy. `no-origin` too, unless an Origin is required.
   * - `allowed`: the policy allows it.
   * - Otherwise the reason of the policy. `no-policy` also stands for policies that are not compiled yet.
   */
  readonly because: 'same-origin' | 'own-host' | CorsReason;
  /** The place of the policy: a gateway, an entry of `paths`, a named policy or `CorsModule`. */
  readonly target: PolicySource | undefined;
  /** The policy; `undefined` until the policies are compiled. */
  readonly policy: CompiledPolicy | undefined;
  /**
   * What the policy decides about a page of this origin, with the headers and the `Vary` of a response to it; for a
   * preflight, those of the answer. `undefined` where the policy was not needed.
   */
  readonly cors: CorsDecision | undefined;
}
