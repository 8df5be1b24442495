import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

/**
 * Puts the files of a revision into a folder. They use the installed packages of the project, so the comparison is of
 * code and not of dependencies.
 *
 * @param folder must not exist
 * @throws Error if Git does not know the revision
 */
export function checkOutRevision(project: string, revision: string, folder: string): void {
  const git = (...args: string[]) => execFileSync('git', args, { cwd: project, maxBuffer: 2 ** 30, stdio: 'pipe' });
  let commit: string;
  try {
    commit = git('rev-parse', '--verify', '--quiet', '--end-of-options', `${revision}^{commit}`).toString().trim();
  } catch {
    throw new Error(`--compare is ${JSON.stringify(revision)}, which Git does not know here: \`--compare main~1\`.`);
  }
  fs.mkdirSync(folder, { recursive: true });
  execFileSync('tar', ['-x', '-C', folder], { input: git('archive', '--format=tar', commit) });
  fs.symlinkSync(path.join(project, 'node_modules'), path.join(folder, 'node_modules'), 'dir');
}

/** The short hash of the checked-out commit. */
export function shortCommit(project: string): string {
  return execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: project, encoding: 'utf8' }).trim();
}
