import type { ModulesContainer } from '@nestjs/core';
import type { GatewayPolicy } from '../../http/handshake/gateway-policy.js';
import type { RouteDeclarations } from '../declarations/route-declarations.js';
import type { RoutePolicies } from '../policies/route-policies.js';
import { gatewayOptions, gatewayPort, isGateway } from './gateway-metadata.js';

type GatewayClass = object & { readonly name: string };

/** Finds the gateways of an application, and builds the policies of those that are decorated. */
export function buildGateways(
  modules: ModulesContainer,
  declarations: RouteDeclarations,
  policies: RoutePolicies,
): readonly GatewayPolicy[] {
  return Object.freeze(
    [...gatewayClasses(modules)].map((gateway) => {
      const { name: target } = gateway;
      const { path, namespace, allowRequest, verifyClient } = gatewayOptions(gateway);
      const placed = declarations.ofClass(gateway);
      return Object.freeze<GatewayPolicy>({
        target,
        policy: placed.length === 0 ? undefined : policies.ofGateway(target, placed),
        port: gatewayPort(gateway),
        path,
        namespace,
        checksItself: typeof allowRequest === 'function' || typeof verifyClient === 'function',
        declarations: placed,
      });
    }),
  );
}

/** The gateways: Nest looks for them among the providers. */
function gatewayClasses(modules: ModulesContainer): ReadonlySet<GatewayClass> {
  const found = new Set<GatewayClass>();
  for (const { providers } of modules.values()) {
    for (const { metatype, isNotMetatype } of providers.values()) {
      if (!isNotMetatype && typeof metatype === 'function' && isGateway(metatype)) {
        found.add(metatype);
      }
    }
  }
  return found;
}
