import { compileOrigins, originsCacheKey } from '../origin/compile-origins.js';
import type { CompiledPolicy, PolicyState } from './compiled-policy.js';
import { Interner } from './interner.js';
import type { MergedPolicy } from './merge.js';
import { normalizeMethod } from './methods.js';
import type { EnforceOption } from './policy-options.js';
import type { PolicySource } from './policy-source.js';

/** What is enforced where any of some policies might be meant. */
export function strictestEnforce(policies: readonly Pick<CompiledPolicy, 'enforce'>[]): EnforceOption {
  const wishes = new Set(policies.map(({ enforce }) => enforce));
  return wishes.has('all') ? 'all' : wishes.has('unsafe-methods') ? 'unsafe-methods' : false;
}

const DEFAULT_ALLOWED_HEADERS: readonly string[] = Object.freeze(['content-type']);
const DEFAULT_STATUS = 204;
const NOTHING: readonly string[] = Object.freeze([]);

/**
 * Turns validated, merged policies into compiled ones, once each: routes that come to the same policy share one
 * frozen object. One compiler belongs to one application.
 */
export class PolicyCompiler {
  readonly #compiled = new Map<string, CompiledPolicy>();
  readonly #originKeys = new WeakMap<object, string>();
  readonly #numberOf = (value: object): number => this.#interner.numberOf(value);
  readonly #interner: Interner;

  constructor(interner = new Interner()) {
    this.#interner = interner;
  }

  /** Every different policy that was compiled. */
  get policies(): readonly CompiledPolicy[] {
    return [...this.#compiled.values()];
  }

  /** Compiles a policy that passed validation. One without an origin is untouched. */
  compile(merged: MergedPolicy): CompiledPolicy {
    const { options } = merged;
    if (options.origin === undefined) {
      return this.#withoutOrigin('untouched', merged.target, options.enforce ?? false);
    }
    const credentials = options.credentials ?? false;
    const methods = options.methods?.map(normalizeMethod);
    const explicitMethods = methods === undefined || methods.includes('*') ? undefined : [...new Set(methods)].sort();
    const headerNames = lowerCaseNames(options.allowedHeaders ?? DEFAULT_ALLOWED_HEADERS);
    const exposed = lowerCaseNames(options.exposedHeaders ?? NOTHING);
    const preflightIdentity = [
      'open',
      this.#originsKey(options.origin),
      String(credentials),
      headerNames.join(','),
      // A list of none is not the same as no list; no method has an equals sign in it.
      methods?.includes('*') ? '*' : explicitMethods === undefined ? '' : `=${explicitMethods.join(',')}`,
    ].join('\n');
    const key = [
      preflightIdentity,
      exposed.join(','),
      options.maxAge ?? '',
      options.optionsSuccessStatus ?? DEFAULT_STATUS,
      options.enforce ?? false,
    ].join('\n');
    const known = this.#compiled.get(key);
    if (known !== undefined) {
      return known;
    }
    const origins = compileOrigins(options.origin);
    const anyOrigin = origins.kind === 'any';
    const actualHeaders: string[] = anyOrigin ? ['Access-Control-Allow-Origin', '*'] : [];
    if (credentials) {
      actualHeaders.push('Access-Control-Allow-Credentials', 'true');
    }
    if (exposed.length > 0) {
      actualHeaders.push('Access-Control-Expose-Headers', exposed.join(','));
    }
    const policy: CompiledPolicy = Object.freeze({
      state: 'open' as const,
      untouchedByChoice: false,
      target: merged.target,
      origins,
      anyOrigin,
      credentials,
      methods: explicitMethods === undefined ? undefined : new Set(explicitMethods),
      allowedHeaders: new Set(headerNames.filter((name) => name !== '*')),
      anyHeader: headerNames.includes('*'),
      maxAge: options.maxAge === undefined ? undefined : String(options.maxAge),
      optionsSuccessStatus: options.optionsSuccessStatus ?? DEFAULT_STATUS,
      enforce: options.enforce ?? false,
      actualHeaders: Object.freeze(actualHeaders),
      preflightIdentity,
    });
    this.#compiled.set(key, policy);
    return policy;
  }

  /** Handlers that inherit a list have it by the same identity: a long one is read once. */
  #originsKey(origin: NonNullable<MergedPolicy['options']['origin']>): string {
    if (typeof origin !== 'object') {
      return originsCacheKey(origin, this.#numberOf);
    }
    let key = this.#originKeys.get(origin);
    if (key === undefined) {
      key = originsCacheKey(origin, this.#numberOf);
      this.#originKeys.set(origin, key);
    }
    return key;
  }

  /** The policy of `@DisableCors()`. `enforce` is inherited from further out. */
  disabled(target: PolicySource, enforce: EnforceOption): CompiledPolicy {
    return this.#withoutOrigin('disabled', target, enforce);
  }

  /** The policy of `@Cors('untouched')`, which enforces nothing. */
  untouched(target: PolicySource): CompiledPolicy {
    return this.#withoutOrigin('untouched', target, false, true);
  }

  /** The policy of a path that can be read in two ways. */
  ambiguous(target: PolicySource): CompiledPolicy {
    return this.#withoutOrigin('ambiguous', target, false);
  }

  #withoutOrigin(
    state: Exclude<PolicyState, 'open'>,
    target: PolicySource,
    enforce: EnforceOption,
    untouchedByChoice = false,
  ): CompiledPolicy {
    const key = `${state}\n${enforce}\n${untouchedByChoice}`;
    const known = this.#compiled.get(key);
    if (known !== undefined) {
      return known;
    }
    const policy: CompiledPolicy = Object.freeze({
      state,
      untouchedByChoice,
      target,
      origins: undefined,
      anyOrigin: false,
      credentials: false,
      methods: undefined,
      allowedHeaders: new Set<string>(),
      anyHeader: false,
      maxAge: undefined,
      optionsSuccessStatus: DEFAULT_STATUS,
      enforce,
      actualHeaders: NOTHING,
      preflightIdentity: state,
    });
    this.#compiled.set(key, policy);
    return policy;
  }
}

function lowerCaseNames(names: readonly string[]): string[] {
  return [...new Set(names.map((name) => name.toLowerCase()))].sort();
}
