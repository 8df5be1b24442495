import fs from 'node:fs';
import path from 'node:path';
import { runCommand } from '../lib/run-command.mjs';
import { transpile } from '../lib/transpile.mjs';

/**
 * Compiles TypeScript files of this project, and all that they import by a relative path, to ES modules. Copies the
 * TypeScript beside them, for {@link checkTypes}.
 *
 * @param {string[]} files relative to the project
 * @param {string} target the folder for the JavaScript, which has the same folders as the project
 */
export function compile(files, target) {
  const waiting = [...files];
  const done = new Set();
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    if (done.has(file)) {
      continue;
    }
    done.add(file);
    const source = fs.readFileSync(file, 'utf8');
    const output = path.join(target, file.replace(/\.ts$/, '.js'));
    fs.mkdirSync(path.dirname(output), { recursive: true });
    fs.writeFileSync(output, transpile(source, file));
    fs.copyFileSync(file, path.join(target, file));
    for (const [, imported] of source.matchAll(/(?:from |import )['"](\.[^'"]+)\.js['"]/g)) {
      waiting.push(path.join(path.dirname(file), `${imported}.ts`));
    }
  }
}

/**
 * Checks the types of compiled files against the packages that are installed there.
 *
 * @param {string} folder the target of {@link compile}
 * @returns {Promise<{ code: number, output: string }>}
 */
export function checkTypes(folder) {
  for (const file of ['tsconfig.json', 'test/neighbours/tsconfig.json']) {
    fs.copyFileSync(file, path.join(folder, file));
  }
  const types = ['--typeRoots', path.resolve('node_modules/@types')];
  const compiler = path.resolve('node_modules/typescript/bin/tsc');
  return runCommand(process.execPath, [compiler, '-p', path.join(folder, 'test/neighbours'), ...types], {
    quiet: true,
  });
}
