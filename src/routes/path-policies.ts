import type { CompiledPolicy } from '../policy/compiled-policy.js';
import type { EnforceOption } from '../policy/policy-options.js';
import { strictestEnforce } from '../policy/strictest-enforce.js';
import { trimSlashes } from './path-segments.js';

/** A policy for everything below a path that is not a controller. */
export interface PathPolicy {
  readonly path: string;
  readonly policy: CompiledPolicy;
}

/** What applies to a path that no controller took. */
export interface PathMatch {
  readonly policy: CompiledPolicy;
  /** Whether one of `paths` said so. */
  readonly listed: boolean;
  /** What `paths` wants enforced here. */
  readonly enforce: EnforceOption;
}

/** How the platform compares paths. */
export interface PathComparison {
  readonly caseSensitive: boolean;
}

const ENCODED_SEPARATOR = /%(?:2e|2f|5c)/i;

/**
 * The policies of what is not a controller (GraphQL, static files, Swagger): the longest prefix of whole segments
 * wins, and what no prefix matches has the application-wide policy.
 *
 * What serves such paths decodes and resolves them in its own way, so a path that could mean two things (dot segments,
 * backslashes, encoded slashes or dots, a broken encoding) is untouched whatever else applies, and enforced as
 * the strictest of the listed paths is. So is a path that a listed one begins only if upper and lower case count for the
 * same: middleware may compare them so where the router does not, as `app.use(path)` does on Fastify.
 */
export class PathPolicies {
  readonly #policies: ReadonlyMap<string, PathMatch>;
  /** The listed paths in lower case, whether or not the router tells it from upper case. */
  readonly #folded: ReadonlySet<string>;
  readonly #fallback: PathMatch;
  readonly #ambiguous: PathMatch;
  readonly #longest: number;

  constructor(
    policies: readonly PathPolicy[],
    fallback: CompiledPolicy,
    /** The policy of what is left to the platform. */
    untouchedPolicy: CompiledPolicy,
    private readonly comparison: PathComparison,
  ) {
    this.#policies = new Map(
      policies.map(({ path, policy }) => [
        this.#comparable(trimSlashes(path)),
        Object.freeze({ policy, listed: true, enforce: policy.enforce }),
      ]),
    );
    this.#folded = new Set([...this.#policies.keys()].map((path) => path.toLowerCase()));
    this.#fallback = Object.freeze({ policy: fallback, listed: false, enforce: false });
    this.#ambiguous = Object.freeze({
      policy: untouchedPolicy,
      listed: false,
      enforce: strictestEnforce(policies.map(({ policy }) => policy)),
    });
    this.#longest = Math.max(-1, ...[...this.#policies.keys()].map((path) => path.length));
  }

  /** Whether there is one policy for every path. */
  get isEmpty(): boolean {
    return this.#longest < 0;
  }

  /** The policy of a path that no controller took. */
  find(pathname: string): PathMatch {
    if (this.isEmpty) {
      return this.#fallback; // one policy for every path: no spelling can choose another
    }
    if (isAmbiguousPath(pathname)) {
      return this.#ambiguous;
    }
    const decoded = decode(pathname);
    if (decoded === undefined) {
      return this.#ambiguous;
    }
    const path = trimSlashes(this.#comparable(decoded.replaceAll(/\/{2,}/g, '/')));
    const length = this.#longestListed(path.toLowerCase());
    return length === undefined ? this.#fallback : (this.#policies.get(path.slice(0, length)) ?? this.#ambiguous);
  }

  /** How long the longest listed path is that a path in lower case begins with, in whole segments. */
  #longestListed(folded: string): number | undefined {
    let prefix = folded;
    for (;;) {
      if (prefix.length <= this.#longest && this.#folded.has(prefix)) {
        return prefix.length;
      }
      const slash = prefix.lastIndexOf('/');
      if (slash === -1) {
        return undefined;
      }
      prefix = prefix.slice(0, slash);
    }
  }

  #comparable(path: string): string {
    return this.comparison.caseSensitive ? path : path.toLowerCase();
  }
}

/** Whether a path could be taken for another one by whoever resolves it. */
export function isAmbiguousPath(pathname: string): boolean {
  return (
    pathname.includes('\\') ||
    pathname.includes('/./') ||
    pathname.includes('/../') ||
    pathname.endsWith('/.') ||
    pathname.endsWith('/..') ||
    (pathname.includes('%') && ENCODED_SEPARATOR.test(pathname))
  );
}

function decode(pathname: string): string | undefined {
  if (!pathname.includes('%')) {
    return pathname;
  }
  try {
    return decodeURIComponent(pathname);
  } catch {
    return undefined;
  }
}
