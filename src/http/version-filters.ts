import type { RouteEntry } from '../routes/route-entry.js';
import type { RawRequest, RouteQuery } from './http-platform.js';

/** Whether a version filter accepts a request; `maybe` where its version is not known. */
type VersionAcceptance = 'yes' | 'no' | 'maybe';

/** The platform's own filter; `request` is what it reads the version from. */
export type VersionFilter = (request: unknown) => boolean;

/** The place of the version in a request. */
export type VersionPlace =
  /** In a request header of this lower-case name. */
  | { readonly kind: 'header'; readonly name: string }
  /** In a media type, or where a function of the application reads it. */
  | { readonly kind: 'elsewhere' };

/** Request headers that browsers send without naming them in a preflight. */
const SAFELISTED = new Set(['accept', 'accept-language', 'content-language', 'content-type', 'range']);

const WITHOUT_VERSION = Object.freeze({ headers: Object.freeze({}) });

/**
 * The version filters of handlers whose version is not part of the URL. For an actual request, the platform's own
 * filter decides. A preflight never has the version: at most it names the header, and then any version may follow.
 */
export class VersionFilters {
  readonly #place: () => VersionPlace | undefined;
  readonly #filterOf: (entry: RouteEntry) => VersionFilter;

  constructor(place: () => VersionPlace | undefined, filterOf: (entry: RouteEntry) => VersionFilter) {
    this.#place = place;
    this.#filterOf = filterOf;
  }

  /**
   * Whether the filter of a handler accepts the request of a query.
   * @param hasVersion whether the request that a preflight announces can have a version: see {@link canCarryVersion}
   */
  accepts(entry: RouteEntry, query: RouteQuery, hasVersion: boolean): VersionAcceptance {
    if (entry.versions === undefined) {
      return 'yes';
    }
    if (query.preflight && hasVersion) {
      return 'maybe';
    }
    return this.passes(entry, query.preflight ? WITHOUT_VERSION : (query.request as RawRequest)) ? 'yes' : 'no';
  }

  /** Whether the filter of a handler accepts a request. */
  passes(entry: RouteEntry, request: object): boolean {
    if (entry.versions === undefined) {
      return true;
    }
    try {
      return this.#filterOf(entry)(request);
    } catch {
      return false; // the application's own extractor threw: the platform answers with an error
    }
  }

  /** Whether the actual request that a preflight announces can have a version. */
  canCarryVersion(query: RouteQuery): boolean {
    const place = this.#place();
    if (place === undefined) {
      return false;
    }
    if (query.anyVersion === true || place.kind === 'elsewhere' || SAFELISTED.has(place.name)) {
      return true;
    }
    const requested = query.requestedHeaders;
    return (
      requested !== undefined &&
      requested.length <= 1024 &&
      requested.split(',').some((name) => name.trim().toLowerCase() === place.name)
    );
  }
}
