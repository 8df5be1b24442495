import type { VersioningOptions } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { AdapterInstallation, type AdapterObserver } from './adapter-installation.js';
import type { AdapterPort } from './adapter-platform.js';

/** The part of Nest's `HttpAdapterHost` that is relied on: an accessor, whose setter is called with each adapter. */
export interface AdapterHost {
  httpAdapter: unknown;
}

/** On the host, so that every module of a container, compiled again or of another copy of the package, finds it. */
const INSTALLATIONS = Symbol.for('nestjs-cors.installations/1');

/**
 * The adapter of a host; `undefined` where it has none. Unit tests replace the host by objects, whose `httpAdapter` is not an
 * adapter.
 */
export function adapterOf(host: AdapterHost): unknown {
  return host instanceof HttpAdapterHost ? host.httpAdapter : undefined;
}

/** Gives adapters their policies: the module of a container. */
export interface AdapterOwner {
  readonly observer: AdapterObserver;
  versioning(): VersioningOptions | undefined;
}

/**
 * The installations of a container: one for each HTTP adapter. `HttpAdapterHost.init$` fires for the first adapter only, but
 * a testing module can make several applications.
 */
export class AdapterInstallations {
  readonly #ofAdapter = new Map<unknown, AdapterInstallation>();
  readonly #refusals = new Map<unknown, Error>();
  /** The adapters whose routes are to be registered. */
  readonly starting = new Set<AdapterInstallation>();
  /** The last one, where a testing module is compiled again: Nest makes new providers, and keeps the module's instance. */
  owner: AdapterOwner;

  constructor(owner: AdapterOwner) {
    this.owner = owner;
  }

  /**
   * The installations of the container that a host belongs to. From now on every adapter that the host is given is
   * installed at once.
   */
  static of(host: AdapterHost, owner: AdapterOwner): AdapterInstallations {
    const known = AdapterInstallations.find(host);
    if (known !== undefined) {
      known.owner = owner;
      return known;
    }
    const installations = new AdapterInstallations(owner);
    Object.defineProperty(host, INSTALLATIONS, { value: installations });
    installations.#watch(host);
    installations.see(adapterOf(host));
    return installations;
  }

  /** The installations of a container that has some. */
  static find(host: AdapterHost): AdapterInstallations | undefined {
    return Object.getOwnPropertyDescriptor(host, INSTALLATIONS)?.value;
  }

  /** Installs on an adapter, unless that was done. What is wrong with it is thrown by {@link on}. */
  see(adapter: unknown): void {
    // Without an adapter it is a microservice, a standalone application, or a testing module that has none yet.
    if (adapter === null || adapter === undefined || this.#ofAdapter.has(adapter) || this.#refusals.has(adapter)) {
      return;
    }
    try {
      const { owner } = this;
      const installation = new AdapterInstallation(adapter as AdapterPort, () => owner.versioning(), owner.observer);
      this.#ofAdapter.set(adapter, installation);
    } catch (error) {
      this.#refusals.set(adapter, error as Error);
    }
  }

  /**
   * The installation on an adapter; `undefined` where there is no adapter.
   * @throws Error for an adapter that cannot be worked with
   */
  on(adapter: unknown): AdapterInstallation | undefined {
    this.see(adapter);
    const refusal = this.#refusals.get(adapter);
    if (refusal !== undefined) {
      throw refusal;
    }
    return this.#ofAdapter.get(adapter);
  }

  /** The adapter that a response, as handlers see it, is written with. */
  adapterServing(response: object): unknown {
    for (const [adapter, installation] of this.#ofAdapter) {
      if (installation.serves(response)) {
        return adapter;
      }
    }
    return undefined;
  }

  #watch(host: AdapterHost): void {
    const accessor = Object.getOwnPropertyDescriptor(HttpAdapterHost.prototype, 'httpAdapter');
    if (!(host instanceof HttpAdapterHost) || accessor?.get === undefined || accessor.set === undefined) {
      return; // an object that stands in for the host: it is given no adapter
    }
    const { get, set } = accessor;
    const see = (adapter: unknown) => this.see(adapter);
    Object.defineProperty(host, 'httpAdapter', {
      configurable: true,
      get() {
        return get.call(this);
      },
      set(adapter: unknown) {
        see(adapter); // first, so that nothing hooks in before
        set.call(this, adapter);
      },
    });
  }
}
