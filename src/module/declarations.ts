import 'reflect-metadata';
import { CORS_DECLARATIONS } from './tokens.js';

/** A decorator's arguments, unchecked: they are read at boot, where every mistake is reported together. */
export type WrittenDeclaration =
  | { readonly kind: 'cors'; readonly policy?: string | undefined; readonly options: unknown }
  | { readonly kind: 'disabled' };

/** Adds a declaration to a class or a handler. */
export function declare(target: object, declaration: WrittenDeclaration): void {
  Reflect.defineMetadata(CORS_DECLARATIONS, [...declarationsOf(target), declaration], target);
}

/** The declarations of a class or a handler itself, not of the classes it extends. */
export function declarationsOf(target: object): readonly WrittenDeclaration[] {
  return (markOf(target) as WrittenDeclaration[] | undefined) ?? [];
}

/**
 * What a handler is recognised by when it is registered: Nest copies all metadata of the method to what it registers.
 * `undefined` for a handler whose policy is the application-wide one.
 */
export function markOf(handler: object): unknown {
  return Reflect.getOwnMetadata(CORS_DECLARATIONS, handler);
}

/** Makes a handler without a declaration of its own recognisable, because that of its class applies to it. */
export function mark(handler: object): void {
  if (markOf(handler) === undefined) {
    Reflect.defineMetadata(CORS_DECLARATIONS, [], handler);
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
