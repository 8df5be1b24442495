// Builds the package into `dist`. Every subpath in the `exports` of package.json is an entry point: `.` is
// src/index.ts, `./config` is src/config/index.ts. Each becomes one file of JavaScript and one of declarations in each
// format.
//
// dist/cjs/core.js   what the root uses that does not import Nest. Both formats share this one copy.
// dist/esm/core.cjs  names the exports of core.js for ES modules
//
// Nothing is minified, so that names, lines and stack traces match the source. `dist/parts.json` has the size of each
// folder of the source. It is not packed.
import fs from 'node:fs';
import path from 'node:path';
import zlib from 'node:zlib';
import { generateDtsBundle } from 'dts-bundle-generator';
import { rolldown } from 'rolldown';
import { nestFreeModules } from './package/nest-free-modules.mjs';

const { exports, dependencies, peerDependencies } = JSON.parse(fs.readFileSync('package.json', 'utf8'));
const PACKAGES = Object.keys({ ...dependencies, ...peerDependencies });
const ENTRIES = Object.fromEntries(
  Object.keys(exports)
    .filter((subpath) => subpath !== './package.json')
    .map((subpath) => [subpath === '.' ? 'index' : subpath.slice(2), path.posix.join('src', subpath, 'index.ts')]),
);

fs.rmSync('dist', { recursive: true, force: true });
const files = { 'cjs/package.json': '{"type":"commonjs","sideEffects":false}\n' };
Object.assign(files, await bundleScripts(), bundleDeclarations());
for (const [name, text] of Object.entries(files)) {
  const file = path.join('dist', name);
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, text);
}

/** The JavaScript of both formats, by file. */
async function bundleScripts() {
  const bundle = await rolldown({
    input: ENTRIES,
    platform: 'node',
    tsconfig: 'tsconfig.build.json',
    external: (id) => id.startsWith('node:') || PACKAGES.some((name) => id === name || id.startsWith(`${name}/`)),
    experimental: { attachDebugInfo: 'none' },
  });
  const files = {};
  const cores = {};
  for (const format of ['cjs', 'esm']) {
    const { output } = await bundle.generate({
      format,
      comments: false,
      minify: false,
      minifyInternalExports: false,
      strict: true,
      chunkFileNames: ({ name }) => (name === 'core' && format === 'esm' ? 'core.cjs' : '[name].js'),
      codeSplitting: { groups: [{ name: coreChunk(), debugName: 'core' }] },
    });
    cores[format] = output.find(({ name }) => name === 'core');
    for (const { fileName, code } of output) {
      files[`${format}/${fileName}`] = escapeNonAscii(code);
    }
    if (format === 'cjs') {
      files['parts.json'] = JSON.stringify(weighFolders(output));
    }
  }
  files['esm/core.cjs'] = coreForModules(cores);
  await bundle.close();
  return files;
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

/** The chunk of a module: `core`, or the bundler's default. */
function coreChunk() {
  let core;
  return (id, context) => {
    core ??= nestFreeModules(path.resolve(ENTRIES.index), (module) => context.getModuleInfo(module));
    return core.has(id) ? 'core' : null;
  };
}

/**
 * The core for ES modules. It repeats every name, because Node finds the names of a CommonJS file by reading its text:
 * that takes milliseconds for the core itself, and none for this file.
 */
function coreForModules({ cjs, esm }) {
  const names = [...cjs.exports].sort();
  if (names.join() !== [...esm.exports].sort().join()) {
    throw new Error(`The core exports other names to ES modules than to CommonJS: ${names} and ${esm.exports}.`);
  }
  return [
    "'use strict';",
    "const core = require('../cjs/core.js');",
    ...names.map((name) => `exports.${name} = core.${name};`),
    '',
  ].join('\n');
}

/**
 * The declarations, by file. Each format has its own, because CommonJS and ES modules cannot re-export each other's
 * types under `"module": "node16"`. This also checks the types of the sources.
 */
function bundleDeclarations() {
  const names = Object.keys(ENTRIES);
  const texts = generateDtsBundle(
    names.map((name) => ({ filePath: ENTRIES[name], output: { noBanner: true, exportReferencedTypes: false } })),
    { preferredConfigPath: 'tsconfig.build.json' },
  );
  return Object.fromEntries(
    names.flatMap((name, index) => ['cjs', 'esm'].map((format) => [`${format}/${name}.d.ts`, texts[index]])),
  );
}
