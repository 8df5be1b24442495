import fs from 'node:fs';
import path from 'node:path';
import zlib from 'node:zlib';
import ts from 'typescript';

/**
 * The size that each entry point of an unpacked package adds to the earlier ones: the compressed bytes of its files in
 * every format, declarations included.
 *
 * @param {string} folder
 * @returns {Map<string, number>} by subpath, such as `.` and `./config`
 */
export function weighEntries(folder) {
  const { exports } = JSON.parse(fs.readFileSync(path.join(folder, 'package.json'), 'utf8'));
  const seen = new Set();
  const weights = new Map();
  for (const [subpath, conditions] of Object.entries(exports)) {
    if (typeof conditions === 'string') {
      continue;
    }
    const targets = Object.values(conditions).flatMap((target) => Object.values(target));
    const files = filesBehind(targets.map((target) => path.join(folder, target))).filter((file) => !seen.has(file));
    for (const file of files) {
      seen.add(file);
    }
    weights.set(
      subpath,
      files.reduce((sum, file) => sum + zlib.gzipSync(fs.readFileSync(file)).length, 0),
    );
  }
  return weights;
}

/** The given files and every file that they import by a relative path. */
function filesBehind(files) {
  const found = new Set(files);
  for (const file of found) {
    for (const { fileName } of ts.preProcessFile(fs.readFileSync(file, 'utf8'), true, true).importedFiles) {
      if (fileName.startsWith('.')) {
        const imported = path.join(path.dirname(file), fileName);
        found.add(file.endsWith('.d.ts') ? imported.replace(/\.js$/, '.d.ts') : imported);
      }
    }
  }
  return [...found];
}
