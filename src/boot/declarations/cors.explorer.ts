import type { ModulesContainer } from '@nestjs/core';
import {
  classChain,
  prototypeChain,
  prototypeOf,
  type WrittenDeclaration,
  writtenOn,
} from '../../metadata/cors-metadata.accessor.js';
import { memberLabel } from './decorator-mistakes.js';

/** A decorator of ours, on a registered class, on a class that it extends, or on a member that it has or inherits. */
export interface DecoratedTarget {
  /** `UsersController` or `UsersController.remove`. */
  readonly target: string;
  readonly declaration: WrittenDeclaration;
  /** The registered class. */
  readonly owner: RegisteredClass;
  /** The member as it is today; absent for the class itself and for properties. */
  readonly member: PropertyDescriptor | undefined;
  /** Whether the class is registered as a controller. */
  readonly controller: boolean;
}

type RegisteredClass = ((...values: never[]) => unknown) & { readonly name: string };

/**
 * Every decorator of ours on the classes of an application's modules, each once.
 * @param except declarations to leave out
 */
export function decoratedTargets(
  modules: ModulesContainer,
  except: ReadonlySet<WrittenDeclaration> = new Set(),
): DecoratedTarget[] {
  const places = new Map<WrittenDeclaration, DecoratedTarget>();
  const add = (place: DecoratedTarget) => {
    const known = places.get(place.declaration);
    if (known === undefined || (place.controller && !known.controller)) {
      places.set(place.declaration, place);
    }
  };
  for (const moduleRef of modules.values()) {
    for (const [wrappers, controller] of [
      [moduleRef.controllers, true],
      [moduleRef.providers, false],
      [moduleRef.injectables, false],
    ] as const) {
      for (const { metatype } of wrappers.values()) {
        if (typeof metatype === 'function') {
          const owner = metatype as unknown as RegisteredClass;
          findPlaces(owner, prototypeChain(prototypeOf(owner)), controller, except, add);
          findPlaces(owner, classChain(owner).reverse(), controller, except, add);
        }
      }
    }
  }
  return [...places.values()];
}

/** @param holders what has the members of instances, or the static ones: the nearest first */
function findPlaces(
  owner: RegisteredClass,
  holders: readonly object[],
  controller: boolean,
  except: ReadonlySet<WrittenDeclaration>,
  add: (place: DecoratedTarget) => void,
): void {
  for (let depth = 0; depth < holders.length; depth++) {
    const holder = holders[depth] as object;
    const written = writtenOn(holder).filter((declaration) => !except.has(declaration));
    // Decorators of a class are called after those of its members, and read before them.
    for (const declaration of written.sort((one, other) => rank(one) - rank(other))) {
      const { on, name = 'constructor' } = declaration;
      if (on === 'class') {
        const { name: target } = depth === 0 ? owner : holder.constructor;
        add({ target, declaration, owner, member: undefined, controller });
      } else if (!holders.slice(0, depth).some((nearer) => Object.hasOwn(nearer, name))) {
        // A member that a subclass overrides is none of the subclass.
        const member = Object.getOwnPropertyDescriptor(holder, name);
        add({ target: memberLabel(owner.name, declaration), declaration, owner, member, controller });
      }
    }
  }
}

function rank({ on }: WrittenDeclaration): number {
  return on === 'class' ? 0 : 1;
}
