import type { DeclarationPlace, WrittenDeclaration } from '../metadata/cors-metadata.accessor.js';

/** `@Cors()` or `@DisableCors()`. */
export function decoratorName({ kind }: WrittenDeclaration): string {
  return kind === 'cors' ? '@Cors()' : '@DisableCors()';
}

/** The name of a class with the name of a member, as messages show it. */
export function memberLabel(className: string, { name, on }: Pick<DeclarationPlace, 'name' | 'on'>): string {
  if (on === 'class') {
    return className;
  }
  return typeof name === 'symbol' ? `${className}[${String(name)}]` : `${className}.${String(name ?? 'constructor')}`;
}

/** The place of a declaration, as messages show it. */
export function placeLabel(declaration: WrittenDeclaration): string {
  const { owner } = declaration;
  return memberLabel(typeof owner === 'function' ? owner.name : owner.constructor.name, declaration);
}
