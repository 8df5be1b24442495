import type { GatewayPolicy } from '../../http/handshake/gateway-policy.js';
import type { EnforcedRequests } from '../../policy/policy-compiler.js';
import type { CorsWarning } from '../../validation/problems/problem.js';
import type { CompiledApplication } from '../compile-application.js';
import type { UpgradeListeners } from './upgrade-listeners.js';

const SILENCE = "silence this: `diagnostics: { silence: ['gateway-unchecked'] }`.";

/**
 * Warns of WebSockets that every page can open, in an application where a policy enforces or would enforce: gateways
 * that no adapter of this package serves, and WebSocket servers of other code beside `paths` that enforce.
 *
 * @param isServed whether an adapter of this package serves the gateways
 * @param foundLate receives the warning about a WebSocket server that other code adds later
 */
export function uncheckedHandshakes(
  { refused, gateways, policies }: Pick<CompiledApplication, 'refused' | 'gateways' | 'policies'>,
  isServed: boolean,
  listeners: UpgradeListeners,
  foundLate: (warning: CorsWarning) => void,
): CorsWarning[] {
  // The policy of unknown routes enforces as strictly as any other.
  const warnings = isServed || !isEnforced(refused) ? [] : uncheckedGateways(gateways);
  if (policies.paths.some(({ policy }) => isEnforced(policy))) {
    if (listeners.areUnchecked()) {
      warnings.push(UNCHECKED_LISTENER);
    } else {
      listeners.whenUnchecked(() => foundLate(UNCHECKED_LISTENER));
    }
  }
  return warnings;
}

function isEnforced({ enforce, wouldEnforce }: EnforcedRequests): boolean {
  return enforce !== false || wouldEnforce !== false;
}

function uncheckedGateways(gateways: readonly GatewayPolicy[]): CorsWarning[] {
  const targets = gateways.filter(({ checksItself }) => !checksItself).map(({ target }) => target);
  return targets.length === 0
    ? []
    : [
        {
          code: 'gateway-unchecked',
          targets,
          message:
            '`enforce` refuses requests of other origins, but nothing checks the WebSocket handshakes of these gateways. Every page can connect to them, with the cookies of its visitor.',
          remedy: `In main.ts, write \`app.useWebSocketAdapter(new CorsIoAdapter(app))\`, or \`new CorsWsAdapter(app)\` for ws, both from \`nestjs-cors/websockets\`. If your own adapter checks handshakes, ${SILENCE}`,
        },
      ];
}

const UNCHECKED_LISTENER: CorsWarning = Object.freeze({
  code: 'gateway-unchecked',
  targets: Object.freeze(['an upgrade listener of the HTTP server']),
  message:
    'An entry of `paths` sets `enforce`, but this listener does not seem to check WebSocket handshakes. Then every page can connect, with the cookies of its visitor.',
  remedy: `Create the WebSocket server with \`noServer: true\`, and call \`await corsService.isHandshakeAllowed(request)\` in your own upgrade listener, before \`handleUpgrade()\`. With the subscriptions of @nestjs/graphql, call it in \`onConnect\`. If another function calls it, ${SILENCE}`,
});
