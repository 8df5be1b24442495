// Builds the package into `dist`. Every subpath in the `exports` of package.json is an entry point: `.` is
// src/index.ts, `./config` is src/config/index.ts. Each becomes one file of JavaScript and one of declarations in each
// format.
//
// dist/cjs/testing.js        imports nothing of Nest, so the file of the same name for ES modules re-exports it
// dist/cjs/core.js           what the root uses that does not import Nest. Both formats share this one copy.
// dist/cjs/express.js, ...   parts of the core that not every application needs: loaded at the first call
// dist/esm/*.cjs             name the exports of these for ES modules
// dist/*/types.d.ts          the part of the declarations that needs nothing of Nest; all entry points import it
//
// Nothing is minified, so that names, lines and stack traces match the source. `dist/parts.json` has the size of each
// folder of the source. It is not packed.
import fs from 'node:fs';
import path from 'node:path';
import zlib from 'node:zlib';
import { generateDtsBundle } from 'dts-bundle-generator';
import { rolldown } from 'rolldown';
import { nestFreeModules } from './package/nest-free-modules.mjs';
import { ignoreMissingTypes, tolerateMissing } from './package/optional-imports.mjs';
import { exportTypesOnly, importTypes, splitDeclarations } from './package/split-declarations.mjs';

const { exports, dependencies, peerDependencies } = JSON.parse(fs.readFileSync('package.json', 'utf8'));
const PACKAGES = Object.keys({ ...dependencies, ...peerDependencies });
const ENTRIES = Object.fromEntries(
  Object.keys(exports)
    .filter((subpath) => subpath !== './package.json')
    .map((subpath) => [subpath === '.' ? 'index' : subpath.slice(2), path.posix.join('src', subpath, 'index.ts')]),
);

/** The chunks of the core that are loaded at the first call, by the files that belong to them. */
const ON_DEMAND = {
  // What mistakes at boot, predicates and calls of `enableCors()` need.
  translations: new RegExp(
    '^src/(?:origin/expression/|validation/predicate-source/|boot/enable-cors/|' +
      'origin/pattern/origin-(?:notations|ranges|suggestion)\\.|' +
      'validation/remedies/(?:closest-name|corrected-(?:expression|list|path)|foreign-names)\\.|' +
      'boot/declarations/decorator-mistakes\\.)',
  ),
  // What the log, `explain()`, `routes()` and `describe()` need.
  explanations: /^src\/(?:browser\/|explanations\/(?!logs\/)|origin\/near-miss\.|policy\/refusals\.)/,
  // Most applications have no WebSockets.
  handshakes: /^src\/http\/handshake\/(?:check-handshake|handshake-request)\./,
  // An application has one platform.
  express: /^src\/http\/express\//,
  fastify: /^src\/http\/fastify\//,
};
const ON_DEMAND_CHUNKS = Object.keys(ON_DEMAND);
const SHARED_CHUNKS = ['core', ...ON_DEMAND_CHUNKS];
/** The entry points that import nothing of Nest. Both formats share one copy, as of the chunks. */
const SHARED_ENTRIES = ['testing'];

const DECLARATIONS = { noBanner: true, exportReferencedTypes: false };
/** The entry points that add to the types of other packages. */
const AUGMENTATIONS = { testing: { inlineDeclareGlobals: true, inlineDeclareExternals: true } };

fs.rmSync('dist', { recursive: true, force: true });
const files = { 'cjs/package.json': '{"type":"commonjs","sideEffects":false}\n' };
const { scripts, values } = await bundleScripts();
Object.assign(files, scripts, bundleDeclarations(values));
for (const [name, text] of Object.entries(files)) {
  const file = path.join('dist', name);
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, text);
}

/** The JavaScript of both formats, by file; and the names that each entry point exports. */
async function bundleScripts() {
  const bundle = await rolldown({
    input: ENTRIES,
    platform: 'node',
    tsconfig: 'tsconfig.build.json',
    external: (id) => id.startsWith('node:') || PACKAGES.some((name) => id === name || id.startsWith(`${name}/`)),
    preserveEntrySignatures: 'allow-extension',
    experimental: { attachDebugInfo: 'none' },
  });
  const files = {};
  const shared = {};
  let modules;
  for (const format of ['cjs', 'esm']) {
    const { output } = await bundle.generate({
      format,
      comments: false,
      minify: false,
      minifyInternalExports: false,
      strict: true,
      chunkFileNames: ({ name }) => (SHARED_CHUNKS.includes(name) && format === 'esm' ? '[name].cjs' : '[name].js'),
      codeSplitting: { includeDependenciesRecursively: false, groups: [{ name: sharedChunk(), debugName: 'shared' }] },
    });
    shared[format] = SHARED_CHUNKS.map((chunk) => output.find(({ name }) => name === chunk));
    modules = output;
    for (const { fileName, code } of output) {
      files[`${format}/${fileName}`] = escapeNonAscii(tolerateMissing(code));
    }
    if (format === 'cjs') {
      files['parts.json'] = JSON.stringify(weighFolders(output));
    }
  }
  for (const file of Object.keys(files).filter((name) => /^cjs\/.*\.js$/.test(name))) {
    files[file] = loadOnDemand(assignExports(files[file]));
  }
  const values = Object.fromEntries(
    modules.filter(({ isEntry }) => isEntry).map(({ name, exports }) => [name, exports]),
  );
  for (const name of SHARED_ENTRIES) {
    files[`esm/${name}.js`] = `export { ${values[name].join(', ')} } from '../cjs/${name}.js';\n`;
  }
  for (const [index, name] of SHARED_CHUNKS.entries()) {
    const used = esmImports(name, modules);
    delete files[`esm/${name}.cjs`];
    if (used.length > 0) {
      files[`esm/${name}.cjs`] = sharedForModules(name, used, shared.cjs[index].exports);
    }
  }
  await bundle.close();
  return { scripts: files, values };
}

/** V8 reads and compiles a file of ASCII characters faster. Other characters occur only in literals. */
function escapeNonAscii(code) {
  return code.replace(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** The folders of the source and their compressed bytes, the largest first. */
function weighFolders(chunks) {
  const texts = {};
  for (const [file, { code }] of chunks.flatMap(({ modules }) => Object.entries(modules))) {
    const folder = path.relative('.', path.dirname(file));
    texts[folder] = (texts[folder] ?? '') + (code ?? '');
  }
  return Object.entries(texts)
    .map(([name, text]) => ({ name, bytes: zlib.gzipSync(text).length }))
    .sort((one, other) => other.bytes - one.bytes);
}

/** The chunk of a module: one that both formats share, or the bundler's default. */
function sharedChunk() {
  let core;
  return (id, context) => {
    core ??= nestFreeModules(path.resolve(ENTRIES.index), (module) => context.getModuleInfo(module));
    if (!core.has(id)) {
      return null;
    }
    const file = path.relative('.', id).replaceAll('\\', '/');
    return ON_DEMAND_CHUNKS.find((chunk) => ON_DEMAND[chunk].test(file)) ?? 'core';
  };
}

/** No exported binding changes, so an assignment at the end of the file does what the bundler's getters do. */
function assignExports(code) {
  return code.replace(
    /^Object\.defineProperty\(exports, "(\w+)", \{\s+enumerable: true,\s+get: function \(\) \{\s+return \1;\s+\}\s+\}\);$/gm,
    'exports.$1 = $1;',
  );
}

/** Makes a file load the chunks on demand when it first reads one of their exports. */
function loadOnDemand(code) {
  return ON_DEMAND_CHUNKS.reduce(
    (text, chunk) =>
      text.replace(
        `const require_${chunk} = require("./${chunk}.js");`,
        `const require_${chunk} = new Proxy({}, { get: (_, name) => require("./${chunk}.js")[name] });`,
      ),
    code,
  );
}

/** The names that the ES modules import from a chunk. */
function esmImports(chunk, modules) {
  const imported = new RegExp(`^import \\{ (.*) \\} from "./${chunk}.cjs";$`, 'm');
  return [
    ...new Set(
      modules
        .filter(({ isEntry, name }) => isEntry && !SHARED_ENTRIES.includes(name))
        .flatMap(({ code }) => imported.exec(code)?.[1]?.split(', ') ?? []),
    ),
  ].sort();
}

/**
 * A shared chunk for ES modules. It repeats every name, because Node finds the names of a CommonJS file by reading its
 * text: that takes milliseconds for the core itself, and none for this file. Of a chunk that is loaded on demand, ES
 * modules import only functions.
 */
function sharedForModules(name, used, exported) {
  const missing = used.filter((one) => !exported.includes(one));
  if (missing.length > 0) {
    throw new Error(`The chunk ${name} does not export to CommonJS what it exports to ES modules: ${missing}.`);
  }
  const file = `../cjs/${name}.js`;
  return [
    "'use strict';",
    ...(ON_DEMAND_CHUNKS.includes(name)
      ? used.map((one) => `exports.${one} = (...values) => require('${file}').${one}(...values);`)
      : [`const chunk = require('${file}');`, ...used.map((one) => `exports.${one} = chunk.${one};`)]),
    '',
  ].join('\n');
}

/**
 * The declarations, by file. Each format has its own, because CommonJS and ES modules cannot re-export each other's
 * types under `"module": "node16"`. This also checks the types of the sources.
 */
function bundleDeclarations(values) {
  const names = Object.keys(ENTRIES);
  const texts = generateDtsBundle(
    names.map((name) => ({ filePath: ENTRIES[name], output: { ...DECLARATIONS, ...AUGMENTATIONS[name] } })),
    { preferredConfigPath: 'tsconfig.build.json' },
  );
  const declarations = Object.fromEntries(
    names.map((name, index) => [name, exportTypesOnly(texts[index], values[name])]),
  );
  Object.assign(declarations, splitDeclarations(declarations.index));
  for (const name of names.filter((one) => one !== 'index')) {
    declarations[name] = ignoreMissingTypes(importTypes(declarations[name], declarations.types));
  }
  return Object.fromEntries(
    Object.entries(declarations).flatMap(([name, text]) =>
      ['cjs', 'esm'].map((format) => [`${format}/${name}.d.ts`, text]),
    ),
  );
}
