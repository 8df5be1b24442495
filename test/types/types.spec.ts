import fs from 'node:fs';
import path from 'node:path';
import ts from 'typescript';

const FOLDER = path.join(process.cwd(), 'test/types/fixtures');
const EXPECTATION = /^ *\/\/ error: (.+)$/;

interface Expected {
  readonly line: number;
  readonly text: string;
}

const NAMES = fs.readdirSync(FOLDER);
const DIAGNOSTICS = compile(NAMES.map((name) => path.join(FOLDER, name)));

function compile(files: string[]): readonly ts.Diagnostic[] {
  const { config } = ts.readConfigFile('tsconfig.json', ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, process.cwd());
  return ts.getPreEmitDiagnostics(
    ts.createProgram(files, { ...options, noEmit: true, noUnusedLocals: false, types: ['node'] }),
  );
}

describe.each(NAMES)('the types of %s', (name) => {
  const file = path.join(FOLDER, name);
  const lines = fs.readFileSync(file, 'utf8').split('\n');
  const expected: Expected[] = lines.flatMap((line, index) => {
    const text = EXPECTATION.exec(line)?.[1];
    return text === undefined ? [] : [{ line: index + 1, text }];
  });
  const found = DIAGNOSTICS.filter((diagnostic) => diagnostic.file?.fileName === file).map((diagnostic) => ({
    line: diagnostic.file?.getLineAndCharacterOfPosition(diagnostic.start ?? 0).line ?? -1,
    text: ts.flattenDiagnosticMessageText(diagnostic.messageText, '\n'),
  }));

  it('states at least one mistake', () => {
    expect(expected.length).toBeGreaterThan(0);
  });

  it.each(expected)('refuses line $line: $text', ({ line, text }) => {
    expect(found.filter((one) => one.line === line).map((one) => one.text)).toEqual([expect.stringContaining(text)]);
  });

  it('accepts every other line', () => {
    const lines = new Set(expected.map(({ line }) => line));
    expect(found.filter((one) => !lines.has(one.line))).toEqual([]);
  });
});
