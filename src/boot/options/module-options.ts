import type { InjectionToken, ModuleMetadata, OptionalFactoryDependency, Type } from '@nestjs/common';
import type { CorsPolicyOptions } from '../../policy/policy-options.js';
import type { ResolverOptions } from '../../resolver/resolver-options.js';

/** The policy of something that is not a controller: a GraphQL endpoint, static files, Swagger. */
export interface PathPolicyOptions {
  /**
   * Where it is served, for example `/graphql`: this path and everything below it that no controller handles. Begins with a
   * slash, includes the global prefix, and has no parameters or wildcards (`path-invalid`).
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

/** What is logged, and what clients are told. */
export interface DiagnosticsOptions {
  /**
   * Answers refused preflights with what would have been granted and the reason in a `cors-decision` header, so that
   * the browser's own message names what is missing. Ignored when NODE_ENV is `production`, unless set to
   * `'even-in-production'`.
   * @default false
   */
  readonly explainToClient?: boolean | 'even-in-production';
  /**
   * Whether refusals are logged, as warnings: one line a minute for each reason and handler, preflights and actual requests
   * apart, and at most 256 a minute for each reason.
   * @default true
   */
  readonly logRefusals?: boolean;
  /**
   * Codes of boot warnings that are not logged. Unknown codes are ignored.
   * @default []
   */
  readonly silence?: readonly string[];
}

/** The options of `CorsModule.forRoot()`: the application-wide policy, and what goes with it. */
export interface CorsModuleOptions extends CorsPolicyOptions {
  /**
   * Named policies, for `@Cors('partners')`. They inherit nothing. The name `untouched` is reserved (`policy-reserved`).
   * @default {}
   */
  readonly policies?: Readonly<Record<string, CorsPolicyOptions>>;
  /**
   * Policies of what is not a controller. The longest path wins.
   * @default []
   */
  readonly paths?: readonly PathPolicyOptions[];
  /** Cache and deadline of origin resolvers and asynchronous predicates. */
  readonly resolver?: ResolverOptions;
  /** What is logged, and what clients are told. */
  readonly diagnostics?: DiagnosticsOptions;
}

/** A provider that makes the options, for `useClass` and `useExisting`. */
export interface CorsOptionsFactory {
  /** Makes the options of the module. Awaited before the application starts. */
  createCorsOptions(): CorsModuleOptions | Promise<CorsModuleOptions>;
}

/** The options of `CorsModule.forRootAsync()`: exactly one of `useFactory`, `useClass` and `useExisting`. */
export interface CorsModuleAsyncOptions extends Pick<ModuleMetadata, 'imports'> {
  /** Makes the options, from what `inject` names. Awaited before the application starts. */
  // biome-ignore lint/suspicious/noExplicitAny: what is injected is the user's business
  readonly useFactory?: (...dependencies: any[]) => CorsModuleOptions | Promise<CorsModuleOptions>;
  /**
   * Tokens of what `useFactory` is given.
   * @default []
   */
  readonly inject?: (InjectionToken | OptionalFactoryDependency)[];
  /** A class that makes the options. It is registered as a provider. */
  readonly useClass?: Type<CorsOptionsFactory>;
  /** A provider of an imported module that makes the options. */
  readonly useExisting?: InjectionToken;
}
