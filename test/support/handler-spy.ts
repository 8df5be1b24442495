/** Remembers which handlers ran, so that a test can tell a refused request from one that was served without headers. */
export class HandlerSpy {
  #names: string[] = [];

  /** Called by a handler; returns its name for use as the response's body. */
  ran(name: string): string {
    this.#names.push(name);
    return name;
  }

  /** The handlers that ran since the last time this was asked. */
  take(): string[] {
    const names = this.#names;
    this.#names = [];
    return names;
  }
}
