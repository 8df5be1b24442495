import type { OriginPredicate, OriginResolverClass } from './origin-resolver.js';

/** A compiled `origin` option. Frozen; safe to share between policies and requests. */
export type OriginMatcher = AnyOrigin | StaticOrigins | PredicateOrigin | ResolverOrigin;

/** `'*'` or `true`: the literal `*` is answered. */
export interface AnyOrigin {
  readonly kind: 'any';
}

/** Exact origins and patterns: decided at once, from the text alone. */
export interface StaticOrigins {
  readonly kind: 'static';
  /** Well-formed as they were validated: an origin among them need not be read again. */
  readonly exact: ReadonlySet<string>;
  /** Whether a well-formed origin (see `isWellFormedOrigin`) is allowed. Never throws. */
  readonly allows: (origin: string) => boolean;
}

/** A function of the user's. */
export interface PredicateOrigin {
  readonly kind: 'predicate';
  readonly predicate: OriginPredicate;
}

/** A class of the user's, taken from the injector at boot. */
export interface ResolverOrigin {
  readonly kind: 'resolver';
  readonly resolver: OriginResolverClass;
}
