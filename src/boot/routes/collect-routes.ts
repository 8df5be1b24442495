import type { RequestMethod, VersioningOptions } from '@nestjs/common';
import type { ApplicationConfig, MetadataScanner, ModulesContainer } from '@nestjs/core';
import { methodMetadata } from '../metadata/method-metadata.js';
import type { NestValues } from '../nest-values.js';
import { type PathsOf, type RoutePathMetadata, RoutePaths } from './route-paths.js';

/** A route that Nest is going to register. */
export interface RouteRecord {
  /** `UsersController.remove` */
  readonly target: string;
  /** An upper-case method, or `ALL`. */
  readonly method: string;
  /** As Nest builds it, before the adapter normalizes it. */
  readonly path: string;
  readonly controller: { readonly name: string };
  /** The prototype on which Nest finds the handler. */
  readonly prototype: object;
  readonly handlerName: string;
  /** The method of the class, with its decorators. */
  readonly handler: object;
  /** The function that Nest registers: the method, unless the instance has another function in its place. */
  readonly registered: object;
  /**
   * Whether requests may reach another function than `registered`. A request-scoped controller is created for each
   * request, and its constructor may replace methods. An instance may also return another function at each reading.
   */
  readonly replaceable: boolean;
  /** The versions that a filter compares; absent if the URL has the version, or if there is no version. */
  readonly versions: readonly unknown[] | undefined;
  /** The `host` of the controller. */
  readonly host: string | RegExp | readonly (string | RegExp)[] | undefined;
}

const MODULE_PATH = '__module_path__';
const PATH = 'path';
const METHOD = 'method';
const HOST = 'host';
const VERSION = '__version__';

/** The properties that all handlers of a controller share. */
interface ControllerRecord {
  readonly controller: { readonly name: string };
  readonly prototype: Readonly<Record<string, object>>;
  readonly instance: Readonly<Record<string, object | undefined>>;
  readonly perRequest: boolean;
  readonly host: RouteRecord['host'];
  readonly version: RoutePathMetadata['controllerVersion'];
}

/**
 * Lists the routes of an application in the order in which Nest registers them. Their paths include the global prefix,
 * URI versions and `RouterModule` paths.
 */
export function collectRoutes(
  modules: ModulesContainer,
  config: ApplicationConfig,
  scanner: MetadataScanner,
  nest: NestValues,
): RouteRecord[] {
  const collector = new RouteCollector(config, scanner, nest);
  for (const moduleRef of modules.values()) {
    const modulePath =
      Reflect.getMetadata(MODULE_PATH + modules.applicationId, moduleRef.metatype) ??
      Reflect.getMetadata(MODULE_PATH, moduleRef.metatype);
    for (const wrapper of moduleRef.controllers.values()) {
      if (typeof wrapper.metatype === 'function') {
        const perRequest = !wrapper.isDependencyTreeStatic();
        collector.addController(wrapper.metatype, wrapper.instance as object | null, modulePath, perRequest);
      }
    }
  }
  return collector.records;
}

/** Has many small methods, because V8 compiles functions that run for thousands of handlers while the application boots. */
class RouteCollector {
  readonly records: RouteRecord[] = [];
  readonly #paths: RoutePaths;
  readonly #versioning: VersioningOptions | undefined;
  readonly #globalPrefix: string;
  readonly #scanner: MetadataScanner;
  readonly #nest: NestValues;

  constructor(config: ApplicationConfig, scanner: MetadataScanner, nest: NestValues) {
    this.#scanner = scanner;
    this.#nest = nest;
    this.#paths = new RoutePaths(config, nest);
    this.#versioning = config.getVersioning();
    this.#globalPrefix = config.getGlobalPrefix();
  }

  addController(
    controller: { readonly name: string; readonly prototype: object },
    instance: object | null,
    modulePath: string,
    perRequest: boolean,
  ): void {
    const prototype = instance ? Object.getPrototypeOf(instance) : controller.prototype;
    const record: ControllerRecord = {
      controller,
      prototype,
      instance: (instance ?? prototype) as ControllerRecord['instance'],
      perRequest,
      host: Reflect.getMetadata(HOST, controller),
      version: this.#versioning && (Reflect.getMetadata(VERSION, controller) ?? this.#versioning.defaultVersion),
    };
    const names = this.#scanner.getAllMethodNames(prototype);
    for (const ctrlPath of listOf(Reflect.getMetadata(PATH, controller) as string | readonly string[])) {
      // In Nest's own order of properties, so that V8 uses the same compiled code for both objects.
      const pathsOf = this.#paths.ofController({
        ctrlPath,
        modulePath,
        globalPrefix: this.#globalPrefix,
        controllerVersion: record.version,
        versioningOptions: this.#versioning as VersioningOptions,
      });
      for (const name of names) {
        this.#addHandler(record, name, pathsOf);
      }
    }
  }

  #addHandler(record: ControllerRecord, name: string, pathsOf: PathsOf): void {
    const handler = record.prototype[name] as object;
    const declaredPath = methodMetadata(PATH, handler) as string | readonly string[] | undefined;
    if (declaredPath === undefined) {
      return;
    }
    const requestMethod = methodMetadata(METHOD, handler) as RequestMethod;
    const version = this.#versioning && (methodMetadata(VERSION, handler) as RoutePathMetadata['methodVersion']);
    const { controller } = record;
    const registered = record.instance[name] ?? handler;
    const replaceable = record.perRequest || (record.instance[name] ?? handler) !== registered;
    for (const methodPath of listOf(declaredPath)) {
      for (const path of pathsOf(methodPath, version, requestMethod)) {
        this.records.push({
          target: `${controller.name}.${name}`,
          method: this.#nest.RequestMethod[requestMethod] ?? 'ALL',
          path,
          controller,
          prototype: record.prototype,
          handlerName: name,
          handler,
          registered,
          replaceable,
          versions: filteredVersions(version || record.version, this.#versioning, this.#nest),
          host: record.host,
        });
      }
    }
  }
}

function listOf<Value>(value: Value | readonly Value[]): readonly Value[] {
  return Array.isArray(value) ? value : [value as Value];
}

/** The versions that Nest's version filter compares; `undefined` if every version passes. */
function filteredVersions(
  version: unknown,
  versioning: VersioningOptions | undefined,
  { VERSION_NEUTRAL, VersioningType }: NestValues,
): readonly unknown[] | undefined {
  if (!version || versioning === undefined || versioning.type === VersioningType.URI || version === VERSION_NEUTRAL) {
    return undefined;
  }
  return Object.freeze(Array.isArray(version) ? [...version] : [version]);
}
