type Listener = (...values: never[]) => unknown;

/** The used part of an HTTP server. */
interface UpgradingServer {
  listeners(event: 'upgrade'): readonly Listener[];
  on(event: 'newListener', listener: (event: string, added: Listener) => void): unknown;
  off(event: 'newListener', listener: (event: string, added: Listener) => void): unknown;
}

/** The used part of Nest's HTTP adapters. */
export interface AdapterWithServer {
  getHttpServer(): UpgradingServer;
  init?(): unknown;
}

/**
 * Tells the `upgrade` listeners of other code from those that Nest adds for gateways. Nest initialises the adapter,
 * connects the gateways and then lets modules configure middleware.
 */
export class UpgradeListeners {
  readonly #adapter: AdapterWithServer;
  #beforeGateways: readonly Listener[] = [];
  #ofGateways: ReadonlySet<Listener> = new Set();

  constructor(adapter: AdapterWithServer) {
    this.#adapter = adapter;
    const { init } = adapter;
    if (typeof init === 'function') {
      adapter.init = () => {
        this.#beforeGateways = this.#listeners();
        return init.call(adapter);
      };
    }
  }

  /** Called when Nest has connected the gateways. */
  noteGateways(): void {
    const added = this.#listeners().filter((listener) => !this.#beforeGateways.includes(listener));
    this.#ofGateways = new Set(added);
  }

  /** Whether other code has a listener that does not seem to check handshakes. */
  areUnchecked(): boolean {
    return this.#listeners().some((listener) => !this.#ofGateways.has(listener) && !checksHandshakes(listener));
  }

  /** Reports, once, that other code adds such a listener from now on. */
  whenUnchecked(found: () => void): void {
    const server = this.#adapter.getHttpServer();
    const report = (event: string, listener: Listener) => {
      if (event === 'upgrade' && !checksHandshakes(listener)) {
        server.off('newListener', report);
        found();
      }
    };
    server.on('newListener', report);
  }

  #listeners(): readonly Listener[] {
    return this.#adapter.getHttpServer().listeners('upgrade');
  }
}

/** Whether the code of a listener calls `CorsService.isHandshakeAllowed()`. Functions that it calls are not read. */
function checksHandshakes(listener: Listener): boolean {
  return Function.prototype.toString.call(listener).includes('isHandshakeAllowed');
}
