/** Numbers values, so that keys are short texts. One interner serves one boot of an application. */
export class Interner {
  readonly #numbers = new Map<unknown, number>();

  /** The number of a value. The same object or function, and equal primitive values, have the same number. */
  numberOf(value: unknown): number {
    let number = this.#numbers.get(value);
    if (number === undefined) {
      number = this.#numbers.size;
      this.#numbers.set(value, number);
    }
    return number;
  }
}
