import type { CompiledPolicy } from '../policy/compiled-policy.js';
import { type EnforcedRequests, NOT_ENFORCED, strictestEnforcement } from '../policy/policy-compiler.js';
import type { PolicySource } from '../policy/policy-source.js';
import { pathTarget } from '../policy/policy-source.js';
import { decodedReadings, hasOneReading } from './path-readings.js';
import { PathTree } from './path-tree.js';

/** A policy for everything below a path that no controller serves. */
export interface PathPolicy {
  readonly path: string;
  readonly policy: CompiledPolicy;
}

/** The policy that applies to a path without a handler. It enforces what the entry of `paths` enforces. */
export interface PathMatch extends EnforcedRequests {
  readonly target: PolicySource;
  readonly policy: CompiledPolicy;
  /** Whether an entry of `paths` applies. */
  readonly listed: boolean;
}

/** How the platform reads paths. */
interface PathComparison {
  readonly caseSensitive: boolean;
  /** Whether the router reads the text after a semicolon as the query. */
  readonly semicolonDelimiter: boolean;
}

/**
 * The policies of paths that no controller serves (GraphQL, static files, Swagger). The longest prefix of whole
 * segments wins. A path without a matching prefix has the application-wide policy.
 *
 * The handler, proxy or file server behind such a path reads it in its own, unknown way. So the path is read as it was
 * sent, and as the most lenient reader reads it: decoded repeatedly, with dots resolved, backslashes as slashes and
 * case ignored. A path with encodings or a `..` is also read as the readers between these two do. If all readings have
 * one policy, that policy applies. Otherwise, or if a `..` leads out of a listed path, the path is ambiguous: no origin
 * is allowed, and the strictest `enforce` of the readings applies.
 */
export class PathPolicies {
  readonly #sent = new PathTree<PathMatch>();
  readonly #folded = new PathTree<PathMatch>();
  readonly #fallback: readonly PathMatch[];
  readonly #ambiguous: CompiledPolicy;
  readonly #ends: RegExp;
  /** Whether a listed path has upper-case letters that count. */
  readonly #hasUpperCase: boolean;
  /** Whether there is one policy for every path. */
  readonly isEmpty: boolean;
  readonly #comparison: PathComparison;

  constructor(
    policies: readonly PathPolicy[],
    fallback: CompiledPolicy,
    /** The policy of an ambiguous path. */
    ambiguous: CompiledPolicy,
    comparison: PathComparison,
  ) {
    this.#comparison = comparison;
    this.isEmpty = policies.length === 0;
    this.#hasUpperCase = policies.some(({ path }) => this.#asCompared(path) !== path.toLowerCase());
    this.#ambiguous = ambiguous;
    this.#fallback = [Object.freeze({ target: fallback.target, policy: fallback, listed: false, ...NOT_ENFORCED })];
    for (const { path, policy } of policies) {
      const { enforce, wouldEnforce } = policy;
      const match = Object.freeze({ target: pathTarget(path), policy, listed: true, enforce, wouldEnforce });
      this.#sent.add(this.#asCompared(path), match);
      this.#folded.add(path.toLowerCase(), match);
    }
    this.#ends = comparison.semicolonDelimiter ? /[?#;]/ : /[?#]/;
  }

  /** The policy of a path without a handler. */
  find(pathname: string): PathMatch {
    if (this.isEmpty) {
      return this.#fallback[0] as PathMatch; // one policy for every path, however it is read
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
      ? { target: this.#ambiguous.target, policy: this.#ambiguous, listed: true, ...strictestEnforcement(matches) }
      : (matches.find(({ listed }) => listed) ?? first);
  }

  #readAsSent(path: string): readonly PathMatch[] {
    return orElse(this.#sent.prefixOf(this.#asCompared(path)), this.#fallback);
  }

  #asCompared(path: string): string {
    return this.#comparison.caseSensitive ? path : path.toLowerCase();
  }
}

/** Whether two policies answer alike. It makes no difference why a path is untouched. */
export function isSame(one: CompiledPolicy, other: CompiledPolicy): boolean {
  return one === other || (one.state === 'untouched' && other.state === 'untouched');
}

function orElse(values: readonly PathMatch[], fallback: readonly PathMatch[]): readonly PathMatch[] {
  return values.length === 0 ? fallback : values;
}
