import type { BrowserName } from '../../../browsers/browser.js';

/** Where an engine differs from the Fetch standard. A difference that is gone fails the run. */
export interface Engine {
  /** Sends the Origin of a secure page to a loopback host over http, where the standard sends `null`. */
  readonly sendsOriginToLoopback: boolean;
  /** Accepts `Access-Control-Allow-Headers: *` for `authorization`. */
  readonly starCoversAuthorization: boolean;
  /** Sends nothing from a secure page over http, not even to a loopback host. */
  readonly blocksPlainHttp: boolean;
}

export const STANDARD: Engine = Object.freeze({
  sendsOriginToLoopback: false,
  starCoversAuthorization: false,
  blocksPlainHttp: false,
});

/** Where all engines differ. */
const ALL: Engine = Object.freeze({ ...STANDARD, starCoversAuthorization: true });

export const ENGINES: Readonly<Record<BrowserName, Engine>> = Object.freeze({
  chromium: { ...ALL, sendsOriginToLoopback: true },
  firefox: ALL,
  webkit: { ...ALL, blocksPlainHttp: true },
});
