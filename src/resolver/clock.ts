/** The time and the timers of the resolvers. Tests bring their own. */
export interface Clock {
  /** Milliseconds since some moment; never runs backwards. */
  now(): number;
  /**
   * @param milliseconds 1 to 2,147,483,647
   * @returns a function that cancels the timer, as often and as late as it is called
   */
  setTimer(callback: () => void, milliseconds: number): () => void;
}

/** The monotonic clock of the process. Its timers never keep the process alive. */
export const systemClock: Clock = Object.freeze({
  now: () => performance.now(),
  setTimer(callback: () => void, milliseconds: number): () => void {
    const timer = setTimeout(callback, milliseconds).unref();
    return () => clearTimeout(timer);
  },
});
