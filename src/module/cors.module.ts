import {
  type DynamicModule,
  type FactoryProvider,
  Inject,
  type MiddlewareConsumer,
  Module,
  type NestModule,
  type OnModuleInit,
  Optional,
  type Provider,
} from '@nestjs/common';
import { ModulesContainer } from '@nestjs/core';
import { refuseLazyModule } from '../boot/module-imports.js';
import { ASYNC_TABLE } from '../boot/options/module-option-tables.js';
import type { CorsModuleAsyncOptions, CorsModuleOptions, CorsOptionsFactory } from '../boot/options/module-options.js';
import type { WrappedOptions } from '../boot/options/read-module-options.js';
import { CORS_MODULE_MARK, CORS_MODULE_OPTIONS, CORS_RUNTIME, isCorsRuntime } from '../metadata/tokens.js';
import { copyOptions } from '../validation/options/copy-options.js';
import { CorsConfigurationError } from '../validation/problems/configuration-error.js';
import type { CorsProblem } from '../validation/problems/problem.js';
import type { CheckedOptions } from './checked-options.js';
import { CorsService } from './cors.service.js';
import { CorsExceptionFilter } from './cors-exception.filter.js';
import { CorsRuntime } from './cors-runtime.js';
import { OriginResolverService } from './origin-resolver.service.js';

/**
 * CORS as a per-route contract. Import it once, in the root module; it is always global. Every policy is checked when
 * the application initialises, and all mistakes are thrown together as `CorsConfigurationError`.
 */
@Module({})
export class CorsModule implements NestModule, OnModuleInit {
  static readonly [CORS_MODULE_MARK] = true;
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
          message: 'CorsModule is imported as a bare class, without options.',
          remedy:
            "Write CorsModule.forRoot({ origin: ['https://app.example.com'] }) in `imports`, or CorsModule.forRoot() to open single routes with @Cors().",
        },
      ]);
    }
  }

  /**
   * Sets the application-wide policy. Without `origin` no route is opened by it: controllers and handlers open
   * themselves with `@Cors({ origin })`.
   *
   * Throws nothing by itself: mistakes are thrown together when the application initialises (`app.init()`,
   * `app.listen()`), as `CorsConfigurationError`.
   *
   * @param options the policy and what goes with it; `{}` by default
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
   * Sets the application-wide policy from options that are only known at boot, for example from `ConfigService`.
   *
   * @param options exactly one of `useFactory`, `useClass` and `useExisting`
   * @throws CorsConfigurationError at once, for mistakes in `options` itself: `option-unknown` and `option-type`, which
   * includes none or several of the three
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
   * Checks and compiles every policy: all that `main.ts` sets up is known, and no route is registered yet.
   *
   * @param consumer names the adapter of the application that initialises: a testing module may make several
   * @throws CorsConfigurationError with every mistake found
   */
  configure(consumer: MiddlewareConsumer): void {
    this.#runtime.latest.boot((consumer as { getHttpAdapter?(): unknown }).getHttpAdapter?.());
  }

  /** Compares the routes that were compiled with those the platform was asked to register. */
  onModuleInit(): void {
    this.#runtime.latest.verify();
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
  const given = [read.useFactory, read.useClass, read.useExisting].filter((way) => way !== undefined).length;
  if (problems.length === 0 && given !== 1) {
    problems.push({
      code: 'option-type',
      targets: ['CorsModule'],
      message: `CorsModule.forRootAsync() needs exactly one of useFactory, useClass and useExisting, and was given ${given}.`,
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
  const ask = (factory: CorsOptionsFactory) => factory.createCorsOptions();
  const provider = optionsFactory('createCorsOptions()', ask, [token as NonNullable<typeof token>]);
  return useClass === undefined ? [provider] : [useClass, provider];
}

/** A provider of the options whose failure says what failed. */
function optionsFactory(
  name: string,
  // biome-ignore lint/suspicious/noExplicitAny: what is injected is the user's business
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
        throw new Error(
          `CorsModule.forRootAsync(): ${name} failed, so there are no CORS options to start with: ${text}`,
          { cause: error },
        );
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
