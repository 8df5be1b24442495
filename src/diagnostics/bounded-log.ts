/** How many different lines are logged in a minute. */
const MOST_LINES = 256;
/** How long a line is not repeated, in milliseconds. */
const QUIET = 60_000;

/** Decides which lines are worth logging again, in bounded memory: each at most once a minute. */
export class BoundedLog {
  readonly #last = new Map<string, number>();
  readonly #now: () => number;

  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  /** Whether the line with this key should be logged now. */
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
        return false; // more kinds a minute than anybody reads
      }
    }
    this.#last.set(key, now);
    return true;
  }
}
