import https from 'node:https';
import type { LookupFunction } from 'node:net';
import { io, type Socket } from 'socket.io-client';
import { type ClientOptions, WebSocket } from 'ws';
import type { RawTarget } from '../../support/requests/raw-request.js';

/** How a client connects. */
export interface Connection {
  /** The Origin header; native clients have none. */
  readonly origin?: string | undefined;
  readonly headers?: Readonly<Record<string, string>>;
  /** The host in the URL, which is on loopback. */
  readonly host?: string;
  /** The path of the server. */
  readonly path?: string;
  /** The namespace of socket.io. */
  readonly namespace?: string;
}

/** Sends `ping` to a gateway: the answer of its handler, or how the connection failed. */
export type Client = (target: RawTarget, connection?: Connection) => Promise<string>;

/** Every name is on loopback, and no certificate is verified. */
const LOOPBACK = {
  rejectUnauthorized: false,
  lookup: ((_host, { all }, callback) =>
    all === true
      ? callback(null, [{ address: '127.0.0.1', family: 4 }])
      : callback(null, '127.0.0.1', 4)) satisfies LookupFunction,
};

/** The clients that a gateway on socket.io has. */
export const IO_CLIENTS: Readonly<Record<'polling' | 'websocket', Client>> = {
  polling: (target, connection) => askIo(target, ['polling'], connection),
  websocket: (target, connection) => askIo(target, ['websocket'], connection),
};

/** Asks a gateway on socket.io with the client of socket.io. */
export async function askIo(
  target: RawTarget,
  transports: readonly string[],
  connection: Connection = {},
): Promise<string> {
  const socket = openIo(target, transports, connection);
  try {
    return await new Promise<string>((resolve) => {
      socket.on('connect_error', ({ message }) => resolve(message));
      socket.on('pong', resolve);
      socket.emit('ping', {});
    });
  } finally {
    await closeIo(socket);
  }
}

/** Disconnects. A client that polls tells the server with one more request. */
export async function closeIo(socket: Socket): Promise<void> {
  const { readyState, transport } = socket.io.engine;
  socket.disconnect();
  if (readyState === 'open' && transport.name === 'polling') {
    await new Promise((resolve) => {
      transport.once('drain', resolve as () => void);
      transport.once('error', resolve);
    });
  }
}

/** Opens a connection with the client of socket.io. */
export function openIo(
  { port, secure = false }: RawTarget,
  transports: readonly string[],
  { origin, headers, host = '127.0.0.1', path = '/socket.io', namespace = '/' }: Connection = {},
): Socket {
  return io(`${secure ? 'https' : 'http'}://${host}:${port}${namespace}`, {
    ...(secure && { agent: new https.Agent(LOOPBACK) as never }),
    path,
    transports: [...transports],
    extraHeaders: { ...headers, ...(origin !== undefined && { Origin: origin }) },
    forceNew: true,
    reconnection: false,
  });
}

/** Asks a gateway on `ws`. A refused client gets the status of the answer. */
export const askWs: Client = async (
  { port, secure = false },
  { origin, headers, host = '127.0.0.1', path = '/' } = {},
) => {
  const options: ClientOptions = { headers: { ...headers, ...(origin !== undefined && { Origin: origin }) } };
  const url = `${secure ? 'wss' : 'ws'}://${host}:${port}${path}`;
  const socket = new WebSocket(url, { ...options, ...(secure && { agent: new https.Agent(LOOPBACK) }) });
  try {
    return await new Promise<string>((resolve) => {
      socket.on('unexpected-response', (_request, response) => resolve(`${response.statusCode}`));
      socket.on('error', ({ message }) => resolve(message));
      socket.on('open', () => socket.send(JSON.stringify({ event: 'ping', data: {} })));
      socket.on('message', (data) => resolve((JSON.parse(data.toString()) as { data: string }).data));
    });
  } finally {
    socket.terminate();
  }
};
