/** The part of an adapter that knows its own form of a path; older adapters leave it out. */
export interface PathNormalizing {
  normalizePath?(path: string): string;
}

/**
 * Which paths an adapter registers in another form than it was given: notes what Nest is answered while it registers
 * routes. The adapter is not asked ahead of Nest: Express's compiles each path it is asked for, and warns of some.
 */
export class NormalizedPaths {
  readonly #changed = new Map<string, string>();
  readonly #native: PathNormalizing['normalizePath'];
  readonly #own: PropertyDescriptor | undefined;
  readonly #noting = (path: string): string => this.of(path);

  constructor(private readonly adapter: PathNormalizing) {
    this.#native = adapter.normalizePath;
    this.#own = Object.getOwnPropertyDescriptor(adapter, 'normalizePath');
    if (this.#native !== undefined) {
      adapter.normalizePath = this.#noting;
    }
  }

  /** The form of a path that Nest has asked for; the path itself as long as it has not. */
  noted(path: string): string {
    return this.#known(path) ?? path;
  }

  /**
   * The form of a path; the adapter is asked unless it is known to change it.
   * @throws whatever the adapter throws for a path it cannot take
   */
  of(path: string): string {
    let normalized = this.#known(path);
    if (normalized === undefined) {
      normalized = this.#native?.call(this.adapter, path) ?? path;
      if (normalized !== path) {
        this.#changed.set(path, normalized);
      }
    }
    return normalized;
  }

  /** Few paths change: most are not even looked up. */
  #known(path: string): string | undefined {
    return this.#changed.size === 0 ? undefined : this.#changed.get(path);
  }

  /** Gives the adapter its method back and forgets every path. */
  release(): void {
    this.#changed.clear();
    if (this.adapter.normalizePath !== this.#noting) {
      return; // somebody has put another one in its place
    }
    if (this.#own === undefined) {
      Reflect.deleteProperty(this.adapter, 'normalizePath');
    } else {
      Object.defineProperty(this.adapter, 'normalizePath', this.#own);
    }
  }
}
