import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Type } from '@nestjs/common';
import { Cors, type CorsModuleOptions, DisableCors } from 'nestjs-cors';
import { corsHeaders } from '../../support/cors-headers.js';
import { HandlerSpy } from '../../support/handler-spy.js';
import { PLATFORMS, type Platform, type RunningApp, startApp } from '../../support/platforms.js';
import { ADMIN, APP, EVIL, PARTNER } from '../../support/policy-statement.js';
import { ADAPTERS, createGateway, gatewayModule } from './gateway-application.js';
import { askIo, closeIo, openIo } from './socket-clients.js';

const spy = new HandlerSpy();
const NOT_ALLOWED = 'Origin not allowed';

interface TestServer {
  of(name: string): TestServer;
  use(middleware: (socket: unknown, next: () => void) => void): unknown;
  on(event: string, listener: (socket: { emit(event: string, data: string): unknown }) => void): unknown;
}

/** Lets a gateway see the server when Nest has created it. */
function withServer(gateway: Type, afterInit: (server: TestServer) => void): Type {
  Object.assign(gateway.prototype as object, { afterInit });
  return gateway;
}

describe.each(PLATFORMS)('the namespaces of socket.io ($name)', (platform: Platform) => {
  let running: RunningApp | undefined;
  beforeEach(() => {
    spy.take();
  });
  afterEach(() => running?.close());

  const start = async (cors: CorsModuleOptions, ...gateways: Type[]): Promise<void> => {
    running = await startApp(platform, gatewayModule(cors, gateways), { configure: ADAPTERS['socket.io']() });
  };
  const ask = async (origin: string, namespace: string, transport = 'websocket') => [
    await askIo(running as RunningApp, [transport], { origin, namespace }),
    spy.take(),
  ];
  const served = (name: string) => ['pong', [`${name} connected`, `${name} ping`]];
  const gateway = (namespace: unknown, name: string, ...decorators: ClassDecorator[]) =>
    createGateway(spy, { name, options: { namespace }, decorators });

  it.each(['polling', 'websocket'])('have the policies of their gateways, by %s', async (transport) => {
    const partners = Cors({ origin: PARTNER });
    const shut = gateway('/shut', 'shut', DisableCors());
    await start({ origin: APP }, gateway('chat', 'chat'), gateway('/partners', 'partners', partners), shut);
    expect(await ask(APP, '/chat', transport)).toEqual(served('chat'));
    expect(await ask(PARTNER, '/partners', transport)).toEqual(served('partners'));
    // The server accepts both origins, because one of its namespaces does.
    expect(await ask(APP, '/partners', transport)).toEqual([NOT_ALLOWED, []]);
    expect(await ask(PARTNER, '/chat', transport)).toEqual([NOT_ALLOWED, []]);
    expect(await ask(APP, '/shut', transport)).toEqual([NOT_ALLOWED, []]);
    const failed = [transport === 'polling' ? 'xhr poll error' : 'websocket error', []];
    expect(await ask(EVIL, '/chat', transport)).toEqual(failed);
  });

  it('tell the client of a refusal with the code `cors-forbidden`', async () => {
    await start({ origin: APP }, gateway('/open', 'open'), gateway('/shut', 'shut', DisableCors()));
    const socket = openIo(running as RunningApp, ['websocket'], { origin: APP, namespace: '/shut' });
    const error = await new Promise((resolve) => socket.on('connect_error', resolve));
    await closeIo(socket);
    expect(error).toMatchObject({ message: NOT_ALLOWED, data: { code: 'cors-forbidden' } });
  });

  it('check before the middleware of the application', async () => {
    const observed = withServer(gateway('/partners', 'partners', Cors({ origin: PARTNER })), (server) => {
      server.use((_socket, next) => {
        spy.ran('middleware');
        next();
      });
    });
    await start({ origin: APP }, gateway('/', 'root'), observed);
    expect(await ask(APP, '/partners')).toEqual([NOT_ALLOWED, []]);
    expect(await ask(PARTNER, '/partners')).toEqual(['pong', ['middleware', 'partners connected', 'partners ping']]);
  });

  it.each<[string, unknown]>([
    ['an expression', /^\/room-\d+$/],
    [
      'a function',
      (name: string, _auth: unknown, next: (error: null, isAllowed: boolean) => void) =>
        next(null, name.startsWith('/room-')),
    ],
  ])('that %s matches have the policy of its gateway', async (_, matcher) => {
    await start({ origin: APP }, gateway('/chat', 'chat'), gateway(matcher, 'room', Cors({ origin: PARTNER })));
    expect(await ask(PARTNER, '/room-1')).toEqual(served('room'));
    expect(await ask(APP, '/room-1')).toEqual([NOT_ALLOWED, []]);
    expect(await ask(APP, '/room-2')).toEqual([NOT_ALLOWED, []]);
    expect(await ask(APP, '/chat')).toEqual(served('chat'));
  });

  it('must be allowed by every gateway that shares them', async () => {
    const [one, other] = [Cors({ origin: [APP, PARTNER] }), Cors({ origin: [APP, ADMIN] })];
    await start({}, gateway('chat', 'one', one), gateway('/chat', 'other', other));
    expect((await ask(APP, '/chat'))[0]).toBe('pong');
    expect(await ask(PARTNER, '/chat')).toEqual([NOT_ALLOWED, []]);
    expect(await ask(ADMIN, '/chat')).toEqual([NOT_ALLOWED, []]);
  });

  it('must be allowed by every gateway with an equal expression', async () => {
    await start(
      {},
      gateway(/^\/a$/, 'one', Cors({ origin: [APP, PARTNER] })),
      gateway(/^\/a$/, 'two', Cors({ origin: APP })),
    );
    expect((await ask(APP, '/a'))[0]).toBe('pong');
    expect(await ask(PARTNER, '/a')).toEqual([NOT_ALLOWED, []]);
  });

  it('without a gateway have the application-wide policy', async () => {
    const observed = withServer(gateway('/chat', 'chat', Cors({ origin: PARTNER })), (namespace) => {
      const { server } = namespace as unknown as { readonly server: TestServer };
      server.of('/admin').on('connection', (socket) => socket.emit('pong', 'admin'));
    });
    await start({ origin: APP }, observed, gateway('/open', 'open'));
    expect(await ask(APP, '/admin')).toEqual(['admin', []]);
    expect(await ask(PARTNER, '/admin')).toEqual([NOT_ALLOWED, []]);
  });

  it('that share a server send the headers of a policy with credentials, if one allows the page', async () => {
    const [open, shut] = [gateway('/open', 'open', Cors({ origin: '*' })), gateway('/shut', 'shut', DisableCors())];
    await start({}, open, shut, gateway('/own', 'own', Cors({ origin: APP, credentials: true })));
    const headersFor = async (origin: string) => {
      const response = await (running as RunningApp).request({
        method: 'OPTIONS',
        path: '/socket.io/?EIO=4&transport=polling',
        headers: { Origin: origin, 'Access-Control-Request-Method': 'POST' },
      });
      const headers = corsHeaders(response);
      return [headers['access-control-allow-origin'], headers['access-control-allow-credentials']];
    };
    expect(await headersFor(APP)).toEqual([APP, 'true']);
    expect(await headersFor(EVIL)).toEqual(['*', undefined]);
  });
});
