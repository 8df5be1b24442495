import { IncomingMessage, type Server, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import type { Exchange } from '../kinds.js';

/** The response of a request in the process. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
}

/** A request and its response as Node creates them, on a socket without a peer. */
export function makePair(exchange: Exchange, socket: Socket): { request: IncomingMessage; response: ServerResponse } {
  const request = new IncomingMessage(socket);
  request.method = exchange.method;
  request.url = exchange.path;
  request.httpVersion = '1.1';
  request.httpVersionMajor = 1;
  request.httpVersionMinor = 1;
  const rawHeaders = Object.entries(exchange.headers).flat();
  // The parser calls this: Node parses raw headers when they are first read.
  (request as unknown as { _addHeaderLines(raw: string[], count: number): void })._addHeaderLines(
    rawHeaders,
    rawHeaders.length,
  );
  request.complete = true;
  request.push(null);
  return { request, response: new ServerResponse(request) };
}

/** Sends exchanges to a server inside the process. The cost includes everything but sockets and parsing. */
export class InProcess {
  readonly #socket = new Socket();
  #ended: (response: ServerResponse) => void = () => undefined;
  readonly #server: Server;

  constructor(server: Server) {
    this.#server = server;
    // One function for all responses: a response with its own `end` would be slower than a real one.
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

  /** One exchange and its response. */
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
