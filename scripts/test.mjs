// `npm test`: the suites in Jest (units, end to end, types, package) with the coverage threshold, and the browser
// suites; then one line that sums them up. It prints a dot for each suite that passes, and the failures and logs of
// every other.
//
// `npm test -- --fast`: only `test/unit`, without the property tests: no server, no browser, no coverage.
// `npm test -- test/unit/origin -t loopback`: the arguments are Jest's. Jest alone runs, without coverage.
//
// NESTJS_CORS_REQUIRE_ALL=1 makes a suite fail that would be skipped because a browser or a server is missing.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { runCommand } from './lib/run-command.mjs';
import { addTallies, closingLine, readClosingLine, readJestReport } from './lib/tally.mjs';

/** The timeout of each of the two, in minutes: several times their usual time. */
const MINUTES = 25;
const FAST = ['test/unit', '--testPathIgnorePatterns=\\.property\\.spec\\.ts$'];
const QUIET = `--reporters=${fileURLToPath(new URL('./lib/quiet-reporter.mjs', import.meta.url))}`;
const given = process.argv.slice(2);
const others = given.filter((argument) => argument !== '--fast');
const isWhole = given.length === 0;
const selection = others.length < given.length ? [...FAST, ...others] : others;
const tallies = [await runJest(others.length === 0 ? [...selection, QUIET] : selection)];
if (isWhole) {
  const browserSuites = path.resolve('test/browser/run.mjs');
  if (fs.existsSync(browserSuites)) {
    tallies.push(await runNode('the browser suites', browserSuites));
  }
}

const sum = addTallies(tallies);
for (const line of tallies[0].missing ?? []) {
  console.log(line);
}
if (sum.skipped > 0) {
  console.log(`${sum.skipped} skipped`);
}
for (const note of sum.notes) {
  console.log(`failed: ${note}`);
}
console.log(closingLine(sum));
process.exitCode = sum.failed === 0 ? 0 : 1;

async function runJest(extra) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'nestjs-cors-test-'));
  const report = path.join(folder, 'report.json');
  const coverage = isWhole ? ['--coverage'] : [];
  // Calls Node and not a shell script, so that Jest's workers get the flag for ES modules too.
  const result = await runCommand(
    process.execPath,
    [
      '--experimental-vm-modules',
      '--no-warnings',
      'node_modules/jest/bin/jest.js',
      ...coverage,
      ...extra,
      '--json',
      `--outputFile=${report}`,
    ],
    { minutes: MINUTES },
  );
  const tally = readJestReport(report, result);
  fs.rmSync(folder, { recursive: true, force: true });
  if (isWhole && tally.skipped > 0 && process.env.NESTJS_CORS_REQUIRE_ALL === '1') {
    tally.failed += tally.skipped;
    tally.notes.push(`${tally.skipped} skipped although NESTJS_CORS_REQUIRE_ALL is set`);
  }
  return tally;
}

async function runNode(name, script) {
  return readClosingLine(await runCommand(process.execPath, [script], { minutes: MINUTES }), name);
}
