// `npm run neighbours`: installs the packages of test/neighbours with the packed nestjs-cors, starts an application for
// each neighbour, platform and Nest version, and sends it requests. Writes docs/production/neighbours.json and the table
// in docs/production/neighbours.md. Prints "N passed, N failed" at the end.
//
// `--quick` writes nothing. `--only=helmet`, `--nest=12` and `--platform=express` select a part, and write nothing.
// `--folder=FOLDER` keeps the installations, so that the next run starts sooner. `--packed` uses the package of that folder
// again, without the changes of `src` since then.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { runCommand } from '../lib/run-command.mjs';
import { closingLine } from '../lib/tally.mjs';
import { checkTypes } from './compile.mjs';
import { install, pack } from './installation.mjs';
import { readReport } from './read-report.mjs';

const AT_ONCE = 2;
const MINUTES = 2;
const APPLICATIONS = 'test/neighbours/applications';
const RESULTS = 'docs/production/neighbours.json';
const NEST_VERSIONS = ['11', '12'];
const PLATFORMS = ['express', 'fastify'];

const options = readOptions(process.argv.slice(2));
const root = path.resolve(options.folder ?? fs.mkdtempSync(path.join(os.tmpdir(), 'nestjs-cors-neighbours-')));
const began = Date.now();
const tally = { passed: 0, failed: 0 };
const rows = [];
const files = fs
  .readdirSync(APPLICATIONS, { recursive: true })
  .filter((file) => file.endsWith('.ts') && file.includes(options.only ?? ''))
  .map((file) => path.join(APPLICATIONS, file))
  .sort();
/** A neighbour's `NAME.preload.ts` is loaded before everything else, by `--import`. */
const neighbours = files.filter((file) => !file.endsWith('.preload.ts'));

try {
  const packed = options.packed ? path.join(root, 'package', 'package') : await pack(path.join(root, 'package'));
  say('packed');
  for (const nest of selected(NEST_VERSIONS, options.nest)) {
    const folder = path.join(root, `nest-${nest}`);
    await install({ name: `nest-${nest}`, folder, packed, files });
    const version = readJson(path.join(folder, 'node_modules/@nestjs/core/package.json')).version;
    say(`Nest ${version}: installed`);
    const tasks = neighbours.flatMap((file) =>
      selected(PLATFORMS, options.platform).map((platform) => () => check({ file, platform, nest: version, folder })),
    );
    tasks.unshift(() => checkTypesOf(version, folder));
    await Promise.all(
      Array.from({ length: AT_ONCE }, async () => {
        for (let task = tasks.shift(); task !== undefined; task = tasks.shift()) {
          await task();
        }
      }),
    );
  }
} catch (error) {
  tally.failed += 1;
  console.log(`FAILED ${error.message}`);
} finally {
  if (options.folder === undefined) {
    fs.rmSync(root, { recursive: true, force: true });
  }
}
const isWhole = [options.quick, options.only, options.nest, options.platform].every((option) => option === undefined);
if (isWhole && tally.failed === 0) {
  await writeResults();
}
console.log(closingLine(tally));
process.exitCode = tally.failed === 0 && tally.passed > 0 ? 0 : 1;

function readOptions(args) {
  const known = /^--(?:(quick|packed)|(only|nest|platform|folder)=(.+))$/;
  return Object.fromEntries(
    args.map((argument) => {
      const match = known.exec(argument);
      if (match === null) {
        throw new Error(`${argument} is not an option: --quick, --packed, --only=, --nest=, --platform=, --folder=`);
      }
      return [match[1] ?? match[2], match[3] ?? true];
    }),
  );
}

function selected(values, wanted) {
  return values.filter((value) => wanted === undefined || value === wanted);
}

async function checkTypesOf(nest, folder) {
  const { code, output } = await checkTypes(folder);
  say(`${code === 0 ? 'ok    ' : 'FAILED'} Nest ${nest}: types of the applications`);
  if (code === 0) {
    tally.passed += 1;
    return;
  }
  tally.failed += 1;
  console.log(output);
}

/** Checks one neighbour in a process of its own. */
async function check({ file, platform, nest, folder }) {
  const script = file.replace(/\.ts$/, '.js');
  const preload = script.replace(/\.js$/, '.preload.js');
  const before = fs.existsSync(path.join(folder, preload)) ? ['--import', `./${preload}`] : [];
  const result = await runCommand(process.execPath, [...before, 'test/neighbours/main.js', script, platform], {
    cwd: folder,
    quiet: true,
    minutes: MINUTES,
  });
  const label = `Nest ${nest}, ${platform}: ${path.relative(APPLICATIONS, file)}`;
  const { report, passed, failures } = readReport(result);
  tally.passed += passed;
  tally.failed += failures.length;
  if (failures.length > 0) {
    say(`FAILED ${label}`);
    console.log(failures.join('\n'));
  } else if (report.checks !== undefined) {
    say(`ok     ${label} (${passed} requests)`);
    const { name, packages, todo, checks } = report;
    const asked = Object.keys(checks);
    rows.push({ file: path.relative(APPLICATIONS, file), name, nest, platform, packages, todo, asked });
  }
}

async function writeResults() {
  const { version } = readJson('package.json');
  const head = JSON.stringify({ version, date: new Date().toISOString().slice(0, 10) }).slice(0, -1);
  const lines = rows.sort(byPlace).map((row) => JSON.stringify(row));
  fs.writeFileSync(RESULTS, `${head},"results":[\n${lines.join(',\n')}\n]}\n`);
  const { code } = await runCommand(process.execPath, ['scripts/neighbours/write-table.mjs']);
  if (code !== 0) {
    tally.failed += 1;
  }
}

function byPlace(a, b) {
  const place = ({ file, platform, nest }) => `${file} ${platform} ${nest}`;
  return place(a) < place(b) ? -1 : 1;
}

function readJson(file) {
  return JSON.parse(fs.readFileSync(file, 'utf8'));
}

function say(text) {
  const seconds = String(Math.round((Date.now() - began) / 1000)).padStart(4);
  console.log(`${seconds} s  ${text}`);
}
