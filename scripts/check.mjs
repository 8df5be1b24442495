// `npm run check`: everything that can be judged without running the application. All steps run, whatever fails, and
// each gets one line at the end.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { runCommand } from './lib/run-command.mjs';
import { closingLine } from './lib/tally.mjs';

// The ceiling is there to make growth a decision: raise it in the change that needs it, and say why here.
// 256 KiB: the library comes twice (ES modules and CommonJS), without comments in the JavaScript, with documented types.
// The texts that a boot shows instead of a regular expression, of a callback and of other notations came last: they are
// a fifth of it. Source maps or a bundled dependency exceed it at once.
const SIZE_CEILING = 256 * 1024;

const bin = (name) => path.join('node_modules', '.bin', name);
const results = [];

await step('lint and format', () => runCommand(bin('biome'), ['ci', '--error-on-warnings', '--colors=off', '.']));
await step('types', () => runCommand(bin('tsc'), ['--noEmit', '-p', 'tsconfig.json']));

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'nestjs-cors-check-'));
try {
  let pack;
  await step('build and pack', async () => {
    const result = await runCommand(process.execPath, ['scripts/package/pack.mjs', folder], { quiet: true });
    if (result.code === 0) {
      pack = JSON.parse(result.output.trim().split('\n').at(-1));
    } else {
      process.stdout.write(result.output);
    }
    return result;
  });
  if (pack !== undefined) {
    await checkPackage(pack);
  }
} finally {
  fs.rmSync(folder, { recursive: true, force: true });
}

const tally = { passed: 0, failed: 0 };
console.log();
for (const { name, passed, note } of results) {
  if (passed) {
    tally.passed += 1;
  } else {
    tally.failed += 1;
  }
  console.log(`${passed ? 'ok    ' : 'FAILED'} ${name}${note === undefined ? '' : `: ${note}`}`);
}
console.log(closingLine(tally));
process.exitCode = tally.failed === 0 ? 0 : 1;

async function checkPackage({ tarball, bytes }) {
  await step('publint', () => runCommand(bin('publint'), ['run', tarball, '--strict']));
  await step('types as consumers resolve them', () =>
    runCommand(bin('attw'), ['--no-emoji', '--no-color', '--no-definitely-typed', '--format', 'ascii', tarball]),
  );
  await step('size of the package', async () => ({
    code: bytes <= SIZE_CEILING ? 0 : 1,
    note: `${bytes} bytes, at most ${SIZE_CEILING}`,
  }));
  await step('package tests', () =>
    runCommand(process.execPath, [
      '--experimental-vm-modules',
      '--no-warnings',
      'node_modules/jest/bin/jest.js',
      'test/package/package.spec.ts',
      'test/package/lock-file.spec.ts',
    ]),
  );
}

async function step(name, run) {
  console.log(`\n# ${name}`);
  const { code, note } = await run();
  results.push({ name, passed: code === 0, note });
}
