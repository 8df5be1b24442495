import { isDeepStrictEqual } from 'node:util';

/** Counts passed checks, and prints failed ones. */
export class Checks {
  passed = 0;
  failed = 0;
  readonly #print: (line: string) => void;

  constructor(print: (line: string) => void = console.log) {
    this.#print = print;
  }

  equal(name: string, actual: unknown, expected: unknown): void {
    if (isDeepStrictEqual(actual, expected)) {
      this.passed += 1;
      return;
    }
    this.fail(name, `expected ${JSON.stringify(expected)}`, `     got ${JSON.stringify(actual)}`);
  }

  /** Prints what helps to understand a failure. */
  explain(text: string): void {
    this.#print(text);
  }

  fail(name: string, ...details: readonly string[]): void {
    this.failed += 1;
    this.#print(`FAILED ${name}`);
    for (const detail of details) {
      this.#print(`         ${detail}`);
    }
  }
}
