import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { TLSSocket } from 'node:tls';
import type { HttpResponse } from '../../../src/browser/http-response.js';
import { parseResponse } from '../../support/requests/http-message.js';

/** A request that a browser sent, and the head of the response as it went over the wire. */
export interface Exchange {
  readonly preflight: boolean;
  readonly url: string;
  readonly origin: string | undefined;
  readonly response: HttpResponse;
}

/** The exchanges of a server, by the `row` in the query of the request. */
export class Exchanges {
  readonly #byRow = new Map<string, (readonly [IncomingMessage, ServerResponse])[]>();

  watch(server: Server): void {
    server.prependListener('request', (request: IncomingMessage, response: ServerResponse) => {
      const row = new URL(request.url ?? '', 'http://localhost').searchParams.get('row');
      if (row !== null) {
        this.#byRow.set(row, [...(this.#byRow.get(row) ?? []), [request, response]]);
      }
    });
  }

  /** The exchanges of a row, in order. They are removed. */
  take(row: string): Exchange[] {
    const exchanges = this.#byRow.get(row) ?? [];
    this.#byRow.delete(row);
    return exchanges.map(([request, response]) => exchangeOf(request, response));
  }
}

function exchangeOf({ method, url, headers, socket }: IncomingMessage, response: ServerResponse): Exchange {
  const scheme = (socket as TLSSocket).encrypted === true ? 'https' : 'http';
  return {
    preflight: method === 'OPTIONS' && headers['access-control-request-method'] !== undefined,
    url: `${scheme}://${headers.host}${url}`,
    origin: headers.origin,
    response: responseOf(response),
  };
}

/** Reads the text that was sent. `getHeaders()` omits the headers that were given to `writeHead()`. */
function responseOf(response: ServerResponse): HttpResponse {
  const text = Reflect.get(response, '_header') as string | null;
  const head = Buffer.from(text ?? 'HTTP/1.1 500 Nothing was sent\r\n\r\n', 'latin1');
  const parsed = parseResponse(head, 'HEAD', true);
  return {
    status: parsed?.response.status ?? 500,
    headers: (parsed?.response.headerLines ?? []).map(([name, value]) => ({ name, value })),
  };
}
