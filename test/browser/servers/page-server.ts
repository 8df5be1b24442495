import { once } from 'node:events';
import http from 'node:http';
import https from 'node:https';
import net from 'node:net';
import type { KeyAndCertificate } from './key-and-certificate.js';

export interface PageServer {
  readonly port: number;
  close(): void;
}

/** The first byte of a TLS handshake. */
const TLS_HANDSHAKE = 0x16;

/** Serves an empty page at every path, over http and https on the same port; `/no-referrer` has that Referrer-Policy. */
export async function startPageServer(certificate: KeyAndCertificate): Promise<PageServer> {
  const plain = http.createServer(servePage);
  const secure = https.createServer(certificate, servePage);
  const sockets = new Set<net.Socket>();
  const server = net.createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
    socket.once('data', (start) => {
      socket.pause();
      socket.unshift(start);
      (start[0] === TLS_HANDSHAKE ? secure : plain).emit('connection', socket);
      process.nextTick(() => socket.resume());
    });
  });
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
