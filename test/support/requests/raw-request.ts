import net from 'node:net';
import tls from 'node:tls';
import { parseResponse, type RawResponse } from './http-message.js';

export interface RawRequest {
  /** @default 'GET' */
  readonly method?: string;
  /** The request target, sent unchanged. @default '/' */
  readonly path?: string;
  /** Sent in this order and case; a list gives one line per value. `undefined` omits the line. */
  readonly headers?: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** Sent with its `content-length` unless `headers` frames it. */
  readonly body?: string | Buffer;
}

export interface RawTarget {
  readonly port: number;
  /** Use TLS, without verifying the certificate. */
  readonly secure?: boolean;
}

/** Milliseconds without a byte after which a request fails with a clear error. */
const SILENCE_LIMIT = 25_000;

function requestBytes(request: RawRequest, target: RawTarget, connection: string): Buffer {
  const headers = request.headers ?? {};
  const written = new Set(Object.keys(headers).map((name) => name.toLowerCase()));
  const body = request.body === undefined ? undefined : Buffer.from(request.body);
  const lines = [`${request.method ?? 'GET'} ${request.path ?? '/'} HTTP/1.1`];
  if (!written.has('host')) {
    lines.push(`Host: 127.0.0.1:${target.port}`);
  }
  for (const [name, value] of Object.entries(headers)) {
    const values = value === undefined ? [] : typeof value === 'string' ? [value] : value;
    for (const one of values) {
      lines.push(`${name}: ${one}`);
    }
  }
  if (!written.has('connection')) {
    lines.push(`Connection: ${connection}`);
  }
  if (body && !written.has('content-length') && !written.has('transfer-encoding')) {
    lines.push(`Content-Length: ${body.length}`);
  }
  // latin1 has one byte per code unit, so a test can send any byte.
  const head = Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1');
  return body ? Buffer.concat([head, body]) : head;
}

/** A connection that sends requests byte by byte and reads responses in order. */
export class RawConnection {
  #bytes: Buffer = Buffer.alloc(0);
  #ended = false;
  #wake: () => void = () => undefined;
  readonly #methods: string[] = [];
  readonly #target: RawTarget;
  readonly #socket: net.Socket;

  constructor(target: RawTarget, socket: net.Socket) {
    this.#target = target;
    this.#socket = socket;
    socket.setTimeout(SILENCE_LIMIT, () => socket.destroy());
    socket.on('data', (chunk: Buffer) => {
      this.#bytes = Buffer.concat([this.#bytes, chunk]);
      this.#wake();
    });
    // A server may refuse the rest of a body by a reset after its response. 'close' follows, and the received bytes are
    // valid.
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.#ended = true;
      this.#wake();
    });
  }

  static async open(target: RawTarget): Promise<RawConnection> {
    const options = { host: '127.0.0.1', port: target.port };
    const socket = target.secure
      ? tls.connect({ ...options, rejectUnauthorized: false, ALPNProtocols: ['http/1.1'] })
      : net.connect(options);
    await new Promise<void>((resolve, reject) => {
      socket.once(target.secure ? 'secureConnect' : 'connect', resolve);
      socket.once('error', reject);
    });
    return new RawConnection(target, socket);
  }

  /** Sends a request. Several may be sent before the first response is read. */
  send(request: RawRequest, connection = 'keep-alive'): void {
    this.#methods.push(request.method ?? 'GET');
    this.#socket.write(requestBytes(request, this.#target, connection));
  }

  /** Reads the response to the oldest request without one. */
  async receive(): Promise<RawResponse> {
    const method = this.#methods.shift() ?? 'GET';
    for (;;) {
      const parsed = parseResponse(this.#bytes, method, this.#ended);
      if (parsed) {
        this.#bytes = parsed.rest;
        return parsed.response;
      }
      if (this.#ended) {
        throw new Error(`the connection ended within a response: ${JSON.stringify(this.#bytes.toString('latin1'))}`);
      }
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  close(): void {
    this.#socket.destroy();
  }
}

/** Sends one request on its own connection. */
export async function rawRequest(target: RawTarget, request: RawRequest): Promise<RawResponse> {
  const connection = await RawConnection.open(target);
  try {
    connection.send(request, 'close');
    return await connection.receive();
  } finally {
    connection.close();
  }
}
