import type { Engine, PreflightCheck } from './engines.js';

/** Every check that can fail. */
export type Check =
  | PreflightCheck
  /** `fetch` itself throws: a URL, method or header that cannot be sent. */
  | 'request'
  /** The mode `same-origin` forbids the request. */
  | 'mode'
  /** The URL is neither `http:` nor `https:`. */
  | 'scheme'
  | 'connection'
  /** A redirect leads to an address that browsers do not follow. */
  | 'location'
  /** `Cross-Origin-Resource-Policy` forbids the embed. */
  | 'resource-policy';

/** How one engine reports a failure. */
export interface Finding {
  /**
   * Chromium: the value of `Network.CorsError`. Firefox: the category of the console message, without a digit at the
   * end. WebKit has no codes: a label for its message. `undefined` if the engine has no name for the failure.
   */
  readonly name: string | undefined;
  /** What the engine quotes, for example a value, a method, or one of several refused headers. */
  readonly parameter: string | undefined;
}

/** A failed check, as each engine reports it. */
export interface Failure extends Readonly<Record<Engine, Finding>> {
  readonly check: Check;
}

/** The names of one failure. `undefined` where an engine has none. */
export type Names = readonly [chromium: string | undefined, firefox: string | undefined, webkit: string | undefined];

type Parameters = Partial<Record<Engine, string | undefined>>;

export function failure(check: Check, [chromium, firefox, webkit]: Names, parameters: Parameters = {}): Failure {
  return Object.freeze({
    check,
    chromium: Object.freeze({ name: chromium, parameter: parameters.chromium }),
    firefox: Object.freeze({ name: firefox, parameter: parameters.firefox }),
    webkit: Object.freeze({ name: webkit, parameter: parameters.webkit }),
  });
}
