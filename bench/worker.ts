import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

interface Reply {
  readonly result?: unknown;
  readonly error?: string;
}

/** Longer than anything a worker is asked, in milliseconds: a boot with 10,000 routes on a busy machine. */
const DEADLINE = 180_000;

/** Keeps everything that is allocated until it is measured: no collection in between. In MiB. */
export const LARGE_YOUNG_GENERATION = Object.freeze([
  '--expose-gc',
  '--min-semi-space-size=128',
  '--max-semi-space-size=128',
]);

/** The sources of the project, or those of the revision that `--compare` names. */
export type Build = 'project' | 'base';

/** A process of its own that answers one question at a time. */
export class Worker {
  readonly #child: ChildProcess;

  /**
   * @param program a file of `bench/child`, without its extension
   * @param execArgv options for Node
   * @param build which sources it measures: those of the project, or those of the revision they are compared with
   */
  constructor(program: string, execArgv: readonly string[] = [], build: Build = 'project') {
    const bench = build === 'project' ? './' : '../base/bench/';
    const file = fileURLToPath(new URL(`${bench}child/${program}.js`, import.meta.url));
    this.#child = fork(file, [], { execArgv: [...execArgv], stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  }

  /** Asks the worker. Rejects when it fails, ends, or takes longer than three minutes. */
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

  /** Ends the process. */
  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) {
      return;
    }
    const ended = new Promise((resolve) => this.#child.once('exit', resolve));
    this.#child.kill('SIGKILL');
    await ended;
  }
}

/** Runs `use` with workers, and ends them whatever happens. */
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

/** Asks a process that does nothing else. */
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
