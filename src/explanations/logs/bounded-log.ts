/** The most different lines that are logged in a minute, without their variants. */
const MOST_LINES = 256;
/** The most variants of a line that are logged in a minute. */
const MOST_VARIANTS = 3;
/** The most requests a minute whose variant is looked up, for each line. */
const MOST_LOOKUPS = 1_000;
/** The time before a line is logged again, in milliseconds. */
const QUIET = 60_000;

/** A line that was logged in the last minute. */
interface RecentLine {
  /** When its first variant was logged. */
  since: number;
  variants: string[];
  /** How often `isFull` was asked since then. */
  lookups: number;
  /** How often it was not logged. */
  leftOut: number;
}

/** Limits a log: it admits each line once a minute, in bounded memory. */
export class BoundedLog {
  readonly #recent = new Map<string, RecentLine>();
  readonly #now: () => number;

  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  /**
   * Whether a line with this key is logged now.
   *
   * @param variant the first three different ones in a minute are admitted
   */
  admits(key: string, variant = ''): boolean {
    const now = this.#now();
    const recent = this.#recent.get(key);
    if (recent !== undefined && now - recent.since < QUIET) {
      if (recent.variants.length >= MOST_VARIANTS || recent.variants.includes(variant)) {
        recent.leftOut++;
        return false;
      }
      recent.variants.push(variant);
      return true;
    }
    if (recent !== undefined) {
      recent.since = now;
      recent.variants = [variant];
      recent.lookups = 0;
      return true;
    }
    if (this.#recent.size >= MOST_LINES) {
      this.#forget(now);
      if (this.#recent.size >= MOST_LINES) {
        return false;
      }
    }
    this.#recent.set(key, { since: now, variants: [variant], lookups: 0, leftOut: 0 });
    return true;
  }

  /** Whether a line is left out whatever its variant is, so that a flood looks up no variants. Counts it then. */
  isFull(key: string): boolean {
    const recent = this.#recent.get(key);
    if (recent === undefined || this.#now() - recent.since >= QUIET) {
      return false;
    }
    if (recent.variants.length < MOST_VARIANTS && recent.lookups++ < MOST_LOOKUPS) {
      return false;
    }
    recent.leftOut++;
    return true;
  }

  /** How often a line was left out since it was last counted. */
  countLeftOut(key: string): number {
    const recent = this.#recent.get(key);
    const count = recent?.leftOut ?? 0;
    if (recent !== undefined) {
      recent.leftOut = 0;
    }
    return count;
  }

  #forget(now: number): void {
    for (const [key, { since }] of this.#recent) {
      if (now - since >= QUIET) {
        this.#recent.delete(key);
      }
    }
  }
}
