import { createServer, type Server } from 'node:http';

/**
 * Serves on `::1` what `server` serves on 127.0.0.1: browsers may try either address for names below `localhost`.
 * Does nothing on a machine without IPv6.
 *
 * @returns the second server, or `undefined` without IPv6
 * @throws Error with the code EADDRINUSE if another program uses the port
 */
export async function serveOnIpv6Loopback(server: Server, port: number): Promise<Server | undefined> {
  const second = createServer((request, response) => server.emit('request', request, response));
  try {
    await listen(second, port, '::1');
    return second;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') {
      throw error;
    }
    return undefined;
  }
}

/** Resolves when the server listens; rejects when it cannot. */
export function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

/** Closes the server and its connections. */
export function stop(server: Server | undefined): Promise<void> {
  return new Promise((resolve) => {
    if (server === undefined) {
      resolve();
      return;
    }
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
