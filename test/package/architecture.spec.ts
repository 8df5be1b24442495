import { readdirSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { posix } from 'node:path';
import ts from 'typescript';

/** Path from the project's root, mapped to the file's text. */
type Sources = ReadonlyMap<string, string>;

/** The folders that `src/README.md` lists, each with the rooms that it may import from besides its own. */
function readRooms(): Readonly<Record<string, readonly string[]>> {
  const table = readFileSync(posix.join(process.cwd(), 'src/README.md'), 'utf8');
  const rows = [...table.matchAll(/^\| `([^`]+)` \| [^|]+ \| (.*)\|$/gm)];
  return Object.fromEntries(
    rows.map(([, folder = '', rooms = '']) => [folder, [...rooms.matchAll(/`([^`]+)`/g)].map(([, room = '']) => room)]),
  );
}

const ROOMS = readRooms();

/** Rooms that import no package and no module of Node. */
const PURE_ROOMS = ['origin', 'policy', 'browser', 'routes', 'validation'];

const ENTRIES_OF_A_FOLDER = 15;
const LINES_OF_A_FILE = 250;

function readSources(): Sources {
  const root = process.cwd();
  const files = readdirSync(posix.join(root, 'src'), { recursive: true, encoding: 'utf8' });
  const paths = files
    .map((file) => posix.join('src', file.replaceAll('\\', '/')))
    .filter((path) => path.endsWith('.ts'));
  return new Map(paths.map((path) => [path, readFileSync(posix.join(root, path), 'utf8')]));
}

/** Everything a file imports, types included, by whatever form of import. A package whose types it extends is none. */
function importsOf(text: string): readonly string[] {
  const extended = new Set([...text.matchAll(/^declare module '([^']+)'/gm)].map(([, name]) => name));
  const { importedFiles } = ts.preProcessFile(text, true, true);
  return importedFiles.map((file) => file.fileName).filter((name) => !extended.has(name));
}

function resolve(path: string, specifier: string): string {
  return posix.join(posix.dirname(path), specifier).replace(/\.js$/, '.ts');
}

/** `origin` of `src/origin/grammar/schemes.ts`; a file directly in `src` is in no room. */
function roomOf(path: string): string | undefined {
  const [, room, ...rest] = path.split('/');
  return rest.length > 0 ? room : undefined;
}

function findForbiddenImports(sources: Sources): string[] {
  const faults: string[] = [];
  for (const [path, text] of sources) {
    const room = roomOf(path);
    if (room === undefined) {
      continue;
    }
    for (const specifier of importsOf(text)) {
      const target = specifier.startsWith('.') ? roomOf(resolve(path, specifier)) : undefined;
      const allowed = specifier.startsWith('.')
        ? target !== undefined && [room, ...(ROOMS[room] ?? [])].includes(target)
        : !PURE_ROOMS.includes(room);
      if (!allowed) {
        faults.push(`${path} imports ${specifier}`);
      }
    }
  }
  return faults;
}

/** Rooms that the table lets a room import, although no file of it does. */
function findUnusedRights(sources: Sources): string[] {
  const used = new Set<string>();
  for (const [path, text] of sources) {
    for (const specifier of importsOf(text)) {
      used.add(`${roomOf(path)} imports ${roomOf(resolve(path, specifier))}`);
    }
  }
  return Object.entries(ROOMS)
    .flatMap(([room, targets]) => targets.map((target) => `${room} imports ${target}`))
    .filter((right) => !used.has(right));
}

/** Files that are too long, and folders that have too many entries. */
function findCrowds(sources: Sources): string[] {
  const faults: string[] = [];
  const entries = new Map<string, Set<string>>();
  for (const [path, text] of sources) {
    const lines = text.trimEnd().split('\n').length;
    if (lines > LINES_OF_A_FILE) {
      faults.push(`${path} has ${lines} lines`);
    }
    const parts = path.split('/');
    for (let depth = 1; depth < parts.length; depth++) {
      const folder = parts.slice(0, depth).join('/');
      entries.set(folder, (entries.get(folder) ?? new Set()).add(parts[depth] ?? ''));
    }
  }
  for (const [folder, { size }] of entries) {
    if (size > ENTRIES_OF_A_FOLDER) {
      faults.push(`${folder} has ${size} entries`);
    }
  }
  return faults;
}

function findDanglingImports(sources: Sources): string[] {
  const faults: string[] = [];
  for (const [path, text] of sources) {
    for (const specifier of importsOf(text)) {
      if (!specifier.startsWith('.')) {
        continue;
      }
      const found = specifier.endsWith('.js') && sources.has(resolve(path, specifier));
      if (!found) {
        faults.push(`${path} imports ${specifier}`);
      }
    }
  }
  return faults;
}

function findUndeclaredImports(sources: Sources, declared: ReadonlySet<string>): string[] {
  const faults: string[] = [];
  for (const [path, text] of sources) {
    for (const specifier of importsOf(text)) {
      if (specifier.startsWith('.') || (specifier.startsWith('node:') && isBuiltin(specifier))) {
        continue;
      }
      const name = specifier
        .split('/')
        .slice(0, specifier.startsWith('@') ? 2 : 1)
        .join('/');
      if (!declared.has(name)) {
        faults.push(`${path} imports ${specifier}`);
      }
    }
  }
  return faults;
}

/** The first way found from a file back to itself. */
function findCycle(sources: Sources): string | undefined {
  const finished = new Set<string>();
  function visit(path: string, way: readonly string[]): string | undefined {
    if (way.includes(path)) {
      return [...way.slice(way.indexOf(path)), path].join(' -> ');
    }
    if (finished.has(path)) {
      return undefined;
    }
    const text = sources.get(path) ?? '';
    for (const specifier of importsOf(text)) {
      if (!specifier.startsWith('.')) {
        continue;
      }
      const cycle = visit(resolve(path, specifier), [...way, path]);
      if (cycle !== undefined) {
        return cycle;
      }
    }
    finished.add(path);
    return undefined;
  }
  for (const path of sources.keys()) {
    const cycle = visit(path, []);
    if (cycle !== undefined) {
      return cycle;
    }
  }
  return undefined;
}

function readDeclaredPackages(): ReadonlySet<string> {
  const manifest = JSON.parse(readFileSync(posix.join(process.cwd(), 'package.json'), 'utf8')) as {
    dependencies?: Record<string, string>;
    peerDependencies?: Record<string, string>;
  };
  return new Set([...Object.keys(manifest.dependencies ?? {}), ...Object.keys(manifest.peerDependencies ?? {})]);
}

describe('the source files', () => {
  const sources = readSources();

  it('are found, including those of the pure rooms', () => {
    expect([...sources.keys()]).toEqual(
      expect.arrayContaining(['src/origin/grammar/origin-grammar.ts', 'src/policy/policy-options.ts']),
    );
  });

  it('are in folders that src/README.md describes', () => {
    const folders = new Set(
      [...sources.keys()].map((path) => posix.dirname(path).slice('src/'.length)).filter(Boolean),
    );
    expect([...folders].sort()).toEqual(Object.keys(ROOMS).sort());
  });

  it('import only from the listed rooms, and no packages in pure rooms', () => {
    expect(findForbiddenImports(sources)).toEqual([]);
  });

  it('import from every listed room', () => {
    expect(findUnusedRights(sources)).toEqual([]);
  });

  it(`have at most ${LINES_OF_A_FILE} lines, and their folders at most ${ENTRIES_OF_A_FOLDER} entries`, () => {
    expect(findCrowds(sources)).toEqual([]);
  });

  it('import each other by file name with .js', () => {
    expect(findDanglingImports(sources)).toEqual([]);
  });

  it('import only declared packages and node: modules', () => {
    expect(findUndeclaredImports(sources, readDeclaredPackages())).toEqual([]);
  });

  // The package has such a file twice, once for each module format.
  it('import values of Nest only in the module', () => {
    const valueImport = /^import (?!type )(?:\{(?!(?:\s*type [\w\s]+,?)+\}))?[^;]*from '@nestjs\//m;
    const importing = [...sources].flatMap(([file, text]) => (valueImport.test(text) ? [file] : []));
    expect(importing).toContain('src/module/cors.module.ts');
    expect(importing.filter((file) => !/^src\/(?:module|config|websockets)\//.test(file))).toEqual([]);
  });

  it('have no import cycles', () => {
    expect(findCycle(sources)).toBeUndefined();
  });
});

describe('the checks of the source files', () => {
  it.each([
    ['src/origin/a.ts', "import { Injectable } from '@nestjs/common';"],
    ['src/origin/a.ts', "import type { Request } from 'express';"],
    ['src/origin/a.ts', "import 'node:fs';"],
    ['src/origin/a.ts', "export * from 'rxjs';"],
    ['src/origin/a.ts', "const fs = await import('fs');"],
    ['src/origin/a.ts', "const fs = require('fs');"],
    ['src/origin/a.ts', "let name: import('fastify').FastifyRequest;"],
    ['src/origin/a.ts', "import '../policy/b.js';"],
    ['src/origin/a.ts', "import '../index.js';"],
    ['src/origin/deep/a.ts', "import '../../module/b.js';"],
    ['src/policy/a.ts', "import '../routes/b.js';"],
    ['src/boot/a.ts', "import '../module/b.js';"],
    ['src/http/a.ts', "import '../boot/deep/b.js';"],
    ['src/cellar/a.ts', "import '../origin/b.js';"],
    ['src/validation/a.ts', "import '@nestjs/common';"],
    ['src/policy/a.ts', "import '../origin-of-something/b.js';"],
    ['src/routes/a.ts', "import '../http/b.js';"],
    ['src/routes/a.ts', "import 'path-to-regexp';"],
  ])('report that %s must not contain %s', (path, text) => {
    expect(findForbiddenImports(new Map([[path, text]]))).toHaveLength(1);
  });

  it.each([
    ['src/origin/a.ts', "import './b.js';"],
    ['src/policy/a.ts', "import '../origin/b.js'; import './c.js';"],
    ['src/routes/a.ts', "import '../policy/b.js'; import './deep/c.js';"],
    ['src/routes/deep/a.ts', "import '../b.js';"],
    ['src/http/a.ts', "import 'express';"],
    ['src/origin/a.ts', "// import 'express';\nconst text = \"import 'express'\";"],
  ])('accept that %s contains %s', (path, text) => {
    expect(findForbiddenImports(new Map([[path, text]]))).toEqual([]);
  });

  it.each([
    ["import './b';", 1],
    ["import './c.js';", 1],
    ["import './b.ts';", 1],
    ["import './b.js';", 0],
  ])('count the broken imports of %s: %i', (text, count) => {
    expect(
      findDanglingImports(
        new Map([
          ['src/a.ts', text],
          ['src/b.ts', ''],
        ]),
      ),
    ).toHaveLength(count);
  });

  it.each([
    ["import 'express';", 1],
    ["import '@nestjs/microservices';", 1],
    ["import '@nestjs/common-things';", 1],
    ["import 'fs';", 1],
    ["import 'node:nothing';", 1],
    ["import '@nestjs/common';", 0],
    ["import '@nestjs/common/constants.js';", 0],
    ["import 'node:fs';", 0],
  ])('count the undeclared imports of %s: %i', (text, count) => {
    expect(findUndeclaredImports(new Map([['src/a.ts', text]]), new Set(['@nestjs/common']))).toHaveLength(count);
  });

  it('report a file of 251 lines and a folder of 16 entries', () => {
    const long = 'a;\n'.repeat(251);
    const files = Array.from({ length: 16 }, (_, index): [string, string] => [`src/a/${index}.ts`, '']);
    expect(findCrowds(new Map([['src/b.ts', long]]))).toEqual(['src/b.ts has 251 lines']);
    expect(findCrowds(new Map(files))).toEqual(['src/a has 16 entries']);
    expect(findCrowds(new Map([...files.slice(1), ['src/b.ts', 'a;\n'.repeat(250)]]))).toEqual([]);
  });

  it('report a cycle through types and re-exports', () => {
    const files = new Map([
      ['src/index.ts', "import './a.js';"],
      ['src/a.ts', "import type { B } from './deep/b.js';"],
      ['src/deep/b.ts', "export * from '../c.js';"],
      ['src/c.ts', "import { a } from './a.js';"],
    ]);
    expect(findCycle(files)).toBe('src/a.ts -> src/deep/b.ts -> src/c.ts -> src/a.ts');
    files.set('src/c.ts', '');
    expect(findCycle(files)).toBeUndefined();
  });
});
