import type { BrowserName } from '../../browsers/browser.js';
import type { Circumstances, Environment } from '../../environment.js';
import type { PageRequest } from '../../page/page-request.js';
import type { PagePlaces } from '../../servers/places.js';

/** The page that makes a request: one of the places, or a variant of one. */
export type PageName =
  | keyof PagePlaces
  /** The trusted page, with its host in upper case in the address. */
  | 'appInCapitals'
  /** The trusted page under `Referrer-Policy: no-referrer`. */
  | 'appWithoutReferrer'
  /** A sandboxed frame of the trusted page: its origin is `null`. */
  | 'sandbox'
  /** A page of the API itself. */
  | 'api'
  | 'apiWithoutReferrer';

/** The expected result in every standard-conforming browser. */
export interface Expectation {
  /** What the page could read, in the format of `perform`. */
  readonly reads: string;
  /** The requests that reached the server, in the format of `Arrivals`. */
  readonly arrives: readonly string[];
}

/** An expectation that differences can refer to. */
export interface Claim extends Expectation {
  /** Unique. */
  readonly name: string;
}

/** One request of a page. */
export interface Row extends Claim, Omit<PageRequest, 'url' | 'continueAt'> {
  readonly from: PageName;
  /** At the API. `{app}` and other names of places stand for their origins. */
  readonly path: string;
  /** Fetched after the first part of the response is read. */
  readonly continuePath?: string;
  /** The environments of the row; all by default. */
  readonly where?: (environment: Environment) => boolean;
}

/** One deviation of a browser from the rows. */
export interface Difference extends Partial<Expectation> {
  readonly browser: BrowserName;
  readonly rows: readonly string[] | RegExp;
  readonly where?: (circumstances: Circumstances) => boolean;
  /** A sentence. */
  readonly why: string;
  /** Whether the verdict of the library knows the difference. @default true */
  readonly judged?: false;
}
