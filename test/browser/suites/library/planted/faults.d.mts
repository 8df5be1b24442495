/** A fault of the library that its suite must find in Chromium. */
export interface PlantedFault {
  readonly name: string;
  /** Of a small sample of requests that finds it. */
  readonly seed?: number;
  /** The check that must fail. */
  readonly promise: string;
  readonly file: string;
  /** Occurs exactly once in the file. */
  readonly find: string;
  readonly replace: string;
}

export const faults: readonly PlantedFault[];
