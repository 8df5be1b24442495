import 'reflect-metadata';
import type { MetadataScanner, ModulesContainer } from '@nestjs/core';
import type { CorsProblem } from '../../validation/problems/problem.js';
import { isGateway } from '../gateways/gateway-metadata.js';
import { methodDeclarations, type WrittenDeclaration } from '../metadata/cors-metadata.accessor.js';
import { prototypeChain, prototypeOf } from '../metadata/prototype-chain.js';
import { CorsExplorer, type DecoratedTarget } from './cors.explorer.js';

/**
 * Finds decorators that apply to no route and no gateway: on resolvers, message handlers and plain methods, and on
 * members that are not methods.
 *
 * @param reached declarations that apply to a route or a gateway
 */
export function misplacedDecorators(
  modules: ModulesContainer,
  scanner: MetadataScanner,
  reached: ReadonlySet<WrittenDeclaration>,
): CorsProblem[] {
  const targets = new CorsExplorer(modules, reached).explore();
  if (targets.length === 0) {
    return []; // the usual case: searching every method of an application is slow
  }
  const controllers = [...modules.values()]
    .flatMap((moduleRef) => [...moduleRef.controllers.values()])
    .map(({ metatype }) => metatype as unknown)
    .filter((metatype) => typeof metatype === 'function');
  const prototypes = new Set(controllers.flatMap((controller) => prototypeChain(prototypeOf(controller))));
  // A library that maps one method to several routes copies its metadata to methods of its own.
  const copied = declarationsOfRoutes(controllers, scanner);
  return targets
    .filter((target) => !reachesRoute(target, prototypes) && !copied.has(target.declaration))
    .map(misplaced);
}

/** @param prototypes the prototypes of all controllers and of the classes that they extend */
function reachesRoute({ declaration, owner, member }: DecoratedTarget, prototypes: ReadonlySet<unknown>): boolean {
  return declaration.on === 'class'
    ? prototypes.has(declaration.owner)
    : prototypes.has(prototypeOf(owner)) && isMethodOfInstances(declaration) && isRouted(member?.value);
}

/** Whether Nest can map a route to the member. */
function isMethodOfInstances({ on, name, owner }: WrittenDeclaration): boolean {
  return on === 'method' && typeof name === 'string' && typeof owner !== 'function';
}

/** The declarations in the metadata of all methods with a route. */
function declarationsOfRoutes(controllers: readonly object[], scanner: MetadataScanner): Set<WrittenDeclaration> {
  const declarations = new Set<WrittenDeclaration>();
  for (const controller of controllers) {
    const prototype = (controller as { readonly prototype: Readonly<Record<string, object>> }).prototype;
    for (const name of scanner.getAllMethodNames(prototype)) {
      const method = prototype[name] as object;
      if (isRouted(method)) {
        for (const declaration of methodDeclarations(method)) {
          declarations.add(declaration);
        }
      }
    }
  }
  return declarations;
}

function misplaced(decorated: DecoratedTarget): CorsProblem {
  return {
    code: 'decorator-misplaced',
    targets: [decorated.target],
    message: `A decorator of nestjs-cors has no effect here: ${whyNoRoute(decorated)}.`,
    remedy:
      "Move it to a controller, to a handler with a route (`@Get()`, `@Post()`), or to the class of a gateway. If a decorator of a library makes several routes from that handler, write this one below it. For GraphQL and other endpoints that are not controllers, write `CorsModule.forRoot({ paths: [{ path: '/graphql', policy: { origin: 'https://app.example.com' } }] })`.",
  };
}

function whyNoRoute({ target, declaration, owner, controller }: DecoratedTarget): string {
  const { on, name } = declaration;
  switch (on) {
    case 'class':
      return `${target} is a provider, not a controller or gateway`;
    case 'parameter':
      return 'it is on a parameter, and Nest maps routes to methods only';
    case 'accessor':
      return 'it is on a getter or setter, and Nest maps routes to methods only';
    case 'property':
      return 'it is on a property, and Nest maps routes to methods only';
  }
  if (typeof declaration.owner === 'function') {
    return 'the method is static, and Nest maps routes to methods of instances only';
  }
  if (typeof name === 'symbol') {
    return 'the name of the method is a symbol, and Nest maps routes to methods with names only';
  }
  if (isGateway(owner)) {
    return `${owner.name} is a gateway, and its policy decides when a client connects`;
  }
  return controller ? 'the method has no route' : `${owner.name} is a provider, so the method has no route`;
}

function isRouted(member: unknown): boolean {
  return typeof member === 'function' && Reflect.getMetadata('path', member) !== undefined;
}
