/** The failures of a resolver, a predicate or the shared store. The origin is then denied, unless noted below. */
export type ResolverEventCode =
  /** The resolver or its `cacheKey` threw. A stale answer may be served instead. */
  | 'resolver-threw'
  /** The promise was rejected. A stale answer may be served instead. */
  | 'resolver-rejected'
  /** The timeout passed. A stale answer may be served instead. */
  | 'resolver-timeout'
  /** The answer is neither `true` nor `false`. */
  | 'resolver-not-boolean'
  /** `cacheKey` returned no string, or one that is too long. The resolver is called without the cache. */
  | 'resolver-cache-key'
  /** The store failed or timed out. Resolvers are called without it. Reported once, until the store works again. */
  | 'store-failed';

/** One failure, as data for a log line. */
export interface ResolverEvent {
  readonly code: ResolverEventCode;
  /** One sentence without text from the network. */
  readonly message: string;
  /** The resolver, or the policy of the predicate; absent for the store. */
  readonly resolver?: string;
  /** The origin that was looked up. Text from the network: escape it before logging. */
  readonly origin?: string;
  /** The error that was thrown, or the reason of the rejection. */
  readonly error?: unknown;
}

/** Receives every failure during requests. It should be quick, and limit how much it logs. */
export type ReportResolverEvent = (event: ResolverEvent) => void;
