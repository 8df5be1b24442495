import type { ApplicationPlan } from '../../../attack/plan.js';
import type { PageName } from '../matrix/row.js';

/** One request of a page. */
export interface DrawnRequest {
  readonly method: string;
  /** With lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly credentials: RequestCredentials;
  readonly mode: 'cors' | 'no-cors';
}

/** One or two requests of a page to one URL. The second one may use what the browser cached of the first. */
export interface LibraryCase {
  /** Unique in a run. The `row` in the query of its URL. */
  readonly number: string;
  readonly from: PageName;
  /** The name of the API in the URL. */
  readonly to: 'api' | 'otherApi';
  readonly path: string;
  readonly requests: readonly DrawnRequest[];
}

/** What the page's script reads of a response. Names of headers are in lower case, and `date` has no value. */
export interface Reading {
  readonly status: number;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** What happens to a request. */
export interface Outcome {
  readonly reads: Reading | 'blocked' | 'opaque';
  /** The requests that arrive at the server, in the format of `Arrivals`. */
  readonly arrives: readonly string[];
  /** The handlers that run. */
  readonly ran: readonly string[];
}

/** The response of the application without the module. */
export interface ControlReply extends Reading {
  readonly lines: readonly (readonly [name: string, value: string])[];
  /** The handler that the request reached, even if its guard refused it. */
  readonly reached: string | undefined;
  readonly ran: readonly string[];
}

/** What the application without the module does with a request that has no Origin, and with its preflight. */
export interface ControlFacts {
  readonly actual: ControlReply;
  /** `undefined` if none is due. */
  readonly preflight: ControlReply | undefined;
  /** The handler that the request reaches if its body is valid. */
  readonly reached: string | undefined;
  /** The handlers that the method and URL can reach with any version that a preflight does not carry. */
  readonly candidates: readonly string[];
}

/** A request, with the page and the application that it is about. */
export interface JudgedRequest {
  readonly plan: ApplicationPlan;
  /** The page's own, `null` for a sandboxed page. */
  readonly origin: string;
  readonly apiOrigin: string;
  readonly path: string;
  readonly request: DrawnRequest;
  readonly control: ControlFacts;
}
