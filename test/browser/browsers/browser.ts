/** The functions of a browser that the suites need. */
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
  /**
   * The failures of CORS that the browser reported to developers since the last call; absent if its driver delivers
   * none.
   */
  readonly takeReports?: () => Promise<ReportedFailure[]>;
  /** Ends the started processes and removes their files. */
  close(): Promise<void>;
}

/** A failure, as the browser names it. */
export interface ReportedFailure {
  /** The URL of the request; empty if the report does not name it. */
  readonly url: string;
  /** Chromium: a value of `Network.CorsError`. Firefox: a category of the console, without a digit at the end. */
  readonly name: string;
  readonly parameter?: string;
}

/** A browser that the suites can find and control. */
export interface BrowserKind {
  readonly name: BrowserName;
  /** The command that installs what {@link find} looks for. */
  readonly remedy: string;
  /** The top-level domains that it can resolve to loopback. */
  readonly domains: readonly Domain[];
  /** The required programs, or undefined if one is missing. */
  find(): readonly string[] | undefined;
  /** @param programs the result of {@link find} */
  launch(programs: readonly string[]): Promise<Browser>;
}

export type BrowserName = 'chromium' | 'firefox' | 'webkit';

/**
 * Browsers treat names below `localhost` as secure over any scheme. They send no Sec-Fetch-Site to names below `test`
 * over http.
 */
export type Domain = 'localhost' | 'test';
