import 'reflect-metadata';
import { methodMetadata } from './method-metadata.js';
import { CORS_DECLARATIONS } from './tokens.js';

/** A decorator's arguments, unchecked: they are read at boot, where every mistake is reported together. */
export type WrittenDeclaration =
  | { readonly kind: 'cors'; readonly policy?: string | undefined; readonly options: unknown }
  | { readonly kind: 'disabled' };

/** Adds a declaration to a class. */
export function declareOnClass(target: object, declaration: WrittenDeclaration): void {
  Reflect.defineMetadata(CORS_DECLARATIONS, [...declarationsOfClass(target), declaration], target);
}

/** Adds a declaration to a handler. */
export function declareOnHandler(target: object, declaration: WrittenDeclaration): void {
  Reflect.defineMetadata(CORS_DECLARATIONS, [...declarationsOfHandler(target), declaration], target);
}

/** The declarations of a class itself, not of the classes it extends: {@link classChain} has those. */
export function declarationsOfClass(target: object): readonly WrittenDeclaration[] {
  return (Reflect.getOwnMetadata(CORS_DECLARATIONS, target) as WrittenDeclaration[] | undefined) ?? [];
}

/**
 * The declarations of a handler. Decorators that put a function of their own in the place of a method often make the
 * method its prototype, so that Nest finds its path and its guards: what Nest finds there is found here, too.
 */
export function declarationsOfHandler(target: object): readonly WrittenDeclaration[] {
  return (markOf(target) as WrittenDeclaration[] | undefined) ?? [];
}

/**
 * What a handler is recognised by when it is registered: Nest copies all metadata of the method to what it registers.
 * `undefined` for a handler that neither has a declaration of its own nor was {@link mark | marked}.
 */
export function markOf(handler: object): unknown {
  return methodMetadata(CORS_DECLARATIONS, handler);
}

/**
 * Makes a handler without a declaration of its own recognisable, because that of its class applies to it.
 * @param registered what is registered for it; where that is made anew each time it is read, it has what the handler has
 */
export function mark(handler: object, registered: object): void {
  if (markOf(handler) === undefined) {
    Reflect.defineMetadata(CORS_DECLARATIONS, [], handler);
  }
  if (markOf(registered) === undefined) {
    Reflect.defineMetadata(CORS_DECLARATIONS, markOf(handler), registered);
  }
}

/** A class and the classes it extends, the outermost base first. */
export function classChain(controller: object): object[] {
  const chain: object[] = [];
  for (
    let current: object | null = controller;
    typeof current === 'function' && current !== Function.prototype;
    current = Object.getPrototypeOf(current)
  ) {
    chain.unshift(current);
  }
  return chain;
}
