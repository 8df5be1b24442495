// Builds the package twice: ES modules for `import` and `module-sync`, CommonJS for `require`.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';

fs.rmSync('dist', { recursive: true, force: true });
for (const project of ['tsconfig.build.json', 'tsconfig.build.cjs.json']) {
  execFileSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', project], { stdio: 'inherit' });
}
fs.writeFileSync('dist/esm/package.json', '{"type":"module","sideEffects":false}\n');
fs.writeFileSync('dist/cjs/package.json', '{"type":"commonjs","sideEffects":false}\n');
