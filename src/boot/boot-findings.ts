import type { CorsProblem, CorsWarning } from '../validation/problems/problem.js';

/** Collects the mistakes of one boot, so that all of them are reported together. */
export interface BootFindings {
  readonly problems: CorsProblem[];
  readonly warnings: CorsWarning[];
}
