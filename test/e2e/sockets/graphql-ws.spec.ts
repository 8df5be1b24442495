import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { expect, it } from '@jest/globals';
import { type INestApplication, Module } from '@nestjs/common';
import { buildSchema } from 'graphql';
import { createClient } from 'graphql-ws';
import { useServer } from 'graphql-ws/use/ws';
import { CorsModule, CorsService } from 'nestjs-cors';
import { WebSocket, WebSocketServer } from 'ws';
import { HandlerSpy } from '../../support/handler-spy.js';
import { describePlatforms, type RunningApp, serve } from '../../support/platforms.js';
import { APP, EVIL } from '../../support/policy-statement.js';
import { RecordedLog } from '../../unit/boot/boot.js';

const schema = buildSchema('type Query { greeting: String } type Subscription { greetings: String }');
const roots = {
  query: {},
  subscription: {
    async *greetings() {
      yield { greetings: 'hello' };
    },
  },
};

@Module({
  imports: [
    CorsModule.forRoot({ origin: '*', paths: [{ path: '/graphql', policy: { origin: APP, enforce: 'all' } }] }),
  ],
})
class SubscriptionsModule {}

/** What a client gets: the values of the subscription, or why the connection ended. */
async function subscribe({ port }: RunningApp, origin?: string): Promise<unknown> {
  class FromOrigin extends WebSocket {
    constructor(url: string, protocols: string[]) {
      super(url, protocols, { origin });
    }
  }
  const client = createClient({ url: `ws://127.0.0.1:${port}/graphql`, webSocketImpl: FromOrigin, retryAttempts: 0 });
  const values: unknown[] = [];
  try {
    for await (const { data } of client.iterate({ query: 'subscription { greetings }' })) {
      values.push(data?.greetings);
    }
  } catch (error) {
    const { code, message } = error as { code?: number; message?: string };
    return code ?? message;
  } finally {
    await client.dispose();
  }
  return values;
}

/** Checks the handshake before the server accepts it: a refused page gets 403. */
function checkInUpgradeListener(app: INestApplication): void {
  const cors = app.get(CorsService);
  const sockets = new WebSocketServer({ noServer: true });
  useServer({ schema, roots }, sockets);
  const server: Server = app.getHttpServer();
  server.on('upgrade', async (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    if (await cors.isHandshakeAllowed(request)) {
      sockets.handleUpgrade(request, socket, head, (client) => sockets.emit('connection', client, request));
    } else {
      socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n');
    }
  });
}

/** Checks the connection, where a library creates the server: a refused page gets the close code 4403. */
function checkInOnConnect(app: INestApplication): void {
  const cors = app.get(CorsService);
  const sockets = new WebSocketServer({ server: app.getHttpServer(), path: '/graphql' });
  useServer({ schema, roots, onConnect: ({ extra }) => cors.isHandshakeAllowed(extra.request) }, sockets);
}

describePlatforms('graphql-ws', (platform) => {
  const logs = { upgrade: new RecordedLog(), connect: new RecordedLog() };
  const start = (configure: (app: INestApplication) => void, log: RecordedLog) =>
    serve(platform, SubscriptionsModule, new HandlerSpy(), { configure, application: { logger: log } });
  const upgrade = start(checkInUpgradeListener, logs.upgrade);
  const connect = start(checkInOnConnect, logs.connect);

  it('is refused by the policy of its path before the handshake, in an upgrade listener', async () => {
    expect(await subscribe(upgrade.running, APP)).toEqual(['hello']);
    expect(await subscribe(upgrade.running)).toEqual(['hello']);
    expect(await subscribe(upgrade.running, `http://127.0.0.1:${upgrade.running.port}`)).toEqual(['hello']);
    expect(await subscribe(upgrade.running, EVIL)).toBe('Unexpected server response: 403');
    expect(await subscribe(upgrade.running, 'null')).toBe('Unexpected server response: 403');
    expect(await subscribe(upgrade.running, `http://127.0.0.1:${upgrade.running.port + 1}`)).toBe(
      'Unexpected server response: 403',
    );
  });

  it('is closed by the policy of its path before it subscribes, in `onConnect`', async () => {
    expect(await subscribe(connect.running, APP)).toEqual(['hello']);
    expect(await subscribe(connect.running)).toEqual(['hello']);
    expect(await subscribe(connect.running, EVIL)).toBe(4403);
    expect(await subscribe(connect.running, 'null')).toBe(4403);
  });

  it('causes a warning at boot, unless its upgrade listener checks handshakes', () => {
    const unchecked = ({ warnings }: RecordedLog) => warnings.filter((line) => line.startsWith('gateway-unchecked'));
    expect(unchecked(logs.upgrade)).toEqual([]);
    expect(unchecked(logs.connect)).toEqual([expect.stringContaining('an upgrade listener of the HTTP server')]);
  });

  it('is named in the log of a refusal', () => {
    // Nest has one logger in a process: that of the application that was created last.
    expect(logs.connect.warnings).toContainEqual(
      expect.stringMatching(
        /^origin-not-allowed: WebSocket handshake "\/graphql" from origin "https:\/\/evil\.example" \(paths "\/graphql"\): /,
      ),
    );
  });
});
