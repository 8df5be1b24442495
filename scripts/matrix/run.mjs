// `npm run matrix`: installs the packed package in projects like those of `nest new`. Builds, boots, requests and tests
// them on every supported version, and writes the results to docs/compatibility/results.json and the tables. Prints
// "N passed, N failed" at the end.
//
// `--quick` runs a representative part: the oldest and the newest Nest, both platforms, on the Node at hand.
// `--nest=12` and `--node=24` (prefixes of versions) select a part. The results of a part are saved only with
// `--results=FILE`. `--folder=FOLDER` keeps the installations, so that the next run starts sooner.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { runCommand } from '../lib/run-command.mjs';
import { closingLine } from '../lib/tally.mjs';
import { bootAndAsk } from './boot.mjs';
import { install, obtainNode } from './install.mjs';
import { build, checkTypes, runTests, writeProject } from './project.mjs';
import { INSTALLATIONS, NODES, PLATFORMS } from './promises.mjs';

const AT_ONCE = 2;
const RESULTS = 'docs/compatibility/results.json';

const options = readOptions(process.argv.slice(2));
const root = path.resolve(options.folder ?? fs.mkdtempSync(path.join(os.tmpdir(), 'nestjs-cors-matrix-')));
const began = Date.now();
const tally = { passed: 0, failed: 0 };
/** The checks and results of each row and Node. */
const cells = [];

try {
  const tarball = await pack();
  const nodes = new Map();
  for (const version of options.nodes) {
    nodes.set(version, await obtainNode(version, path.join(root, 'nodes')));
    say(`Node ${version}`);
  }
  for (const installation of options.installations) {
    for (const platform of PLATFORMS) {
      await tryPlatform(installation, platform, tarball, nodes);
    }
  }
} catch (error) {
  tally.failed += 1;
  console.log(`FAILED ${error.message}`);
} finally {
  if (options.folder === undefined) {
    fs.rmSync(root, { recursive: true, force: true });
  }
}
if (options.results !== undefined) {
  await writeResults(options.results);
}
console.log(closingLine(tally));
process.exitCode = tally.failed === 0 && tally.passed > 0 ? 0 : 1;

function readOptions(args) {
  const known = /^--(quick|(nest|node|results|folder)=(.+))$/;
  const given = new Map();
  for (const argument of args) {
    const match = known.exec(argument);
    if (match === null) {
      throw new Error(`${argument} is not an option: --quick, --nest=, --node=, --results=, --folder=`);
    }
    given.set(match[2] ?? match[1], match[3] ?? true);
  }
  const quick = given.has('quick');
  const chosen = (versions, name) => versions.filter((version) => version.startsWith(given.get(name) ?? ''));
  const nests = chosen(
    INSTALLATIONS.map(({ nest }) => nest),
    'nest',
  );
  const part = quick || given.has('nest') || given.has('node');
  return {
    quick,
    folder: given.get('folder'),
    installations: INSTALLATIONS.filter((one) => nests.includes(one.nest) && (!quick || one.quick)),
    nodes: quick ? [process.versions.node] : chosen(NODES, 'node'),
    results: given.get('results') ?? (part ? undefined : RESULTS),
  };
}

/** Packs the project under a name that changes with its content, because npm caches a tarball by its name. */
async function pack() {
  const folder = path.join(root, 'package');
  fs.rmSync(folder, { recursive: true, force: true });
  const { code, output } = await runCommand(process.execPath, ['scripts/package/pack.mjs', folder], { quiet: true });
  if (code !== 0) {
    throw new Error(`the package cannot be packed:\n${output}`);
  }
  const { tarball } = JSON.parse(output.trim().split('\n').at(-1));
  const named = path.join(folder, `nestjs-cors-${Date.now()}.tgz`);
  fs.renameSync(tarball, named);
  say('packed');
  return named;
}

async function tryPlatform(installation, platform, tarball, nodes) {
  const { name, nest, packages, builders, platforms } = installation;
  const folder = path.join(root, name);
  const label = `Nest ${nest}, ${platform}`;
  const { code, output } = await install({
    folder,
    tarball,
    packages: {
      ...packages,
      ...(options.quick ? {} : builders),
      [`@nestjs/platform-${platform}`]: platforms[platform],
    },
  });
  if (code !== 0) {
    report(`${label}: installation`, { code, output });
    return;
  }
  say(`${label}: installed`);
  const tasks = [];
  for (const project of installation.projects.filter(({ quick }) => quick || !options.quick)) {
    tasks.push(...(await prepare({ installation, project, platform, folder, nodes })));
  }
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (let task = tasks.shift(); task !== undefined; task = tasks.shift()) {
        await task();
      }
    }),
  );
}

/** Writes and builds one project. Returns the remaining checks for each Node. */
async function prepare({ installation, project, platform, folder, nodes }) {
  const { modules, runners } = project;
  const home = path.join(folder, `${platform}-${modules.replace(' ', '-')}`);
  fs.rmSync(home, { recursive: true, force: true });
  writeProject({
    folder: home,
    nest: installation.nest,
    modules,
    platform,
    node_modules: path.join(folder, 'node_modules'),
  });
  const row = { nest: installation.nest, modules, platform };
  const label = `Nest ${row.nest}, ${modules}, ${platform}`;
  const cellOf = new Map();
  for (const node of nodes.keys()) {
    const cell = { ...row, node, checks: {} };
    cells.push(cell);
    cellOf.set(node, cell);
  }
  const tasks = [];
  for (const builder of options.quick ? ['tsc'] : project.builders) {
    const built = await build({ folder: home, builder, modules, nestCli: !options.quick });
    if (built.code !== 0) {
      report(`${label}: build by ${builder}`, built);
    }
    for (const [version, node] of nodes) {
      tasks.push(async () => {
        const result = built.code === 0 ? await bootAndAsk({ node, main: built.main, folder: home }) : built;
        cellOf.get(version).checks[builder] = outcome(result);
        report(`${label}: built by ${builder}, Node ${version}`, result);
      });
    }
  }
  // The platform makes no difference to types.
  if (platform === PLATFORMS[0]) {
    tasks.push(async () => report(`${label}: types of its tests`, await checkTypes(home)));
  }
  for (const runner of runners) {
    for (const [version, node] of nodes) {
      const { checks } = cellOf.get(version);
      if (runner.node !== undefined && isBefore(version, runner.node)) {
        checks[runner.name] = `not run: ${runner.because}`;
        continue;
      }
      tasks.push(async () => {
        const result = await runTests({ folder: home, runner, node });
        checks[runner.name] = outcome(result);
        report(`${label}: its own tests in ${runner.name}, Node ${version}`, result);
      });
    }
  }
  return tasks;
}

function isBefore(version, [major, minor]) {
  const [ownMajor, ownMinor] = version.split('.').map(Number);
  return ownMajor < major || (ownMajor === major && ownMinor < minor);
}

function outcome({ code }) {
  return code === 0 ? 'passed' : 'failed';
}

function report(what, { code, output }) {
  if (code === 0) {
    tally.passed += 1;
    say(`ok     ${what}`);
    return;
  }
  tally.failed += 1;
  say(`FAILED ${what}`);
  console.log(output.trim().split('\n').slice(-40).join('\n'));
}

function say(text) {
  const seconds = String(Math.round((Date.now() - began) / 1000)).padStart(4);
  console.log(`${seconds} s  ${text}`);
}

async function writeResults(file) {
  const { version } = JSON.parse(fs.readFileSync('package.json', 'utf8'));
  // Rows that were not run are included: the table says so.
  const rows = INSTALLATIONS.flatMap(({ nest, projects }) =>
    projects.flatMap(({ modules }) => PLATFORMS.map((platform) => ({ nest, modules, platform }))),
  );
  const results = rows.map((row) => {
    const nodes = {};
    for (const node of NODES) {
      const cell = cells.find((one) => one.node === node && Object.keys(row).every((key) => row[key] === one[key]));
      nodes[node] = cell?.checks ?? {};
    }
    return { ...row, nodes };
  });
  const content = { version, date: new Date().toISOString().slice(0, 10), nodes: NODES, results };
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, `${JSON.stringify(content, null, 2)}\n`);
  const { code } = await runCommand(process.execPath, ['scripts/matrix/write-table.mjs', file]);
  if (code !== 0) {
    tally.failed += 1;
  }
}
