import 'reflect-metadata';
import type { ModulesContainer } from '@nestjs/core';
import type { GatewayPolicy } from '../../http/handshake/gateway-policy.js';
import type { RouteDeclarations } from '../declarations/route-declarations.js';
import type { RoutePolicies } from '../policies/route-policies.js';

/** The metadata keys of a gateway. `@nestjs/websockets` is not imported, because most applications do not have it. */
const GATEWAY = 'websockets:is_gateway';
const PORT = 'port';
const OPTIONS = 'websockets:gateway_options';

/** The options of a gateway that this package reads. */
interface GatewayOptions {
  readonly path?: string;
  readonly namespace?: unknown;
  readonly allowRequest?: unknown;
  readonly verifyClient?: unknown;
}

type GatewayClass = object & { readonly name: string };

/** Finds the gateways of an application, and builds the policies of those that are decorated. */
export function buildGateways(
  modules: ModulesContainer,
  declarations: RouteDeclarations,
  policies: RoutePolicies,
): readonly GatewayPolicy[] {
  return [...gatewayClasses(modules)].map((gateway) => {
    const placed = declarations.ofClass(gateway);
    const { path, namespace, allowRequest, verifyClient } = (Reflect.getMetadata(OPTIONS, gateway) ??
      {}) as GatewayOptions;
    return Object.freeze<GatewayPolicy>({
      target: gateway.name,
      policy: placed.length === 0 ? undefined : policies.ofGateway(gateway.name, placed),
      gateway,
      port: Reflect.getMetadata(PORT, gateway) as number,
      path,
      namespace,
      checksItself: typeof allowRequest === 'function' || typeof verifyClient === 'function',
      declarations: placed,
    });
  });
}

/** The gateways, in the order in which Nest connects them. Nest looks for them among the providers. */
function gatewayClasses(modules: ModulesContainer): ReadonlySet<GatewayClass> {
  const found = new Set<GatewayClass>();
  for (const { providers } of modules.values()) {
    for (const { metatype, isNotMetatype } of providers.values()) {
      if (!isNotMetatype && typeof metatype === 'function' && Reflect.hasMetadata(GATEWAY, metatype)) {
        found.add(metatype);
      }
    }
  }
  return found;
}
