import fs from 'node:fs';
import path from 'node:path';
import { runCommand } from '../lib/run-command.mjs';
import { compile } from './compile.mjs';

const SOURCE = 'test/neighbours';

/**
 * Packs the project.
 *
 * @param {string} folder where to unpack it
 * @returns {Promise<string>} the folder of the unpacked package
 */
export async function pack(folder) {
  fs.rmSync(folder, { recursive: true, force: true });
  const { code, output } = await runCommand(process.execPath, ['scripts/package/pack.mjs', folder], { quiet: true });
  if (code !== 0) {
    throw new Error(`the package cannot be packed:\n${output}`);
  }
  return JSON.parse(output.trim().split('\n').at(-1)).folder;
}

/**
 * Installs the neighbours for one Nest version beside the packed package, and compiles their applications. An
 * installation with the same lock file is used again.
 *
 * @param {{ name: string, folder: string, packed: string, files: string[] }} installation `name` is a folder of
 * test/neighbours
 */
export async function install({ name, folder, packed, files }) {
  const source = path.join(SOURCE, name);
  const lock = fs.readFileSync(path.join(source, 'package-lock.json'), 'utf8');
  const installed = path.join(folder, 'node_modules', '.installed-lock.json');
  if (!fs.existsSync(installed) || fs.readFileSync(installed, 'utf8') !== lock) {
    fs.mkdirSync(folder, { recursive: true });
    for (const file of ['package.json', 'package-lock.json', '.npmrc']) {
      fs.copyFileSync(path.join(source, file), path.join(folder, file));
    }
    const { code, output } = await runCommand('npm', ['ci', '--prefer-offline', '--loglevel=error'], {
      cwd: folder,
      quiet: true,
    });
    if (code !== 0) {
      throw new Error(`the neighbours of ${name} cannot be installed:\n${output}`);
    }
    fs.writeFileSync(installed, lock);
  }
  const own = path.join(folder, 'node_modules', 'nestjs-cors');
  fs.rmSync(own, { recursive: true, force: true });
  fs.cpSync(packed, own, { recursive: true });
  fs.rmSync(path.join(folder, 'test'), { recursive: true, force: true });
  compile([path.join(SOURCE, 'main.ts'), ...files], folder);
}
