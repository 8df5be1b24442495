import { IncomingMessage, type Server, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import type { Exchange } from '../kinds.js';

/** What an answer came to, read off the response. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
}

/** A request and its response as Node makes them, on a socket that leads nowhere. */
export function makePair(exchange: Exchange, socket: Socket): { request: IncomingMessage; response: ServerResponse } {
  const request = new IncomingMessage(socket);
  request.method = exchange.method;
  request.url = exchange.path;
  request.httpVersion = '1.1';
  request.httpVersionMajor = 1;
  request.httpVersionMinor = 1;
  const rawHeaders = Object.entries(exchange.headers).flat();
  // What the parser calls: headers are read from the raw ones when they are first asked for.
  (request as unknown as { _addHeaderLines(raw: string[], count: number): void })._addHeaderLines(
    rawHeaders,
    rawHeaders.length,
  );
  request.complete = true;
  request.push(null);
  return { request, response: new ServerResponse(request) };
}

/** Sends exchanges to a server within the process: all that a request costs, but for sockets and parsing. */
export class InProcess {
  readonly #socket = new Socket();
  #ended: (response: ServerResponse) => void = () => undefined;
  readonly #server: Server;

  constructor(server: Server) {
    this.#server = server;
    // For all responses of this process: one that had an `end` of its own would be slower than those of a real server.
    const end = ServerResponse.prototype.end as (this: ServerResponse, ...values: unknown[]) => ServerResponse;
    const ended = (response: ServerResponse) => this.#ended(response);
    ServerResponse.prototype.end = function (
      this: ServerResponse,
      chunk?: unknown,
      encoding?: unknown,
      done?: unknown,
    ) {
      const result = end.call(this, chunk, encoding, done);
      ended(this);
      return result;
    } as typeof ServerResponse.prototype.end;
  }

  /** One exchange, with its answer. */
  async answer(exchange: Exchange): Promise<Answer> {
    const response = await this.#send(exchange);
    const head = (response as unknown as { _header: string })._header;
    const [statusLine = '', ...lines] = head.trimEnd().split('\r\n');
    const headers: Record<string, string> = {};
    for (const line of lines) {
      const colon = line.indexOf(':');
      headers[line.slice(0, colon).toLowerCase()] = line.slice(colon + 1).trim();
    }
    return { status: Number(statusLine.split(' ')[1]), headers };
  }

  /** Many exchanges, one after the other. */
  async run(exchange: Exchange, count: number): Promise<void> {
    for (let index = 0; index < count; index++) {
      await this.#send(exchange);
    }
  }

  #send(exchange: Exchange): Promise<ServerResponse> {
    const { request, response } = makePair(exchange, this.#socket);
    return new Promise((resolve) => {
      this.#ended = resolve;
      this.#server.emit('request', request, response);
    });
  }
}
