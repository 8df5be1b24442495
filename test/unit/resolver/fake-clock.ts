import type { Clock } from '../../../src/resolver/clock.js';

/** A clock that a test moves by hand. */
export class FakeClock implements Clock {
  #now = 0;
  readonly #timers = new Set<{ due: number; callback: () => void }>();

  now(): number {
    return this.#now;
  }

  setTimer(callback: () => void, milliseconds: number): () => void {
    const timer = { due: this.#now + milliseconds, callback };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  /** How many timers are set. */
  get timers(): number {
    return this.#timers.size;
  }

  /** Moves on, runs due timers in order, and lets promises settle in between. */
  async advance(milliseconds: number): Promise<void> {
    const end = this.#now + milliseconds;
    await settled();
    for (;;) {
      const next = [...this.#timers].sort((one, other) => one.due - other.due)[0];
      if (next === undefined || next.due > end) {
        break;
      }
      this.#now = next.due;
      this.#timers.delete(next);
      next.callback();
      await settled();
    }
    this.#now = end;
  }

  /** Moves on without running timers. */
  skip(milliseconds: number): void {
    this.#now += milliseconds;
  }
}

/** Lets every promise that can settle do so. */
export function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** A promise to settle by hand. */
export function deferred<Value>(): {
  promise: Promise<Value>;
  resolve: (value: Value) => void;
  reject: (error: unknown) => void;
} {
  let resolve!: (value: Value) => void;
  let reject!: (error: unknown) => void;
  const promise = new Promise<Value>((fulfil, refuse) => {
    resolve = fulfil;
    reject = refuse;
  });
  return { promise, resolve, reject };
}
