import { RequestMethod, type VersioningOptions } from '@nestjs/common';
import type { ApplicationConfig, MetadataScanner, ModulesContainer } from '@nestjs/core';
import { methodMetadata } from './method-metadata.js';
import { type RoutePathMetadata, RoutePaths } from './route-paths.js';
import { filteredVersions } from './route-versions.js';

/** A route Nest is going to register. */
export interface RouteRecord {
  /** `UsersController.remove` */
  readonly target: string;
  /** An upper-case method, or `ALL`. */
  readonly method: string;
  /** As Nest builds it, before the adapter brings it into its own form. */
  readonly path: string;
  readonly controller: { readonly name: string };
  readonly handlerName: string;
  /** The method of the class, with its decorators. */
  readonly handler: object;
  /** What Nest registers for it: the same, unless an instance has a method of its own in its place. */
  readonly registered: object;
  /** The versions a filter lets through; absent where versions are part of the URL, or there is none. */
  readonly versions: readonly unknown[] | undefined;
  /** The `host` of the controller, as written. */
  readonly host: string | RegExp | readonly (string | RegExp)[] | undefined;
}

const MODULE_PATH = '__module_path__';
const PATH = 'path';
const METHOD = 'method';
const HOST = 'host';
const VERSION = '__version__';

/**
 * Lists the routes of an application in the order Nest registers them, with the paths it builds for them: the global
 * prefix, URI versions and `RouterModule` paths included.
 */
export function* collectRoutes(
  modules: ModulesContainer,
  config: ApplicationConfig,
  scanner: MetadataScanner,
): Generator<RouteRecord> {
  const paths = new RoutePaths(config);
  const versioning = config.getVersioning();
  const globalPrefix = config.getGlobalPrefix();
  for (const moduleRef of modules.values()) {
    const modulePath =
      Reflect.getMetadata(MODULE_PATH + modules.applicationId, moduleRef.metatype) ??
      Reflect.getMetadata(MODULE_PATH, moduleRef.metatype);
    for (const wrapper of moduleRef.controllers.values()) {
      const controller = wrapper.metatype as { readonly name: string; readonly prototype: object } | null;
      if (typeof controller !== 'function') {
        continue;
      }
      const prototype: object = wrapper.instance
        ? Object.getPrototypeOf(wrapper.instance)
        : (controller as { readonly prototype: object }).prototype;
      const instance = (wrapper.instance ?? prototype) as Record<string, object | undefined>;
      const name = (controller as { readonly name: string }).name;
      const host = Reflect.getMetadata(HOST, controller);
      const controllerVersion = versioning
        ? (Reflect.getMetadata(VERSION, controller) ?? versioning.defaultVersion)
        : undefined;
      for (const ctrlPath of listOf(Reflect.getMetadata(PATH, controller))) {
        // Filled in the order in which Nest fills its own: what is compiled for that serves this one, too.
        const pathsOf = paths.ofController({
          ctrlPath,
          modulePath,
          globalPrefix,
          controllerVersion,
          versioningOptions: versioning as VersioningOptions,
        });
        for (const handlerName of scanner.getAllMethodNames(prototype)) {
          const handler = (prototype as Record<string, object>)[handlerName] as object;
          const declaredPath = methodMetadata(PATH, handler) as string | readonly string[] | undefined;
          if (declaredPath === undefined) {
            continue;
          }
          const requestMethod = methodMetadata(METHOD, handler) as RequestMethod;
          const methodVersion = versioning
            ? (methodMetadata(VERSION, handler) as RoutePathMetadata['methodVersion'])
            : undefined;
          for (const methodPath of listOf(declaredPath)) {
            for (const path of pathsOf(methodPath, methodVersion, requestMethod)) {
              yield {
                target: `${name}.${handlerName}`,
                method: RequestMethod[requestMethod] ?? 'ALL',
                path,
                controller: controller as { readonly name: string },
                handlerName,
                handler,
                registered: instance[handlerName] ?? handler,
                versions: filteredVersions(methodVersion || controllerVersion, versioning),
                host,
              };
            }
          }
        }
      }
    }
  }
}

function listOf<Value>(value: Value | readonly Value[]): readonly Value[] {
  return Array.isArray(value) ? value : [value as Value];
}
