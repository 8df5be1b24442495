import type { ModulesContainer } from '@nestjs/core';
import {
  carriedByClass,
  classChain,
  prototypeChain,
  prototypeOf,
  type WrittenDeclaration,
  writtenOn,
} from './declarations.js';
import { memberLabel } from './decorator-mistakes.js';

/** A decorator of ours, on a registered class or on a member that the class has or inherits. */
export interface DecoratedPlace {
  /** `UsersController` or `UsersController.remove`. */
  readonly target: string;
  readonly declaration: WrittenDeclaration;
  /** The registered class, or the class it extends that the decorator stands on. */
  readonly owner: RegisteredClass;
  /** The member as it is today; absent for the class itself and for properties. */
  readonly member: PropertyDescriptor | undefined;
  /** Whether the class is registered as a controller. */
  readonly controller: boolean;
}

type RegisteredClass = ((...values: never[]) => unknown) & { readonly name: string };

/** Every decorator of ours on the classes of an application's modules, each once. */
export function decoratedPlaces(modules: ModulesContainer): DecoratedPlace[] {
  const places = new Map<WrittenDeclaration, DecoratedPlace>();
  for (const moduleRef of modules.values()) {
    for (const [wrappers, controller] of [
      [moduleRef.controllers, true],
      [moduleRef.providers, false],
      [moduleRef.injectables, false],
    ] as const) {
      for (const { metatype } of wrappers.values()) {
        for (const place of placesOf(metatype, controller)) {
          const known = places.get(place.declaration);
          if (known === undefined || (controller && !known.controller)) {
            places.set(place.declaration, place);
          }
        }
      }
    }
  }
  return [...places.values()];
}

function placesOf(metatype: unknown, controller: boolean): DecoratedPlace[] {
  if (typeof metatype !== 'function') {
    return [];
  }
  const owner = metatype as RegisteredClass;
  const prototype = prototypeOf(owner);
  const places = classChain(owner).flatMap((one) => placesOfClass(one as RegisteredClass, controller));
  for (const holders of [prototypeChain(prototype), classChain(owner).reverse()]) {
    holders.forEach((holder, depth) => {
      for (const declaration of writtenOn(holder)) {
        const { on, name = 'constructor' } = declaration;
        // A member that a subclass overrides is none of the subclass.
        if (on !== 'class' && !holders.slice(0, depth).some((nearer) => Object.hasOwn(nearer, name))) {
          const member = Object.getOwnPropertyDescriptor(holder, name);
          places.push({ target: memberLabel(owner.name, declaration), declaration, owner, member, controller });
        }
      }
    });
  }
  return places;
}

function placesOfClass(owner: RegisteredClass, controller: boolean): DecoratedPlace[] {
  const carried = carriedByClass(owner);
  const declarations = carried.length > 0 ? carried : writtenOn(prototypeOf(owner) ?? owner);
  return declarations
    .filter(({ on }) => on === 'class')
    .map((declaration) => ({ target: owner.name, declaration, owner, member: undefined, controller }));
}
