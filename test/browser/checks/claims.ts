import type { Claim } from '../matrix/row.js';
import { ROWS } from '../matrix/rows.js';
import { SEQUENCES } from '../preflight-cache/run-sequences.js';
import { SAMPLE_CLAIMS } from '../sample/run-sample.js';

/** Every claim about browsers. Differences refer to them by name. */
export const CLAIMS: readonly Claim[] = Object.freeze([...ROWS, ...SEQUENCES, ...SAMPLE_CLAIMS]);
