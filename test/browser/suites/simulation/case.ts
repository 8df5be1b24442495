import type { Domain } from '../../browsers/browser.js';
import type { Scheme } from '../../servers/places.js';

/** The page that makes the requests of a case. */
export interface PageKind {
  readonly scheme: Scheme;
  readonly domain: Domain;
  /** Whether it is a sandboxed frame, whose origin is `null`. */
  readonly sandboxed: boolean;
}

/** Where a URL of a case leads. The names say how the origin differs from the page's. */
export type PlaceName =
  | 'own'
  /** Another host of the same site. */
  | 'api'
  | 'otherPort'
  | 'otherScheme'
  /** Another host of the same site, over the other scheme. */
  | 'apiOtherScheme'
  | 'otherSite'
  /** A port that nothing listens on. */
  | 'closed';

/** A header line. The value of a response header may contain the placeholders of {@link ScriptedServers}. */
export type HeaderLine = readonly [name: string, value: string];

/** What a server answers. */
export interface ScriptedResponse {
  readonly status: number;
  readonly statusText: string;
  readonly headers: readonly HeaderLine[];
  readonly body: string;
}

/** `reset`: the server ends the connection. */
export type Answer = ScriptedResponse | 'reset';

/** One URL of a case: `/<case>/<key>` at a place. */
export interface Endpoint {
  readonly key: string;
  readonly place: PlaceName;
  readonly preflight: Answer;
  readonly response: Answer;
}

/** A body that is made where the request is made, because it is sent there as plain data. */
export interface CaseBody {
  readonly kind: 'text' | 'parameters' | 'form' | 'blob' | 'bytes';
  readonly text: string;
  /** The type of a blob. */
  readonly type?: string;
}

/** One call of `fetch`. */
export interface CaseRequest {
  /** The key of an endpoint. */
  readonly to: string;
  /** With `#`; may be empty. */
  readonly fragment: string;
  readonly method: string;
  readonly headers: readonly HeaderLine[];
  readonly body?: CaseBody;
  readonly mode?: RequestMode;
  readonly credentials?: RequestCredentials;
  readonly cache?: RequestCache;
  readonly redirect?: RequestRedirect;
  readonly referrerPolicy?: ReferrerPolicy;
  /** `{page}` stands for the page's origin. */
  readonly referrer?: string;
}

/** Some requests that a page makes one after the other, and everything that servers answer. Plain data. */
export interface SimulationCase {
  /** Unique, and the first segment of every path. */
  readonly id: string;
  readonly topic: string;
  readonly page: PageKind;
  readonly endpoints: readonly Endpoint[];
  readonly requests: readonly CaseRequest[];
}

/** Cases of one page, which run one after the other. */
export interface Batch {
  /** The number of the site, so that batches do not share cookies. */
  readonly site: number;
  readonly page: PageKind;
  readonly cases: readonly SimulationCase[];
}
