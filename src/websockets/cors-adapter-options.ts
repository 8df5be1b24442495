/** The options of `CorsIoAdapter` and `CorsWsAdapter`. */
export interface CorsAdapterOptions {
  /**
   * Whether connections without an Origin header are refused. Native clients usually send none. A page that polls its
   * own host sends none either: it needs `Sec-Fetch-Site: same-origin`, which browsers send over https.
   *
   * @default false
   */
  readonly requireOrigin?: boolean;
}
