/** What the suites need of a browser. */
export interface Browser {
  readonly version: string;
  /** Opens an address, and waits until the page is loaded. */
  visit(address: string): Promise<void>;
  /**
   * Runs a function in the page and awaits its result.
   *
   * @param script is sent as source text: it may use its argument and the page's globals only
   */
  evaluate<Argument, Result>(script: (argument: Argument) => Promise<Result>, argument: Argument): Promise<Result>;
  /** Ends the processes that were started for it, and removes what they wrote. */
  close(): Promise<void>;
}

/** A browser the suites know how to find and drive. */
export interface BrowserKind {
  readonly name: BrowserName;
  /** The command that installs what {@link find} looks for. */
  readonly remedy: string;
  /** The top-level domains it can be made to find on loopback. */
  readonly domains: readonly Domain[];
  /** The programs it takes, or undefined when one is missing. */
  find(): readonly string[] | undefined;
  /** @param programs what {@link find} returned */
  launch(programs: readonly string[]): Promise<Browser>;
}

export type BrowserName = 'chromium' | 'firefox' | 'webkit';

/**
 * Names below `localhost` count as secure however they are fetched; names below `test` do not, so that over http
 * browsers send them no Sec-Fetch-Site.
 */
export type Domain = 'localhost' | 'test';
