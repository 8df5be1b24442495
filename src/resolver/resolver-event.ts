/** What can go wrong around a resolver or predicate. */
export type ResolverEventCode =
  /** It threw, or its `cacheKey` did. The origin is denied unless a past answer may be served. */
  | 'resolver-threw'
  /** Its promise was rejected. The origin is denied unless a past answer may be served. */
  | 'resolver-rejected'
  /** It did not answer before the deadline. The origin is denied unless a past answer may be served. */
  | 'resolver-timeout'
  /** It answered with something other than `true` or `false`. The origin is denied. */
  | 'resolver-not-boolean'
  /** Its `cacheKey` is no string or too long. It is asked, and its answer is used but not cached. */
  | 'resolver-cache-key'
  /** The shared store failed or hung. The resolver is asked instead. Told once until the store works again. */
  | 'store-failed';

/** One failure, as data for a log line. */
export interface ResolverEvent {
  readonly code: ResolverEventCode;
  /** One sentence of our own, free of text from the network. */
  readonly message: string;
  /** The resolver or the policy of the predicate; absent where the store failed. */
  readonly resolver?: string;
  /** The origin asked about. Text from the network: escape it before logging. */
  readonly origin?: string;
  /** What was thrown or what a promise was rejected with. */
  readonly error?: unknown;
}

/** Receives every failure, on the request path: it should be quick and bound how much it logs. */
export type ReportResolverEvent = (event: ResolverEvent) => void;

/** Hands an event over without letting a faulty reporter reach the request. */
export function reportSafely(report: ReportResolverEvent, event: ResolverEvent): void {
  try {
    report(event);
  } catch {
    // A log that cannot be written must not change what the client is answered.
  }
}
