import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import type { HandlerSpy } from '../support/handler-spy.js';
import { PAGE, type Question } from './question.js';

/** A server behind a proxy. It reports each request to `spy`. */
export interface Upstream {
  readonly target: string;
  /** An address at which nothing listens. */
  readonly absent: string;
  close(): void;
}

/** Starts a server that answers CORS itself. Below `/broken` it ends the connection without a response. */
export async function startUpstream(spy: HandlerSpy): Promise<Upstream> {
  const server = http.createServer((request, response) => {
    spy.ran(`${request.method} ${request.url}`);
    if (request.url?.startsWith('/broken')) {
      request.socket.destroy();
      return;
    }
    const allowed = { 'Access-Control-Allow-Origin': PAGE, 'Access-Control-Allow-Methods': 'GET, PUT' };
    response.writeHead(200, { Vary: 'Origin', ...(request.headers.origin === PAGE ? allowed : undefined) });
    response.end('from upstream');
  });
  const absent = http.createServer();
  const addresses: string[] = [];
  for (const one of [server, absent]) {
    one.listen(0, '127.0.0.1');
    await once(one, 'listening');
    addresses.push(`http://127.0.0.1:${(one.address() as AddressInfo).port}`);
  }
  absent.close();
  const [target = '', nothing = ''] = addresses;
  return {
    target,
    absent: nothing,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** A request below a path that the upstream answers, also its CORS: `policy: 'untouched'`. */
export function untouched(path: string, upstreamPath: string): Question {
  const allowed = {
    status: 200,
    headers: { 'access-control-allow-origin': PAGE, 'access-control-allow-methods': 'GET, PUT', vary: 'Origin' },
  };
  const preflight = { ran: [`OPTIONS ${upstreamPath}`] };
  return {
    path,
    ran: [`GET ${upstreamPath}`],
    work: ({ text }) => text === 'from upstream',
    instead: {
      'preflight allowed': { ...allowed, ...preflight },
      'preflight refused': { status: 200, headers: { vary: 'Origin' }, ...preflight },
      'request allowed': allowed,
    },
  };
}
