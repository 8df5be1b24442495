const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** The end that comes from outside, by a deadline or a signal: whatever is under way then counts as failed. */
export class Interruption {
  #interrupt: (reason: Error) => void = () => undefined;
  readonly #interrupted = new Promise<never>((_, reject) => {
    this.#interrupt = reject;
  });
  readonly #deadline: NodeJS.Timeout;
  readonly #stop = (signal: NodeJS.Signals): void => this.#interrupt(new Error(`Ended by ${signal}.`));

  /** @param milliseconds from now */
  constructor(milliseconds: number) {
    // Whether anything waits for it right now is not the point.
    this.#interrupted.catch(() => undefined);
    this.#deadline = setTimeout(
      () => this.#interrupt(new Error(`Not done within ${milliseconds / 1000} seconds.`)),
      milliseconds,
    );
    for (const signal of SIGNALS) {
      process.on(signal, this.#stop);
    }
  }

  /** @throws {Error} as soon as the end comes, also when it came before */
  orDone<Result>(work: Promise<Result>): Promise<Result> {
    // Work that is left behind may fail when what it needs is closed.
    work.catch(() => undefined);
    return Promise.race([this.#interrupted, work]);
  }

  forget(): void {
    clearTimeout(this.#deadline);
    for (const signal of SIGNALS) {
      process.off(signal, this.#stop);
    }
  }
}
