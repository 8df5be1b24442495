import { once } from 'node:events';
import http from 'node:http';
import https from 'node:https';
import net from 'node:net';
import { serveBothSchemes } from './both-schemes.js';
import type { KeyAndCertificate } from './key-and-certificate.js';

export interface PageServer {
  readonly port: number;
  close(): void;
}

/** Serves an empty page at every path, over http and https on the same port; `/no-referrer` has that Referrer-Policy. */
export async function startPageServer(certificate: KeyAndCertificate): Promise<PageServer> {
  const plain = http.createServer(servePage);
  const secure = https.createServer(certificate, servePage);
  const sockets = new Set<net.Socket>();
  const server = net.createServer();
  serveBothSchemes(server, plain, secure, sockets);
  secure.on('tlsClientError', () => undefined);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as net.AddressInfo).port,
    close() {
      server.close();
      for (const socket of sockets) {
        socket.destroy();
      }
    },
  };
}

function servePage(request: http.IncomingMessage, response: http.ServerResponse): void {
  if (request.url?.startsWith('/no-referrer')) {
    response.setHeader('referrer-policy', 'no-referrer');
  }
  response.setHeader('content-type', 'text/html; charset=utf-8');
  response.end('<!doctype html><title>page</title>');
}
