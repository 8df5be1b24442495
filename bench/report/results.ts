import type { Estimate } from '../statistics.js';

/** One measured figure, or one text, in a table. */
export type Cell = string | number | Estimate;

export interface Table {
  readonly title: string;
  /** How the figures were measured, in a sentence or two. */
  readonly method: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
}

/** The limit of a figure, and whether it is within the limit. */
export interface Check {
  readonly target: string;
  readonly limit: number;
  readonly value: number;
  readonly met: boolean;
}

/** A line chart: one value for each of some numbers of routes, origins or days. */
export interface Plot {
  readonly file: string;
  readonly title: string;
  readonly horizontal: string;
  readonly vertical: string;
  /** Whether the horizontal axis is linear. @default false, logarithmic */
  readonly isLinear?: boolean;
  readonly lines: readonly { readonly name: string; readonly points: readonly (readonly [x: number, y: number])[] }[];
}

/** The ratio of a figure to that of the base revision. */
export interface Figure {
  readonly name: string;
  readonly ratio: Pick<Estimate, 'median' | 'low' | 'high'>;
}

/** The results of one suite. */
export interface SuiteResult {
  readonly tables: readonly Table[];
  readonly checks: readonly Check[];
  readonly plots: readonly Plot[];
  /** For the history of nightly comparisons. */
  readonly figures?: readonly Figure[];
}

/** Compares a figure with its limit. */
export function check(target: string, value: number, limit: number): Check {
  return { target, limit, value, met: value <= limit };
}
