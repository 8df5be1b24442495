import 'reflect-metadata';

/** The metadata keys of `@WebSocketGateway()`. `@nestjs/websockets` is not imported: most applications do not have it. */
const GATEWAY = 'websockets:is_gateway';
const PORT = 'port';
const OPTIONS = 'websockets:gateway_options';

/** The options of `@WebSocketGateway()` that this package reads. */
export interface GatewayOptions {
  readonly path?: string;
  readonly namespace?: unknown;
  readonly allowRequest?: unknown;
  readonly verifyClient?: unknown;
}

/** Whether a class, or a class that it extends, has `@WebSocketGateway()`. */
export function isGateway(target: object): boolean {
  return Reflect.hasMetadata(GATEWAY, target);
}

/** The port of a gateway: 0 for the HTTP server of the application. */
export function gatewayPort(gateway: object): number {
  return Reflect.getMetadata(PORT, gateway);
}

/** The options of a gateway. */
export function gatewayOptions(gateway: object): GatewayOptions {
  return Reflect.getMetadata(OPTIONS, gateway) ?? {};
}
