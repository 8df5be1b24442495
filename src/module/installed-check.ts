import {
  Catch,
  type ExceptionFilter,
  Inject,
  Injectable,
  type OnModuleInit,
  Optional,
  UseFilters,
} from '@nestjs/common';
import { HttpAdapterHost, ModulesContainer } from '@nestjs/core';
import { CorsExplorer } from '../boot/declarations/cors.explorer.js';
import { adapterOf } from '../boot/installation/adapter-installations.js';
import { CORS_INSTALLED_CHECK, CORS_RUNTIME, isCorsRuntime } from '../boot/metadata/tokens.js';
import { CorsConfigurationError } from '../validation/problems/configuration-error.js';
import { NEST_VALUES } from './nest-values.js';

/** Never thrown, so a filter that catches only this class costs requests nothing. */
class NeverThrown {}

/**
 * Stops the boot of an HTTP application that has `@Cors()` or `@DisableCors()` and does not import `CorsModule`.
 * Without it the decorators would silently do nothing.
 *
 * `NestFactory.create()` sets the HTTP adapter before it creates instances, so the constructor checks. A testing module
 * sets it when it creates an application, so `onModuleInit` checks again. A unit test of a controller sets none.
 */
@Injectable()
@Catch(NeverThrown)
export class CorsInstalledCheck implements ExceptionFilter, OnModuleInit {
  readonly #runtime: unknown;
  readonly #modules: ModulesContainer;
  readonly #adapterHost: HttpAdapterHost;

  constructor(
    @Optional() @Inject(CORS_RUNTIME) runtime: unknown,
    @Inject(ModulesContainer) modules: ModulesContainer,
    @Inject(HttpAdapterHost) adapterHost: HttpAdapterHost,
  ) {
    this.#runtime = runtime;
    this.#modules = modules;
    this.#adapterHost = adapterHost;
    this.onModuleInit();
  }

  /** @throws CorsConfigurationError with the code `not-installed` */
  onModuleInit(): void {
    if (!isCorsRuntime(this.#runtime) && adapterOf(this.#adapterHost, NEST_VALUES)) {
      const targets = new Set(new CorsExplorer(this.#modules).explore().map(({ target }) => target));
      throw new CorsConfigurationError([
        {
          code: 'not-installed',
          targets: [...targets],
          message: 'The decorators of nestjs-cors have no effect, because no module imports CorsModule.',
          remedy:
            "Import it once, in the root module: @Module({ imports: [CorsModule.forRoot({ origin: ['https://app.example.com'] })] })",
        },
      ]);
    }
  }

  /** Never called. */
  catch(exception: unknown): void {
    throw exception;
  }
}

/**
 * Adds a hidden method with the check to a decorated class. Nest creates every filter that a method of a controller
 * names. It applies filters to handlers only, and this method is not a handler, so requests do not pay for the check.
 * Subclasses inherit the method. Other decorators can wrap and redefine it like any method.
 *
 * @param target the decorated class; for a method, its prototype, or its class if the method is static
 */
export function addInstalledCheck(target: object): void {
  const prototype = typeof target === 'function' ? (target as { prototype?: object | null }).prototype : target;
  if (prototype !== undefined && prototype !== null && !(CORS_INSTALLED_CHECK in prototype)) {
    addCheckMethod(target, prototype);
  }
}

function addCheckMethod(target: object, prototype: object): void {
  const check = UseFilters(CorsInstalledCheck);
  if (Object.isExtensible(prototype)) {
    const method: TypedPropertyDescriptor<() => void> = { value: () => undefined, writable: true, configurable: true };
    check(prototype, CORS_INSTALLED_CHECK, method);
    Object.defineProperty(prototype, CORS_INSTALLED_CHECK, method);
  } else if (typeof target === 'function') {
    check(target); // the class is sealed, so the filter applies to its handlers
  }
}
