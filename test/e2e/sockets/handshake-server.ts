import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { INestApplication } from '@nestjs/common';
import { CorsService } from 'nestjs-cors';
import { type ClientOptions, WebSocket, WebSocketServer } from 'ws';
import type { RawTarget } from '../../support/requests/raw-request.js';

/** The answers of the server below. */
export const OPEN = 'open';
export const REFUSED = 403;

type Options = Parameters<CorsService['isHandshakeAllowed']>[1];

/** Adds a WebSocket server to an application, as its main.ts may do: `ws` behind an upgrade listener. */
export function checkUpgrades(app: INestApplication, options?: Options): void {
  const cors = app.get(CorsService);
  const sockets = new WebSocketServer({ noServer: true });
  app.getHttpServer().on('upgrade', async (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    if (await cors.isHandshakeAllowed(request, options)) {
      sockets.handleUpgrade(request, socket, head, (client) => client.close());
    } else {
      socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n');
    }
  });
}

/** What a client sends. */
export interface ClientHandshake {
  readonly path?: string;
  readonly origin?: string | undefined;
  /** @default `api.example.com` */
  readonly host?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Opens a WebSocket with the client of `ws`, and tells what the server answers: `open`, or the status of a refusal. */
export async function shakeHands(
  { port, secure = false }: RawTarget,
  { path = '/', origin, host = 'api.example.com', headers }: ClientHandshake = {},
): Promise<'open' | number> {
  const options: ClientOptions = {
    headers: { ...headers, Host: host, ...(origin !== undefined && { Origin: origin }) },
    rejectUnauthorized: false,
    finishRequest: (request) => {
      request.path = path; // the client resolves dots
      request.end();
    },
  };
  const client = new WebSocket(`${secure ? 'wss' : 'ws'}://127.0.0.1:${port}${path}`, options);
  const answer = await new Promise<'open' | number>((resolve, reject) => {
    client.once('open', () => resolve('open'));
    client.once('unexpected-response', (_request, response) => resolve(response.statusCode ?? 0));
    client.once('error', reject);
  });
  client.on('error', () => undefined); // closing a refused client is one
  client.terminate();
  return answer;
}
