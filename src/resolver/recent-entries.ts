interface Link<Value> {
  readonly key: string;
  readonly value: Value;
  older: Link<Value>;
  newer: Link<Value>;
}

/**
 * A map of bounded size: a new entry beyond the limit replaces the least recently used one. The links hold the order of
 * use, because re-inserting into a `Map` at each read makes V8 rebuild a large one from time to time.
 */
export class RecentEntries<Value> {
  readonly #links = new Map<string, Link<Value>>();
  /** Closes the links to a ring: `newer` is the oldest link, `older` the newest. */
  readonly #ends = {} as Link<Value>;
  readonly #limit: number;

  /** @param limit the highest number of entries, at least 1 */
  constructor(limit: number) {
    this.#limit = limit;
    this.clear();
  }

  get size(): number {
    return this.#links.size;
  }

  /** Counts as a use. */
  get(key: string): Value | undefined {
    const link = this.#links.get(key);
    if (link === undefined) {
      return undefined;
    }
    unlink(link);
    this.#append(link);
    return link.value;
  }

  /** Does not count as a use. */
  peek(key: string): Value | undefined {
    return this.#links.get(key)?.value;
  }

  /** Counts as a use. */
  set(key: string, value: Value): void {
    this.delete(key);
    if (this.#links.size === this.#limit) {
      this.delete(this.#ends.newer.key);
    }
    const link: Link<Value> = { key, value, older: this.#ends, newer: this.#ends };
    this.#append(link);
    this.#links.set(key, link);
  }

  delete(key: string): void {
    const link = this.#links.get(key);
    if (link !== undefined) {
      unlink(link);
      this.#links.delete(key);
    }
  }

  clear(): void {
    this.#links.clear();
    this.#ends.older = this.#ends;
    this.#ends.newer = this.#ends;
  }

  /** Every value, in no particular order. */
  *values(): Iterable<Value> {
    for (const { value } of this.#links.values()) {
      yield value;
    }
  }

  /** Makes a link the newest. */
  #append(link: Link<Value>): void {
    const ends = this.#ends;
    link.older = ends.older;
    link.newer = ends;
    ends.older.newer = link;
    ends.older = link;
  }
}

function unlink<Value>({ older, newer }: Link<Value>): void {
  older.newer = newer;
  newer.older = older;
}
