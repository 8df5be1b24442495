/** The most different lines that are logged in a minute. */
const MOST_LINES = 256;
/** The time before a line is logged again, in milliseconds. */
const QUIET = 60_000;

/** Limits a log: it admits each line once a minute, in bounded memory. */
export class BoundedLog {
  readonly #last = new Map<string, number>();
  readonly #now: () => number;

  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  /** Whether a line with this key is logged now. */
  admits(key: string): boolean {
    const now = this.#now();
    const last = this.#last.get(key);
    if (last !== undefined && now - last < QUIET) {
      return false;
    }
    if (last === undefined && this.#last.size >= MOST_LINES) {
      for (const [line, time] of this.#last) {
        if (now - time >= QUIET) {
          this.#last.delete(line);
        }
      }
      if (this.#last.size >= MOST_LINES) {
        return false;
      }
    }
    this.#last.set(key, now);
    return true;
  }
}
