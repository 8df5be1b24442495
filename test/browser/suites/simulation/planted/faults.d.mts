/** A fault of `openPage` that the comparison with Chromium must notice. */
export interface SimulationFault {
  readonly name: string;
  /** The topic of the cases that show it. */
  readonly topic: string;
  readonly file: string;
  /** Occurs exactly once in the file. */
  readonly find: string;
  readonly replace: string;
}

export const faults: readonly SimulationFault[];
