import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Context } from './context.js';
import { Progress } from './progress.js';
import { fillDocument, type KeptResult } from './report/document.js';
import { type History, historyPage, historyPlot, withEntry } from './report/history.js';
import { plotSvg } from './report/plot.js';
import type { SuiteResult } from './report/results.js';
import { checkText, tableText } from './report/text.js';
import { shortCommit } from './revision.js';
import { DOCUMENT, HISTORY, KEPT_RESULTS, readSettings, type Settings, type SuiteName } from './settings.js';
import { boot } from './suites/boot.js';
import { compareRevisions } from './suites/compare.js';
import { hostile } from './suites/hostile.js';
import { load } from './suites/load.js';
import { origins } from './suites/origins.js';
import { inProcess, sockets } from './suites/peers.js';
import { profile } from './suites/profile.js';
import { routes } from './suites/routes.js';
import { decide, memory } from './suites/single-process.js';
import { asynchronous, enforce } from './suites/ways.js';

const RUN: Readonly<Record<SuiteName, (context: Context) => Promise<SuiteResult>>> = Object.freeze({
  sockets,
  process: inProcess,
  routes,
  origins,
  memory,
  boot,
  load,
  hostile,
  asynchronous,
  enforce,
  decide,
  profile,
  compare: compareRevisions,
});

/** Reads the command line, see {@link readSettings}, and prints its mistakes. */
export function readArguments(args: readonly string[]): Settings | undefined {
  try {
    return readSettings(args);
  } catch (error) {
    console.error((error as Error).message);
    return undefined;
  }
}

/**
 * Runs the benchmark.
 *
 * @param args the command line, for the results file
 * @param checkouts the base folder of relative paths, and the folder of the base revision
 * @returns the exit code: 0 unless the run failed or a response was wrong, whatever the times
 */
export async function main(
  settings: Settings,
  args: readonly string[],
  checkouts: Context['checkouts'],
): Promise<number> {
  const { project } = checkouts;
  if (settings.documentOnly) {
    updateDocument(settings, project);
    return 0;
  }
  const progress = new Progress();
  let failed = 0;
  for (const name of settings.suites) {
    progress.say(name);
    try {
      const result = await RUN[name]({ settings, progress, checkouts });
      print(result);
      save(name, result, settings, args, project);
      if (settings.history) {
        keepHistory(result, settings, project);
      }
    } catch (error) {
      failed++;
      console.error(`${name} failed:`, error);
    }
  }
  progress.say(failed === 0 ? 'done' : `${failed} of ${settings.suites.length} suites failed`);
  return failed === 0 ? 0 : 1;
}

function print({ tables, checks }: SuiteResult): void {
  for (const table of tables) {
    console.log(tableText(table));
  }
  console.log(`${checks.map(checkText).join('\n')}\n`);
}

/** Adds a suite's results to those of earlier runs. */
function save(
  name: SuiteName,
  result: SuiteResult,
  settings: Settings,
  args: readonly string[],
  project: string,
): void {
  const { json, plots } = settings;
  if (json !== undefined) {
    const file = path.resolve(project, json);
    const known = readResults(file);
    const entry = {
      command: ['npm run bench', ...(args.length > 0 ? ['--', ...args] : [])].join(' '),
      machine: machine(),
      ...result,
    };
    fs.writeFileSync(file, `${JSON.stringify({ ...known, [name]: entry }, null, 2)}\n`);
    updateDocument(settings, project);
  }
  if (plots !== undefined && result.plots.length > 0) {
    const folder = path.resolve(project, plots);
    fs.mkdirSync(folder, { recursive: true });
    for (const plot of result.plots) {
      fs.writeFileSync(path.join(folder, plot.file), plotSvg(plot));
    }
  }
}

/** Adds a comparison to the history, with its page and plot. */
function keepHistory({ figures = [] }: SuiteResult, { compare = '' }: Settings, project: string): void {
  const file = path.resolve(project, HISTORY.figures);
  const known: History | undefined = fs.existsSync(file) ? JSON.parse(fs.readFileSync(file, 'utf8')) : undefined;
  const entry = { date: new Date().toISOString().slice(0, 10), commit: shortCommit(project), figures };
  const history = withEntry(known, compare, entry);
  fs.writeFileSync(file, `${JSON.stringify(history, null, 2)}\n`);
  fs.writeFileSync(path.resolve(project, HISTORY.page), historyPage(history, path.basename(HISTORY.plot)));
  fs.writeFileSync(path.resolve(project, HISTORY.plot), historyPlot(history));
}

function readResults(file: string): Record<string, KeptResult> {
  return fs.existsSync(file) ? JSON.parse(fs.readFileSync(file, 'utf8')) : {};
}

/** Only results at their default place are written to the document. */
function updateDocument({ json }: Settings, project: string): void {
  const document = path.resolve(project, DOCUMENT);
  if (json === KEPT_RESULTS && fs.existsSync(document)) {
    const text = fs.readFileSync(document, 'utf8');
    fs.writeFileSync(document, fillDocument(text, readResults(path.resolve(project, json))));
  }
}

function machine(): string {
  const [cpu] = os.cpus();
  const memory = Math.round(os.totalmem() / 2 ** 30);
  return `${os.cpus().length} x ${cpu?.model.trim() ?? 'unknown processor'}, ${memory} GiB, ${os.type()} ${os.arch()}, Node ${process.versions.node}`;
}
