/** The part of an adapter that knows its own form of a path; older adapters leave it out. */
export interface PathNormalizing {
  normalizePath?(path: string): string;
}

/**
 * Which paths an adapter registers in another form than it was given: notes what Nest is answered before it registers a
 * route. The adapter is never asked ahead of Nest: Express's compiles each path it is asked for, and warns of some.
 */
export class NormalizedPaths {
  /** Few paths have another form. */
  readonly #formOf = new Map<string, string>();
  readonly #pathsOf = new Map<string, string[]>();
  readonly #native: PathNormalizing['normalizePath'];
  readonly #own: PropertyDescriptor | undefined;
  readonly #noting = (path: string): string => this.#note(path, this.#native?.call(this.#adapter, path) ?? path);
  /** The last form that Nest was answered, until it registers a route at it: commonly at once. */
  #last: string | undefined;
  /**
   * How many times Nest was answered a form before, at which it has not registered a route since. It asks and registers
   * without waiting in between: what is left afterwards are routes that it leaves out.
   */
  readonly #open = new Map<string, number>();
  #isForgetting = false;
  readonly #adapter: PathNormalizing;

  constructor(adapter: PathNormalizing) {
    this.#adapter = adapter;
    this.#native = adapter.normalizePath;
    this.#own = Object.getOwnPropertyDescriptor(adapter, 'normalizePath');
    adapter.normalizePath = this.#noting;
  }

  /** The form of a path, if Nest has asked for it; otherwise the path itself. */
  formOf(path: string): string {
    return this.#formOf.size === 0 ? path : (this.#formOf.get(path) ?? path);
  }

  /** The paths Nest may have asked for when it registers a form. */
  pathsOf(form: string): readonly string[] {
    const paths = this.#pathsOf.get(form) ?? [];
    return this.#formOf.has(form) ? paths : [form, ...paths];
  }

  /** Whether Nest has asked for this form and not registered a route at it yet. Each question counts once. */
  wasAnswered(form: string): boolean {
    if (this.#last === form) {
      this.#last = undefined;
      return true;
    }
    const times = this.#open.get(form) ?? 0;
    if (times > 1) {
      this.#open.set(form, times - 1);
    } else {
      this.#open.delete(form);
    }
    return times > 0;
  }

  #note(path: string, form: string): string {
    if (this.#last !== undefined) {
      this.#open.set(this.#last, (this.#open.get(this.#last) ?? 0) + 1);
    }
    this.#last = form;
    if (!this.#isForgetting) {
      this.#isForgetting = true;
      queueMicrotask(() => {
        this.#isForgetting = false;
        this.#forgetOpen();
      });
    }
    if (form !== path && !this.#formOf.has(path)) {
      this.#formOf.set(path, form);
      const others = this.#pathsOf.get(form);
      if (others === undefined) {
        this.#pathsOf.set(form, [path]);
      } else {
        others.push(path);
      }
    }
    return form;
  }

  /** Gives the adapter its method back and forgets every path. */
  release(): void {
    this.#forgetOpen();
    this.#formOf.clear();
    this.#pathsOf.clear();
    if (this.#adapter.normalizePath !== this.#noting) {
      return; // other code has replaced it since
    }
    if (this.#own === undefined) {
      Reflect.deleteProperty(this.#adapter, 'normalizePath');
    } else {
      Object.defineProperty(this.#adapter, 'normalizePath', this.#own);
    }
  }

  #forgetOpen(): void {
    this.#last = undefined;
    this.#open.clear();
  }
}
