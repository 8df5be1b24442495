import { afterAll, beforeAll, jest } from '@jest/globals';

/** Everything but timeouts and the monotonic clock, the only time that resolvers use. */
const REAL = [
  'Date',
  'hrtime',
  'nextTick',
  'queueMicrotask',
  'setImmediate',
  'clearImmediate',
  'setInterval',
  'clearInterval',
] as const;

/** Timeouts and the monotonic clock of the process move only when a test moves them. Sockets work as usual. */
export interface FakeTime {
  /** Moves on, runs due timers, and lets promises settle in between. */
  advance(milliseconds: number): Promise<void>;
  /** How many timeouts are set. */
  readonly timers: number;
}

/**
 * Stops the clock for the tests of the current `describe`.
 * @param timeouts whether timeouts stand still too, or only the clock
 */
export function stopTime({ timeouts = true }: { readonly timeouts?: boolean } = {}): FakeTime {
  beforeAll(() => {
    jest.useFakeTimers({ doNotFake: timeouts ? [...REAL] : [...REAL, 'setTimeout', 'clearTimeout'] });
  });
  afterAll(() => {
    jest.useRealTimers();
  });
  return {
    async advance(milliseconds) {
      await jest.advanceTimersByTimeAsync(milliseconds);
    },
    get timers() {
      return jest.getTimerCount();
    },
  };
}
