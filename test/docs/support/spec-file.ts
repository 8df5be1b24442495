type Step = () => unknown;
type EachStep = (...row: readonly never[]) => unknown;

interface Suite {
  readonly before: Step[];
  readonly steps: Step[];
  readonly after: Step[];
}

/** `describe`, `it` and the hooks for a block that is a spec. The tests run where the page is tested. */
export class SpecFile {
  /** The functions by the names that blocks use. */
  readonly functions: Readonly<Record<string, unknown>>;
  readonly #whole: Suite = { before: [], steps: [], after: [] };
  #current = this.#whole;

  constructor() {
    const it = (_name: string, test: Step) => this.#current.steps.push(test);
    const each = (rows: readonly unknown[]) => (_name: string, test: EachStep) =>
      this.#current.steps.push(...rows.map((row) => () => test(...((Array.isArray(row) ? row : [row]) as never[]))));
    this.functions = {
      describe: (_name: string, define: Step) => this.#describe(define),
      it: Object.assign(it, { each }),
      beforeAll: (hook: Step) => this.#current.before.push(hook),
      afterAll: (hook: Step) => this.#current.after.push(hook),
    };
  }

  /** Runs all tests in order. @throws the first failure, after the hooks that clean up */
  run(): Promise<void> {
    return runSuite(this.#whole);
  }

  #describe(define: Step): void {
    const outer = this.#current;
    const suite: Suite = { before: [], steps: [], after: [] };
    this.#current = suite;
    define();
    this.#current = outer;
    outer.steps.push(() => runSuite(suite));
  }
}

async function runSuite({ before, steps, after }: Suite): Promise<void> {
  try {
    for (const step of [...before, ...steps]) {
      await step();
    }
  } finally {
    for (const step of after) {
      await step();
    }
  }
}
