import fs from 'node:fs';
import path from 'node:path';
import ts from 'typescript';

const FOLDER = path.join(process.cwd(), 'test/types/fixtures');
const EXPECTATION = /^ *\/\/ error: (.+)$/;

/** A mistake that a fixture states in the comments above a line: the first line of each message. */
interface Expected {
  readonly line: number;
  readonly messages: readonly string[];
}

const NAMES = fs.readdirSync(FOLDER);
const FILES = NAMES.map((name) => path.join(FOLDER, name));
const HOST = hostThatParsesOnce();
const DIAGNOSTICS = compile({});

function hostThatParsesOnce(): ts.CompilerHost {
  const host = ts.createCompilerHost({});
  const parsed = new Map<string, ts.SourceFile | undefined>();
  return {
    ...host,
    getSourceFile(name, version) {
      if (!parsed.has(name)) {
        parsed.set(name, host.getSourceFile(name, version));
      }
      return parsed.get(name);
    },
  };
}

function compile(settings: ts.CompilerOptions): readonly ts.Diagnostic[] {
  const { config } = ts.readConfigFile('tsconfig.json', ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, process.cwd());
  const program = ts.createProgram(
    FILES,
    { ...options, noEmit: true, noUnusedLocals: false, types: ['node'], ...settings },
    HOST,
  );
  return FILES.flatMap((file) => ts.getPreEmitDiagnostics(program, program.getSourceFile(file)));
}

function statedIn(file: string): Expected[] {
  const expected: Expected[] = [];
  let messages: string[] = [];
  for (const [index, text] of fs.readFileSync(file, 'utf8').split('\n').entries()) {
    const message = EXPECTATION.exec(text)?.[1];
    if (message !== undefined) {
      messages.push(message);
    } else if (messages.length > 0) {
      expected.push({ line: index + 1, messages });
      messages = [];
    }
  }
  return expected;
}

function foundIn(file: string, diagnostics: readonly ts.Diagnostic[]): { line: number; message: string }[] {
  return diagnostics
    .filter((diagnostic) => diagnostic.file?.fileName === file)
    .map((diagnostic) => ({
      line: (diagnostic.file?.getLineAndCharacterOfPosition(diagnostic.start ?? 0).line ?? -1) + 1,
      message: ts.flattenDiagnosticMessageText(diagnostic.messageText, '\n').split('\n', 1)[0] ?? '',
    }));
}

describe.each(NAMES)('the compiler on %s', (name) => {
  const file = path.join(FOLDER, name);
  const expected = statedIn(file);
  const found = foundIn(file, DIAGNOSTICS);
  const lines = new Set(expected.map(({ line }) => line));

  it('finds at least one expected error', () => {
    expect(expected.length).toBeGreaterThan(0);
  });

  it.each(expected)('rejects line $line: $messages', ({ line, messages }) => {
    expect(found.filter((one) => one.line === line).map(({ message }) => message)).toEqual(messages);
  });

  it('accepts every other line', () => {
    expect(found.filter((one) => !lines.has(one.line))).toEqual([]);
  });
});

describe.each<[string, ts.CompilerOptions]>([
  ['without strict', { strict: false }],
  ['with exactOptionalPropertyTypes', { exactOptionalPropertyTypes: true }],
])('the compiler %s', (_name, settings) => {
  const diagnostics = compile(settings);

  it.each(FILES)('accepts the correct lines of %s', (file) => {
    const lines = new Set(statedIn(file).map(({ line }) => line));
    expect(foundIn(file, diagnostics).filter((one) => !lines.has(one.line))).toEqual([]);
  });
});
