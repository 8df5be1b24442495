import type { HttpPlatform } from '../http/http-platform.js';
import type { CompiledPolicy } from '../policy/compiled-policy.js';
import { Interner } from '../policy/interner.js';
import type { PolicyLevel } from '../policy/merge.js';
import { cascade, mergeLevels, type PlacedDeclaration, type PolicyDeclaration } from '../policy/merge.js';
import { PolicyCompiler, strictestEnforce } from '../policy/policy-compiler.js';
import { type EnforceOption, UNTOUCHED_POLICY } from '../policy/policy-options.js';
import { UNKNOWN_ROUTE } from '../policy/policy-source.js';
import { findConstraintConflicts } from '../routes/constraint-conflicts.js';
import type { PathPolicy } from '../routes/path-policies.js';
import { ANY_METHOD, type RouteEntry } from '../routes/route-entry.js';
import { findOverlaps } from '../routes/route-overlap.js';
import type { RouteTree } from '../routes/route-tree.js';
import type { ValidationEnvironment } from '../validation/origin-entry.js';
import type { CorsProblem, CorsWarning } from '../validation/problems/problem.js';
import { quoteValue } from '../validation/problems/quote-value.js';
import { closestName } from '../validation/remedies/closest-name.js';
import { validatePolicy } from '../validation/validate-policy.js';
import { RouteDeclarations } from './declarations/read-declarations.js';
import type { ReadModuleOptions } from './options/read-module-options.js';
import { hostMatcher, type RouteRecord } from './routes/collect-routes.js';
import { constraintProblem } from './routes/constraint-problem.js';
import { tagHandler } from './routes/handler-tag.js';

/** Every policy of an application, compiled. */
export interface CompiledPolicies {
  readonly applicationWide: CompiledPolicy;
  /** For paths that can be read in two ways. */
  readonly ambiguousPath: CompiledPolicy;
  /** For routes that were not expected: their policies are unknown, so the strictest `enforce` applies. */
  readonly refused: CompiledPolicy;
  readonly named: ReadonlyMap<string, CompiledPolicy>;
  readonly paths: readonly PathPolicy[];
  readonly entries: readonly RouteEntry[];
}

const NO_OTHER_METHODS: readonly string[] = Object.freeze([]);

interface ValidatedPolicy {
  readonly policy: CompiledPolicy;
  /** Whether there was nothing to say: nor will there be of another target whose declarations say the same. */
  readonly faultless: boolean;
}

/**
 * Merges, validates and compiles every policy of an application. What is wrong goes to `problems`; where anything is,
 * the result must not be used.
 */
export class PoliciesCompilation {
  readonly problems: CorsProblem[] = [];
  readonly warnings: CorsWarning[] = [];
  readonly #interner = new Interner();
  readonly #compiler = new PolicyCompiler(this.#interner);
  readonly declarations: RouteDeclarations;
  readonly #validated = new Map<string, ValidatedPolicy>();
  /** The policies of which nothing more is to be said, by what the declarations of a handler say: thousands say the same. */
  readonly #ofDeclarations = new Map<string, CompiledPolicy>();
  readonly #options: ReadModuleOptions;
  readonly #environment: ValidationEnvironment;
  /** What the platform's router compares of a handler besides method, path, host and version. */
  readonly #constraintsOf: HttpPlatform['constraintsOf'];

  constructor(
    options: ReadModuleOptions,
    environment: ValidationEnvironment,
    constraintsOf: HttpPlatform['constraintsOf'] = () => undefined,
  ) {
    this.#options = options;
    this.#environment = environment;
    this.#constraintsOf = constraintsOf;
    this.declarations = new RouteDeclarations(this.#interner, this.problems, this.warnings);
  }

  /** @param routes gets the entries of the records, by their paths */
  compile(records: readonly RouteRecord[], routes: RouteTree<RouteEntry>): CompiledPolicies {
    const { applicationWide, policies, paths } = this.#options;
    const { policy: wide } = this.#validatedPolicy('CorsModule', [applicationWide], false, undefined);
    const named = new Map<string, CompiledPolicy>();
    for (const [name, level] of policies) {
      named.set(name, this.#validatedPolicy(level.target, [level], false, undefined).policy);
    }
    const below = paths.map(({ path, target, policy }) => ({ path, policy: this.#pathPolicy(target, policy) }));
    const entries = this.#entries(records, routes);
    return Object.freeze({
      applicationWide: wide,
      ambiguousPath: this.#compiler.ambiguous('paths'),
      refused: this.#compiler.disabled(UNKNOWN_ROUTE, strictestEnforce(this.#compiler.policies)),
      named,
      paths: below,
      entries,
    });
  }

  #pathPolicy(target: string, policy: string | PolicyLevel | false): CompiledPolicy {
    const { applicationWide } = this.#options;
    if (policy === false) {
      return this.#compiler.disabled(target, enforceOf(applicationWide.options.enforce));
    }
    if (typeof policy !== 'string') {
      return this.#validatedPolicy(target, [applicationWide, policy], true, undefined).policy;
    }
    if (policy === UNTOUCHED_POLICY) {
      return this.#compiler.untouched(target);
    }
    const level = this.#namedLevel(policy, target);
    return level === undefined
      ? this.#compiler.disabled(target, false)
      : this.#validatedPolicy(target, [level], true, undefined).policy;
  }

  #entries(records: readonly RouteRecord[], routes: RouteTree<RouteEntry>): RouteEntry[] {
    const entries = records.map((record) => {
      const entry = this.#entry(record);
      routes.add(entry.path, entry);
      return entry;
    });
    for (const [entry, overlap] of findOverlaps(entries, routes)) {
      Object.assign(entry, overlap);
    }
    this.problems.push(...findConstraintConflicts(entries, routes).map(constraintProblem));
    for (const entry of entries) {
      Object.freeze(entry);
    }
    return entries;
  }

  #entry(record: RouteRecord): RouteEntry {
    const { target, method, path, controller, handler, registered, versions } = record;
    return {
      target,
      method,
      path,
      policy: this.#routePolicy(record),
      controller,
      handler,
      registered,
      acceptsHost: hostMatcher(record.host),
      versions,
      constraints: this.#constraintsOf(registered, versions !== undefined),
      otherMethods: NO_OTHER_METHODS,
      versionAmbiguous: false,
    };
  }

  #routePolicy(record: RouteRecord): CompiledPolicy {
    const ofClass = this.declarations.ofClass(record.controller);
    const own = this.declarations.ofHandler(record);
    if (own !== undefined || ofClass.length > 0) {
      tagHandler(record.handler, record.registered);
    }
    const key = this.#declarationsKey(ofClass, own, record.method);
    return this.#ofDeclarations.get(key) ?? this.#declaredPolicy(record, key, own ? [...ofClass, own] : ofClass);
  }

  #declaredPolicy(
    { target, method }: RouteRecord,
    key: string,
    declarations: readonly PlacedDeclaration[],
  ): CompiledPolicy {
    let unknownName = false;
    const { levels, withoutOrigin, decorated } = cascade(this.#options.applicationWide, declarations, (name) => {
      const level = this.#namedLevel(name, target);
      unknownName ||= level === undefined;
      return level;
    });
    if (unknownName) {
      return this.#compiler.disabled(target, false); // already reported: skip follow-up errors
    }
    if (withoutOrigin === 'untouched') {
      return this.#compiler.untouched(target);
    }
    if (withoutOrigin === 'disabled') {
      return this.#compiler.disabled(target, enforceOf(mergeLevels(target, levels).options.enforce));
    }
    // What is said of the application-wide policy is said of the module, and not of each handler that has it.
    const subject = declarations.length === 0 ? 'CorsModule' : target;
    const { policy, faultless } = this.#validatedPolicy(subject, levels, decorated, method);
    if (faultless || declarations.length === 0) {
      this.#ofDeclarations.set(key, policy);
    }
    return policy;
  }

  /** Equal for handlers whose declarations say the same. */
  #declarationsKey(ofClass: readonly PlacedDeclaration[], own: PlacedDeclaration | undefined, method: string): string {
    let key = method;
    for (const { declaration } of ofClass) {
      key += this.#declarationKey(declaration);
    }
    return own === undefined ? key : key + this.#declarationKey(own.declaration);
  }

  #declarationKey(declaration: PolicyDeclaration): string {
    if (declaration.kind !== 'cors') {
      return ` ${declaration.kind}`;
    }
    const { policy, options } = declaration;
    return ` ${this.#interner.numberOf(options)}${policy === undefined ? '' : JSON.stringify(policy)}`;
  }

  /** Validates and compiles what levels come to, once for each set of levels, target and mapped method. */
  #validatedPolicy(
    target: string,
    levels: readonly PolicyLevel[],
    originRequired: boolean,
    mappedMethod: string | undefined,
  ): ValidatedPolicy {
    const places = levels.map((level) => [this.#interner.numberOf(level.options), level.target]);
    const key = JSON.stringify([target, places, mappedMethod ?? '', originRequired]);
    const known = this.#validated.get(key);
    if (known !== undefined) {
      return known;
    }
    const subject = mergeLevels(target, levels);
    const { problems, warnings } = validatePolicy(subject, this.#environment, {
      originRequired,
      ...(mappedMethod === undefined || mappedMethod === ANY_METHOD ? {} : { mappedMethods: [mappedMethod] }),
    });
    this.problems.push(...problems);
    this.warnings.push(...warnings);
    const policy = problems.length > 0 ? this.#compiler.disabled(target, false) : this.#compiler.compile(subject);
    const validated = { policy, faultless: problems.length + warnings.length === 0 };
    this.#validated.set(key, validated);
    return validated;
  }

  #namedLevel(name: string, target: string): PolicyLevel | undefined {
    const level = this.#options.policies.get(name);
    if (level === undefined) {
      const known = [...this.#options.policies.keys()];
      const closest = closestName(name, [...known, UNTOUCHED_POLICY]);
      this.problems.push({
        code: 'policy-unknown',
        targets: [target],
        value: name,
        message: `There is no policy named ${quoteValue(name)}; ${known.length === 0 ? 'CorsModule names none' : `CorsModule names ${known.map(quoteValue).join(', ')}`}.`,
        remedy:
          closest === undefined
            ? `Declare it: \`CorsModule.forRoot({ policies: { ${/^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name)}: { origin: 'https://partner.example.com' } } })\`.`
            : `Did you mean \`@Cors('${closest}')\`?`,
      });
    }
    return level;
  }
}

function enforceOf(value: unknown): EnforceOption {
  return value === 'all' || value === 'unsafe-methods' ? value : false;
}
