import type { IncomingMessage } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Cors, type CorsModuleOptions, DisableCors } from 'nestjs-cors';
import { CorsWsAdapter } from 'nestjs-cors/websockets';
import { WebSocket } from 'ws';
import { freePort } from '../../support/free-port.js';
import { HandlerSpy } from '../../support/handler-spy.js';
import { PLATFORMS, type RunningApp } from '../../support/platforms.js';
import { ADMIN, APP, EVIL, PARTNER } from '../../support/policy-statement.js';
import { ADAPTERS, createGateway, type GatewayOptions, gatewayModule, startGateways } from './gateway-application.js';
import { askWs } from './socket-clients.js';

type Info = { readonly req: IncomingMessage; readonly origin: string | undefined };
type Answer = (verified: boolean, status?: number) => void;

const spy = new HandlerSpy();
const running: RunningApp[] = [];
beforeEach(() => {
  spy.take();
});
afterEach(async () => {
  await Promise.all(running.splice(0).map((one) => one.close()));
});

describe.each(PLATFORMS)('a server of ws ($name)', (platform) => {
  const start = async (
    cors: CorsModuleOptions,
    gateways: readonly GatewayOptions[],
    configure: (app: INestApplication) => unknown = ADAPTERS.ws(),
  ): Promise<RunningApp> => {
    const started = await startGateways(platform, spy, cors, gateways, configure);
    running.push(started);
    return started;
  };

  it('must be allowed by every gateway of its path', async () => {
    const one = { name: 'one', decorators: [Cors({ origin: [APP, PARTNER] })] };
    const other = { name: 'other', decorators: [Cors({ origin: [APP, ADMIN] })] };
    const target = await start({}, [one, other]);
    expect(await askWs(target, { origin: APP })).toBe('pong');
    expect(spy.take().sort()).toEqual(['one connected', 'one ping', 'other connected', 'other ping']);
    for (const origin of [PARTNER, ADMIN, EVIL]) {
      expect(await askWs(target, { origin })).toBe('403');
    }
    expect(spy.take()).toEqual([]);
  });

  it('has the policies of the gateways of its path', async () => {
    const partners = { options: { path: '/partners' }, decorators: [Cors({ origin: PARTNER })] };
    const shut = { options: { path: '/shut' }, decorators: [DisableCors()] };
    const target = await start({ origin: APP }, [partners, shut, { options: { path: '/open' } }]);
    expect(await askWs(target, { origin: PARTNER, path: '/partners' })).toBe('pong');
    expect(await askWs(target, { origin: APP, path: '/open' })).toBe('pong');
    expect(await askWs(target, { origin: APP, path: '/partners' })).toBe('403');
    expect(await askWs(target, { origin: APP, path: '/shut' })).toBe('403');
    expect(await askWs(target, { path: '/shut' })).toBe('pong');
  });

  it.each([undefined, '/partners'])('checks gateways with a port of their own, at the path %s', async (path) => {
    const port = await freePort();
    const partners = { port, options: path === undefined ? {} : { path }, decorators: [Cors({ origin: PARTNER })] };
    await start({ origin: APP }, [partners]);
    const ask = (origin: string | undefined) => askWs({ port }, { origin, path: path ?? '/' });
    expect(await ask(PARTNER)).toBe('pong');
    expect(await ask(`http://127.0.0.1:${port}`)).toBe('pong');
    expect(await ask(undefined)).toBe('pong');
    expect(await ask(APP)).toBe('403');
  });

  const hasTicket = ({ req, origin }: Info): boolean => {
    spy.ran(`asked about ${origin}`);
    return req.headers['x-ticket'] === '1';
  };

  it.each<[string, string, unknown]>([
    ['one parameter', '401', (info: Info) => hasTicket(info)],
    ['a callback', '402', (info: Info, answer: Answer) => setImmediate(() => answer(hasTicket(info), 402))],
  ])('calls `verifyClient` of the gateway, with %s, for allowed pages only', async (_, status, verifyClient) => {
    const target = await start({ origin: APP }, [{ options: { verifyClient } }]);
    expect(await askWs(target, { origin: APP, headers: { 'X-Ticket': '1' } })).toBe('pong');
    expect(spy.take()[0]).toBe(`asked about ${APP}`);
    expect(await askWs(target, { origin: APP })).toBe(status);
    expect(spy.take()).toEqual([`asked about ${APP}`]);
    expect(await askWs(target, { origin: EVIL, headers: { 'X-Ticket': '1' } })).toBe('403');
    expect(spy.take()).toEqual([]);
  });

  it('refuses a client if `verifyClient` of the gateway throws', async () => {
    const verifyClient = () => {
      throw new Error('broken');
    };
    const target = await start({ origin: APP }, [{ options: { verifyClient } }]);
    expect(await askWs(target, { origin: APP })).toBe('500');
  });

  it('has the options of WsAdapter, and checks the gateways of a subclass', async () => {
    class ParsingAdapter extends CorsWsAdapter {
      constructor(app: INestApplication) {
        super(app, { messageParser: (data) => ({ event: data.toString(), data: {} }) });
      }

      override create(port: number, options?: Record<string, unknown>) {
        return super.create(port, { ...options, maxPayload: 1_000 });
      }
    }
    const target = await start({ origin: APP }, [{}], (app) => app.useWebSocketAdapter(new ParsingAdapter(app)));
    expect(await askWs(target, { origin: EVIL })).toBe('403');
    const socket = new WebSocket(`ws://127.0.0.1:${target.port}`, { origin: APP });
    socket.on('open', () => socket.send('ping'));
    const answer = await new Promise((resolve) => socket.on('message', (data) => resolve(data.toString())));
    socket.terminate();
    expect(answer).toBe('{"event":"pong","data":"pong"}');
  });

  it('serves only the own host and native clients before the application is initialised', async () => {
    const app = await NestFactory.create(
      gatewayModule({ origin: '*' }, [createGateway(spy)]),
      platform.createAdapter(),
      {
        logger: false,
      },
    );
    const port = await freePort();
    const adapter = new CorsWsAdapter(app);
    const server = adapter.create(port, {});
    server.on('connection', (socket: WebSocket) => socket.send('{"data":"early"}'));
    try {
      expect(await askWs({ port }, { origin: APP })).toBe('403');
      expect(await askWs({ port }, { origin: `http://127.0.0.1:${port}` })).toBe('early');
      expect(await askWs({ port })).toBe('early');
    } finally {
      await adapter.close(server);
      await app.close();
    }
  });
});
