import { type INestApplicationContext, Logger } from '@nestjs/common';
import { IoAdapter } from '@nestjs/platform-socket.io';
import type { GatewayPolicy } from '../http/handshake/gateway-policy.js';
import type { Handshakes } from '../http/handshake/handshakes.js';
import { handshakesOf } from './application-handshakes.js';
import type { CorsAdapterOptions } from './cors-adapter-options.js';
import { EngineGuard } from './engine-guard.js';
import { NamespaceGuard } from './namespace-guard.js';

type IoServer = ReturnType<IoAdapter['createIOServer']>;
type Place = Pick<GatewayPolicy, 'port' | 'path'>;

/**
 * Checks the connections of gateways on socket.io with the CORS policies: of the transports polling and WebSocket. The
 * server accepts a page if the policy of one of its gateways allows it. Each namespace then checks the policy of its own
 * gateway, and the client of a refused page gets `connect_error`. The `cors` option of a gateway is ignored. Its
 * `allowRequest` is called afterwards.
 *
 * Pages of the server's own origin are always allowed. So are clients without an Origin, which are not browsers, unless
 * `requireOrigin` is set.
 *
 * @example
 * ```ts
 * app.useWebSocketAdapter(new CorsIoAdapter(app));
 * ```
 */
export class CorsIoAdapter extends IoAdapter {
  readonly #handshakes: Handshakes;
  readonly #options: CorsAdapterOptions;
  /** The port and path in the options of a server's gateways. A subclass may create the server with others. */
  readonly #places = new WeakMap<object, Place>();
  readonly #namespaces = new WeakMap<object, NamespaceGuard>();

  /** @throws Error if the application does not import CorsModule, or `@nestjs/platform-socket.io` is not installed */
  constructor(app: INestApplicationContext, options: CorsAdapterOptions = {}) {
    super(app);
    this.#handshakes = handshakesOf(app, 'CorsIoAdapter');
    this.#options = options;
  }

  /** Creates a server or namespace as `IoAdapter` does, and checks its connections. */
  override create(...[port, options]: Parameters<IoAdapter['create']>): ReturnType<IoAdapter['create']> {
    const created = super.create(port, options);
    if (options?.server === undefined) {
      this.#places.set(created, { port, path: options?.path });
    } else {
      this.#namespaces.get(options.server)?.protectDynamic(options.namespace, created);
    }
    return created;
  }

  /** Creates a server as `IoAdapter` does, and checks its connections. */
  override createIOServer(...[port, options]: Parameters<IoAdapter['createIOServer']>): IoServer {
    const gateways = (): readonly GatewayPolicy[] => {
      const place = this.#places.get(server) ?? { port, path: options?.path };
      return this.#handshakes.gatewaysOf(place.port, place.path);
    };
    const engine = new EngineGuard((request, isJsonp) =>
      this.#handshakes.checkSome(request, credentialsFirst(gateways()), {
        requireOrigin: isJsonp || this.#options.requireOrigin,
      }),
    );
    const namespaces = new NamespaceGuard(gateways, (request, ofNamespace) =>
      this.#handshakes.checkEvery(request, ofNamespace, this.#options),
    );
    const server = super.createIOServer(port, {
      ...(options as NonNullable<typeof options>),
      cors: undefined,
      allowRequest: engine.allowRequest(options?.allowRequest, (error) => Logger.error(error, CorsIoAdapter.name)),
    });
    server.engine.use(engine.handle.bind(engine));
    namespaces.protect(server);
    this.#namespaces.set(server, namespaces);
    return server;
  }
}

/** A page that uses cookies can read the responses only if their headers are those of a policy with credentials. */
function credentialsFirst(gateways: readonly GatewayPolicy[]): readonly GatewayPolicy[] {
  const isWithout = ({ policy }: GatewayPolicy) => policy !== undefined && !policy.credentials;
  return [...gateways].sort((one, other) => Number(isWithout(one)) - Number(isWithout(other)));
}
