/** Questions to a resolver that stay open until the test answers them. */
export class HeldQuestions {
  readonly asked: string[] = [];
  #open: { readonly origin: string; readonly answer: (allowed: boolean) => void }[] = [];
  #waiting: { readonly count: number; readonly wake: () => void }[] = [];

  /** What a resolver or predicate under test does. */
  ask(origin: string): Promise<boolean> {
    this.asked.push(origin);
    const answer = new Promise<boolean>((resolve) => {
      this.#open.push({ origin, answer: resolve });
    });
    for (const { count, wake } of this.#waiting) {
      if (this.asked.length >= count) {
        wake();
      }
    }
    return answer;
  }

  /** Waits until so many questions have been asked since the last {@link HeldQuestions.restart}. */
  async untilAsked(count: number): Promise<void> {
    if (this.asked.length < count) {
      await new Promise<void>((wake) => {
        this.#waiting.push({ count, wake });
      });
    }
  }

  /** Answers every open question about an origin, or every open question. */
  answer(allowed: boolean, about?: string): void {
    const due = this.#open.filter(({ origin }) => about === undefined || origin === about);
    this.#open = this.#open.filter((question) => !due.includes(question));
    for (const { answer } of due) {
      answer(allowed);
    }
  }

  /** Denies what is still open and forgets what was asked. */
  restart(): void {
    this.answer(false);
    this.asked.length = 0;
    this.#waiting = [];
  }
}
