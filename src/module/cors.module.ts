import {
  type DynamicModule,
  type FactoryProvider,
  Inject,
  Module,
  type NestModule,
  type OnModuleInit,
  Optional,
  type Provider,
} from '@nestjs/common';
import type { CheckedOptions } from '../policy/checked-options.js';
import { CorsConfigurationError } from '../policy/configuration-error.js';
import { CorsService } from './cors.service.js';
import { CorsExceptionFilter } from './cors-exception.filter.js';
import { CorsRuntime } from './cors-runtime.js';
import type { CorsModuleAsyncOptions, CorsModuleOptions, CorsOptionsFactory } from './module-options.js';
import { OriginResolverService } from './origin-resolver.service.js';
import { CORS_MODULE_MARK, CORS_MODULE_OPTIONS, CORS_RUNTIME } from './tokens.js';

/**
 * CORS as a per-route contract. Import it once, in the root module; it is always global. Every policy is checked when
 * the application initialises, and all mistakes are thrown together as `CorsConfigurationError`.
 */
@Module({})
export class CorsModule implements NestModule, OnModuleInit {
  static readonly [CORS_MODULE_MARK] = true;

  constructor(@Optional() @Inject(CORS_RUNTIME) private readonly runtime: CorsRuntime | undefined) {
    if (this.runtime === undefined || this.runtime === null) {
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
  static forRoot<const Options extends CorsModuleOptions = CorsModuleOptions>(
    options?: Options & CheckedOptions<Options, CorsModuleOptions>,
  ): DynamicModule {
    return dynamicModule([{ provide: CORS_MODULE_OPTIONS, useValue: options === undefined ? {} : options }]);
  }

  /**
   * Sets the application-wide policy from options that are only known at boot, for example from `ConfigService`.
   *
   * @param options exactly one of `useFactory`, `useClass` and `useExisting`
   * @throws CorsConfigurationError at once, with the code `option-type`, for none or several of them
   * @example
   * ```ts
   * CorsModule.forRootAsync({
   *   inject: [ConfigService],
   *   useFactory: (config: ConfigService) => ({ origin: config.getOrThrow<string>('APP_ORIGIN') }),
   * })
   * ```
   */
  static forRootAsync(options: CorsModuleAsyncOptions): DynamicModule {
    return dynamicModule(optionsProviders(options), options.imports);
  }

  /**
   * Checks and compiles every policy: all that `main.ts` sets up is known, and no route is registered yet.
   * @throws CorsConfigurationError with every mistake found
   */
  async configure(): Promise<void> {
    await this.runtime?.compile();
  }

  /** Compares the routes that were compiled with those the platform was asked to register. */
  async onModuleInit(): Promise<void> {
    await this.runtime?.verify();
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

function optionsProviders(options: CorsModuleAsyncOptions): Provider[] {
  const { useFactory, useClass, useExisting, inject = [] } = options ?? {};
  const given = [useFactory, useClass, useExisting].filter((way) => way !== undefined);
  if (given.length !== 1) {
    throw new CorsConfigurationError([
      {
        code: 'option-type',
        targets: ['CorsModule'],
        message: `CorsModule.forRootAsync() needs exactly one of useFactory, useClass and useExisting, and was given ${given.length}.`,
        remedy:
          "Write CorsModule.forRootAsync({ inject: [ConfigService], useFactory: (config) => ({ origin: config.getOrThrow('APP_ORIGIN') }) }).",
      },
    ]);
  }
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
        const options = await make(...dependencies);
        // A forgotten `return` is a mistake like any other, and not the options of a module that opens nothing.
        return options === undefined ? null : options;
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
