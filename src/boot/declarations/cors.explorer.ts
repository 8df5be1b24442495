import type { ModulesContainer } from '@nestjs/core';
import { declarationsAt, type WrittenDeclaration } from '../metadata/cors-metadata.accessor.js';
import { classChain, prototypeChain, prototypeOf } from '../metadata/prototype-chain.js';
import { memberLabel } from './decorator-labels.js';

/** A decorator of this package on a registered class, on a class that it extends, or on a member of either. */
export interface DecoratedTarget {
  /** `UsersController` or `UsersController.remove`. */
  readonly target: string;
  readonly declaration: WrittenDeclaration;
  /** The registered class. */
  readonly owner: RegisteredClass;
  /** The member as it is now; absent for the class itself and for properties. */
  readonly member: PropertyDescriptor | undefined;
  /** Whether the class is registered as a controller. */
  readonly controller: boolean;
}

type RegisteredClass = ((...values: never[]) => unknown) & { readonly name: string };

/** Finds the decorators of this package on the classes of an application's modules. */
export class CorsExplorer {
  readonly #found = new Map<WrittenDeclaration, DecoratedTarget>();
  readonly #modules: ModulesContainer;
  readonly #ignored: ReadonlySet<WrittenDeclaration>;

  /** @param ignored declarations to leave out */
  constructor(modules: ModulesContainer, ignored: ReadonlySet<WrittenDeclaration> = new Set()) {
    this.#modules = modules;
    this.#ignored = ignored;
  }

  /** Every decorator, once. */
  explore(): DecoratedTarget[] {
    for (const { controllers, providers, injectables } of this.#modules.values()) {
      for (const wrappers of [controllers, providers, injectables]) {
        for (const { metatype } of wrappers.values()) {
          if (typeof metatype === 'function') {
            const owner = metatype as unknown as RegisteredClass;
            this.#exploreChain(owner, prototypeChain(prototypeOf(owner)), wrappers === controllers);
            this.#exploreChain(owner, classChain(owner).reverse(), wrappers === controllers);
          }
        }
      }
    }
    return [...this.#found.values()];
  }

  /** @param holders the objects that have the instance members, or the static members, of a class: nearest first */
  #exploreChain(owner: RegisteredClass, holders: readonly object[], controller: boolean): void {
    for (let depth = 0; depth < holders.length; depth++) {
      const holder = holders[depth] as object;
      const declarations = declarationsAt(holder).filter((declaration) => !this.#ignored.has(declaration));
      // TypeScript calls the decorators of a class after those of its members. Messages name the class first.
      for (const declaration of declarations.sort((one, other) => rank(one) - rank(other))) {
        const { on, name = 'constructor' } = declaration;
        if (on === 'class') {
          const { name: target } = depth === 0 ? owner : holder.constructor;
          this.#add({ target, declaration, owner, member: undefined, controller });
        } else if (!holders.slice(0, depth).some((nearer) => Object.hasOwn(nearer, name))) {
          // A member that a subclass overrides is not a member of the subclass.
          const member = Object.getOwnPropertyDescriptor(holder, name);
          this.#add({ target: memberLabel(owner.name, declaration), declaration, owner, member, controller });
        }
      }
    }
  }

  #add(found: DecoratedTarget): void {
    const known = this.#found.get(found.declaration);
    if (known === undefined || (found.controller && !known.controller)) {
      this.#found.set(found.declaration, found);
    }
  }
}

function rank({ on }: WrittenDeclaration): number {
  return on === 'class' ? 0 : 1;
}
