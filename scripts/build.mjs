// Builds the package twice: ES modules for `import` and `module-sync`, CommonJS for `require`. The docstrings are in the
// declaration files, where editors read them. The JavaScript has no comments: they would be a quarter of it, twice.
import fs from 'node:fs';
import { runCommand } from './lib/run-command.mjs';

fs.rmSync('dist', { recursive: true, force: true });
const results = await Promise.all(
  ['tsconfig.build.json', 'tsconfig.build.cjs.json'].flatMap((project) =>
    [['--emitDeclarationOnly'], ['--declaration', 'false', '--removeComments']].map((flags) =>
      runCommand(process.execPath, ['node_modules/typescript/bin/tsc', '-p', project, ...flags]),
    ),
  ),
);
if (results.every(({ code }) => code === 0)) {
  fs.writeFileSync('dist/esm/package.json', '{"type":"module","sideEffects":false}\n');
  fs.writeFileSync('dist/cjs/package.json', '{"type":"commonjs","sideEffects":false}\n');
} else {
  // No half build is left to be packed or loaded by mistake.
  fs.rmSync('dist', { recursive: true, force: true });
  process.exitCode = 1;
}
