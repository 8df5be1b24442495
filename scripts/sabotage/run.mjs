// `npm run sabotage`: damages copies of the project, one small patch each, and checks that the test named for it fails.
// A patch that no test notices, or that no longer fits the source, is a failure. Arguments select sabotages by parts of
// their names. `--patches=FILE` uses another list.
import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { copyProject, removeCopy } from '../lib/copy-project.mjs';
import { runCommand } from '../lib/run-command.mjs';
import { closingLine } from '../lib/tally.mjs';

const AT_ONCE = 2;
const project = process.cwd();
const list = process.argv.find((argument) => argument.startsWith('--patches='))?.slice('--patches='.length);
const wanted = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
const { patches } = await import(list === undefined ? './patches.mjs' : pathToFileURL(path.resolve(list)).href);
const chosen = patches.filter(({ name }) => wanted.length === 0 || wanted.some((part) => name.includes(part)));
const width = Math.max(0, ...chosen.map(({ name }) => name.length));

const healthy = await testNames([...new Set(chosen.map(({ spec }) => spec))]);
const tally = { passed: 0, failed: 0 };
const queue = [...chosen];
await Promise.all(Array.from({ length: AT_ONCE }, work));
if (chosen.length === 0) {
  console.log('no sabotage to try');
}
console.log(closingLine(tally));
process.exitCode = tally.failed === 0 && chosen.length > 0 ? 0 : 1;

async function work() {
  for (let patch = queue.shift(); patch !== undefined; patch = queue.shift()) {
    const { caught, note } = await attempt(patch);
    if (caught) {
      tally.passed += 1;
    } else {
      tally.failed += 1;
    }
    console.log(`${caught ? 'caught  ' : 'SURVIVED'}  ${patch.name.padEnd(width)}  ${note}`);
  }
}

/** Damages a copy of the project and returns the result of the tests. */
async function attempt({ file, find, replace, spec, test }) {
  const refuse = (note) => ({ caught: false, note });
  const pattern = new RegExp(test);
  const before = healthy.get(spec)?.filter(({ name }) => pattern.test(name)) ?? [];
  if (before.length === 0) {
    return refuse(`no test of ${spec} matches /${test}/`);
  }
  const red = before.find(({ status }) => status !== 'passed');
  if (red !== undefined) {
    return refuse(`before any damage, "${red.name}" is ${red.status}`);
  }
  const copy = copyProject(project, 'sabotage');
  try {
    const target = path.join(copy, file);
    const parts = fs.existsSync(target) ? fs.readFileSync(target, 'utf8').split(find) : [];
    if (parts.length !== 2) {
      return refuse(`does not apply: ${file} has ${Math.max(0, parts.length - 1)} places like it`);
    }
    fs.writeFileSync(target, parts.join(replace));
    const results = await runJest(copy, [spec, '--testNamePattern', test]);
    const after = results.get(spec) ?? [];
    const failed = after.filter(({ name, status }) => status === 'failed' && pattern.test(name));
    if (failed.length > 0) {
      return { caught: true, note: `${failed.length} red, such as "${failed[0].name}"` };
    }
    if (after.length === 0) {
      return refuse(`${spec} cannot be loaded with it`);
    }
    return refuse(`${spec}: every test that matches /${test}/ stays green`);
  } finally {
    removeCopy(copy);
  }
}

/** The test names of the specs, and their results without damage. A test that already fails proves nothing. */
async function testNames(specs) {
  if (specs.length === 0) {
    return new Map();
  }
  const copy = copyProject(project, 'healthy');
  try {
    return await runJest(copy, specs);
  } finally {
    removeCopy(copy);
  }
}

/** Runs specs in a copy: by spec file, the full name and status of its tests. */
async function runJest(copy, args) {
  const report = path.join(copy, 'sabotage-report.json');
  const jest = 'node_modules/jest/bin/jest.js';
  await runCommand(
    process.execPath,
    ['--experimental-vm-modules', '--no-warnings', jest, ...args, '--runInBand', '--json', `--outputFile=${report}`],
    { cwd: copy, quiet: true },
  );
  if (!fs.existsSync(report)) {
    return new Map();
  }
  const { testResults } = JSON.parse(fs.readFileSync(report, 'utf8'));
  return new Map(
    testResults.map((suite) => [
      path.relative(copy, suite.name),
      suite.assertionResults.map(({ fullName, status }) => ({ name: fullName, status })),
    ]),
  );
}
