/** A header as it goes over the wire: its name as it is spelled, and its value. */
export type WireHeader = readonly [name: string, value: string];

/** One request that a page sent, and the head of its response. Frozen. */
export interface PageExchange {
  /** Whether it is a preflight. */
  readonly preflight: boolean;
  /** The method as sent. */
  readonly method: string;
  /** The absolute URL, as the page believes it to be. */
  readonly url: string;
  /** All request headers, in the order and spelling of Chromium. */
  readonly requestHeaders: readonly WireHeader[];
  /** The status of the response; `undefined` if none arrived. */
  readonly status: number | undefined;
  /** All response headers. A header with several lines is there several times. */
  readonly responseHeaders: readonly WireHeader[];
}
