import type { IncomingMessage, Server, ServerResponse } from 'node:http';

/** A request that reached the API. */
export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly preflight: boolean;
  /** The lines of the request that are about CORS: `Origin`, and those of a preflight. */
  readonly sent: readonly string[];
  /** The lines of the response that are about CORS: `Access-Control-*` and `Vary`. */
  readonly answered: readonly string[];
}

const SENT = /^(?:origin|access-control-request-[\w-]+)$/i;
const ANSWERED = /^(?:access-control-[\w-]+|vary): /i;

const MOST_ORIGINS = 20;
const MOST_REQUESTS = 50;

/** The requests that reached the API, by origin. Without this log, only the developer tools would show them. */
export class RequestLog {
  readonly #seen = new Map<string, SeenRequest[]>();

  /** Listens to a server, before any other listener answers. */
  watch(server: Server): void {
    server.prependListener('request', (request: IncomingMessage, response: ServerResponse) => {
      const { method = '', url = '', headers } = request;
      response.once('finish', () =>
        this.#add(headers.origin, {
          method,
          path: url,
          status: response.statusCode,
          preflight: method === 'OPTIONS' && headers['access-control-request-method'] !== undefined,
          sent: linesOf(request.rawHeaders).filter((line) => SENT.test(line.slice(0, line.indexOf(':')))),
          answered: headOf(response).filter((line) => ANSWERED.test(line)),
        }),
      );
    });
  }

  /** The requests from an origin since the last call. */
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

function linesOf(rawHeaders: readonly string[]): string[] {
  const lines: string[] = [];
  for (let index = 0; index < rawHeaders.length; index += 2) {
    lines.push(`${rawHeaders[index]}: ${rawHeaders[index + 1]}`);
  }
  return lines;
}

/** The head as Node sent it. `getHeaders()` does not return the headers that `writeHead()` received. */
function headOf(response: ServerResponse): string[] {
  const { _header: head } = response as unknown as { readonly _header: string | null };
  return (head ?? '').split('\r\n');
}
