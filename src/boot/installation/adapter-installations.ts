import type { VersioningOptions } from '@nestjs/common';
import type { NestValues } from '../nest-values.js';
import { AdapterInstallation, type AdapterObserver, type RouteLogger } from './adapter-installation.js';
import type { AdapterPort } from './adapter-platform.js';

/** The used part of Nest's `HttpAdapterHost`: an accessor, whose setter receives each adapter. */
export interface AdapterHost {
  httpAdapter: unknown;
}

/** A property of the host, so that modules that are compiled again, and other copies of the package, find it. */
const INSTALLATIONS = Symbol.for('nestjs-cors.installations/1');

/**
 * The adapter of a host; `undefined` if it has none. In unit tests another object may replace the host, and its
 * `httpAdapter` is not an adapter.
 */
export function adapterOf(host: AdapterHost, { HttpAdapterHost }: Pick<NestValues, 'HttpAdapterHost'>): unknown {
  return host instanceof HttpAdapterHost ? host.httpAdapter : undefined;
}

/** The part of a container's module that an installation needs. */
export interface AdapterOwner {
  readonly observer: AdapterObserver;
  readonly nest: NestValues;
  versioning(): VersioningOptions | undefined;
}

/**
 * The installations of a container, one for each HTTP adapter. A testing module can create several applications, but
 * `HttpAdapterHost.init$` fires for the first adapter only.
 */
export class AdapterInstallations {
  /** The latest owner. If a testing module is compiled again, Nest creates new providers and keeps the module's instance. */
  owner: AdapterOwner;
  /** An error where the adapter is not supported. */
  readonly #byAdapter = new Map<unknown, AdapterInstallation | Error>();

  constructor(owner: AdapterOwner) {
    this.owner = owner;
  }

  /** The installations of the container of a host. Each adapter that the host receives later is installed at once. */
  static forHost(host: AdapterHost, owner: AdapterOwner): AdapterInstallations {
    const known = AdapterInstallations.find(host);
    if (known !== undefined) {
      known.owner = owner;
      return known;
    }
    const installations = new AdapterInstallations(owner);
    Object.defineProperty(host, INSTALLATIONS, { value: installations });
    installations.#watch(host);
    return installations;
  }

  /** The installations of the container of a host, if there are any. */
  static find(host: AdapterHost): AdapterInstallations | undefined {
    return Object.getOwnPropertyDescriptor(host, INSTALLATIONS)?.value;
  }

  /**
   * Installs on an adapter, once. `undefined` without an adapter: in a microservice, in a standalone application, and
   * in a testing module before it creates an application.
   *
   * @throws Error for an adapter that is not supported
   */
  installationOn(adapter: unknown): AdapterInstallation | undefined {
    if (adapter === null || adapter === undefined) {
      return undefined;
    }
    const installation = this.#install(adapter);
    if (installation instanceof Error) {
      throw installation;
    }
    return installation;
  }

  /** The adapter that writes a response, as handlers see it. */
  adapterServing(response: object): unknown {
    for (const [adapter, installation] of this.#byAdapter) {
      if (installation instanceof AdapterInstallation && installation.serves(response)) {
        return adapter;
      }
    }
    return undefined;
  }

  /**
   * Verifies the routes of the application that is initialised. Nest does not say which one it is, and another one may
   * be initialised at the same time.
   */
  verify(logger: RouteLogger): void {
    const starting = [...this.#byAdapter.values()].filter(
      (one): one is AdapterInstallation => one instanceof AdapterInstallation && one.isStarting,
    );
    for (const installation of starting) {
      if (starting.length === 1 || installation.isRegistered) {
        installation.verify(logger);
      }
    }
  }

  #install(adapter: unknown): AdapterInstallation | Error {
    let installation = this.#byAdapter.get(adapter);
    if (installation === undefined) {
      const { owner } = this;
      try {
        installation = new AdapterInstallation(
          adapter as AdapterPort,
          () => owner.versioning(),
          owner.observer,
          owner.nest,
        );
      } catch (error) {
        installation = error as Error;
      }
      this.#byAdapter.set(adapter, installation);
    }
    return installation;
  }

  #watch(host: AdapterHost): void {
    const { HttpAdapterHost } = this.owner.nest;
    const accessor = Object.getOwnPropertyDescriptor(HttpAdapterHost.prototype, 'httpAdapter');
    if (!(host instanceof HttpAdapterHost) || accessor?.get === undefined || accessor.set === undefined) {
      return; // another object replaces the host: it receives no adapter
    }
    const { get, set } = accessor;
    const install = (adapter: unknown) => {
      if (adapter !== null && adapter !== undefined) {
        this.#install(adapter); // boot() throws its error
      }
    };
    Object.defineProperty(host, 'httpAdapter', {
      configurable: true,
      get() {
        return get.call(this);
      },
      set(adapter: unknown) {
        install(adapter); // first, so that no other code hooks in earlier
        set.call(this, adapter);
      },
    });
  }
}
