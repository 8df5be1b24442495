import type { BrowserName } from '../../../browsers/browser.js';

/** Where an engine differs from the Fetch standard. A difference that is gone fails the run. */
export interface Engine {
  /** Sends the Origin of a secure page to a loopback host over http, where the standard sends `null`. */
  readonly sendsOriginToLoopback: boolean;
  /** Sends nothing from a secure page over http, not even to a loopback host. */
  readonly blocksPlainHttp: boolean;
}

export const STANDARD: Engine = Object.freeze({ sendsOriginToLoopback: false, blocksPlainHttp: false });

export const ENGINES: Readonly<Record<BrowserName, Engine>> = Object.freeze({
  chromium: { ...STANDARD, sendsOriginToLoopback: true },
  firefox: STANDARD,
  webkit: { ...STANDARD, blocksPlainHttp: true },
});
