import { plotSvg } from './plot.js';
import type { Figure, Plot } from './results.js';
import { tableText } from './text.js';

/** One run of the comparison. */
export interface HistoryEntry {
  /** `2026-11-27` */
  readonly date: string;
  readonly commit: string;
  readonly figures: readonly Figure[];
}

/** Comparisons with one base revision. */
export interface History {
  /** The base revision of every run. */
  readonly base: string;
  readonly entries: readonly HistoryEntry[];
}

/** The limit of saved runs, about three months of nightly ones. The oldest are removed. */
const MOST_ENTRIES = 90;
/** The number of runs in the table. */
const SHOWN = 14;

/**
 * Adds a run to the earlier ones.
 * @throws Error for a run with another base revision, because its ratios are not comparable
 */
export function withEntry(history: History | undefined, base: string, entry: HistoryEntry): History {
  if (history !== undefined && history.base !== base) {
    throw new Error(
      `The history compares with ${history.base}, and this run with ${base}: \`--compare ${history.base}\`.`,
    );
  }
  const others = (history?.entries ?? []).filter(({ commit }) => commit !== entry.commit);
  return { base, entries: [...others, entry].slice(-MOST_ENTRIES) };
}

/** The history as a page: a row for each figure, a column for each of the last runs, and the plot. */
export function historyPage({ base, entries }: History, plotFile: string): string {
  const shown = entries.slice(-SHOWN);
  const names = namesIn(entries);
  const table = tableText({
    title: `Ratios to ${base}`,
    method: 'Medians of fresh processes that took turns. Below 1 is faster than that revision, above 1 slower.',
    columns: ['', ...shown.map(({ date, commit }) => `${date} ${commit}`)],
    rows: names.map((name) => [name, ...shown.map((entry) => ratioOf(entry, name)?.toFixed(2) ?? '')]),
  });
  return [
    '# Performance, night by night',
    '',
    `Written by \`npm run bench -- --compare ${base} --history\`, which a workflow runs every night. Compare several nights: one`,
    'alone says little.',
    '',
    `![Ratios by night](${plotFile})`,
    '',
    table,
  ].join('\n');
}

/** The main figures, which the plot shows. */
const PLOTTED: readonly string[] = ['express', 'fastify']
  .flatMap((platform) =>
    ['GET allowed', 'preflight allowed', 'boot with 10,000 handlers'].map((name) => `${platform}, ${name}`),
  )
  .concat('import');

/** A line for each of the main figures over the runs. */
export function historyPlot({ base, entries }: History): string {
  const plot: Plot = {
    file: '',
    title: `Ratios to ${base}`,
    horizontal: 'runs',
    vertical: 'ratio',
    isLinear: true,
    lines: PLOTTED.map((name) => ({
      name,
      points: entries.flatMap((entry, index) => {
        const ratio = ratioOf(entry, name);
        return ratio === undefined ? [] : [[index + 1, ratio] as const];
      }),
    })),
  };
  return plotSvg(plot);
}

function namesIn(entries: readonly HistoryEntry[]): string[] {
  return [...new Set(entries.flatMap(({ figures }) => figures.map(({ name }) => name)))];
}

function ratioOf({ figures }: HistoryEntry, name: string): number | undefined {
  return figures.find((figure) => figure.name === name)?.ratio.median;
}
