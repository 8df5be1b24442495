import type { IncomingMessage, Server } from 'node:http';
import type { Socket } from 'node:net';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';

/** Where a request's arrival is kept until its handler adds its name. */
const ARRIVAL = Symbol('arrival');

interface Arrival {
  readonly text: string;
  handler?: string;
}

type Noted = IncomingMessage & { [ARRIVAL]?: Arrival };

/**
 * What reached a server, by the `row` its query names. A preflight is written `preflight PUT`, or
 * `preflight PUT (x-trace)` with the header names it asks for; a request that reached
 * its handler `PUT replace`, one that did not `PUT`; `with cookie`, `with authorization` and `from null` follow where
 * they hold.
 */
export class Arrivals {
  readonly #byRow = new Map<string, Arrival[]>();

  /** Listens before the application does, so that nothing it answers on its own is missed. */
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

  /** What arrived for a row, in order; forgotten after that. */
  take(row: string): string[] {
    const arrivals = this.#byRow.get(row) ?? [];
    this.#byRow.delete(row);
    return arrivals.map(({ text, handler }) => (handler === undefined ? text : text.replace(/^\S+/, `$& ${handler}`)));
  }
}

/** The cookie of the server at the other end of a socket: browsers share cookies between the ports of a host. */
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

/** The handler's own name, for its answer. Asking for it is what notes that the request reached the handler. */
export const HandlerName = createParamDecorator((_: unknown, context: ExecutionContext): string => {
  const request = context.switchToHttp().getRequest<Noted & { raw?: Noted }>();
  const { name } = context.getHandler();
  const arrival = (request.raw ?? request)[ARRIVAL];
  if (arrival !== undefined) {
    arrival.handler = name;
  }
  return name;
});
