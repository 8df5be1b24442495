import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

interface Reply {
  readonly result?: unknown;
  readonly error?: string;
}

/** Milliseconds. Longer than any command: a boot with 10,000 routes on a busy machine. */
const DEADLINE = 180_000;

/** Keeps every allocation until it is measured, without a garbage collection. In MiB. */
export const LARGE_YOUNG_GENERATION = Object.freeze([
  '--expose-gc',
  '--min-semi-space-size=128',
  '--max-semi-space-size=128',
]);

/** The sources of the project, or those of the `--compare` revision. */
export type Build = 'project' | 'base';

/** A separate process that runs one command at a time. */
export class Worker {
  readonly #child: ChildProcess;

  /**
   * @param program a file of `bench/child`, without its extension
   * @param execArgv options for Node
   * @param build the sources that it measures
   */
  constructor(program: string, execArgv: readonly string[] = [], build: Build = 'project') {
    const bench = build === 'project' ? './' : '../base/bench/';
    const file = fileURLToPath(new URL(`${bench}child/${program}.js`, import.meta.url));
    this.#child = fork(file, [], { execArgv: [...execArgv], stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  }

  /** Sends a command to the worker. Rejects if it fails, ends, or takes longer than three minutes. */
  ask<Result>(command: string, values: object = {}): Promise<Result> {
    const child = this.#child;
    return new Promise((resolve, reject) => {
      const settle = () => {
        clearTimeout(deadline);
        child.off('message', answered);
        child.off('exit', ended);
      };
      const answered = ({ result, error }: Reply) => {
        settle();
        error === undefined ? resolve(result as Result) : reject(new Error(error));
      };
      const ended = (code: number | null) => {
        settle();
        reject(new Error(`A worker ended with code ${code} while it was asked for "${command}".`));
      };
      const deadline = setTimeout(() => {
        settle();
        child.kill('SIGKILL');
        reject(new Error(`A worker did not answer "${command}" within ${DEADLINE / 1000} s.`));
      }, DEADLINE);
      child.on('message', answered);
      child.on('exit', ended);
      child.send({ command, ...values });
    });
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) {
      return;
    }
    const ended = new Promise((resolve) => this.#child.once('exit', resolve));
    this.#child.kill('SIGKILL');
    await ended;
  }
}

/** Runs `use` with workers, and always ends them. */
export async function withWorkers<Result>(
  workers: readonly Worker[],
  use: (workers: readonly Worker[]) => Promise<Result>,
): Promise<Result> {
  try {
    return await use(workers);
  } finally {
    await Promise.all(workers.map((worker) => worker.stop()));
  }
}

/** Sends a command to a process that runs nothing else. */
export function inFreshProcess<Result>(
  program: string,
  execArgv: readonly string[],
  command: string,
  values: object,
  build: Build = 'project',
): Promise<Result> {
  return withWorkers([new Worker(program, execArgv, build)], ([worker]) =>
    (worker as Worker).ask<Result>(command, values),
  );
}
