import { Injectable, type Provider, type Type } from '@nestjs/common';
import { Cors, DisableCors } from 'nestjs-cors';
import type { ApplicationPlan, DeclarationPlan, OriginPlan, PolicyPlan } from '../plan.js';

/** Creates values of `origin`, and the providers of resolver classes. */
export class OriginSources {
  readonly #resolvers = new Map<string, Type>();

  get providers(): Provider[] {
    return [...this.#resolvers.values()];
  }

  of({ form, origins, pattern }: OriginPlan): unknown {
    switch (form) {
      case '*':
        return '*';
      case 'list':
        return [...origins];
      case 'pattern':
        return [pattern, ...origins];
      case 'predicate':
        return (origin: string) => origins.includes(origin);
      case 'promise':
        return async (origin: string) => {
          await new Promise((resolve) => setImmediate(resolve));
          return origins.includes(origin);
        };
      default:
        return this.#resolver(form === 'keyed resolver', origins);
    }
  }

  #resolver(keyed: boolean, origins: readonly string[]): Type {
    const key = JSON.stringify([keyed, origins]);
    let resolver = this.#resolvers.get(key);
    if (resolver === undefined) {
      resolver = keyed ? keyedResolver(origins) : plainResolver(origins);
      Object.defineProperty(resolver, 'name', { value: `Resolver${this.#resolvers.size}` });
      this.#resolvers.set(key, resolver);
    }
    return resolver;
  }
}

function plainResolver(origins: readonly string[]): Type {
  @Injectable()
  class PlainResolver {
    async resolve(origin: string): Promise<boolean> {
      return origins.includes(origin);
    }
  }
  return PlainResolver;
}

function keyedResolver(origins: readonly string[]): Type {
  @Injectable()
  class KeyedResolver {
    async resolve(origin: string): Promise<boolean> {
      return origins.includes(origin);
    }
    cacheKey({ method }: { readonly method: string }): string {
      return method;
    }
  }
  return KeyedResolver;
}

/** The options of a policy. */
export function optionsOf(policy: PolicyPlan, origins: OriginSources): object {
  const { origin, ...rest } = policy;
  return origin === undefined ? rest : { ...rest, origin: origins.of(origin) };
}

/** The options of the module. */
export function moduleOptions(plan: ApplicationPlan, origins: OriginSources): object {
  return {
    ...optionsOf(plan.module, origins),
    policies: Object.fromEntries(
      Object.entries(plan.policies).map(([name, policy]) => [name, optionsOf(policy, origins)]),
    ),
    paths: plan.paths.map(({ path, policy }) => ({
      path,
      policy: typeof policy === 'object' ? optionsOf(policy, origins) : policy,
    })),
    diagnostics: { logRefusals: false },
  };
}

/** Applies a CORS decorator to a class, or to a method of its prototype. */
export function declare(
  target: object,
  declaration: DeclarationPlan | undefined,
  origins: OriginSources,
  name?: string,
  descriptor?: PropertyDescriptor,
): void {
  if (declaration === undefined) {
    return;
  }
  const decorate = decoratorOf(declaration, origins) as (...values: unknown[]) => void;
  if (name === undefined) {
    decorate(target);
  } else {
    decorate(target, name, descriptor);
  }
}

function decoratorOf(declaration: DeclarationPlan, origins: OriginSources): ClassDecorator & MethodDecorator {
  switch (declaration.kind) {
    case 'disable':
      return DisableCors();
    case 'untouched':
      return Cors('untouched');
    case 'cors': {
      const { policy, options } = declaration;
      const written = options === undefined ? undefined : (optionsOf(options, origins) as never);
      return policy === undefined ? Cors(written) : Cors(policy, written);
    }
  }
}
