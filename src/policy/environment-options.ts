/** Both formats of the package share it. */
const FROM_ENVIRONMENT = Symbol.for('nestjs-cors.from-environment');

/** Marks options that were read from environment variables, so that messages name the variables. */
export function markFromEnvironment(options: object): void {
  Object.defineProperty(options, FROM_ENVIRONMENT, { value: true });
}

/** Whether the application got marked options unchanged. */
export function isFromEnvironment(options: unknown): boolean {
  try {
    return (options as { readonly [FROM_ENVIRONMENT]?: unknown } | null | undefined)?.[FROM_ENVIRONMENT] === true;
  } catch {
    return false; // a proxy can throw
  }
}
