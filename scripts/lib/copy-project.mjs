import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** Not copied: builds, installed packages and the private folders of the checkout. */
const LEFT_OUT = new Set(['.git', 'node_modules', 'dist', 'dist-sample', 'coverage']);

/**
 * Copies a project to a new temporary folder and links `node_modules` of the original. Builds, packs and damage in the
 * copy do not affect the original.
 *
 * @param {string} project the project's root folder
 * @param {string} purpose a word for the folder's name
 * @returns {string} the copy's root folder; the caller removes it
 */
export function copyProject(project, purpose) {
  const copy = fs.mkdtempSync(path.join(fs.realpathSync(os.tmpdir()), `nestjs-cors-${purpose}-`));
  for (const entry of fs.readdirSync(project)) {
    if (LEFT_OUT.has(entry) || entry.endsWith('.tgz')) {
      continue;
    }
    fs.cpSync(path.join(project, entry), path.join(copy, entry), { recursive: true });
  }
  fs.symlinkSync(path.join(project, 'node_modules'), path.join(copy, 'node_modules'), 'dir');
  return copy;
}

/** @param {string} copy a folder from {@link copyProject} */
export function removeCopy(copy) {
  // Removes the link and not its target.
  fs.rmSync(path.join(copy, 'node_modules'), { force: true });
  fs.rmSync(copy, { recursive: true, force: true });
}
