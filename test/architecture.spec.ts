import { readdirSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { posix } from 'node:path';
import ts from 'typescript';

/** Path from the project's root, mapped to the file's text. */
type Sources = ReadonlyMap<string, string>;

/** What each pure folder may import from. */
const PURE_FOLDERS: Readonly<Record<string, readonly string[]>> = {
  'src/origin': ['src/origin'],
  'src/policy': ['src/origin', 'src/policy'],
  'src/routes': ['src/origin', 'src/policy', 'src/routes'],
};

function readSources(): Sources {
  const root = process.cwd();
  const files = readdirSync(posix.join(root, 'src'), { recursive: true, encoding: 'utf8' });
  const paths = files
    .map((file) => posix.join('src', file.replaceAll('\\', '/')))
    .filter((path) => path.endsWith('.ts'));
  return new Map(paths.map((path) => [path, readFileSync(posix.join(root, path), 'utf8')]));
}

/** Everything a file imports, types included, by whatever form of import. */
function importsOf(text: string): readonly string[] {
  return ts.preProcessFile(text, true, true).importedFiles.map((file) => file.fileName);
}

function resolve(path: string, specifier: string): string {
  return posix.join(posix.dirname(path), specifier).replace(/\.js$/, '.ts');
}

function findImpureImports(sources: Sources): string[] {
  const faults: string[] = [];
  for (const [path, text] of sources) {
    const allowed = Object.entries(PURE_FOLDERS).find(([folder]) => path.startsWith(`${folder}/`))?.[1];
    if (allowed === undefined) continue;
    for (const specifier of importsOf(text)) {
      const target = specifier.startsWith('.') ? resolve(path, specifier) : specifier;
      if (!allowed.some((folder) => target.startsWith(`${folder}/`))) faults.push(`${path} imports ${specifier}`);
    }
  }
  return faults;
}

function findDanglingImports(sources: Sources): string[] {
  const faults: string[] = [];
  for (const [path, text] of sources) {
    for (const specifier of importsOf(text)) {
      if (!specifier.startsWith('.')) continue;
      const found = specifier.endsWith('.js') && sources.has(resolve(path, specifier));
      if (!found) faults.push(`${path} imports ${specifier}`);
    }
  }
  return faults;
}

function findUndeclaredImports(sources: Sources, declared: ReadonlySet<string>): string[] {
  const faults: string[] = [];
  for (const [path, text] of sources) {
    for (const specifier of importsOf(text)) {
      if (specifier.startsWith('.') || (specifier.startsWith('node:') && isBuiltin(specifier))) continue;
      const name = specifier
        .split('/')
        .slice(0, specifier.startsWith('@') ? 2 : 1)
        .join('/');
      if (!declared.has(name)) faults.push(`${path} imports ${specifier}`);
    }
  }
  return faults;
}

/** The first way found from a file back to itself. */
function findCycle(sources: Sources): string | undefined {
  const finished = new Set<string>();
  function visit(path: string, way: readonly string[]): string | undefined {
    if (way.includes(path)) return [...way.slice(way.indexOf(path)), path].join(' -> ');
    if (finished.has(path)) return undefined;
    const text = sources.get(path) ?? '';
    for (const specifier of importsOf(text)) {
      if (!specifier.startsWith('.')) continue;
      const cycle = visit(resolve(path, specifier), [...way, path]);
      if (cycle !== undefined) return cycle;
    }
    finished.add(path);
    return undefined;
  }
  for (const path of sources.keys()) {
    const cycle = visit(path, []);
    if (cycle !== undefined) return cycle;
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

describe('the sources', () => {
  const sources = readSources();

  test('are found, the pure ones among them', () => {
    expect([...sources.keys()]).toEqual(
      expect.arrayContaining(['src/origin/origin-grammar.ts', 'src/policy/policy-options.ts']),
    );
  });

  test('of the core import the core alone, and nothing points back', () => {
    expect(findImpureImports(sources)).toEqual([]);
  });

  test('name files by their own names, with .js', () => {
    expect(findDanglingImports(sources)).toEqual([]);
  });

  test('import declared packages and node: modules only', () => {
    expect(findUndeclaredImports(sources, readDeclaredPackages())).toEqual([]);
  });

  test('import one another without a cycle', () => {
    expect(findCycle(sources)).toBeUndefined();
  });
});

describe('the checks themselves', () => {
  test.each([
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
    ['src/policy/a.ts', "import '../origin-of-something/b.js';"],
    ['src/routes/a.ts', "import '../http/b.js';"],
    ['src/routes/a.ts', "import 'path-to-regexp';"],
  ])('find %s with %s impure', (path, text) => {
    expect(findImpureImports(new Map([[path, text]]))).toHaveLength(1);
  });

  test.each([
    ['src/origin/a.ts', "import './b.js';"],
    ['src/policy/a.ts', "import '../origin/b.js'; import './c.js';"],
    ['src/routes/a.ts', "import '../origin/b.js'; import '../policy/b.js'; import './deep/c.js';"],
    ['src/routes/deep/a.ts', "import '../b.js';"],
    ['src/http/a.ts', "import 'express';"],
    ['src/origin/a.ts', "// import 'express';\nconst text = \"import 'express'\";"],
  ])('find %s with %s pure', (path, text) => {
    expect(findImpureImports(new Map([[path, text]]))).toEqual([]);
  });

  test.each([
    ["import './b';", 1],
    ["import './c.js';", 1],
    ["import './b.ts';", 1],
    ["import './b.js';", 0],
  ])('find %s dangling: %i', (text, count) => {
    expect(
      findDanglingImports(
        new Map([
          ['src/a.ts', text],
          ['src/b.ts', ''],
        ]),
      ),
    ).toHaveLength(count);
  });

  test.each([
    ["import 'express';", 1],
    ["import '@nestjs/microservices';", 1],
    ["import '@nestjs/common-things';", 1],
    ["import 'fs';", 1],
    ["import 'node:nothing';", 1],
    ["import '@nestjs/common';", 0],
    ["import '@nestjs/common/constants.js';", 0],
    ["import 'node:fs';", 0],
  ])('find %s undeclared: %i', (text, count) => {
    expect(findUndeclaredImports(new Map([['src/a.ts', text]]), new Set(['@nestjs/common']))).toHaveLength(count);
  });

  test('find a cycle through types and re-exports', () => {
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
