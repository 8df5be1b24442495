import type { MetadataScanner, ModulesContainer } from '@nestjs/core';
import { declarationsOf, type WrittenDeclaration } from './declarations.js';

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

/** Every class and handler of an application's modules that carries a decorator of ours, each once. */
export function decoratedPlaces(modules: ModulesContainer, scanner: MetadataScanner): DecoratedPlace[] {
  const places = new Map<object, DecoratedPlace>();
  const add = (place: DecoratedPlace, target: object) => {
    const known = places.get(target);
    if (place.declarations.length > 0 && (known === undefined || (place.controller && !known.controller))) {
      places.set(target, place);
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
        const declarations = declarationsOf(owner);
        add({ target: owner.name, declarations, owner, method: undefined, controller }, owner);
        const { prototype } = owner;
        if (prototype === undefined || prototype === null) {
          continue;
        }
        for (const name of scanner.getAllMethodNames(prototype)) {
          const method = (prototype as Record<string, unknown>)[name];
          if (typeof method === 'function') {
            add(
              {
                target: `${owner.name}.${name}`,
                declarations: declarationsOf(method),
                owner,
                method: method as DecoratedPlace['method'],
                controller,
              },
              method,
            );
          }
        }
      }
    }
  }
  return [...places.values()];
}
