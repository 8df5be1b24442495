// The type tests: every file below test/types must compile, except for the lines that follow a comment
// `// @ts-expect-error: words of the message`. There the compiler must complain, and in those words: a refusal for
// some other reason (a typing mistake in the test, say) is not the refusal meant. Each file counts as one test, and
// so does each such comment.
import fs from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { closingLine } from './lib/tally.mjs';

const DIRECTIVE = '@ts-expect-error';
// Of the same length, so that the compiler reports what it finds there, and at the place where it stands.
const NEUTRALISED = '@ts-refused-next';

const folder = path.resolve('test/types');
const files = fs
  .readdirSync(folder, { recursive: true })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => path.join(folder, name))
  .sort();

const program = ts.createProgram(files, compilerOptions(), neutralisingHost(compilerOptions()));
const tally = { passed: 0, failed: 0 };
for (const file of files) checkFile(file);
console.log(closingLine(tally));
process.exitCode = tally.failed === 0 && files.length > 0 ? 0 : 1;

function checkFile(file) {
  const source = program.getSourceFile(file);
  const name = path.relative(process.cwd(), file);
  const found = [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)].map(
    (diagnostic) => ({
      line: source.getLineAndCharacterOfPosition(diagnostic.start).line,
      message: ts.flattenDiagnosticMessageText(diagnostic.messageText, '\n'),
    }),
  );
  const expected = expectations(source.text.split('\n'));
  for (const { line, words } of expected) {
    const there = found.filter((diagnostic) => diagnostic.line === line);
    const place = `${name}:${line + 1}`;
    if (words === '') report(false, `${place}: ${DIRECTIVE} must say in which words: "// ${DIRECTIVE}: words"`);
    else if (there.length === 0) report(false, `${place}: compiles, though it must not`);
    else if (there.some(({ message }) => message.includes(words))) report(true);
    else report(false, `${place}: is refused, but not with "${words}":\n${there.map((it) => it.message).join('\n')}`);
  }
  const unexpected = found.filter(({ line }) => !expected.some((expectation) => expectation.line === line));
  report(
    unexpected.length === 0,
    unexpected.map(({ line, message }) => `${name}:${line + 1}: does not compile: ${message}`).join('\n'),
  );
}

/** The lines (from 0) that must be refused, each with the words the refusal must contain. */
function expectations(lines) {
  const found = [];
  lines.forEach((text, index) => {
    const comment = text.match(/^\s*\/\/ @ts-refused-next(?::(.*))?$/);
    if (comment === null) return;
    let line = index + 1;
    while (/^\s*(\/\/.*)?$/.test(lines[line] ?? '-')) line += 1;
    found.push({ line, words: (comment[1] ?? '').trim() });
  });
  return found;
}

function report(passed, message) {
  if (passed) tally.passed += 1;
  else {
    tally.failed += 1;
    console.log(message);
  }
}

function compilerOptions() {
  const config = ts.readConfigFile('tsconfig.json', ts.sys.readFile).config;
  const parsed = ts.parseJsonConfigFileContent(config, ts.sys, process.cwd());
  // Unused names are what a test of types is made of.
  return { ...parsed.options, noEmit: true, noUnusedLocals: false, noUnusedParameters: false };
}

function neutralisingHost(options) {
  const host = ts.createCompilerHost(options);
  const readFile = host.readFile;
  host.readFile = (name) => {
    const text = readFile.call(host, name);
    return path.resolve(name).startsWith(folder) ? text?.replaceAll(DIRECTIVE, NEUTRALISED) : text;
  };
  return host;
}
