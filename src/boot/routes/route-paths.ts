import type { RequestMethod } from '@nestjs/common';
import type { ApplicationConfig } from '@nestjs/core';
import { RoutePathFactory } from '@nestjs/core/router/route-path-factory.js';

/** What Nest builds the path of a route from. */
export type RoutePathMetadata = Parameters<RoutePathFactory['create']>[0];

/** The paths of a handler of one controller path. */
export type PathsOf = (
  handlerPath: string,
  version: RoutePathMetadata['methodVersion'],
  method: RequestMethod,
) => readonly string[];

/** Stands in for the path of a handler. */
const ANY_HANDLER = '/handler';

/**
 * Builds the paths of routes with Nest's own factory. The factory is asked once for all handlers of a controller where it
 * does nothing with the path of a handler but to append it; asking it for each is half of what finding routes costs.
 */
export class RoutePaths {
  readonly #factory: RoutePathFactory;
  /** Exclusions from the global prefix are compared with whole paths. */
  readonly #appends: boolean;

  constructor(config: ApplicationConfig) {
    this.#factory = new RoutePathFactory(config);
    this.#appends = !config.getGlobalPrefix() || !config.getGlobalPrefixOptions().exclude?.length;
  }

  /** The paths of the handlers of one controller path. */
  ofController(metadata: RoutePathMetadata): PathsOf {
    let prefixes: readonly string[] | undefined;
    return (handlerPath, version, method) => {
      if (!this.#appends || version || !isAppended(handlerPath)) {
        return this.#ask(metadata, handlerPath, version, method);
      }
      prefixes ??= this.#ask(metadata, ANY_HANDLER, undefined, method);
      const appended = handlerPath.startsWith('/') ? handlerPath : `/${handlerPath}`;
      // Not `map`: once V8 compiled it, its arrays are of another kind, and what uses them would be compiled again.
      const paths: string[] = [];
      for (const path of prefixes) {
        paths.push(path.slice(0, -ANY_HANDLER.length) + appended);
      }
      return paths;
    };
  }

  #ask(
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

/** An empty path, a slash at the end and an optional slash at the beginning are Nest's to join. */
function isAppended(handlerPath: unknown): handlerPath is string {
  return (
    typeof handlerPath === 'string' && handlerPath !== '' && !handlerPath.startsWith('{') && !handlerPath.endsWith('/')
  );
}
