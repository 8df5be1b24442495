import type { PlacedDeclaration } from '../../policy/merge.js';
import type { HandshakePolicy } from './handshake-decision.js';

/** A gateway, and the policy of its handshakes. */
export interface GatewayPolicy extends HandshakePolicy {
  /** 0 for the HTTP server of the application. */
  readonly port: number;
  /** The `path` in its options. */
  readonly path: string | undefined;
  /** The `namespace` in its options: a text, an expression or a function. */
  readonly namespace: unknown;
  /** Whether its own options check handshakes: they have `allowRequest` or `verifyClient`. */
  readonly checksItself: boolean;
  /** The decorators that apply, outermost first. */
  readonly declarations: readonly PlacedDeclaration[];
}
