/** The options of `CorsIoAdapter` and `CorsWsAdapter`. */
export interface CorsAdapterOptions {
  /**
   * Whether connections without an Origin header are refused. Browsers always send one, native clients usually do not.
   *
   * @default false
   */
  readonly requireOrigin?: boolean;
}
