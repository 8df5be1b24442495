import path from 'node:path';
import ts from 'typescript';

/** The declared names of one entry point. */
export interface DeclaredNames {
  /** Names that exist at runtime. */
  readonly values: readonly string[];
  /** Names that only the compiler knows. */
  readonly types: readonly string[];
  /** Exported names, and members of exported classes and interfaces, without documentation. */
  readonly undocumented: readonly string[];
}

/** Reads the types of entry points as a consumer's compiler does; the result is by file. */
export function readDeclarations(files: readonly string[]): Map<string, DeclaredNames> {
  const program = ts.createProgram(files, {
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    skipLibCheck: true,
    types: [],
  });
  return new Map(files.map((file) => [file, namesDeclaredIn(program, file)]));
}

function namesDeclaredIn(program: ts.Program, file: string): DeclaredNames {
  const checker = program.getTypeChecker();
  const source = program.getSourceFile(file);
  const entry = source && checker.getSymbolAtLocation(source);
  const values: string[] = [];
  const types: string[] = [];
  const undocumented: string[] = [];
  // A file that was not built has no declarations.
  for (const exported of entry === undefined ? [] : checker.getExportsOfModule(entry)) {
    const symbol = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported;
    const isValue = (symbol.flags & ts.SymbolFlags.Value) !== 0 && !isTypeOnly(exported);
    (isValue ? values : types).push(exported.name);
    for (const documented of [symbol, ...ownMembers(symbol)]) {
      if (documented.getDocumentationComment(checker).length > 0) {
        continue;
      }
      undocumented.push(documented === symbol ? exported.name : `${exported.name}.${documented.name}`);
    }
  }
  return { values: values.sort(), types: types.sort(), undocumented: undocumented.sort() };
}

/**
 * The packages and Node modules that a file of the package imports, without relative imports. A package whose types it
 * extends need not be installed.
 */
export function importedPackages(text: string): string[] {
  const extended = new Set([...text.matchAll(/^declare module "([^"]+)"/gm)].map(([, name]) => name));
  return ts
    .preProcessFile(text, true, true)
    .importedFiles.map(({ fileName }) => fileName)
    .filter((name) => !name.startsWith('.') && !extended.has(name))
    .map((name) =>
      name
        .split('/')
        .slice(0, name.startsWith('@') ? 2 : 1)
        .join('/'),
    );
}

/** The file that declares the types of an entry point, by one of its conditions. */
export function typesOf(folder: string, conditions: unknown, condition: string): string {
  const target = (conditions as Record<string, { types: string } | undefined>)[condition];
  if (target === undefined) {
    throw new Error(`an entry point lacks the condition "${condition}"`);
  }
  return path.join(folder, target.types);
}

function isTypeOnly(symbol: ts.Symbol): boolean {
  return (
    symbol.declarations?.some(
      (declaration) =>
        ts.isExportSpecifier(declaration) && (declaration.isTypeOnly || declaration.parent.parent.isTypeOnly),
    ) ?? false
  );
}

function ownMembers(symbol: ts.Symbol): ts.Symbol[] {
  if ((symbol.flags & (ts.SymbolFlags.Class | ts.SymbolFlags.Interface)) === 0) {
    return [];
  }
  const statics = [...(symbol.exports?.values() ?? [])].filter(({ name }) => name !== 'prototype');
  return [...(symbol.members?.values() ?? []), ...statics].filter((member) => {
    const declaration = member.declarations?.[0];
    if (declaration === undefined || member.flags & (ts.SymbolFlags.Constructor | ts.SymbolFlags.TypeParameter)) {
      return false;
    }
    const name = ts.getNameOfDeclaration(declaration);
    if (name !== undefined && ts.isPrivateIdentifier(name)) {
      return false;
    }
    // `cacheKey?: undefined` only forbids a member, so it needs no documentation.
    if (ts.isPropertySignature(declaration) && declaration.type?.kind === ts.SyntaxKind.UndefinedKeyword) {
      return false;
    }
    return (ts.getCombinedModifierFlags(declaration) & ts.ModifierFlags.NonPublicAccessibilityModifier) === 0;
  });
}
