// `npm run bench`: compiles the sources and the benchmark into a new folder, so that it never measures an old or
// incomplete build, and runs it there. `--compare REF` also compiles the sources of that revision.
// docs/performance/README.md explains the options.
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import ts from 'typescript';

const project = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
// Inside node_modules, so that imports of packages are resolved.
const build = path.join(project, 'node_modules', '.cache', 'nestjs-cors-bench', String(process.pid));
const compilerOptions = {
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.ES2022,
  experimentalDecorators: true,
  emitDecoratorMetadata: true,
};

process.on('exit', () => fs.rmSync(build, { recursive: true, force: true }));
compile(project, build);
const load = (file) => import(pathToFileURL(path.join(build, 'bench', file)).href);
const { main, readArguments } = await load('main.js');
const settings = readArguments(process.argv.slice(2));
let base;
if (settings?.compare !== undefined) {
  const { checkOutRevision } = await load('revision.js');
  base = path.join(build, 'revision');
  try {
    checkOutRevision(project, settings.compare, base);
  } catch (error) {
    console.error(error.message);
    process.exit(2);
  }
  compile(base, path.join(build, 'base'));
}
process.exitCode = settings === undefined ? 2 : await main(settings, process.argv.slice(2), { project, base });
process.exit();

/** Compiles the sources of a checkout, and the benchmark of this checkout, which measures both. */
function compile(checkout, target) {
  fs.mkdirSync(target, { recursive: true });
  fs.writeFileSync(path.join(target, 'package.json'), '{"type":"module"}\n');
  for (const folder of [path.join(checkout, 'src'), path.join(project, 'bench')]) {
    for (const file of fs.readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
      if (!file.endsWith('.ts')) {
        continue;
      }
      const source = fs.readFileSync(path.join(folder, file), 'utf8');
      const output = path.join(target, path.basename(folder), `${file.slice(0, -'.ts'.length)}.js`);
      fs.mkdirSync(path.dirname(output), { recursive: true });
      fs.writeFileSync(output, ts.transpileModule(source, { compilerOptions, fileName: file }).outputText);
    }
  }
}
