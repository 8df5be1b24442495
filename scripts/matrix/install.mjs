import fs from 'node:fs';
import path from 'node:path';
import { runCommand } from '../lib/run-command.mjs';
import { PUBLISHED_BEFORE } from './promises.mjs';

/**
 * Installs the packed package and the dependencies of its consumers, with one platform only. A second call for the
 * other platform replaces the first.
 *
 * @param {{ folder: string, tarball: string, packages: Record<string, string> }} installation
 * @returns {Promise<{ code: number, output: string }>}
 */
export function install({ folder, tarball, packages }) {
  fs.mkdirSync(folder, { recursive: true });
  const manifest = {
    name: 'consumers',
    private: true,
    dependencies: { ...packages, 'nestjs-cors': `file:${tarball}` },
  };
  fs.writeFileSync(path.join(folder, 'package.json'), JSON.stringify(manifest, null, 2));
  return runCommand(
    'npm',
    [
      'install',
      `--before=${PUBLISHED_BEFORE}`,
      '--prefer-offline',
      '--no-package-lock',
      '--ignore-scripts',
      '--no-audit',
      '--no-fund',
      '--loglevel=error',
    ],
    { cwd: folder, quiet: true, minutes: 8 },
  );
}

/**
 * The program of a Node version: the running one if its version matches, otherwise from its npm package.
 *
 * @param {string} version
 * @param {string} folder where to install it
 * @returns {Promise<string>} its path
 * @throws Error if there is no such Node for this machine
 */
export async function obtainNode(version, folder) {
  if (process.version === `v${version}`) {
    return process.execPath;
  }
  const system = process.platform === 'win32' ? 'win' : process.platform;
  const name = `node-${system}-${process.arch}`;
  const home = path.join(folder, version);
  const program = path.join(home, 'node_modules', name, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
  if (fs.existsSync(program)) {
    return program;
  }
  fs.mkdirSync(home, { recursive: true });
  fs.writeFileSync(path.join(home, 'package.json'), '{"private":true}');
  const { output } = await runCommand(
    'npm',
    ['install', `${name}@${version}`, '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'],
    { cwd: home, quiet: true },
  );
  if (!fs.existsSync(program)) {
    throw new Error(`Node ${version} cannot be had from ${name}@${version}:\n${output}`);
  }
  return program;
}
