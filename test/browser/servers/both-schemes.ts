import type http from 'node:http';
import type https from 'node:https';
import type net from 'node:net';

/** The first byte of a TLS handshake. */
const TLS_HANDSHAKE = 0x16;

/**
 * Hands the connections of a port to a server for each scheme, so that one port serves http and https.
 *
 * @param sockets receives the open connections
 */
export function serveBothSchemes(
  port: net.Server,
  plain: http.Server,
  secure: https.Server,
  sockets: Set<net.Socket>,
): void {
  port.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
    socket.once('data', (start) => {
      socket.pause();
      socket.unshift(start);
      (start[0] === TLS_HANDSHAKE ? secure : plain).emit('connection', socket);
      process.nextTick(() => socket.resume());
    });
  });
}
