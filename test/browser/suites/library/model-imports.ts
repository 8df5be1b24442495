import fs from 'node:fs';
import path from 'node:path';

const IMPORT = /^(?:import|export) (?!type )[^;]*?from '([^']+)'|^import '([^']+)'/gm;

/** The files and packages whose code a file runs, by its imports and theirs. Paths are relative to the project. */
export function codeBehind(entry: string): ReadonlySet<string> {
  const found = new Set<string>();
  const visit = (file: string): void => {
    found.add(file);
    for (const [, from, alone] of fs.readFileSync(file, 'utf8').matchAll(IMPORT)) {
      const specifier = (from ?? alone) as string;
      if (!specifier.startsWith('.')) {
        found.add(specifier);
        continue;
      }
      const imported = path.join(path.dirname(file), specifier).replace(/\.js$/, '.ts');
      if (!found.has(imported)) {
        visit(imported);
      }
    }
  };
  visit(entry);
  return found;
}

/** Whether a file or package is a part of the library. */
export function isLibrary(name: string): boolean {
  return name.startsWith(`src${path.sep}`) || name === 'nestjs-cors' || name.startsWith('nestjs-cors/');
}
