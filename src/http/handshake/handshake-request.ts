import type { Socket } from 'node:net';
import type { HttpPlatform, RawRequest } from '../http-platform.js';

/** The request of a WebSocket handshake: of Node, Express or Fastify. */
export interface HandshakeRequest extends RawRequest {
  /** Node's request, on a request of Fastify. */
  readonly raw?: unknown;
}

type Headers = RawRequest['headers'];

/** The parts of a handshake that a decision reads. */
export class Handshake {
  /** As handlers of the platform see it. */
  readonly request: unknown;
  readonly raw: RawRequest;
  /** For a preflight the requested method. */
  readonly method: string;
  /** Only polling has preflights. */
  readonly isPreflight: boolean;
  /** The headers that a preflight announces. */
  readonly requestedHeaders: string | undefined;
  /** As the client sent it. */
  readonly url: string;
  readonly origin: string | undefined;
  /** The Host header, without what a proxy says. */
  readonly host: string | undefined;
  /** `http` or `https`, as the platform reports it; `undefined` if it cannot say. */
  readonly scheme: string | undefined;

  constructor(request: HandshakeRequest, platform: HttpPlatform | undefined) {
    const raw = rawOf(request);
    const { headers } = raw;
    this.raw = raw;
    this.request = raw === request ? platformRequest(raw, platform) : request;
    const requestedMethod = textOf(headers, 'access-control-request-method');
    this.isPreflight = raw.method === 'OPTIONS' && requestedMethod !== undefined;
    this.method = (this.isPreflight ? requestedMethod : raw.method) ?? 'GET';
    this.requestedHeaders = this.isPreflight ? textOf(headers, 'access-control-request-headers') : undefined;
    this.url = raw.originalUrl ?? raw.url ?? textOf(headers, ':path') ?? '/';
    this.origin = textOf(headers, 'origin');
    this.host = textOf(headers, 'host') ?? textOf(headers, ':authority');
    this.scheme = schemeOf(this.request, raw, platform);
    surviveResets(raw);
  }

  /**
   * Whether the browser says that the page has the origin of the server.
   * @see https://www.w3.org/TR/fetch-metadata/#sec-fetch-site-header
   */
  get isSameOrigin(): boolean {
    return this.raw.headers['sec-fetch-site'] === 'same-origin';
  }
}

/**
 * Node leaves the socket of an `upgrade` event without a listener for errors: a client that resets the connection while
 * a resolver is called, or after a refusal, would end the process.
 */
function surviveResets(raw: RawRequest): void {
  const { socket } = raw as { readonly socket?: Partial<Socket> };
  if (socket?.listenerCount?.('error') === 0) {
    socket.on?.('error', () => undefined);
  }
}

function rawOf(request: HandshakeRequest): RawRequest {
  const { raw } = request;
  return typeof raw === 'object' && raw !== null && 'headers' in raw ? (raw as RawRequest) : request;
}

/** A repeated header has a list where the request is not Node's: no browser sends one, so it is malformed. */
function textOf(headers: Headers, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value.join(', ') : value;
}

function platformRequest(raw: RawRequest, platform: HttpPlatform | undefined): unknown {
  return platform === undefined ? raw : platform.requestOf(raw);
}

function schemeOf(request: unknown, raw: RawRequest, platform: HttpPlatform | undefined): string | undefined {
  try {
    const scheme = platform?.scheme(request) ?? schemeOfSocket(raw);
    // Some proxies send `X-Forwarded-Proto: wss` for a handshake.
    return scheme === 'wss' ? 'https' : scheme === 'ws' ? 'http' : scheme;
  } catch {
    return undefined; // the application's own trust-proxy function threw, or the request has no socket
  }
}

function schemeOfSocket(raw: RawRequest): string {
  const { socket } = raw as { readonly socket?: { readonly encrypted?: boolean } };
  return socket?.encrypted === true ? 'https' : 'http';
}
