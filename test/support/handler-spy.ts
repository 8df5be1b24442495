/** Records which handlers ran, so a test can distinguish a refused request from one that was served without headers. */
export class HandlerSpy {
  #names: string[] = [];

  /** A handler calls this. Returns the name, for the response body. */
  ran(name: string): string {
    this.#names.push(name);
    return name;
  }

  /** The handlers that ran since the last call. */
  take(): string[] {
    const names = this.#names;
    this.#names = [];
    return names;
  }
}
