import type { Difference } from './row.js';

/**
 * Where a browser departs from the rows. An entry here is asserted like any row: a difference that is not declared
 * fails, and so does one that is gone.
 */
export const DIFFERENCES: readonly Difference[] = Object.freeze([]);
