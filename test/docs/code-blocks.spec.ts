import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import ts from 'typescript';
import { folderOf, PAGES, programOf, readSections } from './support/pages.js';
import { AMBIENT_NAMES, READERS_FILES } from './support/surroundings.js';

const SECTIONS = PAGES.flatMap(readSections).filter((section) => programOf(section).length > 0);
const BLOCKS = SECTIONS.flatMap((section) => {
  const blocks = programOf(section);
  return blocks.map((block, index) => {
    // A section may show a file twice: `main.ts` for Express and for Fastify. Later blocks import the last one.
    const isLast = !blocks.slice(index + 1).some(({ file }) => file === block.file);
    return { ...block, path: path.join(folderOf(section), isLast ? block.file : `block-${index}.ts`) };
  });
});

/** Every file that the compiler is given: the blocks of a section see the files of earlier ones, and the reader's own. */
function sourceFiles(): Map<string, string> {
  const files = new Map([[path.resolve('test/docs/examples/ambient.ts'), AMBIENT_NAMES]]);
  for (const section of SECTIONS) {
    for (const [file, code] of Object.entries({ ...READERS_FILES, ...section.earlier })) {
      files.set(path.join(folderOf(section), file), code);
    }
  }
  for (const { path: file, code } of BLOCKS) {
    files.set(file, `${code}\nexport {};\n`);
  }
  return files;
}

/** Compiles all blocks in one go, each as a module that exists only in memory. */
function compile(): Map<string, string[]> {
  const { config } = ts.readConfigFile('tsconfig.json', ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, process.cwd());
  const settings = { ...options, noEmit: true, noUnusedLocals: false, noUnusedParameters: false };
  const sources = sourceFiles();
  const host = ts.createCompilerHost(settings);
  const { getSourceFile, fileExists, readFile } = host;
  host.directoryExists = () => true;
  host.fileExists = (file) => sources.has(file) || fileExists(file);
  host.readFile = (file) => sources.get(file) ?? readFile(file);
  host.getSourceFile = (file, language, ...rest) => {
    const source = sources.get(file);
    return source === undefined ? getSourceFile(file, language, ...rest) : ts.createSourceFile(file, source, language);
  };
  const places = new Map(BLOCKS.map((block) => [block.path, block.place]));
  const found = new Map<string, string[]>([...places.values(), 'elsewhere'].map((place) => [place, []]));
  for (const diagnostic of ts.getPreEmitDiagnostics(ts.createProgram([...sources.keys()], settings, host))) {
    const place = places.get(diagnostic.file?.fileName ?? '') ?? 'elsewhere';
    found.get(place)?.push(ts.flattenDiagnosticMessageText(diagnostic.messageText, '\n'));
  }
  return found;
}

describe('the code in the documentation', () => {
  const found = compile();

  it('is found by this test', () => {
    expect(BLOCKS.length).toBeGreaterThan(30);
    expect(new Set(BLOCKS.map((block) => block.path)).size).toBe(BLOCKS.length);
  });

  it.each([...found.keys()])('compiles: %s', (place) => {
    expect(found.get(place)).toEqual([]);
  });
});
