import type { IncomingMessage, Server } from 'node:http';
import type { Socket } from 'node:net';

/** The connections and requests of a server, so that a test waits for an event and not for a time. */
export class ServerSockets {
  readonly #open = new Set<Socket>();
  #requests = 0;
  #watchers: (() => void)[] = [];

  constructor(server: Server) {
    server.on('connection', (socket: Socket) => {
      this.#open.add(socket);
      socket.once('close', () => {
        this.#open.delete(socket);
        this.#changed();
      });
      this.#changed();
    });
    server.on('request', (_request: IncomingMessage) => {
      this.#requests += 1;
      this.#changed();
    });
  }

  /** The number of open connections. */
  get open(): number {
    return this.#open.size;
  }

  /** The number of requests that arrived. */
  get requests(): number {
    return this.#requests;
  }

  /** The listeners on every open connection, by event. */
  listeners(): readonly Readonly<Record<string, number>>[] {
    return [...this.#open].map((socket) =>
      Object.fromEntries(socket.eventNames().map((name) => [String(name), socket.listenerCount(name)])),
    );
  }

  /** Waits until a condition holds. */
  async until(condition: (sockets: ServerSockets) => boolean): Promise<void> {
    while (!condition(this)) {
      await new Promise<void>((wake) => {
        this.#watchers.push(wake);
      });
    }
  }

  #changed(): void {
    const watchers = this.#watchers;
    this.#watchers = [];
    for (const wake of watchers) {
      wake();
    }
  }
}
