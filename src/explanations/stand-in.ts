import type { GuardedResponse } from '../http/head/head-guard.js';
import type { RawRequest } from '../http/http-platform.js';

/** Where platforms look up the client and TLS. */
interface StandInSocket {
  readonly remoteAddress: string;
  readonly encrypted: boolean;
}

/**
 * A request that was never sent, in the form in which platforms and predicates read one.
 * @param encrypted whether it would arrive over TLS
 */
export function standInRequest(
  method: string,
  url: string,
  headers: Readonly<Record<string, string>>,
  encrypted: boolean,
): RawRequest {
  const request = { method, url, headers: { ...headers } };
  const socket: StandInSocket = { remoteAddress: '127.0.0.1', encrypted };
  return Object.defineProperty(request, 'socket', { value: socket });
}

/** Headers by names in lower case. */
export type RecordedHeaders = Readonly<Record<string, string>>;

/** A response that is never sent. It remembers its status and its headers. */
export class StandInResponse implements GuardedResponse {
  statusCode = 200;
  headersSent = false;
  readonly req: RawRequest;
  readonly #headers = new Map<string, string>();

  constructor(request: RawRequest) {
    this.req = request;
  }

  /** Fastify's reply has the raw response here. */
  get raw(): this {
    return this;
  }

  get headers(): RecordedHeaders {
    return Object.freeze(Object.fromEntries(this.#headers));
  }

  getHeaderNames(): string[] {
    return [...this.#headers.keys()];
  }

  getHeader(name: string): string | undefined {
    return this.#headers.get(name.toLowerCase());
  }

  setHeader(name: string, value: unknown): this {
    this.#headers.set(name.toLowerCase(), String(value));
    return this;
  }

  removeHeader(name: string): void {
    this.#headers.delete(name.toLowerCase());
  }

  writeHead(statusCode: number): this {
    this.statusCode = statusCode;
    this.headersSent = true;
    return this;
  }

  end(): this {
    this.headersSent = true;
    return this;
  }
}
