/**
 * Injection tokens and metadata keys. Registered symbols and fixed texts, so that the CommonJS and the ES build of the
 * package, loaded side by side, mean the same things.
 */

/** Injects the options of `CorsModule`, as the user passed them. */
export const CORS_MODULE_OPTIONS = Symbol.for('nestjs-cors.options');

/** Injects the application's {@link CorsRuntime}; absent in an application without `CorsModule`. */
export const CORS_RUNTIME = Symbol.for('nestjs-cors.runtime');

/** Marks the runtime, so that a mock in a test is not mistaken for it. */
export const CORS_RUNTIME_BRAND = Symbol.for('nestjs-cors.runtime-brand');

/** Metadata of a class or handler: the list of its declarations, see `Cors` and `DisableCors`. */
export const CORS_DECLARATIONS = 'nestjs-cors:declarations';

/** Metadata of a prototype, or of a class for its static members: the list of the declarations written there. */
export const CORS_PLACES = 'nestjs-cors:places';

/** The method of a decorated class that brings along the check whether `CorsModule` is imported. */
export const CORS_INSTALLED_CHECK = '__nestjsCorsInstalledCheck';

/** A mark on the module class by which every copy of the package knows it. */
export const CORS_MODULE_MARK = Symbol.for('nestjs-cors.module');

/** Whether the value injected for {@link CORS_RUNTIME} is a runtime, and not `undefined` or a mock. */
export function isCorsRuntime(injected: unknown): boolean {
  return (injected as { readonly [CORS_RUNTIME_BRAND]?: unknown } | null | undefined)?.[CORS_RUNTIME_BRAND] === true;
}
