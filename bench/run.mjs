// `npm run bench`: compiles the sources and the benchmark into a folder of its own, so that no stale or half-written build
// is measured, and runs it there. See docs/performance.md for what can be asked of it.
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import ts from 'typescript';

const project = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
// Below node_modules, so that imports of packages are found from there.
const build = path.join(project, 'node_modules', '.cache', 'nestjs-cors-bench', String(process.pid));
const compilerOptions = {
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.ES2022,
  experimentalDecorators: true,
  emitDecoratorMetadata: true,
};

fs.mkdirSync(build, { recursive: true });
process.on('exit', () => fs.rmSync(build, { recursive: true, force: true }));
fs.writeFileSync(path.join(build, 'package.json'), '{"type":"module"}\n');
for (const folder of ['src', 'bench']) {
  for (const file of fs.readdirSync(path.join(project, folder), { recursive: true, encoding: 'utf8' })) {
    if (!file.endsWith('.ts')) continue;
    const source = fs.readFileSync(path.join(project, folder, file), 'utf8');
    const target = path.join(build, folder, `${file.slice(0, -'.ts'.length)}.js`);
    fs.mkdirSync(path.dirname(target), { recursive: true });
    fs.writeFileSync(target, ts.transpileModule(source, { compilerOptions, fileName: file }).outputText);
  }
}
const { main } = await import(pathToFileURL(path.join(build, 'bench', 'main.js')).href);
process.exitCode = await main(process.argv.slice(2), project);
process.exit();
