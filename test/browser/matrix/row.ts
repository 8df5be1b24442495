import type { BrowserName } from '../browsers/browser.js';
import type { Circumstances, Environment } from '../environment.js';
import type { PageRequest } from '../page/page-request.js';
import type { PagePlaces } from '../servers/places.js';

/** The page a request is made from: one of the places, or something special about one. */
export type PageName =
  | keyof PagePlaces
  /** The trusted page, its host written in capitals in the address. */
  | 'appInCapitals'
  /** The trusted page under `Referrer-Policy: no-referrer`. */
  | 'appWithoutReferrer'
  /** A sandboxed frame of the trusted page: its origin is `null`. */
  | 'sandbox'
  /** A page of the API itself. */
  | 'api'
  | 'apiWithoutReferrer';

/** What has to hold, in every browser that keeps to the standard. */
export interface Expectation {
  /** What the page could read, in the words of `perform`. */
  readonly reads: string;
  /** What reached the server, in the words of `Arrivals`. */
  readonly arrives: readonly string[];
}

/** An expectation that differences can speak of. */
export interface Claim extends Expectation {
  /** Unique. */
  readonly name: string;
}

/** One request of a page. */
export interface Row extends Claim, Omit<PageRequest, 'url' | 'continueAt'> {
  readonly from: PageName;
  /** At the API; `{app}` and other names of places stand for their origins. */
  readonly path: string;
  /** Fetched once the first piece of the answer is read. */
  readonly continuePath?: string;
  /** Where the row applies; everywhere unless told. */
  readonly where?: (environment: Environment) => boolean;
}

/** A way in which one browser departs from the rows. */
export interface Difference extends Partial<Expectation> {
  readonly browser: BrowserName;
  readonly rows: readonly string[] | RegExp;
  readonly where?: (circumstances: Circumstances) => boolean;
  /** A sentence. */
  readonly why: string;
}
