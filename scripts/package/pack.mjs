// Builds and packs the project in a separate copy, so that an old `dist` or a parallel run has no effect. Then unpacks
// the tarball as an installation would. Prints the paths as JSON: `{ "tarball", "folder", "bytes", "files", "parts" }`;
// `folder` is the unpacked package, `parts` the size of each folder of the source. README.md gets absolute links, which
// work on the page of the package too. Argument: the folder to put it in.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { copyProject, removeCopy } from '../lib/copy-project.mjs';
import { runCommand } from '../lib/run-command.mjs';
import { rewriteReadme } from './publication.mjs';

const target = process.argv[2];
if (target === undefined) {
  throw new Error('pack.mjs needs the folder to put the package in: node pack.mjs FOLDER');
}
fs.mkdirSync(target, { recursive: true });
const copy = copyProject(process.cwd(), 'pack');
let parts;
try {
  rewriteReadme(copy, 'absolute');
  // `prepack` builds, so the tarball never contains an old `dist`.
  const pack = ['pack', '--pack-destination', path.resolve(target)];
  const { code, output } = await runCommand('npm', pack, { cwd: copy, quiet: true });
  if (code !== 0) {
    throw new Error(`npm pack failed:\n${output}`);
  }
  parts = JSON.parse(fs.readFileSync(path.join(copy, 'dist', 'parts.json'), 'utf8'));
} finally {
  removeCopy(copy);
}
const tarball = path.resolve(
  target,
  fs.readdirSync(target).find((name) => name.endsWith('.tgz')),
);
execFileSync('tar', ['-xzf', tarball, '-C', path.resolve(target)], { stdio: 'inherit' });
const folder = path.resolve(target, 'package');
const files = fs
  .readdirSync(folder, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)))
  .sort();
console.log(JSON.stringify({ tarball, folder, bytes: fs.statSync(tarball).size, files, parts }));
