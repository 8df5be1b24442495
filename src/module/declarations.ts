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
  return (Reflect.getOwnMetadata(CORS_DECLARATIONS, target) as WrittenDeclaration[] | undefined) ?? [];
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
