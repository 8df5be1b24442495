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
import { decoratedTargets } from '../boot/declarations/cors.explorer.js';
import { adapterOf } from '../boot/installation/adapter-installations.js';
import { CORS_INSTALLED_CHECK, CORS_RUNTIME, isCorsRuntime } from '../metadata/tokens.js';
import { CorsConfigurationError } from '../validation/problems/configuration-error.js';

/** Never thrown: a filter that catches only this costs requests nothing. */
class NeverThrown {}

/**
 * Comes along with `@Cors()` and `@DisableCors()` and stops the boot of an application that does not import
 * `CorsModule`, where they would silently do nothing.
 *
 * Only an HTTP application is one. `NestFactory.create()` names the adapter before it makes instances; a testing module
 * has none until it makes an application, and a unit test of a controller never does.
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
    if (!isCorsRuntime(this.#runtime) && adapterOf(this.#adapterHost)) {
      const targets = new Set(decoratedTargets(this.#modules).map(({ target }) => target));
      throw new CorsConfigurationError([
        {
          code: 'not-installed',
          targets: [...targets],
          message: 'The decorators of nestjs-cors do nothing here, because no module imports CorsModule.',
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
 * Gives a decorated class a hidden method that carries the check. Nest makes an instance of every filter that a method
 * of a controller names, but a context only for handlers: this one is none, so that neither routes nor requests pay
 * for the check. Classes that extend the decorated one inherit it. Like any method it can be wrapped and redefined.
 *
 * @param target what was decorated: a class, or the prototype (for a static method the class) of a method
 */
export function bringInstalledCheck(target: object): void {
  const prototype = typeof target === 'function' ? (target as { prototype?: object | null }).prototype : target;
  if (prototype !== undefined && prototype !== null && !(CORS_INSTALLED_CHECK in prototype)) {
    carryInstalledCheck(target, prototype);
  }
}

function carryInstalledCheck(target: object, prototype: object): void {
  const check = UseFilters(CorsInstalledCheck);
  if (Object.isExtensible(prototype)) {
    const carrier: TypedPropertyDescriptor<() => void> = { value: () => undefined, writable: true, configurable: true };
    check(prototype, CORS_INSTALLED_CHECK, carrier);
    Object.defineProperty(prototype, CORS_INSTALLED_CHECK, carrier);
  } else if (typeof target === 'function') {
    check(target); // a sealed class: its handlers have a context each
  }
}
