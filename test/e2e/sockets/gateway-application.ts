import type { INestApplication, Type } from '@nestjs/common';
import { Module } from '@nestjs/common';
import { SubscribeMessage, WebSocketGateway } from '@nestjs/websockets';
import { CorsModule, type CorsModuleOptions } from 'nestjs-cors';
import { type CorsAdapterOptions, CorsIoAdapter, CorsWsAdapter } from 'nestjs-cors/websockets';
import type { HandlerSpy } from '../../support/handler-spy.js';
import { type Platform, type RunningApp, startApp } from '../../support/platforms.js';

/** A gateway to create. */
export interface GatewayOptions {
  readonly name?: string;
  /** @default 0, the server of the application */
  readonly port?: number;
  /** Of the gateway's decorator. */
  readonly options?: Record<string, unknown>;
  /** Decorators of the class, such as `Cors()`. */
  readonly decorators?: readonly ClassDecorator[];
}

/** A gateway that answers `ping` with `pong`, and tells the spy what ran. */
export function createGateway(spy: HandlerSpy, options: GatewayOptions = {}): Type {
  const name = options.name ?? 'gateway';
  class Gateway {
    handleConnection(): void {
      spy.ran(`${name} connected`);
    }

    ping(): unknown {
      spy.ran(`${name} ping`);
      return { event: 'pong', data: 'pong' };
    }
  }
  SubscribeMessage('ping')(
    Gateway.prototype,
    'ping',
    Object.getOwnPropertyDescriptor(Gateway.prototype, 'ping') as PropertyDescriptor,
  );
  WebSocketGateway(options.port ?? 0, options.options ?? {})(Gateway);
  for (const decorate of options.decorators ?? []) {
    decorate(Gateway);
  }
  return Gateway;
}

/** The root module of an application with these gateways. */
export function gatewayModule(cors: CorsModuleOptions, gateways: readonly Type[]): Type {
  class GatewayModule {}
  Module({ imports: [CorsModule.forRoot(cors)], providers: [...gateways] })(GatewayModule);
  return GatewayModule;
}

/** The lines of main.ts that choose an adapter. */
export const ADAPTERS = {
  'socket.io': (options?: CorsAdapterOptions) => (app: INestApplication) =>
    app.useWebSocketAdapter(new CorsIoAdapter(app, options)),
  ws: (options?: CorsAdapterOptions) => (app: INestApplication) =>
    app.useWebSocketAdapter(new CorsWsAdapter(app, options)),
};

/** Starts an application with these gateways. */
export function startGateways(
  platform: Platform,
  spy: HandlerSpy,
  cors: CorsModuleOptions,
  gateways: readonly GatewayOptions[],
  configure: (app: INestApplication) => unknown,
): Promise<RunningApp> {
  const types = gateways.map((options) => createGateway(spy, options));
  return startApp(platform, gatewayModule(cors, types), { configure });
}
