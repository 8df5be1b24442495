const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** An end by a deadline or a signal. Pending work then counts as failed. */
export class Interruption {
  #interrupt: (reason: Error) => void = () => undefined;
  readonly #interrupted = new Promise<never>((_, reject) => {
    this.#interrupt = reject;
  });
  readonly #deadline: NodeJS.Timeout;
  readonly #stop = (signal: NodeJS.Signals): void => this.#interrupt(new Error(`Ended by ${signal}.`));

  /** @param milliseconds from now */
  constructor(milliseconds: number) {
    // The promise may be rejected while nothing awaits it.
    this.#interrupted.catch(() => undefined);
    this.#deadline = setTimeout(
      () => this.#interrupt(new Error(`Not done within ${milliseconds / 1000} seconds.`)),
      milliseconds,
    );
    for (const signal of SIGNALS) {
      process.on(signal, this.#stop);
    }
  }

  /** @throws {Error} at the interruption, also if it happened before */
  orDone<Result>(work: Promise<Result>): Promise<Result> {
    // Abandoned work may fail when its servers close.
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
