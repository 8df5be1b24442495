import type { OriginStore } from '../../../src/resolver/resolver-options.js';
import type { FakeClock } from './fake-clock.js';

/** How a store fails. A Keyv `swallows` errors by default: it finds nothing and returns `false`. */
export type StoreFault = 'none' | 'throws' | 'rejects' | 'hangs' | 'swallows' | 'refuses-writes';

/** The three methods of a Keyv, over a Map. */
export class MemoryStore implements OriginStore {
  readonly values = new Map<string, { value: unknown; expires: number }>();
  readonly calls: string[] = [];
  fault: StoreFault = 'none';
  readonly clock: FakeClock;

  constructor(clock: FakeClock) {
    this.clock = clock;
  }

  get(key: string): Promise<unknown> {
    return this.#run(`get ${key}`, undefined, false, () => {
      const found = this.values.get(key);
      return found !== undefined && this.clock.now() < found.expires ? found.value : undefined;
    });
  }

  set(key: string, value: unknown, ttl: number): Promise<unknown> {
    return this.#run(`set ${key}`, false, true, () => {
      this.values.set(key, { value, expires: this.clock.now() + ttl });
      return true;
    });
  }

  delete(key: string): Promise<unknown> {
    return this.#run(`delete ${key}`, false, true, () => this.values.delete(key));
  }

  /** The keys that hold a value now. */
  keys(): string[] {
    return [...this.values].filter(([, { expires }]) => this.clock.now() < expires).map(([key]) => key);
  }

  #run(call: string, swallowed: unknown, writes: boolean, operation: () => unknown): Promise<unknown> {
    this.calls.push(call);
    switch (this.fault) {
      case 'throws':
        throw new Error('the store threw');
      case 'rejects':
        return Promise.reject(new Error('the store rejected'));
      case 'hangs':
        return new Promise(() => {});
      case 'swallows':
        return Promise.resolve(swallowed);
      case 'refuses-writes':
        return writes ? Promise.reject(new Error('READONLY')) : Promise.resolve(operation());
      case 'none':
        return Promise.resolve(operation());
    }
  }
}
