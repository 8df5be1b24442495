import type { RouteEntry } from '../routes/route-entry.js';
import type { RawRequest, RouteQuery } from './http-platform.js';

/** Whether a version filter lets a request through; `maybe` where that cannot be known. */
export type VersionAcceptance = 'yes' | 'no' | 'maybe';

/** Asks the platform's own filter; `request` is what it reads the version from. */
export type VersionFilter = (request: unknown) => boolean;

/** Where the version of a request stands. */
export type VersionPlace =
  /** In a request header of this lower-case name. */
  | { readonly kind: 'header'; readonly name: string }
  /** In a media type, or wherever a function of the user's reads it. */
  | { readonly kind: 'elsewhere' };

/** Request headers that browsers send without naming them in a preflight. */
const SAFELISTED = new Set(['accept', 'accept-language', 'content-language', 'content-type', 'range']);

const WITHOUT_VERSION = Object.freeze({ headers: Object.freeze({}) });

/**
 * Reads version filters of handlers whose version is not part of the URL. An actual request is put to the platform's
 * own filter. A preflight never carries the version: at best it names the header, and then any version may follow.
 */
export class VersionFilters {
  readonly #place: () => VersionPlace | undefined;
  readonly #filterOf: (entry: RouteEntry) => VersionFilter;

  constructor(place: () => VersionPlace | undefined, filterOf: (entry: RouteEntry) => VersionFilter) {
    this.#place = place;
    this.#filterOf = filterOf;
  }

  /** How to read the version filters for one look-up. */
  reader(query: RouteQuery): (entry: RouteEntry) => VersionAcceptance {
    if (!query.preflight) {
      return (entry) => this.#ask(entry, query.request as RawRequest);
    }
    if (this.canCarryVersion(query)) {
      return (entry) => (entry.versions === undefined ? 'yes' : 'maybe');
    }
    return (entry) => this.#ask(entry, WITHOUT_VERSION);
  }

  /** Whether the actual request that a preflight announces can name a version. */
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

  #ask(entry: RouteEntry, request: unknown): VersionAcceptance {
    if (entry.versions === undefined) {
      return 'yes';
    }
    try {
      return this.#filterOf(entry)(request) ? 'yes' : 'no';
    } catch {
      return 'no'; // an extractor of the user's that throws: the platform answers with an error
    }
  }
}
