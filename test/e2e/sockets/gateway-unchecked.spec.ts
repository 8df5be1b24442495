import type { Server } from 'node:http';
import { describe, expect, it } from '@jest/globals';
import { Controller, Get, Inject, Injectable, Module, type OnModuleInit, type Type } from '@nestjs/common';
import { HttpAdapterHost, NestFactory } from '@nestjs/core';
import { IoAdapter } from '@nestjs/platform-socket.io';
import { WsAdapter } from '@nestjs/platform-ws';
import { WebSocketGateway } from '@nestjs/websockets';
import { Cors, CorsModule, type CorsModuleOptions } from 'nestjs-cors';
import { Server as SocketServer } from 'socket.io';
import { WebSocketServer } from 'ws';
import { CorsRuntime } from '../../../src/module/cors-runtime.js';
import { describePlatforms, PLATFORMS, type Platform, type RunningApp, startApp } from '../../support/platforms.js';
import { APP } from '../../support/policy-statement.js';
import { RecordedLog } from '../../unit/boot/boot.js';
import { checkUpgrades } from './handshake-server.js';

@WebSocketGateway()
class ChatGateway {}
@WebSocketGateway({ path: '/second' })
class SecondGateway {}
@WebSocketGateway({ path: '/io', allowRequest: (_request, answer) => answer(null, true) })
class CheckingGateway {}
@WebSocketGateway({ path: '/ws', verifyClient: () => true })
class VerifyingGateway {}

const ENFORCING: CorsModuleOptions = { origin: APP, enforce: 'all' };
const ENFORCING_PATH: CorsModuleOptions = {
  origin: APP,
  paths: [{ path: '/graphql', policy: { origin: APP, enforce: 'unsafe-methods' } }],
};
const LISTENER = 'gateway-unchecked in an upgrade listener of the HTTP server';

interface Case {
  readonly options?: CorsModuleOptions;
  readonly providers?: Type[];
  readonly controllers?: Type[];
  readonly configure?: (app: RunningApp['app']) => unknown;
  /** The code of main.ts after `listen`. */
  readonly afterwards?: (app: RunningApp['app']) => unknown;
}

/** The first lines of the warnings of an application. */
async function warningsOf(
  { options = ENFORCING, providers = [], controllers = [], configure, afterwards }: Case,
  platform = PLATFORMS[0] as Platform,
): Promise<string[]> {
  @Module({ imports: [CorsModule.forRoot(options as object)], providers, controllers })
  class Root {}
  const log = new RecordedLog();
  const server = await startApp(platform, Root, {
    application: { logger: log },
    configure: (app) => {
      app.useWebSocketAdapter(new IoAdapter(app));
      configure?.(app);
    },
  });
  await afterwards?.(server.app);
  await server.close();
  return log.warnings
    .filter((warning) => warning.startsWith('gateway-unchecked'))
    .flatMap((warning) => warning.split('\n').filter((line) => line.startsWith('gateway-unchecked')))
    .map((line) => line.split(':', 1)[0] as string);
}

describePlatforms('gateway-unchecked', (platform) => {
  it('names the gateways once where the application enforces', async () => {
    expect(await warningsOf({ providers: [ChatGateway, SecondGateway] }, platform)).toEqual([
      'gateway-unchecked in ChatGateway, SecondGateway',
    ]);
  });

  it('leaves out gateways that check handshakes themselves', async () => {
    expect(await warningsOf({ providers: [ChatGateway, CheckingGateway, VerifyingGateway] }, platform)).toEqual([
      'gateway-unchecked in ChatGateway',
    ]);
    expect(await warningsOf({ providers: [CheckingGateway, VerifyingGateway] }, platform)).toEqual([]);
  });

  it('is not logged where an adapter of this package serves the gateways', async () => {
    const configure = (app: RunningApp['app']) => app.get(CorsRuntime).handshakes.serve();
    expect(await warningsOf({ providers: [ChatGateway], configure }, platform)).toEqual([]);
  });

  it('names a WebSocket server that main.ts creates before listening, beside gateways or without', async () => {
    const configure = (app: RunningApp['app']) => {
      new WebSocketServer({ server: app.getHttpServer(), path: '/graphql' });
    };
    expect(await warningsOf({ options: ENFORCING_PATH, configure }, platform)).toEqual([LISTENER]);
    expect(await warningsOf({ options: ENFORCING_PATH, configure, providers: [ChatGateway] }, platform)).toEqual([
      'gateway-unchecked in ChatGateway',
      LISTENER,
    ]);
  });

  it('names a WebSocket server that main.ts creates after listening', async () => {
    const afterwards = (app: RunningApp['app']) => {
      new WebSocketServer({ server: app.getHttpServer(), path: '/graphql' });
      new SocketServer(app.getHttpServer());
    };
    expect(await warningsOf({ options: ENFORCING_PATH, afterwards }, platform)).toEqual([LISTENER]);
  });

  it('names a WebSocket server that a module creates when it is initialised', async () => {
    @Injectable()
    class Subscriptions implements OnModuleInit {
      readonly #host: HttpAdapterHost;
      constructor(@Inject(HttpAdapterHost) host: HttpAdapterHost) {
        this.#host = host;
      }
      onModuleInit(): void {
        const sockets = new WebSocketServer({ noServer: true });
        const server: Server = this.#host.httpAdapter.getHttpServer();
        server.on('upgrade', (request, socket, head) => sockets.handleUpgrade(request, socket, head, () => undefined));
      }
    }
    expect(await warningsOf({ options: ENFORCING_PATH, providers: [Subscriptions] }, platform)).toEqual([LISTENER]);
  });

  it('does not name an upgrade listener that calls isHandshakeAllowed', async () => {
    const configure = (app: RunningApp['app']) => checkUpgrades(app);
    expect(await warningsOf({ options: ENFORCING_PATH, configure }, platform)).toEqual([]);
    expect(await warningsOf({ options: ENFORCING_PATH, afterwards: configure }, platform)).toEqual([]);
  });

  it('does not name the listeners of Nest itself', async () => {
    const configure = (app: RunningApp['app']) => {
      app.get(CorsRuntime).handshakes.serve();
      app.useWebSocketAdapter(new WsAdapter(app));
    };
    expect(await warningsOf({ options: ENFORCING_PATH, providers: [VerifyingGateway], configure }, platform)).toEqual(
      [],
    );
    expect(await warningsOf({ options: ENFORCING_PATH, providers: [CheckingGateway] }, platform)).toEqual([]);
  });

  it('does not name a WebSocket server where no entry of `paths` enforces', async () => {
    const configure = (app: RunningApp['app']) => {
      new WebSocketServer({ server: app.getHttpServer() });
    };
    const paths = [{ path: '/graphql', policy: { origin: APP, enforce: false } as const }];
    expect(await warningsOf({ options: { ...ENFORCING, paths }, configure }, platform)).toEqual([]);
  });
});

describe('gateway-unchecked is logged', () => {
  const providers = [ChatGateway];

  @Controller('orders')
  class OrdersController {
    @Cors({ enforce: 'unsafe-methods' }) @Get() list(): void {}
  }

  it('where one handler enforces', async () => {
    expect(await warningsOf({ options: { origin: APP }, providers, controllers: [OrdersController] })).toHaveLength(1);
  });

  it('where an entry of `paths` enforces', async () => {
    expect(await warningsOf({ options: ENFORCING_PATH, providers })).toHaveLength(1);
  });

  it('where `enforceReportOnly` is set', async () => {
    const options = { ...ENFORCING, enforceReportOnly: true };
    expect(await warningsOf({ options, providers })).toHaveLength(1);
  });

  it('not where no policy enforces', async () => {
    expect(await warningsOf({ options: { origin: APP }, providers })).toEqual([]);
  });

  it('not in an application without gateways', async () => {
    expect(await warningsOf({})).toEqual([]);
  });

  it('not if it is silenced', async () => {
    const diagnostics = { silence: ['gateway-unchecked'] };
    expect(await warningsOf({ options: { ...ENFORCING, diagnostics }, providers })).toEqual([]);
    const afterwards = (app: RunningApp['app']) => {
      new WebSocketServer({ server: app.getHttpServer() });
    };
    expect(await warningsOf({ options: { ...ENFORCING_PATH, diagnostics }, afterwards })).toEqual([]);
  });

  it('not in an application context, which serves no gateways', async () => {
    @Module({ imports: [CorsModule.forRoot(ENFORCING as object)], providers })
    class Root {}
    const log = new RecordedLog();
    const context = await NestFactory.createApplicationContext(Root, { logger: log, abortOnError: false });
    await context.close();
    expect(log.warnings).toEqual([]);
  });
});
