import type { InjectionToken, ModuleMetadata, OptionalFactoryDependency, Type } from '@nestjs/common';
import type { CorsPolicyOptions } from '../../policy/policy-options.js';
import type { ResolverOptions } from '../../resolver/resolver-options.js';

/** The policy of an endpoint that is not a controller: GraphQL, static files, Swagger. */
export interface PathPolicyOptions {
  /**
   * The path, for example `/graphql`. It covers this path and everything below it that no controller handles. It begins
   * with a slash, includes the global prefix, and has no parameters or wildcards (`path-invalid`).
   */
  readonly path: string;
  /**
   * - The name of a policy, which inherits nothing, `enforce` included.
   * - Options, which inherit from the application-wide policy.
   * - `false` for no cross-origin access, with the application-wide `enforce`.
   * - `'untouched'` to add nothing, remove nothing, enforce nothing and pass preflights on: for a proxy, a mounted
   *   application or a library that answers CORS itself.
   */
  readonly policy: string | CorsPolicyOptions | false;
}

/** Settings for the log and for messages to clients. */
export interface DiagnosticsOptions {
  /**
   * Answers refused preflights with the allowed part and with a `cors-decision` header that has the reason and every
   * missing header name: `header-not-allowed; missing=x-a,x-b`. Then the browser's own message names what is missing.
   * Ignored if NODE_ENV is `production`, unless set to
   * `'even-in-production'`.
   * @default false
   */
  readonly explainToClient?: boolean | 'even-in-production';
  /**
   * Whether refusals are logged as warnings. The log has one line a minute for each reason and handler, separately for
   * preflights and actual requests, and up to three for different missing headers or methods. The next line counts what
   * was left out. For each reason, lines name at most 256 handlers a minute.
   * @default true
   */
  readonly logRefusals?: boolean;
  /**
   * Logs all routes once, when the application has started: the table of `CorsService.describe()`.
   * @default false
   */
  readonly printRoutes?: boolean;
  /**
   * Codes of boot warnings that are not logged. Unknown codes have no effect.
   * @default []
   */
  readonly silence?: readonly string[];
}

/** The options of `CorsModule.forRoot()`: the application-wide policy, other policies, and settings. */
export interface CorsModuleOptions extends CorsPolicyOptions {
  /**
   * Named policies, for `@Cors('partners')`. They inherit nothing. The name `untouched` is reserved
   * (`policy-reserved`).
   * @default {}
   */
  readonly policies?: Readonly<Record<string, CorsPolicyOptions>>;
  /**
   * Policies of endpoints that are not controllers. The longest path wins.
   * @default []
   */
  readonly paths?: readonly PathPolicyOptions[];
  /** Cache and timeout of origin resolvers and asynchronous predicates. */
  readonly resolver?: ResolverOptions;
  /** Settings for the log and for messages to clients. */
  readonly diagnostics?: DiagnosticsOptions;
}

/** A provider that creates the options, for `useClass` and `useExisting`. */
export interface CorsOptionsFactory {
  /** Creates the options of the module. Nest awaits the result before the application starts. */
  createCorsOptions(): CorsModuleOptions | Promise<CorsModuleOptions>;
}

/** The options of `CorsModule.forRootAsync()`: exactly one of `useFactory`, `useClass` and `useExisting`. */
export interface CorsModuleAsyncOptions extends Pick<ModuleMetadata, 'imports'> {
  /** Creates the options from the injected values. Nest awaits the result before the application starts. */
  // biome-ignore lint/suspicious/noExplicitAny: any types can be injected
  readonly useFactory?: (...dependencies: any[]) => CorsModuleOptions | Promise<CorsModuleOptions>;
  /**
   * Tokens of the arguments of `useFactory`.
   * @default []
   */
  readonly inject?: (InjectionToken | OptionalFactoryDependency)[];
  /** A class that creates the options. It is registered as a provider. */
  readonly useClass?: Type<CorsOptionsFactory>;
  /** A provider, of an imported module, that creates the options. */
  readonly useExisting?: InjectionToken;
}
