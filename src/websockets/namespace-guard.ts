import type { IncomingMessage } from 'node:http';
import type { GatewayPolicy } from '../http/handshake/gateway-policy.js';

/** The parts of socket.io that this file uses. Its types belong to a package that an application may not have. */
interface Socket {
  readonly request: IncomingMessage;
  readonly nsp: { readonly name: string };
}
type Middleware = (socket: Socket, next: (error?: Error) => void) => void;
interface Namespace {
  use(middleware: Middleware): unknown;
}
interface Server extends Namespace {
  on(event: 'new_namespace', listener: (namespace: Namespace) => void): unknown;
}

type Check = (request: IncomingMessage, gateways: readonly GatewayPolicy[]) => Promise<{ readonly allowed: boolean }>;

/**
 * Checks the connections to the namespaces of one server, before middleware of the application. Every gateway of a
 * namespace must allow a connection. A namespace without a gateway has the policy of the URL.
 */
export class NamespaceGuard {
  readonly #gateways: () => readonly GatewayPolicy[];
  readonly #check: Check;
  /** The connections that the gateway of a dynamic namespace allowed. */
  readonly #allowed = new WeakSet<Socket>();

  /** @param check never rejects */
  constructor(gateways: () => readonly GatewayPolicy[], check: Check) {
    this.#gateways = gateways;
    this.#check = check;
  }

  /** Checks every namespace that exists or is created later. */
  protect(server: Server): void {
    const middleware: Middleware = (socket, next) =>
      this.#allowed.has(socket) ? next() : this.#verify(socket, socket.nsp.name, next);
    server.use(middleware);
    server.on('new_namespace', (namespace) => namespace.use(middleware));
  }

  /**
   * Checks the namespaces that match an expression or a function. Each of them starts with a copy of the middleware of
   * this parent.
   */
  protectDynamic(matcher: unknown, parent: Namespace): void {
    if (typeof matcher !== 'string') {
      parent.use((socket, next) => {
        this.#verify(socket, nameOf(matcher), (error) => {
          this.#allowed.add(socket);
          next(error);
        });
      });
    }
  }

  async #verify(socket: Socket, name: string, next: (error?: Error) => void): Promise<void> {
    const gateways = this.#gateways().filter(({ namespace }) => nameOf(namespace) === name);
    const { allowed } = await this.#check(socket.request, gateways);
    next(allowed ? undefined : Object.assign(new Error('Origin not allowed'), { data: { code: 'cors-forbidden' } }));
  }
}

/** The name of a namespace. Nest gives gateways with equal expressions, or functions of equal text, one parent. */
function nameOf(namespace: unknown): string {
  const name = String(namespace ?? '');
  return typeof namespace !== 'string' && namespace !== undefined ? name : name.startsWith('/') ? name : `/${name}`;
}
