import type { IncomingMessage, Server } from 'node:http';
import type { Socket } from 'node:net';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';

/** The key of a request's arrival, until its handler adds its name. */
const ARRIVAL = Symbol('arrival');

interface Arrival {
  readonly text: string;
  handler?: string;
}

type Noted = IncomingMessage & { [ARRIVAL]?: Arrival };

/**
 * The requests that reached a server, by the `row` in their query. A preflight is `preflight PUT`, or `preflight PUT
 * (x-trace)` with the requested header names. A request that reached its handler is `PUT replace`, another one `PUT`.
 * `with cookie`, `with authorization` and `from null` follow if they apply.
 */
export class Arrivals {
  readonly #byRow = new Map<string, Arrival[]>();

  /** Registered before the application's listener, so that no request is missed. */
  watch(server: Server): void {
    server.prependListener('request', (request: Noted) => {
      const row = new URL(request.url ?? '', 'http://localhost').searchParams.get('row');
      if (row === null) {
        return;
      }
      const arrival: Arrival = { text: describeRequest(request) };
      request[ARRIVAL] = arrival;
      const arrivals = this.#byRow.get(row);
      if (arrivals === undefined) {
        this.#byRow.set(row, [arrival]);
      } else {
        arrivals.push(arrival);
      }
    });
  }

  /** The arrivals of a row, in order. They are removed. */
  take(row: string): string[] {
    const arrivals = this.#byRow.get(row) ?? [];
    this.#byRow.delete(row);
    return arrivals.map(({ text, handler }) => (handler === undefined ? text : text.replace(/^\S+/, `$& ${handler}`)));
  }
}

/** The cookie name of the server at the other end of a socket. Browsers share cookies between the ports of a host. */
export function cookieName({ localPort }: Socket): string {
  return `session-${localPort}`;
}

function describeRequest({ method, headers, socket }: IncomingMessage): string {
  const asked = headers['access-control-request-method'];
  const cookie = headers.cookie?.includes(`${cookieName(socket)}=`) ? ' with cookie' : '';
  const authorization = headers.authorization === undefined ? '' : ' with authorization';
  const origin = headers.origin === 'null' ? ' from null' : '';
  const names = headers['access-control-request-headers'];
  const what =
    method === 'OPTIONS' && asked !== undefined
      ? `preflight ${asked}${names === undefined ? '' : ` (${names})`}`
      : `${method}`;
  return what + cookie + authorization + origin;
}

/** The handler's name, for its response. Injecting it records that the request reached the handler. */
export const HandlerName = createParamDecorator((_: unknown, context: ExecutionContext): string => {
  const request = context.switchToHttp().getRequest<Noted & { raw?: Noted }>();
  const { name } = context.getHandler();
  const arrival = (request.raw ?? request)[ARRIVAL];
  if (arrival !== undefined) {
    arrival.handler = name;
  }
  return name;
});
