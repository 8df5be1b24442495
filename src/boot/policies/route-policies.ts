import type { CompiledPolicy } from '../../policy/compiled-policy.js';
import type { Interner } from '../../policy/interner.js';
import { cascade, type PlacedDeclaration, type PolicyDeclaration } from '../../policy/merge.js';
import { MODULE_TARGET, type PolicySource } from '../../policy/policy-source.js';
import { ANY_METHOD } from '../../routes/route-entry.js';
import type { CorsProblem } from '../../validation/problems/problem.js';
import type { RouteDeclarations } from '../declarations/route-declarations.js';
import type { ReadModuleOptions } from '../options/read-module-options.js';
import type { RouteRecord } from '../routes/collect-routes.js';
import { tagHandler } from '../routes/handler-tag.js';
import { findNamedLevel } from './find-named-level.js';
import type { PolicyBuilder } from './policy-builder.js';

/** The part of a route on which its policy depends, beside the decorators. */
type Place = Pick<RouteRecord, 'target' | 'method'>;

/** Finds the policy of each route from the decorators of its handler and of its class. */
export class RoutePolicies {
  /** Thousands of handlers have equal declarations. Policies with findings are absent: each target reports its own. */
  readonly #byDeclarations = new Map<string, CompiledPolicy>();
  readonly #options: ReadModuleOptions;
  readonly #declarations: RouteDeclarations;
  readonly #builder: PolicyBuilder;
  readonly #interner: Interner;
  readonly #problems: CorsProblem[];

  constructor(
    options: ReadModuleOptions,
    declarations: RouteDeclarations,
    builder: PolicyBuilder,
    interner: Interner,
    problems: CorsProblem[],
  ) {
    this.#options = options;
    this.#declarations = declarations;
    this.#builder = builder;
    this.#interner = interner;
    this.#problems = problems;
  }

  /** The declarations that apply to a route, outermost first. */
  declarationsOf(record: RouteRecord): readonly PlacedDeclaration[] {
    const ofClass = this.#declarations.ofClass(record.controller);
    const own = this.#declarations.ofHandler(record);
    return own === undefined ? ofClass : [...ofClass, own];
  }

  /** The policy of a route with these declarations. Tags the handler if there are any. */
  of(record: RouteRecord, declarations: readonly PlacedDeclaration[]): CompiledPolicy {
    if (declarations.length > 0) {
      tagHandler(record.handler, record.registered);
    }
    return this.#policyOf(record, declarations);
  }

  /** The policy of a gateway with these declarations. */
  ofGateway(target: PolicySource, declarations: readonly PlacedDeclaration[]): CompiledPolicy {
    return this.#policyOf({ target, method: ANY_METHOD }, declarations);
  }

  #policyOf(place: Place, declarations: readonly PlacedDeclaration[]): CompiledPolicy {
    const key = this.#keyOf(declarations, place.method);
    return this.#byDeclarations.get(key) ?? this.#build(place, key, declarations);
  }

  #build({ target, method }: Place, key: string, declarations: readonly PlacedDeclaration[]): CompiledPolicy {
    const { applicationWide, policies } = this.#options;
    let unknownName = false;
    const { levels, withoutOrigin, decorated } = cascade(applicationWide, declarations, (name) => {
      const level = findNamedLevel(policies, name, target, this.#problems);
      unknownName ||= level === undefined;
      return level;
    });
    if (unknownName) {
      return this.#builder.disabled(target, []); // already reported: skip follow-up errors
    }
    if (withoutOrigin === 'untouched') {
      return this.#builder.compiler.untouched(target);
    }
    if (withoutOrigin === 'disabled') {
      return this.#builder.disabled(target, levels);
    }
    // Findings about the application-wide policy name the module, not each handler that has it.
    const subject = declarations.length === 0 ? MODULE_TARGET : target;
    const { policy, faultless } = this.#builder.build(subject, levels, decorated, method);
    if (faultless || declarations.length === 0) {
      this.#byDeclarations.set(key, policy);
    }
    return policy;
  }

  /** Equal for handlers with equal declarations and the same mapped method. */
  #keyOf(declarations: readonly PlacedDeclaration[], method: string): string {
    let key = method;
    for (const { declaration } of declarations) {
      key += this.#declarationKey(declaration);
    }
    return key;
  }

  #declarationKey(declaration: PolicyDeclaration): string {
    if (declaration.kind !== 'cors') {
      return ` ${declaration.kind}`;
    }
    const { policy, options } = declaration;
    return ` ${this.#interner.numberOf(options)}${policy === undefined ? '' : JSON.stringify(policy)}`;
  }
}
