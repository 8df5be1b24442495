import fs from 'node:fs';
import { builtinModules } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import ts from 'typescript';
import { Editor } from '../types/support/editor.js';
import { bootProgram, identityProgram } from './support/consumer-program.js';
import { type DeclaredNames, importedPackages, readDeclarations, typesOf } from './support/declarations.js';
import { compileTest, TEST_RUNNERS } from './support/matcher-types.js';
import { entryPoints, type PackedPackage, packAndInstall, runInConsumer } from './support/packed-package.js';

/** A new name is a visible decision: the same commit adds it to this file. */
const publicNames = JSON.parse(fs.readFileSync('test/package/public-names.json', 'utf8')) as Record<
  string,
  { values: string[]; types: string[] }
>;

const CONDITIONS = ['module-sync', 'import', 'require'];
/** The adapters load their packages with top-level `await`, and `require()` of such a file fails. */
const WITHOUT_MODULE_SYNC = './websockets';
const conditionsOf = (subpath: string): readonly string[] =>
  subpath === WITHOUT_MODULE_SYNC ? CONDITIONS.slice(1) : CONDITIONS;

describe('the packed package', () => {
  let packed: PackedPackage;
  let declarations: Map<string, DeclaredNames>;

  beforeAll(() => {
    packed = packAndInstall();
    const files = Object.keys(publicNames).flatMap((subpath) =>
      conditionsOf(subpath).map((condition) => typesOf(packed.folder, packed.manifest.exports[subpath], condition)),
    );
    declarations = readDeclarations([...new Set(files)]);
  }, 300_000);

  afterAll(() => packed?.remove());

  const read = (file: string): string => fs.readFileSync(path.join(packed.folder, file), 'utf8');
  const declared = (subpath: string, condition: string): DeclaredNames | undefined =>
    declarations.get(typesOf(packed.folder, packed.manifest.exports[subpath], condition));
  const specifier = (subpath: string): string => path.posix.join(packed.manifest.name, subpath);

  describe('in its files', () => {
    it('has one for each entry point and format, the shared ones, and the documents', () => {
      const names = Object.keys(publicNames).map((subpath) => (subpath === '.' ? 'index' : subpath.slice(2)));
      const built = ['cjs', 'esm'].flatMap((format) =>
        names.flatMap((name) => [`dist/${format}/${name}.js`, `dist/${format}/${name}.d.ts`]),
      );
      const chunks = ['core', 'translations', 'explanations'].flatMap((name) => [
        `dist/cjs/${name}.js`,
        `dist/esm/${name}.cjs`,
      ]);
      const once = ['handshakes', 'express', 'fastify'].map((name) => `dist/cjs/${name}.js`);
      const types = ['dist/cjs/types.d.ts', 'dist/esm/types.d.ts'];
      const shared = [...chunks, ...once, ...types, 'dist/cjs/package.json'];
      const documents = ['LICENSE', 'README.md', 'package.json'];
      expect(packed.files).toEqual([...built, ...shared, ...documents].sort());
      expect(packed.files.length).toBeLessThanOrEqual(40);
    });

    it('has comments only in declarations', () => {
      const commented = packed.files.filter((file) => /\.c?js$/.test(file) && /^\s*(?:\/\*\*|\/\/)/m.test(read(file)));
      expect(commented).toEqual([]);
      expect(read('dist/esm/index.d.ts')).toContain('@throws CorsConfigurationError');
      expect(read('dist/esm/types.d.ts')).toContain('@default');
    });

    it('keeps readable class names, and lines short enough for a stack trace', () => {
      const scripts = packed.files.filter((file) => /\.c?js$/.test(file)).map(read);
      const declared = fs
        .readdirSync('src', { recursive: true, encoding: 'utf8' })
        .filter((file) => file.endsWith('.ts'))
        .flatMap((file) => [...fs.readFileSync(path.join('src', file), 'utf8').matchAll(/\bclass (\w+)/g)])
        .map(([, name]) => name);
      const built = scripts
        .flatMap((text) => [...text.matchAll(/([\w$]+) = class\b(?: (?!extends)(\w+))?|^class (\w+)/gm)])
        .map(([, variable, own, name]) => name || own || variable);
      expect(built).toEqual(expect.arrayContaining(['CorsModule', 'CorsService', 'PolicyCompiler']));
      expect(built.filter((name) => !declared.includes(name))).toEqual([]);
      expect(Math.max(...scripts.flatMap((text) => text.split('\n').map(({ length }) => length)))).toBeLessThan(2_000);
    });

    it('runs CommonJS in strict mode, like ES modules', () => {
      const commonjs = packed.files.filter((file) => /^dist\/cjs\/.+\.js$|\.cjs$/.test(file));
      expect(commonjs).toContain('dist/esm/core.cjs');
      expect(commonjs.filter((file) => !/^["']use strict["'];/.test(read(file)))).toEqual([]);
    });

    it('has only ASCII characters in scripts, because V8 compiles such a file faster', () => {
      const scripts = packed.files.filter((file) => /^dist\/.+\.c?js$/.test(file));
      expect(scripts).toContain('dist/cjs/core.js');
      expect(scripts.filter((file) => /\P{ASCII}/u.test(read(file)))).toEqual([]);
    });

    it('links from the README to the repository', () => {
      const relative = /\]\((?![a-z]+:|#)[^)]*\)|(?:src|href)="(?![a-z]+:|#)/;
      expect(fs.readFileSync('README.md', 'utf8')).toMatch(relative);
      expect(read('README.md')).not.toMatch(relative);
    });

    it('has every file of its entry points', () => {
      const named = entryPoints(packed.manifest).flatMap((subpath) =>
        Object.values(packed.manifest.exports[subpath] ?? {}).flatMap((target) =>
          Object.values(target as unknown as Record<string, string>),
        ),
      );
      expect(named.length).toBeGreaterThan(0);
      expect(named.filter((file) => !packed.files.includes(path.posix.normalize(file)))).toEqual([]);
    });

    it('declares the module format of each build', () => {
      expect(packed.manifest.type).toBe('module');
      expect(packed.files).not.toContain('dist/esm/package.json');
      expect(JSON.parse(read('dist/cjs/package.json'))).toMatchObject({ type: 'commonjs' });
    });
  });

  describe('in its imports', () => {
    const importedBy = (ending: RegExp) => {
      const imported = new Map<string, string>();
      for (const file of packed.files.filter((name) => ending.test(name))) {
        for (const name of importedPackages(read(file))) {
          imported.set(name, file);
        }
      }
      return imported;
    };
    const ofNode = (name: string) => name.startsWith('node:') || builtinModules.includes(name);

    it.each([
      ['scripts', /\.c?js$/],
      ['declarations', /\.d\.ts$/],
    ])('declares every package that the %s import', (_, ending) => {
      const { dependencies, peerDependencies } = packed.manifest;
      const declared = new Set(Object.keys({ ...dependencies, ...peerDependencies }));
      const undeclared = [...importedBy(ending)].filter(([name]) => !declared.has(name) && !ofNode(name));
      expect(undeclared).toEqual([]);
    });

    it('keeps Nest out of the core that both formats share', () => {
      const ofNest = (file: string) => importedPackages(read(file)).filter((name) => name.startsWith('@nestjs/'));
      expect(ofNest('dist/cjs/core.js')).toEqual([]);
      expect(ofNest('dist/cjs/index.js')).toContain('@nestjs/common');
      expect(importedPackages(read('dist/cjs/core.js'))).not.toEqual([]);
    });

    it.each([
      ['commonjs', "require('nestjs-cors')"],
      ['module', "await import('nestjs-cors')"],
    ] as const)('loads translations, explanations and handshakes only when they are needed, as %s', (kind, load) => {
      const program = `(async () => {
        const { createRequire } = await import('node:module');
        const loaded = () =>
          ['handshakes', 'translations', 'explanations', 'express', 'fastify'].filter((name) =>
            Object.keys(createRequire('/').cache).some((file) => file.endsWith(name + '.js')));
        const { CorsModule, CorsService } = ${load};
        const { NestFactory } = await import('@nestjs/core');
        const boot = async (origin) => {
          const imports = [CorsModule.forRoot({ origin })];
          const module = { module: class {}, imports };
          return NestFactory.createApplicationContext(module, { logger: false, abortOnError: false });
        };
        const states = [loaded()];
        const application = await boot('https://*.example.com');
        states.push(loaded());
        await application.get(CorsService).isHandshakeAllowed({ headers: {} });
        states.push(loaded());
        application.get(CorsService).describe();
        states.push(loaded());
        await boot(/a/).catch(() => undefined);
        states.push(loaded());
        console.log(JSON.stringify(states));
      })()`;
      expect(runInConsumer(packed, kind, program)).toEqual([
        [],
        [],
        ['handshakes'],
        ['handshakes', 'explanations'],
        ['handshakes', 'translations', 'explanations'],
      ]);
    });

    it.each([
      ['commonjs', 'require'],
      ['module', 'await import'],
    ] as const)('loads the files of a page only when a test opens one, as %s', (kind, load) => {
      const program = `(async () => {
        const { createRequire } = await import('node:module');
        const loaded = () =>
          Object.keys(createRequire('/').cache).flatMap((file) => /cjs.(\\w+).js$/.exec(file)?.[1] ?? [])
            .filter((name) => name !== 'index').sort();
        const { CorsModule } = ${load}('nestjs-cors');
        const states = [loaded()];
        const { openPage } = ${load}('nestjs-cors/testing');
        states.push(loaded());
        const { NestFactory } = await import('@nestjs/core');
        const imports = [CorsModule.forRoot({ origin: 'https://app.example.com' })];
        const app = await NestFactory.create({ module: class {}, imports }, { logger: false });
        const response = await openPage(app, 'https://app.example.com').fetch('/');
        await app.close();
        states.push(loaded(), response.status);
        console.log(JSON.stringify(states));
      })()`;
      expect(runInConsumer(packed, kind, program)).toEqual([
        ['core'],
        ['core', 'testing'],
        ['core', 'explanations', 'express', 'testing'],
        404,
      ]);
    });

    it('imports no package for a page', () => {
      expect(importedPackages(read('dist/cjs/testing.js')).filter((name) => !ofNode(name))).toEqual([]);
    });

    it('has every function once', () => {
      const texts = packed.files
        .filter((file) => /^dist\/cjs\/.+\.js$/.test(file))
        .flatMap((file) => read(file).match(/^(?:async )?function[\s\S]*?^\}/gm) ?? []);
      expect(texts.length).toBeGreaterThan(500);
      expect(texts.filter((text, index) => texts.indexOf(text) !== index)).toEqual([]);
    });

    it('uses every runtime dependency', () => {
      const used = importedBy(/\.c?js$/);
      expect(Object.keys(packed.manifest.dependencies ?? {}).filter((name) => !used.has(name))).toEqual([]);
    });

    it('reaches no optional peer from the root', () => {
      const optional = Object.keys(packed.manifest.peerDependenciesMeta);
      // The optional peers are not installed, so the root could not be loaded if it needed one.
      for (const name of optional) {
        fs.renameSync(...away(packed, name));
      }
      try {
        expect(
          runInConsumer(packed, 'commonjs', `console.log(Object.keys(require('nestjs-cors')).length)`),
        ).toBeGreaterThan(0);
      } finally {
        for (const name of optional) {
          fs.renameSync(...(away(packed, name).reverse() as [string, string]));
        }
      }
    });
  });

  describe('in its public names', () => {
    it('has exactly the listed entry points', () => {
      expect(entryPoints(packed.manifest)).toEqual(Object.keys(publicNames));
    });

    it('declares every type once for each format', () => {
      const names = ['cjs', 'esm'].flatMap((format) =>
        packed.files
          .filter((file) => file.startsWith(`dist/${format}/`) && file.endsWith('.d.ts'))
          .flatMap((file) => [...read(file).matchAll(/^(?:export )?(?:interface|type) (\w+)/gm)])
          .map(([, name]) => `${name} for ${format}`),
      );
      expect(names).toContain('CorsExplanation for cjs');
      expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
    });

    describe.each(Object.entries(publicNames))('of %s', (subpath, names) => {
      it('has these conditions', () => {
        expect(Object.keys(packed.manifest.exports[subpath] ?? {})).toEqual(conditionsOf(subpath));
      });

      it.each(conditionsOf(subpath))('declares every name for compilers under "%s"', (condition) => {
        const { values, types } = declared(subpath, condition) ?? {};
        expect({ values, types }).toEqual(names);
      });

      it.each(['import', 'require'])('exports every name in the build for "%s"', (condition) => {
        const target = packed.manifest.exports[subpath] as Record<string, { default: string }>;
        const file = path.join(packed.folder, target[condition]?.default ?? '');
        // By file, because Node resolves the name to the ES module for both.
        const load =
          condition === 'require' ? `require(${JSON.stringify(file)})` : `await import('${pathToFileURL(file)}')`;
        const program = `(async () => console.log(JSON.stringify(Object.keys(${load}).filter((name) => name !== '__esModule'))))()`;
        expect((runInConsumer(packed, 'commonjs', program) as string[]).sort()).toEqual(names.values);
      });

      it('documents every name', () => {
        expect(declared(subpath, 'import')?.undocumented).toEqual([]);
      });
    });
  });

  describe.each(['open-file.mts', 'open-file.cts'])('in an editor with %s', (name) => {
    let editor: Editor;

    beforeAll(() => {
      editor = new Editor(path.join(packed.consumer, name), {
        experimentalDecorators: true,
        module: ts.ModuleKind.NodeNext,
        skipLibCheck: true,
        strict: true,
        types: [],
      });
    });

    it('shows the docstrings of options and decorators', () => {
      const shown = editor.hover("@|Cors({ |origin: 'https://app.example.com' }) class Orders {}");
      expect(shown.map(({ text }) => text)).toEqual([
        expect.stringMatching(/^Sets the CORS policy of a controller or of a handler/),
        expect.stringMatching(/^The origins that may read responses\./),
      ]);
    });

    it('suggests the right name for a wrong one', () => {
      expect(editor.messages('CorsModule.forRoot({ allowHeaders: [] });')).toEqual([
        "Object literal may only specify known properties, but 'allowHeaders' does not exist in type 'CorsModuleOptions'. Did you mean to write 'allowedHeaders'?",
      ]);
    });
  });

  describe.each(Object.keys(TEST_RUNNERS))('in a project with %s', (name) => {
    it.each([false, true])('has types for a page and its matchers, with skipLibCheck %s', (skipLibCheck) => {
      const runner = TEST_RUNNERS[name] as (typeof TEST_RUNNERS)[string];
      const { messages, expected } = compileTest(packed, runner, skipLibCheck);
      expect(messages).toEqual([]);
      expect(expected).toBe(name === 'no test runner' ? 0 : 3);
    });
  });

  describe('in a Nest application', () => {
    it.each(['commonjs', 'module'] as const)('is loaded once by a %s program that uses require and import', (kind) => {
      const specifiers = [...Object.keys(publicNames).map(specifier), '@nestjs/common'];
      const result = runInConsumer(packed, kind, identityProgram(kind, specifiers)) as Record<
        string,
        { names: string[]; different: string[] }
      >;
      for (const name of specifiers) {
        const different = name === specifier(WITHOUT_MODULE_SYNC) ? publicNames[WITHOUT_MODULE_SYNC]?.values : [];
        expect(result[name]).toMatchObject({ different });
      }
      for (const [subpath, names] of Object.entries(publicNames)) {
        expect(result[specifier(subpath)]?.names).toEqual(names.values);
      }
    });

    it('boots if the module is required and the decorator is imported', () => {
      expect(runInConsumer(packed, 'commonjs', bootProgram())).toEqual([
        ['OPTIONS', 'https://app.example.com', 204, 'https://app.example.com'],
        ['GET', 'https://app.example.com', 200, 'https://app.example.com'],
        ['OPTIONS', 'https://app.example.org', 403, null],
        ['GET', 'https://app.example.org', 200, null],
      ]);
    });
  });
});

function away(packed: PackedPackage, name: string): [string, string] {
  const folder = path.join(packed.consumer, 'node_modules', name);
  return [folder, `${folder}.away`];
}
