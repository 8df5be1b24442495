import type { Scope, Type } from '@nestjs/common';
import type { ModuleRef } from '@nestjs/core';
import type { OriginResolver, OriginResolverClass } from '../../origin/origin-resolver.js';
import type { CompiledPolicy } from '../../policy/compiled-policy.js';
import type { PolicySource } from '../../policy/policy-source.js';
import { MODULE_TARGET, namedTarget, pathTarget } from '../../policy/policy-source.js';
import type { OriginCheck } from '../../resolver/origin-check.js';
import type { OriginChecks } from '../../resolver/origin-checks.js';
import type { CorsProblem } from '../../validation/problems/problem.js';
import type { NestValues } from '../nest-values.js';
import type { ModulePolicies } from './module-policies.js';

/** A handler, or a gateway; without a policy the policy of its URL applies. */
interface Decorated {
  readonly target: PolicySource;
  readonly policy: CompiledPolicy | undefined;
}

/**
 * Creates the origin checks of all policies with a predicate or resolver. Resolver instances come from dependency
 * injection.
 *
 * @param problems receives resolvers that are not provided or are request-scoped
 */
export function createOriginChecks(
  policies: ModulePolicies,
  entries: readonly Decorated[],
  moduleRef: ModuleRef,
  originChecks: OriginChecks,
  problems: CorsProblem[],
  nest: Pick<NestValues, 'Scope'>,
): ReadonlyMap<CompiledPolicy, OriginCheck> {
  const checkByPolicy = new Map<CompiledPolicy, OriginCheck>();
  for (const [policy, targets] of targetsOf(policies, entries)) {
    const { origins } = policy;
    if (origins?.kind === 'predicate') {
      checkByPolicy.set(policy, originChecks.checkFor(`origin of ${policy.target}`, origins.predicate));
    } else if (origins?.kind === 'resolver') {
      const instance = instanceOf(origins.resolver, [...targets], moduleRef, problems, nest);
      if (instance !== undefined) {
        checkByPolicy.set(policy, originChecks.checkFor(origins.resolver.name, instance));
      }
    }
  }
  return checkByPolicy;
}

/** Every policy with a predicate or resolver, and its targets. Equal policies are one object. */
function targetsOf(
  policies: ModulePolicies,
  entries: readonly Decorated[],
): ReadonlyMap<CompiledPolicy, ReadonlySet<PolicySource>> {
  const targets = new Map<CompiledPolicy, Set<PolicySource>>([[policies.applicationWide, new Set([MODULE_TARGET])]]);
  const add = (policy: CompiledPolicy, target: PolicySource) => {
    const { kind } = policy.origins ?? {};
    if (kind !== 'predicate' && kind !== 'resolver') {
      return;
    }
    const known = targets.get(policy);
    if (known === undefined) {
      targets.set(policy, new Set([target]));
    } else if (policy !== policies.applicationWide) {
      known.add(target); // the application-wide policy names the module only
    }
  };
  for (const [name, policy] of policies.named) {
    add(policy, namedTarget(name));
  }
  for (const { path, policy } of policies.paths) {
    add(policy, pathTarget(path));
  }
  for (const { target, policy } of entries) {
    if (policy !== undefined) {
      add(policy, target);
    }
  }
  return targets;
}

function instanceOf(
  resolver: OriginResolverClass,
  targets: readonly PolicySource[],
  moduleRef: ModuleRef,
  problems: CorsProblem[],
  nest: Pick<NestValues, 'Scope'>,
): OriginResolver | undefined {
  const type = resolver as Type<OriginResolver>;
  let scope: Scope;
  try {
    scope = moduleRef.introspect(type).scope;
  } catch {
    problems.push({
      code: 'resolver-unknown',
      targets,
      property: 'origin',
      value: resolver,
      message: `The origin resolver ${resolver.name} is not a provider of any module of this application.`,
      remedy: `Add it to a module that is imported: \`@Module({ providers: [${resolver.name}] })\`.`,
    });
    return undefined;
  }
  if (scope !== nest.Scope.DEFAULT) {
    problems.push({
      code: 'resolver-scoped',
      targets,
      property: 'origin',
      value: resolver,
      message: `The origin resolver ${resolver.name} is request-scoped or transient (or depends on a provider that is), but preflights are answered before a request scope exists.`,
      remedy: `Make it a singleton, \`@Injectable() class ${resolver.name}\`, without request-scoped dependencies. If it needs the request, read it from the context, and declare \`cacheKey(context)\` or \`readonly cache = false\`.`,
    });
    return undefined;
  }
  return moduleRef.get(type, { strict: false });
}
