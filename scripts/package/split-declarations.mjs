import ts from 'typescript';

/**
 * The declarations of the root in two files: types that need nothing of Nest, and the rest. The copies of a file for the
 * two formats are neighbours in the tarball. Its compression finds the repetition only in files of less than 32 kB.
 *
 * @param {string} text
 * @returns {{ index: string, types: string }}
 */
export function splitDeclarations(text) {
  const statements = statementsOf(text);
  const others = new Set(statements.filter((one) => !isTypeDeclaration(one)));
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
  return {
    index: [namesFrom('import', used), namesFrom('export', exported), fullText(rest), ''].join('\n'),
    types: `${fullText(types).replace(/^(?=(?:interface|type) )/gm, 'export ')}\n`,
  };
}

/**
 * The declarations of another entry point without its copies of the shared types: it imports these instead, so that
 * both entry points have the same types.
 *
 * @param {string} text
 * @param {string} shared the `types` of {@link splitDeclarations}
 * @returns {string}
 */
export function importTypes(text, shared) {
  const sharedTexts = new Map(statementsOf(shared).map((one) => [one.name.text, unexported(one)]));
  const statements = statementsOf(text);
  const copies = statements.filter((one) => isTypeDeclaration(one) && sharedTexts.has(one.name.text));
  const changed = copies.filter((one) => unexported(one) !== sharedTexts.get(one.name.text));
  if (changed.length > 0) {
    throw new Error(`Two types have the same name: ${changed.map(({ name }) => name.text)}.`);
  }
  const rest = statements.filter((one) => !copies.includes(one));
  const used = copies.map(({ name }) => name.text).filter((name) => rest.some((one) => mentions(one, [name])));
  return [...(used.length === 0 ? [] : [namesFrom('import', used)]), fullText(rest), ''].join('\n');
}

/**
 * Exports classes that do not exist at runtime as types only. The sources do so, and the bundler of declarations forgets
 * it.
 *
 * @param {string} text
 * @param {readonly string[]} values the names that exist at runtime
 * @returns {string}
 */
export function exportTypesOnly(text, values) {
  const hidden = [];
  const rest = text.replace(/^export (?=declare (?:abstract )?class (\w+))/gm, (keyword, name) => {
    if (values.includes(name)) {
      return keyword;
    }
    hidden.push(name);
    return '';
  });
  return hidden.length === 0 ? text : `${rest}export type { ${hidden.join(', ')} };\n`;
}

function unexported(statement) {
  return statement.getText().replace(/^export /, '');
}

function statementsOf(text) {
  return ts.createSourceFile('types.d.ts', text, ts.ScriptTarget.Latest, true).statements;
}

function isTypeDeclaration(statement) {
  return ts.isInterfaceDeclaration(statement) || ts.isTypeAliasDeclaration(statement);
}

function mentions(statement, names) {
  const found = identifiersIn(statement);
  return names.some((name) => found.has(name));
}

function namesFrom(keyword, names) {
  return `${keyword} type { ${names.join(', ')} } from './types.js';`;
}

function fullText(statements) {
  return statements
    .map((statement) => statement.getFullText())
    .join('')
    .trim();
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
