import ts from 'typescript';

/**
 * The declarations of the root in two files: types that need nothing of Nest, and the rest. The copies of a file for the
 * two formats are neighbours in the tarball. Its compression finds the repetition only in files of less than 32 kB.
 *
 * @param {string} text
 * @returns {{ index: string, types: string }}
 */
export function splitDeclarations(text) {
  const { statements } = ts.createSourceFile('index.d.ts', text, ts.ScriptTarget.Latest, true);
  const mentions = (statement, names) => names.some((name) => identifiersIn(statement).has(name));
  const others = new Set(
    statements.filter((one) => !ts.isInterfaceDeclaration(one) && !ts.isTypeAliasDeclaration(one)),
  );
  for (let size = 0; size < others.size; ) {
    size = others.size;
    const names = [...others].flatMap(namesOf);
    for (const statement of statements.filter((one) => mentions(one, names))) {
      others.add(statement);
    }
  }
  const types = statements.filter((statement) => !others.has(statement));
  const rest = statements.filter((statement) => others.has(statement));
  const used = types.map(({ name }) => name.text).filter((name) => rest.some((one) => mentions(one, [name])));
  const exported = types.filter(({ modifiers }) => modifiers !== undefined).map(({ name }) => name.text);
  const importing = (keyword, names) => `${keyword} type { ${names.join(', ')} } from './types.js';`;
  const full = (list) =>
    list
      .map((statement) => statement.getFullText())
      .join('')
      .trim();
  return {
    index: [importing('import', used), importing('export', exported), full(rest), ''].join('\n'),
    types: `${full(types).replace(/^(?=(?:interface|type) )/gm, 'export ')}\n`,
  };
}

/** Every identifier in a node. Its documentation does not count. */
function identifiersIn(node, found = new Set()) {
  if (ts.isIdentifier(node)) {
    found.add(node.text);
  }
  node.forEachChild((child) => {
    identifiersIn(child, found);
  });
  return found;
}

/** The names that a statement declares or imports. */
function namesOf(statement) {
  if (ts.isImportDeclaration(statement)) {
    const { namedBindings } = statement.importClause ?? {};
    return namedBindings === undefined ? [] : namedBindings.elements.map(({ name }) => name.text);
  }
  return ts.isVariableStatement(statement)
    ? statement.declarationList.declarations.map(({ name }) => name.text)
    : statement.name === undefined
      ? []
      : [statement.name.text];
}
