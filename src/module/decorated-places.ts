import type { MetadataScanner, ModulesContainer } from '@nestjs/core';
import { declarationsOfClass, declarationsOfHandler, type WrittenDeclaration } from './declarations.js';

/** A class or handler that carries a decorator of ours. */
export interface DecoratedPlace {
  /** `UsersController` or `UsersController.remove`. */
  readonly target: string;
  readonly declarations: readonly WrittenDeclaration[];
  /** The class it is on. */
  readonly owner: { readonly name: string };
  /** The method it is on; absent for the class itself. */
  readonly method: ((...values: never[]) => unknown) | undefined;
  /** Whether the class is registered as a controller. */
  readonly controller: boolean;
}

/**
 * Every class and handler of an application's modules that carries a decorator of ours, each once.
 * @param except methods to leave out
 */
export function decoratedPlaces(
  modules: ModulesContainer,
  scanner: MetadataScanner,
  except: ReadonlySet<unknown> = new Set(),
): DecoratedPlace[] {
  const places = new Map<object, DecoratedPlace>();
  const add = (place: Omit<DecoratedPlace, 'target' | 'declarations'>, name?: string) => {
    const { owner, method, controller } = place;
    const declarations = method === undefined ? declarationsOfClass(owner) : declarationsOfHandler(method);
    const known = places.get(method ?? owner);
    if (declarations.length > 0 && (known === undefined || (controller && !known.controller))) {
      const target = name === undefined ? owner.name : `${owner.name}.${name}`;
      places.set(method ?? owner, { ...place, target, declarations });
    }
  };
  for (const moduleRef of modules.values()) {
    for (const [wrappers, controller] of [
      [moduleRef.controllers, true],
      [moduleRef.providers, false],
    ] as const) {
      for (const wrapper of wrappers.values()) {
        if (typeof wrapper.metatype !== 'function') {
          continue;
        }
        const owner = wrapper.metatype as object as { readonly name: string; readonly prototype?: object | null };
        add({ owner, method: undefined, controller });
        for (const name of scanner.getAllMethodNames(owner.prototype ?? null)) {
          const method = (owner.prototype as Record<string, unknown>)[name];
          if (typeof method === 'function' && !except.has(method)) {
            add({ owner, method: method as DecoratedPlace['method'], controller }, name);
          }
        }
      }
    }
  }
  return [...places.values()];
}
