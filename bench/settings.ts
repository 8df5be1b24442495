import { parseArgs } from 'node:util';

export type Platform = 'express' | 'fastify';

export const SUITES = [
  'sockets',
  'process',
  'routes',
  'origins',
  'memory',
  'boot',
  'load',
  'hostile',
  'asynchronous',
  'enforce',
  'decide',
  'profile',
] as const;
/** `compare` runs alone, with `--compare REF`. */
export type SuiteName = (typeof SUITES)[number] | 'compare';

/** The settings of a run. */
export interface Settings {
  readonly quick: boolean;
  /** The number of fresh process sets for each ratio. */
  readonly runs: number;
  readonly platforms: readonly Platform[];
  readonly suites: readonly SuiteName[];
  /** The results file, which keeps results of suites that did not run; `undefined` saves nothing. */
  readonly json: string | undefined;
  /** The folder for plots; `undefined` saves none. */
  readonly plots: string | undefined;
  /** The base revision. */
  readonly compare: string | undefined;
  /** Whether the comparison is added to the history. */
  readonly history: boolean;
  /** Whether to write saved results into the documentation without measuring. */
  readonly documentOnly: boolean;
}

const PLATFORMS: readonly Platform[] = ['express', 'fastify'];
const DEFAULT_RUNS = 12;
/** The saved results for the documentation; relative to the project. */
export const KEPT_RESULTS = 'docs/performance/results.json';
export const DOCUMENT = 'docs/performance/README.md';
/** The files of the comparison history: figures, page and plot. */
export const HISTORY = Object.freeze({
  figures: 'docs/performance/history.json',
  page: 'docs/performance/history.md',
  plot: 'docs/performance/history.svg',
});

/**
 * Reads the command line: `--quick`, `--runs N`, `--only sockets,routes`, `--platform express`, `--json FILE`,
 * `--plots FOLDER`, `--document`, `--compare REF`, `--history`.
 * @throws Error for unknown options and values
 */
export function readSettings(args: readonly string[]): Settings {
  const { values } = parseArgs({
    args: [...args],
    options: {
      quick: { type: 'boolean', default: false },
      runs: { type: 'string' },
      only: { type: 'string' },
      platform: { type: 'string' },
      json: { type: 'string' },
      plots: { type: 'string' },
      document: { type: 'boolean', default: false },
      compare: { type: 'string' },
      history: { type: 'boolean', default: false },
    },
  });
  const { compare } = values;
  if (compare !== undefined && values.only !== undefined) {
    throw new Error('--compare runs its own suite, so leave --only out: `--compare main --platform express`.');
  }
  if (values.history === true && compare === undefined) {
    throw new Error('--history keeps a comparison, so name the revision: `--compare v0.1.0 --history`.');
  }
  const quick = values.quick === true;
  const runs = values.runs === undefined ? (quick ? 1 : DEFAULT_RUNS) : Number(values.runs);
  if (!Number.isInteger(runs) || runs < 1) {
    throw new Error(`--runs is ${JSON.stringify(values.runs)} but must be a whole number from 1: \`--runs 12\`.`);
  }
  return {
    quick,
    runs,
    platforms: namesIn(values.platform, PLATFORMS, '--platform'),
    suites: compare === undefined ? namesIn(values.only, SUITES, '--only') : ['compare'],
    json: values.json ?? (quick || compare !== undefined ? undefined : KEPT_RESULTS),
    plots: values.plots ?? (quick || compare !== undefined ? undefined : 'docs/performance'),
    compare,
    history: values.history === true,
    documentOnly: values.document === true,
  };
}

function namesIn<Name extends string>(text: string | undefined, known: readonly Name[], option: string): Name[] {
  if (text === undefined) {
    return [...known];
  }
  const names = text.split(',');
  for (const name of names) {
    if (!known.includes(name as Name)) {
      throw new Error(`${option} names ${JSON.stringify(name)}; it knows ${known.join(', ')}.`);
    }
  }
  return known.filter((name) => names.includes(name));
}
