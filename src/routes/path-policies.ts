import type { CompiledPolicy } from '../policy/compiled-policy.js';
import { strictestEnforce } from '../policy/policy-compiler.js';
import type { EnforceOption } from '../policy/policy-options.js';
import type { PolicySource } from '../policy/policy-source.js';
import { pathTarget } from '../policy/policy-source.js';
import { decodedReadings, hasOneReading } from './path-readings.js';
import { PathTree } from './path-tree.js';

/** A policy for everything below a path that is not a controller. */
export interface PathPolicy {
  readonly path: string;
  readonly policy: CompiledPolicy;
}

/** What applies to a path that no controller took. */
export interface PathMatch {
  readonly target: PolicySource;
  readonly policy: CompiledPolicy;
  /** Whether an entry of `paths` applies. */
  readonly listed: boolean;
  /** What `paths` wants enforced here. */
  readonly enforce: EnforceOption;
}

/** How the platform reads paths. */
export interface PathComparison {
  readonly caseSensitive: boolean;
  /** Whether the router takes what follows a semicolon for the query. */
  readonly semicolonDelimiter: boolean;
}

/**
 * The policies of what is not a controller (GraphQL, static files, Swagger): the longest prefix of whole segments
 * wins, and what no prefix matches has the application-wide policy.
 *
 * The handler, proxy or file server behind such a path reads it in its own, unknown way. So the path is read as it was sent
 * and as the most lenient reader would read it: decoded repeatedly, dots resolved, backslashes turned, case folded. A path
 * with encodings or a `..` is also read as readers between these two do. If all readings have one policy, that policy
 * applies. Otherwise, or if a `..` leads out of a listed path, the path is ambiguous: no origin is allowed, and the
 * strictest `enforce` of the readings applies.
 */
export class PathPolicies {
  readonly #sent = new PathTree<PathMatch>();
  readonly #folded = new PathTree<PathMatch>();
  readonly #fallback: readonly PathMatch[];
  readonly #ambiguous: ReadonlyMap<EnforceOption, PathMatch>;
  readonly #ends: RegExp;
  /** Whether a path in lower case may be another case of a listed one. */
  readonly #hasUpperCase: boolean;
  /** Whether there is one policy for every path. */
  readonly isEmpty: boolean;
  readonly #comparison: PathComparison;

  constructor(
    policies: readonly PathPolicy[],
    fallback: CompiledPolicy,
    /** The policy of a path that can be read in two ways. */
    ambiguous: CompiledPolicy,
    comparison: PathComparison,
  ) {
    this.#comparison = comparison;
    this.isEmpty = policies.length === 0;
    this.#hasUpperCase = policies.some(({ path }) => this.#asCompared(path) !== path.toLowerCase());
    this.#fallback = [Object.freeze({ target: fallback.target, policy: fallback, listed: false, enforce: false })];
    for (const { path, policy } of policies) {
      const match = Object.freeze({ target: pathTarget(path), policy, listed: true, enforce: policy.enforce });
      this.#sent.add(this.#asCompared(path), match);
      this.#folded.add(path.toLowerCase(), match);
    }
    const { target } = ambiguous;
    const levels = [false, 'unsafe-methods', 'all'] as const;
    this.#ambiguous = new Map(
      levels.map((enforce) => [enforce, Object.freeze({ target, policy: ambiguous, listed: true, enforce })]),
    );
    this.#ends = comparison.semicolonDelimiter ? /[?#;]/ : /[?#]/;
  }

  /** The policy of a path that no controller took. */
  find(pathname: string): PathMatch {
    if (this.isEmpty) {
      return this.#fallback[0] as PathMatch; // one policy for every path: no spelling can choose another
    }
    const sent = this.#readAsSent(pathname);
    const plain = !this.#hasUpperCase && hasOneReading(pathname);
    return plain ? (sent[0] as PathMatch) : this.#compared(pathname, sent);
  }

  #compared(pathname: string, sent: readonly PathMatch[]): PathMatch {
    const matches = [...sent];
    let leaves = false;
    if (this.#comparison.semicolonDelimiter && pathname.includes(';')) {
      matches.push(...this.#readAsSent(pathname.slice(0, pathname.indexOf(';'))));
    }
    for (const reading of decodedReadings(pathname, this.#ends)) {
      const { values, left } = this.#folded.resolve(reading);
      matches.push(...orElse(values, this.#fallback), ...left);
      leaves ||= left.length > 0;
    }
    const [first] = matches as [PathMatch];
    return leaves || matches.some(({ policy }) => !isSame(policy, first.policy))
      ? (this.#ambiguous.get(strictestEnforce(matches)) as PathMatch)
      : (matches.find(({ listed }) => listed) ?? first);
  }

  #readAsSent(path: string): readonly PathMatch[] {
    return orElse(this.#sent.prefixOf(this.#asCompared(path)), this.#fallback);
  }

  #asCompared(path: string): string {
    return this.#comparison.caseSensitive ? path : path.toLowerCase();
  }
}

/** Whether two policies answer alike. Why a path is untouched makes no difference. */
export function isSame(one: CompiledPolicy, other: CompiledPolicy): boolean {
  return one === other || (one.state === 'untouched' && other.state === 'untouched');
}

function orElse(values: readonly PathMatch[], fallback: readonly PathMatch[]): readonly PathMatch[] {
  return values.length === 0 ? fallback : values;
}
