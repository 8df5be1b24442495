import type { IncomingMessage, Server, ServerResponse } from 'node:http';

/** A request that reached the API. */
export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly preflight: boolean;
}

const MOST_ORIGINS = 20;
const MOST_REQUESTS = 50;

/**
 * What reached the API from each origin, so that the page can show what happened behind the browser's back. Part of the
 * exhibition, not of the API.
 */
export class RequestLog {
  readonly #seen = new Map<string, SeenRequest[]>();

  /** Listens to a server, before anything else answers. */
  watch(server: Server): void {
    server.prependListener('request', (request: IncomingMessage, response: ServerResponse) => {
      const { method = '', url = '', headers } = request;
      response.once('finish', () =>
        this.#add(headers.origin, {
          method,
          path: url,
          status: response.statusCode,
          preflight: method === 'OPTIONS' && headers['access-control-request-method'] !== undefined,
        }),
      );
    });
  }

  /** What came from an origin since this was last asked. */
  take(origin: string): SeenRequest[] {
    const seen = this.#seen.get(origin) ?? [];
    this.#seen.delete(origin);
    return seen;
  }

  #add(origin: string | undefined, request: SeenRequest): void {
    if (origin === undefined || (!this.#seen.has(origin) && this.#seen.size >= MOST_ORIGINS)) {
      return;
    }
    const seen = this.#seen.get(origin) ?? [];
    this.#seen.set(origin, [...seen, request].slice(-MOST_REQUESTS));
  }
}
