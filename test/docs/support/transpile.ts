import ts from 'typescript';

/**
 * Converts a block to the body of a CommonJS function. Each standalone call (`CorsModule.forRoot({ ... });`) is passed
 * to `collect`.
 */
export function transpile(code: string): string {
  const compilerOptions: ts.CompilerOptions = {
    module: ts.ModuleKind.CommonJS,
    target: ts.ScriptTarget.ES2022,
    experimentalDecorators: true,
    emitDecoratorMetadata: true,
    esModuleInterop: true,
  };
  return ts.transpileModule(code, { compilerOptions, transformers: { before: [collectCalls] } }).outputText;
}

/** The names of a block's classes, functions and variables that are not exported. */
export function localNames(code: string): string[] {
  const { statements } = ts.createSourceFile('block.ts', code, ts.ScriptTarget.ES2022);
  return statements.flatMap((statement) => {
    if (ts.canHaveModifiers(statement) && ts.getModifiers(statement)?.some(isExport)) {
      return [];
    }
    if (ts.isClassDeclaration(statement) || ts.isFunctionDeclaration(statement)) {
      return identifiers([statement.name]);
    }
    return ts.isVariableStatement(statement)
      ? identifiers(statement.declarationList.declarations.map(({ name }) => name))
      : [];
  });
}

function isExport({ kind }: ts.ModifierLike): boolean {
  return kind === ts.SyntaxKind.ExportKeyword;
}

function identifiers(names: readonly (ts.BindingName | undefined)[]): string[] {
  return names.flatMap((name) => (name !== undefined && ts.isIdentifier(name) ? [name.text] : []));
}

function collectCalls({ factory }: ts.TransformationContext): ts.Transformer<ts.SourceFile> {
  const collect = factory.createIdentifier('collect');
  const statement = (node: ts.Statement): ts.Statement =>
    ts.isExpressionStatement(node) && ts.isCallExpression(node.expression)
      ? factory.createExpressionStatement(factory.createCallExpression(collect, undefined, [node.expression]))
      : node;
  return (source) => factory.updateSourceFile(source, source.statements.map(statement));
}
