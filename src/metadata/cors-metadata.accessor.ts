import 'reflect-metadata';
import { methodMetadata } from './method-metadata.js';
import { CORS_DECLARATIONS, CORS_PLACES } from './tokens.js';

/** A decorator's arguments, unchecked: they are read at boot, where every mistake is reported together. */
export type DecoratorArguments =
  /** `policy` is absent where the first argument is not meant as the name of a policy. */
  { readonly kind: 'cors'; readonly policy?: unknown; readonly options: unknown } | { readonly kind: 'disabled' };

/** What a decorator stands on. */
export interface DeclarationPlace {
  /** The prototype of the class, or the class itself for a static member and for a parameter of the constructor. */
  readonly owner: object;
  /** The name of the member; absent for a class and for a parameter of its constructor. */
  readonly name: PropertyKey | undefined;
  readonly on: 'class' | 'method' | 'accessor' | 'property' | 'parameter';
}

/** One decorator at one place. */
export type WrittenDeclaration = DecoratorArguments & DeclarationPlace;

const NONE: readonly never[] = Object.freeze([]);

/**
 * Adds a declaration twice: to the metadata of the class or method, which other decorators may copy, and to the place
 * where it is written, which stays when another decorator replaces the function and drops its metadata.
 *
 * @param target the class; or the prototype (for a static member the class) that has the member
 * @param descriptor what compilers pass: the index for a parameter, nothing for a property
 */
export function declareAt(
  target: object,
  name: PropertyKey | undefined,
  descriptor: PropertyDescriptor | number | undefined,
  decorator: DecoratorArguments,
): void {
  const member =
    name === undefined || descriptor !== undefined ? descriptor : Object.getOwnPropertyDescriptor(target, name);
  const on = kindOf(name, member);
  const owner = on === 'class' ? (prototypeOf(target) ?? target) : target;
  const declaration: WrittenDeclaration = Object.freeze({ ...decorator, owner, name, on });
  if (on === 'class') {
    Reflect.defineMetadata(CORS_DECLARATIONS, [...carriedByClass(target), declaration], target);
  } else if (on === 'method') {
    const method = (member as PropertyDescriptor).value;
    Reflect.defineMetadata(CORS_DECLARATIONS, [...carriedByMethod(method), declaration], method);
  }
  const known = Reflect.getOwnMetadata(CORS_PLACES, owner) as WrittenDeclaration[] | undefined;
  if (known === undefined) {
    Reflect.defineMetadata(CORS_PLACES, [declaration], owner);
  } else {
    known.push(declaration);
  }
}

/** The declarations in the metadata of a class itself, not of the classes it extends. */
export function carriedByClass(target: object): readonly WrittenDeclaration[] {
  return (Reflect.getOwnMetadata(CORS_DECLARATIONS, target) as WrittenDeclaration[] | undefined) ?? NONE;
}

/**
 * The declarations in the metadata of a method. A decorator that replaces a method often makes the original the
 * prototype of its wrapper, so that Nest finds path and guards there: the declarations are found there, too.
 */
export function carriedByMethod(method: object): readonly WrittenDeclaration[] {
  return (methodMetadata(CORS_DECLARATIONS, method) as WrittenDeclaration[] | undefined) ?? NONE;
}

/** The declarations written on a prototype and its members, or on the static members of a class. */
export function writtenOn(owner: object): readonly WrittenDeclaration[] {
  return (Reflect.getOwnMetadata(CORS_PLACES, owner) as WrittenDeclaration[] | undefined) ?? NONE;
}

/** Whether a declaration is written on the very method that is this function today. */
export function isWrittenOn({ owner, name, on }: WrittenDeclaration, method: object): boolean {
  return on === 'method' && Object.getOwnPropertyDescriptor(owner, name as PropertyKey)?.value === method;
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

/** A prototype and those it inherits from, the nearest first. */
export function prototypeChain(prototype: object | undefined): object[] {
  const chain: object[] = [];
  for (
    let current: object | null | undefined = prototype;
    current !== null && current !== undefined && current !== Object.prototype;
    current = Object.getPrototypeOf(current)
  ) {
    chain.push(current);
  }
  return chain;
}

/** The prototype of a class; arrow functions have none. */
export function prototypeOf(target: object): object | undefined {
  return typeof target === 'function' ? ((target as { prototype?: object | null }).prototype ?? undefined) : undefined;
}

function kindOf(
  name: PropertyKey | undefined,
  member: PropertyDescriptor | number | undefined,
): DeclarationPlace['on'] {
  if (typeof member === 'number') {
    return 'parameter';
  }
  if (name === undefined) {
    return 'class';
  }
  if (member?.get !== undefined || member?.set !== undefined) {
    return 'accessor';
  }
  return typeof member?.value === 'function' ? 'method' : 'property';
}
