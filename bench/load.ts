import net from 'node:net';
import type { Exchange } from './kinds.js';

/** The response to one request, as received. */
export interface WireAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Bytes of head and body. */
  readonly length: number;
  /** The status line. */
  readonly start: string;
}

/** An exchange in bytes. */
export function requestBytes({ method, path, headers }: Exchange): Buffer {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.from(`${method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n`, 'latin1');
}

/** Keep-alive connections to one server, each with one pending request. */
export class Connections {
  readonly #sockets: readonly net.Socket[];

  constructor(sockets: readonly net.Socket[]) {
    this.#sockets = sockets;
  }

  static async open(port: number, count: number): Promise<Connections> {
    const sockets = await Promise.all(Array.from({ length: count }, () => connect(port)));
    return new Connections(sockets);
  }

  /** Sends one request and reads its response. */
  async ask(request: Buffer): Promise<WireAnswer> {
    const socket = this.#sockets[0] as net.Socket;
    const chunks: Buffer[] = [];
    let answer: WireAnswer | undefined;
    await converse(
      socket,
      (chunk) => {
        chunks.push(chunk);
        const received = Buffer.concat(chunks);
        answer ??= readHead(received);
        return answer !== undefined && received.length >= answer.length;
      },
      request,
    );
    return answer as WireAnswer;
  }

  /**
   * Sends many requests.
   * @throws Error if a response differs in length or status line from the checked one
   */
  async run(request: Buffer, count: number, like: WireAnswer): Promise<void> {
    const start = Buffer.from(like.start, 'latin1');
    let left = count;
    await Promise.all(
      this.#sockets.map(async (socket) => {
        if (left-- <= 0) {
          return;
        }
        let received = 0;
        await converse(
          socket,
          (chunk) => {
            const wrong = received === 0 && chunk.compare(start, 0, start.length, 0, start.length) !== 0;
            received += chunk.length;
            if (wrong || received > like.length) {
              throw new Error(`An answer is not like the first one, which began with ${JSON.stringify(like.start)}.`);
            }
            if (received < like.length) {
              return false;
            }
            received = 0;
            if (left-- <= 0) {
              return true;
            }
            socket.write(request);
            return false;
          },
          request,
        );
      }),
    );
  }

  close(): void {
    for (const socket of this.#sockets) {
      socket.destroy();
    }
  }
}

function connect(port: number): Promise<net.Socket> {
  return new Promise((resolve, reject) => {
    const socket = net.connect(port, '127.0.0.1', () => {
      socket.off('error', reject);
      resolve(socket);
    });
    socket.setNoDelay(true);
    socket.on('error', reject);
  });
}

/** Sends a request and passes received bytes on until `take` returns true. */
function converse(socket: net.Socket, take: (chunk: Buffer) => boolean, request: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (finish: () => void) => {
      socket.off('data', data);
      socket.off('close', closed);
      socket.off('error', failed);
      finish();
    };
    const data = (chunk: Buffer) => {
      try {
        if (take(chunk)) {
          settle(resolve);
        }
      } catch (error) {
        settle(() => reject(error));
      }
    };
    const closed = () => settle(() => reject(new Error('The server closed a connection.')));
    const failed = (error: Error) => settle(() => reject(error));
    socket.on('data', data);
    socket.on('close', closed);
    socket.on('error', failed);
    socket.write(request);
  });
}

/** Reads the head of a response once it is complete. */
export function readHead(received: Buffer): WireAnswer | undefined {
  const end = received.indexOf('\r\n\r\n');
  if (end === -1) {
    return undefined;
  }
  const [start = '', ...lines] = received.toString('latin1', 0, end).split('\r\n');
  const headers: Record<string, string> = {};
  for (const line of lines) {
    const colon = line.indexOf(':');
    headers[line.slice(0, colon).toLowerCase()] = line.slice(colon + 1).trim();
  }
  const status = Number(start.split(' ')[1]);
  const body = headers['content-length'];
  if (body === undefined && status !== 204) {
    throw new Error(`An answer has no Content-Length: ${start}.`);
  }
  return { status, headers, length: end + 4 + Number(body ?? 0), start };
}
