/** How many different lines are remembered. Beyond that the oldest is forgotten and may be logged again. */
const MOST_LINES = 256;
/** How long a line is not repeated, in milliseconds. */
const QUIET = 60_000;

/** Decides which lines are worth logging again, in bounded memory: each at most once a minute. */
export class BoundedLog {
  readonly #last = new Map<string, number>();

  constructor(private readonly now: () => number = Date.now) {}

  /** Whether the line with this key should be logged now. */
  admits(key: string): boolean {
    const now = this.now();
    const last = this.#last.get(key);
    if (last !== undefined && now - last < QUIET) {
      return false;
    }
    this.#last.delete(key);
    if (this.#last.size >= MOST_LINES) {
      const oldest = this.#last.keys().next().value;
      if (oldest !== undefined) {
        this.#last.delete(oldest);
      }
    }
    this.#last.set(key, now);
    return true;
  }
}
