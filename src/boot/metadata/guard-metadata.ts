import 'reflect-metadata';

/** The metadata key of the guards of a handler in Nest. */
const GUARDS = '__guards__';

/** A property of the guard in every copy of the package. */
export const GUARD_BRAND = Symbol.for('nestjs-cors.guard');

/**
 * Makes Nest run a guard after all other guards of a handler, and so before every interceptor. Replaces an earlier
 * guard of this package.
 *
 * @param handler the exact function that Nest registers, because Nest reads the guards of that function only
 */
export function addLastGuard(handler: object, guard: object): void {
  Reflect.defineMetadata(GUARDS, [...guardsOf(handler).filter((other) => !isOurs(other)), guard], handler);
}

/** Whether Nest runs a guard of this package for a registered function. Nest copies the metadata of the handler to it. */
export function isGuarded(registered: object): boolean {
  return guardsOf(registered).some(isOurs);
}

function guardsOf(handler: object): readonly unknown[] {
  return (Reflect.getMetadata(GUARDS, handler) as unknown[] | undefined) ?? [];
}

function isOurs(guard: unknown): boolean {
  return (guard as { readonly [GUARD_BRAND]?: unknown } | undefined)?.[GUARD_BRAND] === true;
}
