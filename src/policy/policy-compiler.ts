import { compileOrigins, type OriginMatcher, originsCacheKey } from '../origin/compile-origins.js';
import type { CompiledPolicy, PolicyState } from './compiled-policy.js';
import { Interner } from './interner.js';
import type { MergedPolicy } from './merge.js';
import { normalizeMethod } from './methods.js';
import type { CorsPolicyOptions, EnforceOption, OriginOption } from './policy-options.js';
import type { PolicySource } from './policy-source.js';

const DEFAULT_ALLOWED_HEADERS: readonly string[] = Object.freeze(['content-type']);
const DEFAULT_STATUS = 204;
const NOTHING: readonly string[] = Object.freeze([]);

/** The header of the option `resourcePolicy`. */
export const RESOURCE_POLICY_HEADER = 'Cross-Origin-Resource-Policy';

/** What happens to requests that a policy does not allow. */
export type EnforcedRequests = Pick<CompiledPolicy, 'enforce' | 'wouldEnforce'>;

/** Refuses and reports nothing. */
export const NOT_ENFORCED: EnforcedRequests = Object.freeze({ enforce: false, wouldEnforce: false });

/**
 * Turns validated, merged policies into compiled ones. Equal policies become one frozen object. Each application has
 * its own compiler.
 */
export class PolicyCompiler {
  readonly #compiled = new Map<string, CompiledPolicy>();
  readonly #originsByOption = new Map<OriginOption, OriginMatcher>();
  readonly #originsByKey = new Map<string, OriginMatcher>();
  readonly #numberOf = (value: object): number => this.#interner.numberOf(value);
  readonly #interner: Interner;

  constructor(interner = new Interner()) {
    this.#interner = interner;
  }

  /** Every different policy so far. */
  get policies(): readonly CompiledPolicy[] {
    return [...this.#compiled.values()];
  }

  /** Compiles a policy that passed validation. A policy without an origin becomes untouched. */
  compile({ options, target }: MergedPolicy): CompiledPolicy {
    const { origin, credentials = false, maxAge, optionsSuccessStatus = DEFAULT_STATUS, resourcePolicy } = options;
    const enforced = enforcedRequests(options);
    const { enforce, wouldEnforce } = enforced;
    if (origin === undefined) {
      return this.#withoutOrigin('untouched', target, enforced);
    }
    const methods = options.methods?.map(normalizeMethod);
    const explicitMethods = methods === undefined || methods.includes('*') ? undefined : [...new Set(methods)].sort();
    const headerNames = lowerCaseNames(options.allowedHeaders ?? DEFAULT_ALLOWED_HEADERS);
    const exposed = lowerCaseNames(options.exposedHeaders ?? NOTHING);
    const origins = this.#compiledOrigins(origin);
    const preflightIdentity = [
      'open',
      this.#numberOf(origins),
      String(credentials),
      headerNames.join(','),
      // An empty list differs from no list. No method contains an equals sign.
      methods?.includes('*') ? '*' : explicitMethods === undefined ? '' : `=${explicitMethods.join(',')}`,
    ].join('\n');
    const key = [
      preflightIdentity,
      exposed.join(','),
      maxAge ?? '',
      optionsSuccessStatus,
      enforce,
      wouldEnforce,
      resourcePolicy ?? '',
    ].join('\n');
    return this.#shared(key, () => {
      const anyOrigin = origins.kind === 'any';
      const actualHeaders: string[] = anyOrigin ? ['Access-Control-Allow-Origin', '*'] : [];
      if (credentials) {
        actualHeaders.push('Access-Control-Allow-Credentials', 'true');
      }
      if (exposed.length > 0) {
        actualHeaders.push('Access-Control-Expose-Headers', exposed.join(','));
      }
      const commonHeaders =
        resourcePolicy === undefined ? NOTHING : Object.freeze([RESOURCE_POLICY_HEADER, resourcePolicy]);
      return {
        state: 'open',
        untouchedByChoice: false,
        target,
        origins,
        anyOrigin,
        credentials,
        methods: explicitMethods === undefined ? undefined : new Set(explicitMethods),
        allowedHeaders: new Set(headerNames.filter((name) => name !== '*')),
        anyHeader: headerNames.includes('*'),
        maxAge: maxAge === undefined ? undefined : String(maxAge),
        optionsSuccessStatus,
        enforce,
        wouldEnforce,
        actualHeaders: Object.freeze([...actualHeaders, ...commonHeaders]),
        commonHeaders,
        preflightIdentity,
      };
    });
  }

  /** The policy of `@DisableCors()`. `enforce` and `enforceReportOnly` are inherited from the outer levels. */
  disabled(target: PolicySource, enforced: EnforcedRequests): CompiledPolicy {
    return this.#withoutOrigin('disabled', target, enforced);
  }

  /** The policy of `@Cors('untouched')`, which enforces nothing. */
  untouched(target: PolicySource): CompiledPolicy {
    return this.#withoutOrigin('untouched', target, NOT_ENFORCED, true);
  }

  /** The policy of a path with several possible meanings. */
  ambiguous(target: PolicySource): CompiledPolicy {
    return this.#withoutOrigin('ambiguous', target, NOT_ENFORCED);
  }

  #withoutOrigin(
    state: Exclude<PolicyState, 'open'>,
    target: PolicySource,
    { enforce, wouldEnforce }: EnforcedRequests,
    untouchedByChoice = false,
  ): CompiledPolicy {
    return this.#shared(`${state}\n${enforce}\n${wouldEnforce}\n${untouchedByChoice}`, () => ({
      // In the order of an open policy: V8 then reads both kinds equally fast.
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
      wouldEnforce,
      actualHeaders: NOTHING,
      commonHeaders: NOTHING,
      preflightIdentity: state,
    }));
  }

  #shared(key: string, make: () => CompiledPolicy): CompiledPolicy {
    let policy = this.#compiled.get(key);
    if (policy === undefined) {
      policy = Object.freeze(make());
      this.#compiled.set(key, policy);
    }
    return policy;
  }

  /** Equal origins become one object, because many policies can inherit the same long list. */
  #compiledOrigins(option: OriginOption): OriginMatcher {
    let origins = this.#originsByOption.get(option);
    if (origins === undefined) {
      const key = originsCacheKey(option, this.#numberOf);
      origins = this.#originsByKey.get(key) ?? compileOrigins(option);
      this.#originsByKey.set(key, origins);
      this.#originsByOption.set(option, origins);
    }
    return origins;
  }
}

/** The requests that merged options refuse or report. */
export function enforcedRequests({
  enforce = false,
  enforceReportOnly = false,
}: Pick<CorsPolicyOptions, 'enforce' | 'enforceReportOnly'>): EnforcedRequests {
  return enforceReportOnly ? { enforce: false, wouldEnforce: enforce } : { enforce, wouldEnforce: false };
}

/** The strictest enforcement of several policies, for a request that may belong to any of them. */
export function strictestEnforcement(policies: readonly EnforcedRequests[]): EnforcedRequests {
  return {
    enforce: strictest(policies.map(({ enforce }) => enforce)),
    wouldEnforce: strictest(policies.map(({ wouldEnforce }) => wouldEnforce)),
  };
}

function strictest(options: readonly EnforceOption[]): EnforceOption {
  const values = new Set(options);
  return values.has('all') ? 'all' : values.has('unsafe-methods') ? 'unsafe-methods' : false;
}

function lowerCaseNames(names: readonly string[]): string[] {
  return [...new Set(names.map((name) => name.toLowerCase()))].sort();
}
