import type { Claim } from '../suites/matrix/row.js';
import { ROWS } from '../suites/matrix/rows.js';
import { SEQUENCES } from '../suites/preflight-cache/run-sequences.js';
import { SAMPLE_CLAIMS } from '../suites/sample/run-sample.js';

/** Every claim about browsers. Differences refer to them by name. */
export const CLAIMS: readonly Claim[] = Object.freeze([...ROWS, ...SEQUENCES, ...SAMPLE_CLAIMS]);
