import { afterAll, beforeAll, jest } from '@jest/globals';

/** Everything but timeouts and the monotonic clock, which is all that resolvers are timed by. */
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

/** Timeouts and the monotonic clock of the process move only when a test says so; sockets go on as ever. */
export interface FakeTime {
  /** Moves on, running what falls due, and lets every promise settle in between. */
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
