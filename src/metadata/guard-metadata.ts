import 'reflect-metadata';

/** Where Nest keeps the guards of a handler. */
const GUARDS = '__guards__';

/** Each copy of the package recognises the guard of another copy by this brand. */
export const GUARD_BRAND = Symbol.for('nestjs-cors.guard');

/**
 * Makes Nest run a guard after all other guards of a handler, and so before every interceptor, wherever they are declared.
 * A guard of this package that is already there is replaced.
 *
 * @param handler the exact function that Nest registers: Nest reads guards from no other
 */
export function guardLast(handler: object, guard: object): void {
  Reflect.defineMetadata(GUARDS, [...guardsOf(handler).filter((other) => !isOurs(other)), guard], handler);
}

/** Whether Nest runs a guard of this package for a registered function, which has the metadata of its handler. */
export function isGuarded(registered: object): boolean {
  return guardsOf(registered).some(isOurs);
}

function guardsOf(handler: object): readonly unknown[] {
  return (Reflect.getMetadata(GUARDS, handler) as unknown[] | undefined) ?? [];
}

function isOurs(guard: unknown): boolean {
  return (guard as { readonly [GUARD_BRAND]?: unknown } | undefined)?.[GUARD_BRAND] === true;
}
