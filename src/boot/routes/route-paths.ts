import type { RequestMethod } from '@nestjs/common';
import type { ApplicationConfig } from '@nestjs/core';
import type { RoutePathFactory } from '@nestjs/core/router/route-path-factory.js';
import type { NestValues } from '../nest-values.js';

/** The parts from which Nest builds the path of a route. */
export type RoutePathMetadata = Parameters<RoutePathFactory['create']>[0];

/** The paths of a handler below one path of its controller. */
export type PathsOf = (
  handlerPath: string,
  version: RoutePathMetadata['methodVersion'],
  method: RequestMethod,
) => readonly string[];

/** Stands in for the path of a handler. */
const ANY_HANDLER = '/handler';

/**
 * Builds the paths of routes with Nest's own factory. If the factory only appends the path of a handler, it is called
 * once for all handlers of a controller, because a call for each handler is half of the cost of listing routes.
 */
export class RoutePaths {
  readonly #factory: RoutePathFactory;
  /** Whether the factory only appends. Exclusions from the global prefix compare whole paths. */
  readonly #appends: boolean;

  constructor(config: ApplicationConfig, nest: Pick<NestValues, 'RoutePathFactory'>) {
    this.#factory = new nest.RoutePathFactory(config);
    this.#appends = !config.getGlobalPrefix() || !config.getGlobalPrefixOptions().exclude?.length;
  }

  /** A function that returns the paths of the handlers below one path of their controller. */
  ofController(metadata: RoutePathMetadata): PathsOf {
    let prefixes: readonly string[] | undefined;
    return (handlerPath, version, method) => {
      if (!this.#appends || version || !isAppended(handlerPath)) {
        return this.#create(metadata, handlerPath, version, method);
      }
      prefixes ??= this.#create(metadata, ANY_HANDLER, undefined, method);
      const appended = handlerPath.startsWith('/') ? handlerPath : `/${handlerPath}`;
      // Not `map`: after V8 compiles it, its arrays have another kind, and their callers are compiled again.
      const paths: string[] = [];
      for (const path of prefixes) {
        paths.push(path.slice(0, -ANY_HANDLER.length) + appended);
      }
      return paths;
    };
  }

  #create(
    metadata: RoutePathMetadata,
    handlerPath: string,
    version: RoutePathMetadata['methodVersion'],
    method: RequestMethod,
  ): readonly string[] {
    metadata.methodVersion = version;
    metadata.methodPath = handlerPath;
    return this.#factory.create(metadata, method);
  }
}

/** Nest joins empty paths, and slashes at the end or in braces at the beginning, in its own way. */
function isAppended(handlerPath: unknown): handlerPath is string {
  return (
    typeof handlerPath === 'string' && handlerPath !== '' && !handlerPath.startsWith('{') && !handlerPath.endsWith('/')
  );
}
