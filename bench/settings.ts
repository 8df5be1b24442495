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
/** `compare` is run for `--compare REF`, and alone. */
export type SuiteName = (typeof SUITES)[number] | 'compare';

/** What a run of the benchmark is asked to do. */
export interface Settings {
  readonly quick: boolean;
  /** How many fresh sets of processes each ratio is taken from. */
  readonly runs: number;
  readonly platforms: readonly Platform[];
  readonly suites: readonly SuiteName[];
  /** Where the results go, beside those of suites that were not run; nowhere when undefined. */
  readonly json: string | undefined;
  /** Where the plots go; nowhere when undefined. */
  readonly plots: string | undefined;
  /** The revision to compare the sources with. */
  readonly compare: string | undefined;
  /** Whether the comparison joins the history of nightly ones. */
  readonly history: boolean;
  /** Whether to measure nothing and only write what was measured into the documentation. */
  readonly documentOnly: boolean;
}

const PLATFORMS: readonly Platform[] = ['express', 'fastify'];
const DEFAULT_RUNS = 12;
/** Where the figures of the documentation come from, and where they go; relative to the project. */
export const KEPT_RESULTS = 'docs/performance/results.json';
export const DOCUMENT = 'docs/performance/README.md';
/** The history of nightly comparisons: its figures, its page, and the plot beside it. */
export const HISTORY = Object.freeze({
  figures: 'docs/performance/history.json',
  page: 'docs/performance/history.md',
  plot: 'docs/performance/history.svg',
});

/**
 * Reads the command line: `--quick`, `--runs N`, `--only sockets,routes`, `--platform express`, `--json FILE`,
 * `--plots FOLDER`, `--document`, `--compare REF`, `--history`.
 * @throws Error for what it does not know
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
