/** Calls of a resolver that stay pending until the test answers them. */
export class HeldCalls {
  /** The origin of each call since the last {@link restart}. */
  readonly origins: string[] = [];
  #pending: { readonly origin: string; readonly answer: (allowed: boolean) => void }[] = [];
  #waiting: { readonly count: number; readonly wake: () => void }[] = [];

  /** The body of a resolver or predicate under test. */
  call(origin: string): Promise<boolean> {
    this.origins.push(origin);
    const answer = new Promise<boolean>((resolve) => {
      this.#pending.push({ origin, answer: resolve });
    });
    for (const { count, wake } of this.#waiting) {
      if (this.origins.length >= count) {
        wake();
      }
    }
    return answer;
  }

  /** Waits for this number of calls since the last {@link restart}. */
  async untilCalled(count: number): Promise<void> {
    if (this.origins.length < count) {
      await new Promise<void>((wake) => {
        this.#waiting.push({ count, wake });
      });
    }
  }

  /** Answers the pending calls for an origin, or all pending calls. */
  answer(allowed: boolean, origin?: string): void {
    const due = this.#pending.filter((call) => origin === undefined || call.origin === origin);
    this.#pending = this.#pending.filter((call) => !due.includes(call));
    for (const { answer } of due) {
      answer(allowed);
    }
  }

  /** Denies pending calls and starts counting from zero. */
  restart(): void {
    this.answer(false);
    this.origins.length = 0;
    this.#waiting = [];
  }
}
