/** Remarks about the translation of an `enableCors()` call. */
export interface Remarks {
  /** What has no translation, and what never worked: sentences. */
  readonly notes: string[];
  /** What differs on the wire from the translation: sentences. */
  readonly differences: string[];
}
