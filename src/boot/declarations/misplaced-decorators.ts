import 'reflect-metadata';
import type { MetadataScanner, ModulesContainer } from '@nestjs/core';
import {
  carriedByMethod,
  prototypeChain,
  prototypeOf,
  type WrittenDeclaration,
} from '../../metadata/cors-metadata.accessor.js';
import type { CorsProblem } from '../../validation/problems/problem.js';
import { type DecoratedTarget, decoratedTargets } from './cors.explorer.js';

/**
 * Finds decorators that reach no route: on resolvers, gateways, message handlers and plain methods, and on members
 * that are not methods.
 * @param reached declarations that are known to reach a route
 */
export function misplacedDecorators(
  modules: ModulesContainer,
  scanner: MetadataScanner,
  reached: ReadonlySet<WrittenDeclaration>,
): CorsProblem[] {
  const places = decoratedTargets(modules, reached);
  if (places.length === 0) {
    return []; // the usual case: looking at every method of an application is slow
  }
  const controllers = [...modules.values()]
    .flatMap((moduleRef) => [...moduleRef.controllers.values()])
    .map(({ metatype }) => metatype as unknown)
    .filter((metatype) => typeof metatype === 'function');
  const prototypes = new Set(controllers.flatMap((controller) => prototypeChain(prototypeOf(controller))));
  // Libraries that map one method to several routes copy its metadata to methods of their own.
  const copied = declarationsOfRoutes(controllers, scanner);
  return places
    .filter((place) => !reachesRoute(place, prototypes) && !copied.has(place.declaration))
    .map((place) => misplaced(place));
}

/** @param prototypes those of all controllers and of the classes that they extend */
function reachesRoute({ declaration, owner, member }: DecoratedTarget, prototypes: ReadonlySet<unknown>): boolean {
  return declaration.on === 'class'
    ? prototypes.has(declaration.owner)
    : prototypes.has(prototypeOf(owner)) && isMethodOfInstances(declaration) && isRouted(member?.value);
}

/** Whether Nest looks at the member at all. */
function isMethodOfInstances({ on, name, owner }: WrittenDeclaration): boolean {
  return on === 'method' && typeof name === 'string' && typeof owner !== 'function';
}

/** The declarations in the metadata of all methods that routes are mapped to. */
function declarationsOfRoutes(controllers: readonly object[], scanner: MetadataScanner): Set<WrittenDeclaration> {
  const declarations = new Set<WrittenDeclaration>();
  for (const controller of controllers) {
    const prototype = (controller as { readonly prototype: Readonly<Record<string, object>> }).prototype;
    for (const name of scanner.getAllMethodNames(prototype)) {
      const method = prototype[name] as object;
      if (isRouted(method)) {
        for (const declaration of carriedByMethod(method)) {
          declarations.add(declaration);
        }
      }
    }
  }
  return declarations;
}

function misplaced(place: DecoratedTarget): CorsProblem {
  return {
    code: 'decorator-misplaced',
    targets: [place.target],
    message: `A decorator of nestjs-cors has no effect here: ${whyNoRoute(place)}.`,
    remedy:
      "Move it to a controller or a handler with a route (@Get(), @Post(), ...), and there below a decorator of a library that makes several routes of one method. For GraphQL and other endpoints that are not controllers write `CorsModule.forRoot({ paths: [{ path: '/graphql', policy: 'partners' }] })`.",
  };
}

function whyNoRoute({ target, declaration, owner, controller }: DecoratedTarget): string {
  const { on, name } = declaration;
  switch (on) {
    case 'class':
      return `${target} is a provider, not a controller`;
    case 'parameter':
      return 'it stands on a parameter, and Nest maps routes to methods';
    case 'accessor':
      return 'it stands on a getter or setter, and Nest maps routes to methods only';
    case 'property':
      return 'it stands on a property, and Nest maps routes to methods only';
  }
  if (typeof declaration.owner === 'function') {
    return 'the method is static, and Nest maps routes to methods of instances only';
  }
  if (typeof name === 'symbol') {
    return 'the name of the method is a symbol, and Nest maps routes to methods with names only';
  }
  return controller
    ? 'no route is mapped to the method'
    : `${owner.name} is a provider, so no route is mapped to the method`;
}

function isRouted(member: unknown): boolean {
  return typeof member === 'function' && Reflect.getMetadata('path', member) !== undefined;
}
