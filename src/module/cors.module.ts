import {
  type DynamicModule,
  type FactoryProvider,
  Inject,
  type MiddlewareConsumer,
  Module,
  type NestModule,
  type OnApplicationBootstrap,
  type OnModuleInit,
  Optional,
  type Provider,
} from '@nestjs/common';
import { ModulesContainer } from '@nestjs/core';
import { CORS_MODULE_BRAND, CORS_MODULE_OPTIONS, CORS_RUNTIME, isCorsRuntime } from '../boot/metadata/tokens.js';
import { refuseLazyModule } from '../boot/module-imports.js';
import { ASYNC_TABLE } from '../boot/options/module-option-tables.js';
import type { CorsModuleAsyncOptions, CorsModuleOptions, CorsOptionsFactory } from '../boot/options/module-options.js';
import type { WrappedOptions } from '../boot/options/read-module-options.js';
import { copyOptions } from '../validation/options/copy-options.js';
import { CorsConfigurationError } from '../validation/problems/configuration-error.js';
import type { CorsProblem } from '../validation/problems/problem.js';
import type { CheckedOptions } from './checked-options.js';
import { CorsService } from './cors.service.js';
import { CorsExceptionFilter } from './cors-exception.filter.js';
import { CorsRuntime } from './cors-runtime.js';
import { OriginResolverService } from './origin-resolver.service.js';

/**
 * CORS policies for an application and for its routes. Import it once, in the root module; it is always global. When
 * the application initialises, it checks every policy and throws all mistakes together as `CorsConfigurationError`.
 */
@Module({})
export class CorsModule implements NestModule, OnModuleInit, OnApplicationBootstrap {
  static readonly [CORS_MODULE_BRAND] = true;
  readonly #runtime: CorsRuntime;

  /** @internal */
  constructor(
    @Optional() @Inject(CORS_RUNTIME) runtime: CorsRuntime,
    @Inject(ModulesContainer) modules: ModulesContainer,
  ) {
    this.#runtime = runtime;
    refuseLazyModule(modules);
    if (!isCorsRuntime(runtime)) {
      throw new CorsConfigurationError([
        {
          code: 'not-installed',
          targets: ['CorsModule'],
          message: 'CorsModule is imported as a class, without options.',
          remedy:
            "Write `CorsModule.forRoot({ origin: ['https://app.example.com'] })` in `imports`, or `CorsModule.forRoot()` to open single routes with `@Cors()`.",
        },
      ]);
    }
  }

  /**
   * Sets the application-wide policy. Without `origin` it opens no route: open controllers and handlers with
   * `@Cors({ origin })`.
   *
   * This method throws nothing. When the application initialises (`app.init()`, `app.listen()`), all mistakes are thrown
   * together as `CorsConfigurationError`.
   *
   * @param options the policy, named policies, and settings; `{}` by default
   * @example
   * ```ts
   * CorsModule.forRoot({ origin: ['https://app.example.com'], credentials: true })
   * ```
   */
  static forRoot<const Options = CorsModuleOptions>(
    options?: CheckedOptions<Options, CorsModuleOptions>,
  ): DynamicModule {
    return dynamicModule([{ provide: CORS_MODULE_OPTIONS, useValue: wrapped(options === undefined ? {} : options) }]);
  }

  /**
   * Sets the application-wide policy from options that are known only at boot, for example from `ConfigService`.
   *
   * @param options exactly one of `useFactory`, `useClass` and `useExisting`
   * @throws CorsConfigurationError at once, for mistakes in `options` itself: `option-unknown`, and `option-type`, also for
   * none or several of the three
   * @example
   * ```ts
   * CorsModule.forRootAsync({
   *   inject: [ConfigService],
   *   useFactory: (config: ConfigService) => ({ origin: config.getOrThrow<string>('APP_ORIGIN') }),
   * })
   * ```
   */
  static forRootAsync(options: CorsModuleAsyncOptions): DynamicModule {
    const read = readAsyncOptions(options);
    return dynamicModule(optionsProviders(read), read.imports);
  }

  /**
   * Checks and compiles every policy. Nest calls this after `main.ts` has configured the application, and before it
   * registers routes.
   *
   * @param consumer has the adapter of the application; a testing module can create several applications
   * @throws CorsConfigurationError with every mistake found
   */
  configure(consumer: MiddlewareConsumer): void {
    this.#runtime.latest.boot((consumer as { getHttpAdapter?(): unknown }).getHttpAdapter?.());
  }

  /** Compares the compiled routes with the routes that Nest registered. */
  onModuleInit(): void {
    this.#runtime.latest.verify();
  }

  /** Libraries have registered their routes and their WebSocket servers when Nest calls this. */
  onApplicationBootstrap(): void {
    this.#runtime.latest.reportStart();
  }
}

function dynamicModule(providers: Provider[], imports: DynamicModule['imports'] = []): DynamicModule {
  return {
    module: CorsModule,
    global: true,
    imports,
    providers: [
      ...providers,
      CorsRuntime,
      { provide: CORS_RUNTIME, useExisting: CorsRuntime },
      OriginResolverService,
      CorsService,
      CorsExceptionFilter,
    ],
    exports: [CORS_RUNTIME, OriginResolverService, CorsService],
  };
}

function readAsyncOptions(options: unknown): CorsModuleAsyncOptions {
  const problems: CorsProblem[] = [];
  const place = { target: 'CorsModule', required: true };
  const read = copyOptions(options, ASYNC_TABLE, place, problems) as CorsModuleAsyncOptions;
  const given = [read.useFactory, read.useClass, read.useExisting].filter((option) => option !== undefined).length;
  if (problems.length === 0 && given !== 1) {
    problems.push({
      code: 'option-type',
      targets: ['CorsModule'],
      message: `CorsModule.forRootAsync() has ${given === 0 ? 'none' : given} of useFactory, useClass and useExisting but must have exactly one.`,
      remedy: `Write \`CorsModule.forRootAsync(${ASYNC_TABLE.example})\`.`,
    });
  }
  if (problems.length > 0) {
    throw new CorsConfigurationError(problems);
  }
  return read;
}

function optionsProviders({ useFactory, useClass, useExisting, inject = [] }: CorsModuleAsyncOptions): Provider[] {
  if (useFactory !== undefined) {
    return [optionsFactory('useFactory', useFactory, inject)];
  }
  const token = useClass ?? useExisting;
  const create = (factory: CorsOptionsFactory) => factory.createCorsOptions();
  const provider = optionsFactory('createCorsOptions()', create, [token as NonNullable<typeof token>]);
  return useClass === undefined ? [provider] : [useClass, provider];
}

/** A provider of the options. Its error names the function that failed. */
function optionsFactory(
  name: string,
  // biome-ignore lint/suspicious/noExplicitAny: any types can be injected
  make: (...dependencies: any[]) => unknown,
  inject: NonNullable<FactoryProvider['inject']>,
): FactoryProvider {
  return {
    provide: CORS_MODULE_OPTIONS,
    inject,
    useFactory: async (...dependencies: unknown[]) => {
      try {
        const options = make(...dependencies);
        return wrapped(isThenable(options) ? await options : options);
      } catch (error) {
        const text = error instanceof Error ? error.message : String(error);
        throw new Error(`CorsModule.forRootAsync(): ${name} failed, so CorsModule has no options: ${text}`, {
          cause: error,
        });
      }
    },
  };
}

function wrapped(options: unknown): WrappedOptions {
  return Object.freeze({ options });
}

function isThenable(value: unknown): boolean {
  try {
    return typeof (value as PromiseLike<unknown> | undefined)?.then === 'function';
  } catch {
    return false;
  }
}
