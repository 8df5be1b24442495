// `npm run check`: every check that does not run the application. All steps run even if one fails, and each prints one
// line at the end.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { runCommand } from './lib/run-command.mjs';
import { closingLine } from './lib/tally.mjs';
import { weighEntries } from './package/weigh.mjs';

// A ceiling makes growth a decision: raise it in the commit that needs it, and give the reason here.
const CEILINGS = {
  /** Bytes of the tarball: two formats, their declarations, and the README. */
  package: 179_000,
  /** Bytes that each entry point adds to the earlier ones: its files of both formats, each compressed alone. */
  // 7,400 bytes of the root explain calls of enableCors(), and are loaded at the first one. About 10,000 are for
  // handshakes, gateways, CSRF protection and `resourcePolicy`, with their types. The ceilings are 2 % above the sizes.
  entries: { '.': 173_500, './config': 8_000, './testing': 25_000, './websockets': 7_300 },
};
const LARGEST_PARTS = 5;

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

async function checkPackage({ tarball, folder, bytes, parts }) {
  await step('publint', () => runCommand(bin('publint'), ['run', tarball, '--strict']));
  await step('types as consumers resolve them', () =>
    runCommand(bin('attw'), ['--no-emoji', '--no-color', '--no-definitely-typed', '--format', 'ascii', tarball]),
  );
  await step('size of the package', async () => {
    console.log('The largest parts, compressed:');
    for (const part of parts.slice(0, LARGEST_PARTS)) {
      console.log(`${String(part.bytes).padStart(7)} ${part.name}`);
    }
    return withinCeiling(bytes, CEILINGS.package);
  });
  for (const [subpath, weight] of weighEntries(folder)) {
    await step(`size of the entry point ${subpath}`, async () => withinCeiling(weight, CEILINGS.entries[subpath] ?? 0));
  }
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

function withinCeiling(bytes, ceiling) {
  return { code: bytes <= ceiling ? 0 : 1, note: `${bytes} bytes, at most ${ceiling}` };
}

async function step(name, run) {
  console.log(`\n# ${name}`);
  const { code, note } = await run();
  results.push({ name, passed: code === 0, note });
}
