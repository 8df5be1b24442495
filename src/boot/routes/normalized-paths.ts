/** The part of an adapter that changes paths before it registers them; older adapters leave it out. */
export interface PathNormalizing {
  normalizePath?(path: string): string;
}

/**
 * Notes how an adapter normalizes paths. Nest calls `normalizePath` before it registers a route. This class never calls
 * it earlier, because Express's adapter compiles each path and logs a warning for some.
 */
export class NormalizedPaths {
  /** Only the paths that the adapter changes: few. */
  readonly #normalized = new Map<string, string>();
  readonly #originals = new Map<string, string[]>();
  readonly #native: PathNormalizing['normalizePath'];
  readonly #ownProperty: PropertyDescriptor | undefined;
  readonly #noting = (path: string): string => this.#note(path, this.#native?.call(this.#adapter, path) ?? path);
  #isNestRegistering = false;
  readonly #adapter: PathNormalizing;

  constructor(adapter: PathNormalizing) {
    this.#adapter = adapter;
    this.#native = adapter.normalizePath;
    this.#ownProperty = Object.getOwnPropertyDescriptor(adapter, 'normalizePath');
    adapter.normalizePath = this.#noting;
  }

  /** Whether Nest registers its routes now. It registers them all in one synchronous run. */
  get isNestRegistering(): boolean {
    return this.#isNestRegistering;
  }

  /** The normalized form of a path that Nest has normalized; otherwise the path itself. */
  normalized(path: string): string {
    return this.#normalized.size === 0 ? path : (this.#normalized.get(path) ?? path);
  }

  /** The paths that Nest may mean when it registers a normalized path. */
  originals(normalized: string): readonly string[] {
    const paths = this.#originals.get(normalized) ?? [];
    return this.#normalized.has(normalized) ? paths : [normalized, ...paths];
  }

  /** Restores the adapter's method and forgets every path. */
  release(): void {
    this.#isNestRegistering = false;
    this.#normalized.clear();
    this.#originals.clear();
    if (this.#adapter.normalizePath !== this.#noting) {
      return; // other code has replaced it since
    }
    if (this.#ownProperty === undefined) {
      Reflect.deleteProperty(this.#adapter, 'normalizePath');
    } else {
      Object.defineProperty(this.#adapter, 'normalizePath', this.#ownProperty);
    }
  }

  #note(path: string, normalized: string): string {
    if (!this.#isNestRegistering) {
      this.#isNestRegistering = true;
      queueMicrotask(() => {
        this.#isNestRegistering = false;
      });
    }
    if (normalized !== path && !this.#normalized.has(path)) {
      this.#normalized.set(path, normalized);
      const others = this.#originals.get(normalized);
      if (others === undefined) {
        this.#originals.set(normalized, [path]);
      } else {
        others.push(path);
      }
    }
    return normalized;
  }
}
