import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { Controller, Get, Header, type INestApplication, Module, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { SubscribeMessage, WebSocketGateway } from '@nestjs/websockets';
import { CorsModule, DisableCors } from 'nestjs-cors';
import { CorsIoAdapter, CorsWsAdapter } from 'nestjs-cors/websockets';
import type { PlatformName } from '../../fixtures/fixture-app.js';
import type { KeyAndCertificate } from '../../servers/key-and-certificate.js';
import type { Way } from './connect.js';

/** A server of pages and of gateways. A page and a gateway on two of its host names have two origins. */
export interface SocketServer {
  readonly platform: PlatformName;
  readonly port: number;
  /** The ways to connect to its gateways. */
  readonly ways: readonly Way[];
}

/** The host of the pages that the policy allows. */
export const ALLOWED_HOST = 'app.shop.localhost';

const CLIENT = readFileSync('node_modules/socket.io-client/dist/socket.io.min.js', 'utf8');
const PAGE = '<!doctype html><title>page</title><script src="/client.js"></script><body>';

@Controller()
class PagesController {
  @Get('client.js') @Header('content-type', 'text/javascript') client() {
    return CLIENT;
  }
  @Get('page') @Header('content-type', 'text/html; charset=utf-8') page() {
    return PAGE;
  }
  @Get('sandboxed')
  @Header('content-type', 'text/html; charset=utf-8')
  @Header('content-security-policy', 'sandbox allow-scripts')
  sandboxed() {
    return PAGE;
  }
}

@WebSocketGateway()
class PublicGateway {
  @SubscribeMessage('ping') ping() {
    return { event: 'pong', data: 'pong' };
  }
}

@DisableCors()
@WebSocketGateway({ namespace: 'internal' })
class InternalGateway extends PublicGateway {}

const ADAPTERS: readonly { serve: (app: INestApplication) => unknown; gateways: Type[]; ways: readonly Way[] }[] = [
  {
    serve: (app) => app.useWebSocketAdapter(new CorsIoAdapter(app)),
    gateways: [PublicGateway, InternalGateway],
    ways: ['polling', 'websocket', 'internal namespace', 'fetch', 'JSONP'],
  },
  {
    serve: (app) => app.useWebSocketAdapter(new CorsWsAdapter(app)),
    gateways: [PublicGateway],
    ways: ['WebSocket'],
  },
];

/** @param closers receives a function that ends each server */
export async function startSocketServers(
  certificate: KeyAndCertificate,
  closers: (() => unknown)[],
): Promise<readonly SocketServer[]> {
  const application = { logger: false, abortOnError: false, forceCloseConnections: true } as const;
  const servers: SocketServer[] = [];
  for (const { serve, gateways, ways } of ADAPTERS) {
    const origin = (from: string) => new URL(from).hostname === ALLOWED_HOST;
    class SocketsModule {}
    Module({
      imports: [CorsModule.forRoot({ origin, credentials: true })],
      controllers: [PagesController],
      providers: gateways,
    })(SocketsModule);
    const apps = {
      express: await NestFactory.create(SocketsModule, new ExpressAdapter(), {
        ...application,
        httpsOptions: certificate,
      }),
      fastify: await NestFactory.create(SocketsModule, new FastifyAdapter({ https: certificate }), application),
    };
    for (const platform of ['express', 'fastify'] as const) {
      const app = apps[platform];
      closers.push(() => app.close());
      serve(app);
      await app.listen(0, '127.0.0.1');
      servers.push({ platform, port: (app.getHttpServer().address() as AddressInfo).port, ways });
    }
  }
  return servers;
}
