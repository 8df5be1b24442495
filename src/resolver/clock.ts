/** Where the resolver machinery takes its time from, so that tests can bring their own. */
export interface Clock {
  /** A time in milliseconds that never runs backwards. Only differences mean something. */
  now(): number;
  /**
   * Calls back once.
   *
   * @param milliseconds 1 to 2,147,483,647
   * @returns a function that cancels the call; cancelling twice or too late does nothing
   */
  setTimer(callback: () => void, milliseconds: number): () => void;
}

/** The monotonic clock of the process. Its timers never keep the process alive. */
export const systemClock: Clock = Object.freeze({
  now: () => performance.now(),
  setTimer(callback: () => void, milliseconds: number): () => void {
    const timer = setTimeout(callback, milliseconds);
    timer.unref();
    return () => clearTimeout(timer);
  },
});
