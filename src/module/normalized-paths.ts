/** The part of an adapter that knows its own form of a path; older adapters leave it out. */
export interface PathNormalizing {
  normalizePath?(path: string): string;
}

/**
 * The adapter's own form of paths, asked for once each while the application initialises: Nest asks again when it
 * registers a route, and Express's adapter compiles the path, and warns of a deprecated one, each time.
 */
export class NormalizedPaths {
  readonly #known = new Map<string, string>();
  readonly #native: PathNormalizing['normalizePath'];
  readonly #own: PropertyDescriptor | undefined;
  readonly #remembering = (path: string): string => this.of(path);

  constructor(private readonly adapter: PathNormalizing) {
    this.#native = adapter.normalizePath;
    this.#own = Object.getOwnPropertyDescriptor(adapter, 'normalizePath');
    if (this.#native !== undefined) {
      adapter.normalizePath = this.#remembering;
    }
  }

  /** @throws whatever the adapter throws for a path it cannot take */
  of(path: string): string {
    let normalized = this.#known.get(path);
    if (normalized === undefined) {
      normalized = this.#native?.call(this.adapter, path) ?? path;
      this.#known.set(path, normalized);
    }
    return normalized;
  }

  /** Gives the adapter its method back and forgets every path. */
  release(): void {
    this.#known.clear();
    if (this.adapter.normalizePath !== this.#remembering) {
      return; // somebody has put another one in its place
    }
    if (this.#own === undefined) {
      Reflect.deleteProperty(this.adapter, 'normalizePath');
    } else {
      Object.defineProperty(this.adapter, 'normalizePath', this.#own);
    }
  }
}
