import type { ClientRequest, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Server as TlsServer } from 'node:tls';
import type { INestApplication } from '@nestjs/common';
import { isLoopbackHost } from '../../origin/grammar/origin-hosts.js';
import type { Destination } from './send.js';

/** The address of an application. */
export interface ApplicationAddress {
  readonly destination: Destination;
  /** The URL that pages see. Relative URLs resolve against it. */
  readonly url: string;
}

/** A property of the server, because several pages share it, perhaps from two copies of this package. */
const SERVED = Symbol.for('nestjs-cors.testing.served');

/** What pages share that request the same server. */
interface Served {
  /** The call that lets the server listen. Several pages may be the first at once. */
  readonly listening: Promise<unknown>;
  /** The requests with a response whose connections are open. */
  readonly requests: Set<ClientRequest>;
}

type PageServer = Server & { [SERVED]?: Served };

/**
 * Finds an application. One that never listened starts, on a free port of 127.0.0.1.
 * @returns `undefined` if the application was closed
 */
export async function addressOf(app: INestApplication | string): Promise<ApplicationAddress | undefined> {
  if (typeof app !== 'string') {
    const server: PageServer = app.getHttpServer();
    if (server[SERVED] === undefined) {
      if (isClosed(app)) {
        return undefined;
      }
      const requests = endedAtClose(server);
      server[SERVED] = { listening: server.listening ? Promise.resolve() : app.listen(0, '127.0.0.1'), requests };
    }
    await server[SERVED].listening;
  }
  return currentAddressOf(app);
}

/** Whether Nest 12 has closed an application. One that never listened would start again, or never answer. */
function isClosed(app: INestApplication): boolean {
  return Reflect.get(app.getHttpAdapter(), 'isShuttingDown') === true;
}

/**
 * A server waits for open connections when it closes. Pages end theirs first if the response has begun, because a test
 * may leave it unread. Requests that wait for a response get it.
 */
function endedAtClose(server: Server): Set<ClientRequest> {
  const requests = new Set<ClientRequest>();
  const close = server.close;
  server.close = (...callbacks) => {
    for (const request of requests) {
      request.destroy();
    }
    return close.apply(server, callbacks);
  };
  return requests;
}

/** The address of an application; `undefined` if it does not listen. */
export function currentAddressOf(app: INestApplication | string): ApplicationAddress | undefined {
  if (typeof app === 'string') {
    return { destination: destinationOf(new URL(app)), url: app };
  }
  const server: PageServer = app.getHttpServer();
  if (!server.listening) {
    return undefined;
  }
  const secure = server instanceof TlsServer;
  const bound = server.address() as AddressInfo | string;
  const scheme = secure ? 'https' : 'http';
  const requests = server[SERVED]?.requests;
  if (typeof bound === 'string') {
    return { destination: { secure, socketPath: bound, requests }, url: `${scheme}://localhost/` };
  }
  const host = connectable(bound.address);
  return {
    destination: { secure, host, port: bound.port, requests },
    url: `${scheme}://${host.includes(':') ? `[${host}]` : host}:${bound.port}/`,
  };
}

/**
 * Where to connect for a URL. Every host name means loopback, so that no redirect leaves this machine.
 * @throws TypeError for the IP address of another machine
 */
export function destinationOf({ protocol, hostname, port }: URL): Destination {
  const isAddress = isIpAddress(hostname);
  if (isAddress && !isLoopbackHost(hostname)) {
    throw new TypeError(
      `A page in a test connects to this machine only, not to ${hostname}. Use a host name, or 127.0.0.1.`,
    );
  }
  const secure = protocol === 'https:';
  return {
    secure,
    host: isAddress ? hostname.replace(/^\[|\]$/g, '') : 'localhost',
    port: port === '' ? (secure ? 443 : 80) : Number(port),
    servername: serverName(hostname),
  };
}

/** The server name for TLS, which has none for an IP address. */
export function serverName(hostname: string): string {
  return isIpAddress(hostname) ? '' : hostname;
}

function isIpAddress(hostname: string): boolean {
  return /^[\d.]+$|^\[/.test(hostname);
}

/** The address to connect to: a server that listens everywhere also listens on loopback. */
function connectable(address: string): string {
  switch (address) {
    case '::':
      return '::1';
    case '0.0.0.0':
      return '127.0.0.1';
    default:
      return address;
  }
}
