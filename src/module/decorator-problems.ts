import 'reflect-metadata';
import type { MetadataScanner, ModulesContainer } from '@nestjs/core';
import type { CorsProblem } from '../policy/problem.js';
import { classChain } from './declarations.js';
import { decoratedPlaces } from './decorated-places.js';
import { CORS_MODULE_MARK } from './tokens.js';

/**
 * Finds decorators where no route is: on resolvers, gateways, message handlers and plain methods.
 * @param handlers what routes were found for; there is nothing to say of them
 */
export function misplacedDecorators(
  modules: ModulesContainer,
  scanner: MetadataScanner,
  handlers: ReadonlySet<unknown>,
): CorsProblem[] {
  const bases = new Set<object>();
  for (const moduleRef of modules.values()) {
    for (const wrapper of moduleRef.controllers.values()) {
      if (typeof wrapper.metatype === 'function') {
        for (const one of classChain(wrapper.metatype)) {
          bases.add(one);
        }
      }
    }
  }
  return decoratedPlaces(modules, scanner, handlers).flatMap(({ target, owner, method, controller }) => {
    if (method === undefined ? controller || bases.has(owner) : isRouted(method) && (controller || bases.has(owner))) {
      return [];
    }
    const kind =
      method === undefined
        ? `${owner.name} is a provider, not a controller`
        : controller
          ? 'no route is mapped to the method'
          : `${owner.name} is a provider, so no route is mapped to the method`;
    return [
      {
        code: 'decorator-misplaced' as const,
        targets: [target],
        message: `A decorator of nestjs-cors has no effect here: ${kind}.`,
        remedy:
          "Move it to a controller or a handler with a route (@Get(), @Post(), ...). For GraphQL and other endpoints that are not controllers write `CorsModule.forRoot({ paths: [{ path: '/graphql', policy: 'partners' }] })`.",
      },
    ];
  });
}

/** Finds a module that is set up more than once. */
export function duplicateModules(modules: ModulesContainer): CorsProblem[] {
  let count = 0;
  for (const moduleRef of modules.values()) {
    const { metatype } = moduleRef;
    if (typeof metatype === 'function' && Object.hasOwn(metatype, CORS_MODULE_MARK)) {
      count++;
    }
  }
  return count < 2
    ? []
    : [
        {
          code: 'module-duplicate',
          targets: ['CorsModule'],
          value: count,
          message: `CorsModule is set up ${count} times in one application, and only one can answer.`,
          remedy:
            'Call CorsModule.forRoot() (or forRootAsync()) once, in the root module; it is global. To import it in several places, keep what the one call returned in a constant and import that.',
        },
      ];
}

function isRouted(method: object): boolean {
  return Reflect.getMetadata('path', method) !== undefined;
}
