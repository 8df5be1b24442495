import 'reflect-metadata';
import { methodMetadata } from './method-metadata.js';
import { prototypeOf } from './prototype-chain.js';
import { CORS_DECLARATIONS, CORS_PLACES } from './tokens.js';

/** The arguments of a decorator, unchecked. The boot reads them and reports all mistakes together. */
export type DecoratorArguments =
  /** `policy` is absent if the first argument is not meant as the name of a policy. */
  { readonly kind: 'cors'; readonly policy?: unknown; readonly options: unknown } | { readonly kind: 'disabled' };

/** Where a decorator is written. */
export interface DeclarationPlace {
  /** The prototype of the class; the class itself for a static member and for a parameter of the constructor. */
  readonly owner: object;
  /** The name of the member; absent for a class and for a parameter of its constructor. */
  readonly name: PropertyKey | undefined;
  readonly on: 'class' | 'method' | 'accessor' | 'property' | 'parameter';
}

/** One decorator at one place. */
export type WrittenDeclaration = DecoratorArguments & DeclarationPlace;

const NONE: readonly never[] = Object.freeze([]);

/**
 * Adds a declaration twice. The metadata of the class or method is copied by other decorators. The list of the place
 * stays if another decorator replaces the function and drops its metadata.
 *
 * @param target the class; for a member, the prototype or (if the member is static) the class
 * @param descriptor as compilers pass it: the index for a parameter, nothing for a property
 */
export function addDeclaration(
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
    Reflect.defineMetadata(CORS_DECLARATIONS, [...classDeclarations(target), declaration], target);
  } else if (on === 'method') {
    const method = (member as PropertyDescriptor).value;
    Reflect.defineMetadata(CORS_DECLARATIONS, [...methodDeclarations(method), declaration], method);
  }
  const known = Reflect.getOwnMetadata(CORS_PLACES, owner) as WrittenDeclaration[] | undefined;
  if (known === undefined) {
    Reflect.defineMetadata(CORS_PLACES, [declaration], owner);
  } else {
    known.push(declaration);
  }
}

/** The declarations in the metadata of a class itself, without those of the classes that it extends. */
export function classDeclarations(target: object): readonly WrittenDeclaration[] {
  return (Reflect.getOwnMetadata(CORS_DECLARATIONS, target) as WrittenDeclaration[] | undefined) ?? NONE;
}

/** The declarations in the metadata of a method, or of the method that it wraps. */
export function methodDeclarations(method: object): readonly WrittenDeclaration[] {
  return (methodMetadata(CORS_DECLARATIONS, method) as WrittenDeclaration[] | undefined) ?? NONE;
}

/** The declarations that are written on a prototype and its members, or on the static members of a class. */
export function declarationsAt(owner: object): readonly WrittenDeclaration[] {
  return (Reflect.getOwnMetadata(CORS_PLACES, owner) as WrittenDeclaration[] | undefined) ?? NONE;
}

/** Whether a declaration is written on the method that is this function now. */
export function isWrittenOn({ owner, name, on }: WrittenDeclaration, method: object): boolean {
  return on === 'method' && Object.getOwnPropertyDescriptor(owner, name as PropertyKey)?.value === method;
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
