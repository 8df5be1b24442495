import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** What a copy does without: what is built, installed or private to the checkout. */
const LEFT_OUT = new Set(['.git', 'node_modules', 'dist', 'dist-sample', 'coverage']);

/**
 * Copies a project to a new temporary folder, with `node_modules` as a link to the original's, so that building,
 * packing and breaking things there disturbs nobody.
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

/** @param {string} copy a folder {@link copyProject} returned */
export function removeCopy(copy) {
  // Only the link goes, not what it leads to.
  fs.rmSync(path.join(copy, 'node_modules'), { force: true });
  fs.rmSync(copy, { recursive: true, force: true });
}
