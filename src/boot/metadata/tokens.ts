/**
 * Injection tokens and metadata keys. They are registered symbols and fixed texts, because an application can load the
 * CommonJS build and the ES build of the package side by side.
 */

/** Injects the options of `CorsModule`, as the user passed them. */
export const CORS_MODULE_OPTIONS = Symbol.for('nestjs-cors.options');

/** Injects the application's {@link CorsRuntime}; absent in an application without `CorsModule`. */
export const CORS_RUNTIME = Symbol.for('nestjs-cors.runtime');

/** A property of every runtime. A mock in a test does not have it. */
export const CORS_RUNTIME_BRAND = Symbol.for('nestjs-cors.runtime-brand');

/** Metadata of a class or handler: the list of its declarations. */
export const CORS_DECLARATIONS = 'nestjs-cors:declarations';

/** Metadata of a prototype, or of a class with static members: the list of the declarations that are written there. */
export const CORS_PLACES = 'nestjs-cors:places';

/** The name of the hidden method that `installed-check.ts` adds to decorated classes. */
export const CORS_INSTALLED_CHECK = '__nestjsCorsInstalledCheck';

/** A property of the module class in every copy of the package. */
export const CORS_MODULE_BRAND = Symbol.for('nestjs-cors.module');

/** Whether the value that was injected for {@link CORS_RUNTIME} is a runtime, and not `undefined` or a mock. */
export function isCorsRuntime(injected: unknown): boolean {
  return (injected as { readonly [CORS_RUNTIME_BRAND]?: unknown } | null | undefined)?.[CORS_RUNTIME_BRAND] === true;
}
