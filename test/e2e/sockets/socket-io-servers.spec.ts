import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type INestApplication, Module, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Transport } from '@nestjs/microservices';
import { Cors, type CorsModuleOptions, DisableCors } from 'nestjs-cors';
import { CorsIoAdapter, CorsWsAdapter } from 'nestjs-cors/websockets';
import { freePort } from '../../support/free-port.js';
import { HandlerSpy } from '../../support/handler-spy.js';
import { PLATFORMS, type RunningApp } from '../../support/platforms.js';
import { APP, EVIL, PARTNER } from '../../support/policy-statement.js';
import { ADAPTERS, createGateway, type GatewayOptions, gatewayModule, startGateways } from './gateway-application.js';
import { IO_CLIENTS } from './socket-clients.js';

type IoServer = ReturnType<CorsIoAdapter['createIOServer']>;
type IoServerOptions = NonNullable<Parameters<CorsIoAdapter['createIOServer']>[1]>;

const spy = new HandlerSpy();
const running: RunningApp[] = [];
beforeEach(() => {
  spy.take();
});
afterEach(async () => {
  await Promise.all(running.splice(0).map((one) => one.close()));
});

describe.each(PLATFORMS)('a server of socket.io ($name)', (platform) => {
  const start = async (
    cors: CorsModuleOptions,
    gateways: readonly GatewayOptions[],
    configure: (app: INestApplication) => unknown = ADAPTERS['socket.io'](),
  ): Promise<RunningApp> => {
    const started = await startGateways(platform, spy, cors, gateways, configure);
    running.push(started);
    return started;
  };

  describe.each(Object.entries(IO_CLIENTS))('for a client by %s', (_, ask) => {
    it('calls `allowRequest` of the gateway for allowed pages only', async () => {
      const allowRequest = (
        { headers }: IncomingMessage,
        answer: (error: string | null, isAllowed: boolean) => void,
      ) => {
        spy.ran(`asked about ${headers.origin}`);
        answer(null, headers['x-ticket'] === '1');
      };
      const target = await start({ origin: APP }, [{ options: { allowRequest } }]);
      expect(await ask(target, { origin: APP, headers: { 'X-Ticket': '1' } })).toBe('pong');
      expect(spy.take()[0]).toBe(`asked about ${APP}`);
      expect(await ask(target, { origin: APP })).not.toBe('pong');
      expect(spy.take()).toEqual([`asked about ${APP}`]);
      expect(await ask(target, { origin: EVIL, headers: { 'X-Ticket': '1' } })).not.toBe('pong');
      expect(spy.take()).toEqual([]);
    });

    it.each<[string, () => unknown]>([
      ['throws', () => JSON.parse('{')],
      ['rejects', async () => JSON.parse('{')],
    ])('refuses a client if `allowRequest` of the gateway %s', async (_how, allowRequest) => {
      const target = await start({ origin: APP }, [{ options: { allowRequest } }]);
      expect(await ask(target, { origin: APP })).toMatch(/^(xhr poll|websocket) error$/);
      expect(spy.take()).toEqual([]);
    });

    it('checks gateways with a port of their own', async () => {
      const port = await freePort();
      await start({ origin: APP }, [{ port, decorators: [Cors({ origin: PARTNER })] }, { name: 'other' }]);
      const target = { port };
      expect(await ask(target, { origin: PARTNER })).toBe('pong');
      expect(await ask(target, { origin: `http://127.0.0.1:${port}` })).toBe('pong');
      expect(await ask(target, { origin: APP })).not.toBe('pong');
      expect(await ask(running[0] as RunningApp, { origin: APP })).toBe('pong');
      expect(await ask(running[0] as RunningApp, { origin: PARTNER })).not.toBe('pong');
    });

    it('checks gateways with a path of their own', async () => {
      const partners = { options: { path: '/partners' }, decorators: [Cors({ origin: PARTNER })] };
      const target = await start({ origin: APP }, [
        partners,
        { options: { path: '/shut' }, decorators: [DisableCors()] },
      ]);
      expect(await ask(target, { origin: PARTNER, path: '/partners' })).toBe('pong');
      expect(await ask(target, { origin: APP, path: '/partners' })).not.toBe('pong');
      expect(await ask(target, { origin: PARTNER, path: '/shut' })).not.toBe('pong');
      expect(await ask(target, { path: '/shut' })).toBe('pong');
    });

    it('checks the gateways of a subclass that sets its own options', async () => {
      /** As an adapter for Redis does, and adapters that read their settings from the environment. */
      class SettingsAdapter extends CorsIoAdapter {
        override createIOServer(port: number, options?: IoServerOptions): IoServer {
          const settings = { ...(options as IoServerOptions), path: '/live', cors: { origin: EVIL } };
          const server = super.createIOServer(port, settings);
          server.adapter(server.adapter() as never);
          server.use((_socket, next) => {
            spy.ran('middleware');
            next();
          });
          return server;
        }
      }
      const gateway = { decorators: [Cors({ origin: PARTNER })] };
      const target = await start({ origin: APP }, [gateway], (app) =>
        app.useWebSocketAdapter(new SettingsAdapter(app)),
      );
      expect(await ask(target, { origin: PARTNER, path: '/live' })).toBe('pong');
      expect(spy.take()).toEqual(['middleware', 'gateway connected', 'gateway ping']);
      for (const origin of [APP, EVIL]) {
        expect(await ask(target, { origin, path: '/live' })).not.toBe('pong');
      }
      expect(spy.take()).toEqual([]);
    });

    it('of several applications has the policies of its own', async () => {
      const [one, other] = [await start({ origin: APP }, [{}]), await start({ origin: PARTNER }, [{}])];
      expect([await ask(one, { origin: APP }), await ask(other, { origin: PARTNER })]).toEqual(['pong', 'pong']);
      expect(await ask(one, { origin: PARTNER })).not.toBe('pong');
      expect(await ask(other, { origin: APP })).not.toBe('pong');
    });

    it('checks the gateways of a hybrid application', async () => {
      const target = await start({ origin: APP }, [{}], async (app) => {
        app.connectMicroservice(
          { transport: Transport.TCP, options: { port: await freePort() } },
          { inheritAppConfig: true },
        );
        app.useWebSocketAdapter(new CorsIoAdapter(app));
        await app.startAllMicroservices();
      });
      expect(await ask(target, { origin: APP })).toBe('pong');
      expect(await ask(target, { origin: EVIL })).not.toBe('pong');
    });

    it('serves only the own host and native clients before the application is initialised', async () => {
      const app = await NestFactory.create(
        gatewayModule({ origin: '*' }, [createGateway(spy)]),
        platform.createAdapter(),
        { logger: false },
      );
      const port = await freePort();
      const server = new CorsIoAdapter(app).createIOServer(port);
      server.on('connection', (socket) => socket.emit('pong', 'early'));
      try {
        expect(await ask({ port }, { origin: APP })).not.toBe('early');
        expect(await ask({ port }, { origin: `http://127.0.0.1:${port}` })).toBe('early');
        expect(await ask({ port })).toBe('early');
      } finally {
        await server.close();
        await app.close();
      }
    });
  });

  it('survives a client that resets the connection while a resolver is called', async () => {
    const sockets: Duplex[] = [];
    let isUnprotected: boolean | undefined;
    const origin = async () => {
      const [socket] = sockets as [Duplex];
      isUnprotected = socket.listenerCount('error') === 0;
      socket.destroy();
      return true;
    };
    const target = await start({ origin }, [{}]);
    target.app.getHttpServer().prependListener('upgrade', (_: unknown, socket: Duplex) => sockets.push(socket));
    expect(await IO_CLIENTS.websocket(target, { origin: APP })).toBe('websocket error');
    expect(isUnprotected).toBe(false);
  });

  it('tells why it refused a connection in the event `connection_error`', async () => {
    let errors: unknown[] = [];
    class ObservedAdapter extends CorsIoAdapter {
      override createIOServer(port: number, options?: IoServerOptions): IoServer {
        const server = super.createIOServer(port, options);
        server.engine.on('connection_error', ({ code, context }: { code: number; context: unknown }) =>
          errors.push([code, context]),
        );
        return server;
      }
    }
    const target = await start({ origin: APP }, [{}], (app) => app.useWebSocketAdapter(new ObservedAdapter(app)));
    for (const ask of Object.values(IO_CLIENTS)) {
      errors = [];
      expect(await ask(target, { origin: EVIL })).not.toBe('pong');
      expect(errors).toEqual([[4, { message: 'Origin not allowed' }]]);
    }
  });

  it('closes sessions of WebTransport, which have no Origin to check', async () => {
    let server: IoServer | undefined;
    class ObservedAdapter extends CorsIoAdapter {
      override createIOServer(port: number, options?: IoServerOptions): IoServer {
        server = super.createIOServer(port, options);
        return server;
      }
    }
    const options = { transports: ['polling', 'webtransport'] };
    await start({ origin: '*' }, [{ options }], (app) => app.useWebSocketAdapter(new ObservedAdapter(app)));
    const session = { closed: false, close: () => Object.assign(session, { closed: true }) };
    await (server as IoServer).engine.onWebTransportSession(session);
    expect(session.closed).toBe(true);
  });

  it.each<[string, (app: INestApplication) => unknown]>([
    ['CorsIoAdapter', (app) => new CorsIoAdapter(app)],
    ['CorsWsAdapter', (app) => new CorsWsAdapter(app)],
  ])('cannot have %s in an application without CorsModule', async (name, create) => {
    class PlainModule {}
    Module({ providers: [createGateway(spy)] })(PlainModule);
    const app = await NestFactory.create(PlainModule as Type, platform.createAdapter(), { logger: false });
    try {
      expect(() => create(app)).toThrow(
        `${name} finds no policies, because no module of this application imports CorsModule. Import it once, in the ` +
          "root module: @Module({ imports: [CorsModule.forRoot({ origin: ['https://app.example.com'] })] })",
      );
    } finally {
      await app.close();
    }
  });
});
