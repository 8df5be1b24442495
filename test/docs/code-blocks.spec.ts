import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import ts from 'typescript';

/** Files whose blocks are whole modules. (The excerpts in docs/ have specs of their own.) */
const FILES = ['README.md'];

/** Every TypeScript block of a Markdown file, with the line it starts at. */
function blocks(file: string): { name: string; code: string }[] {
  const text = fs.readFileSync(file, 'utf8');
  return [...text.matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map((match) => ({
    name: `${file}:${text.slice(0, match.index).split('\n').length + 1}`,
    code: match[1] ?? '',
  }));
}

const BLOCKS = FILES.flatMap(blocks);

/** Compiles all blocks in one go, each a module of its own in this folder that exists only in memory. */
function compile(): Map<string, string[]> {
  const { config } = ts.readConfigFile('tsconfig.json', ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, process.cwd());
  const settings = { ...options, noEmit: true, noUnusedLocals: false, noUnusedParameters: false };
  const sources = new Map(
    BLOCKS.map(({ name, code }, index) => [
      path.resolve(`test/docs/block-${index}.ts`),
      { name, code: `${code}\nexport {};\n` },
    ]),
  );
  const host = ts.createCompilerHost(settings);
  const { getSourceFile, fileExists, readFile } = host;
  host.fileExists = (file) => sources.has(file) || fileExists(file);
  host.readFile = (file) => sources.get(file)?.code ?? readFile(file);
  host.getSourceFile = (file, language, ...rest) => {
    const source = sources.get(file);
    return source === undefined
      ? getSourceFile(file, language, ...rest)
      : ts.createSourceFile(file, source.code, language);
  };
  const found = new Map<string, string[]>(BLOCKS.map(({ name }) => [name, []]));
  for (const diagnostic of ts.getPreEmitDiagnostics(ts.createProgram([...sources.keys()], settings, host))) {
    const name = sources.get(diagnostic.file?.fileName ?? '')?.name ?? 'elsewhere';
    found.set(name, [...(found.get(name) ?? []), ts.flattenDiagnosticMessageText(diagnostic.messageText, '\n')]);
  }
  return found;
}

describe('the code in the documentation', () => {
  const found = compile();

  it('is there', () => {
    expect(BLOCKS.length).toBeGreaterThan(4);
  });

  it.each([...found.keys()])('%s compiles', (name) => {
    expect(found.get(name)).toEqual([]);
  });
});
