import { chosenSeed } from '../support/chosen-seed.js';
import type { BrowserKind } from './browsers/browser.js';
import { BROWSER_KINDS } from './browsers/browser-kinds.js';
import { Checks } from './checks/checks.js';
import { runSelfChecks } from './checks/self-checks.js';
import type { Environment } from './environment.js';
import { startEnvironments } from './environments.js';
import { Interruption } from './interruption.js';
import { type EmbedServer, startEmbedServers } from './suites/embeds/embed-servers.js';
import { runEmbeds } from './suites/embeds/run-embeds.js';
import { runPlanted } from './suites/library/planted/run-planted.js';
import { type Library, prepareLibrary } from './suites/library/prepare-library.js';
import { runLibraryInNode } from './suites/library/run-in-node.js';
import { runLibrary } from './suites/library/run-library.js';
import { runMatrix } from './suites/matrix/run-matrix.js';
import { runSequences } from './suites/preflight-cache/run-sequences.js';
import { runSamplePages } from './suites/sample/run-sample.js';
import { type SampleServer, startSample } from './suites/sample/sample-server.js';
import { runSimulation, type SimulationServers, startSimulation } from './suites/simulation/run-simulation.js';
import { runSockets } from './suites/sockets/run-sockets.js';
import { type SocketServer, startSocketServers } from './suites/sockets/socket-servers.js';
import { type MisconfiguredServers, startMisconfigured } from './suites/verdicts/misconfigured-servers.js';
import { runMisconfigurations } from './suites/verdicts/run-misconfigurations.js';
import { VerdictTally } from './suites/verdicts/verdict-tally.js';

const LIBRARY_SIZE = Object.freeze({ applications: 3, casesOfEach: 80 });
/** Milliseconds for all browsers together, ten times the need of an idle machine. */
const DEADLINE = 1_200_000;

interface Servers {
  readonly environments: readonly Environment[];
  readonly samples: readonly SampleServer[];
  readonly embeds: readonly EmbedServer[];
  readonly sockets: readonly SocketServer[];
  readonly misconfigured: MisconfiguredServers;
  readonly library: Library;
  readonly simulation: SimulationServers;
}

/**
 * Runs the suites in the named browsers, or in all, and prints `N passed, N failed`.
 *
 * @returns the exit code
 */
export async function main(names: readonly string[]): Promise<number> {
  const checks = new Checks();
  runSelfChecks(checks);
  const unknown = names.filter((given) => !BROWSER_KINDS.some(({ name }) => name === given));
  if (unknown.length > 0) {
    checks.fail(`There is no browser called ${unknown.join(', ')}`, BROWSER_KINDS.map(({ name }) => name).join(', '));
  }
  const kinds = BROWSER_KINDS.filter(({ name }) => names.length === 0 || names.includes(name));
  const found = kinds.flatMap((kind) => {
    const programs = kind.find();
    return programs === undefined ? [] : [{ kind, programs }];
  });
  const interruption = new Interruption(DEADLINE);
  const closers: (() => unknown)[] = [];
  try {
    if (found.length > 0) {
      const servers = await interruption.orDone(startServers(closers));
      await interruption.orDone(runLibraryInNode(servers.library, checks));
      for (const { kind, programs } of found) {
        await runBrowser(kind, programs, servers, checks, interruption);
      }
    }
  } catch (error) {
    checks.fail('the servers of the browser suites', String((error as Error).stack));
  } finally {
    interruption.forget();
    await Promise.all(closers.map((close) => close()));
  }
  const missing = kinds.filter((kind) => !found.some((one) => one.kind === kind));
  for (const { name, remedy } of missing) {
    const line = `${name} is missing, so its suites did not run. To get it: ${remedy}`;
    if (process.env.NESTJS_CORS_REQUIRE_ALL === '1') {
      checks.fail(line);
    } else {
      console.log(line);
    }
  }
  console.log(`${checks.passed} passed, ${checks.failed} failed`);
  return checks.failed === 0 ? 0 : 1;
}

async function startServers(closers: (() => unknown)[]): Promise<Servers> {
  // One after the other, because servers that start together could choose the same free port.
  const environments = await startEnvironments(closers);
  const samples = [await startSample('express', closers), await startSample('fastify', closers)];
  const secure = environments.find(({ certificate }) => certificate !== undefined)?.certificate;
  const embeds = await startEmbedServers(secure as NonNullable<typeof secure>, closers);
  const sockets = await startSocketServers(secure as NonNullable<typeof secure>, closers);
  const misconfigured = await startMisconfigured(closers);
  const library = await prepareLibrary(environments, chosenSeed(), LIBRARY_SIZE, closers);
  const simulation = await startSimulation(closers);
  return { environments, samples, embeds, sockets, misconfigured, library, simulation };
}

/** Any error of one browser, including its deadline, is a failure. The next browser still runs. */
async function runBrowser(
  kind: BrowserKind,
  programs: readonly string[],
  { environments, samples, embeds, sockets, misconfigured, library, simulation }: Servers,
  checks: Checks,
  interruption: Interruption,
): Promise<void> {
  const { name } = kind;
  const begin = performance.now();
  const before = { passed: checks.passed, failed: checks.failed };
  const launched = kind.launch(programs);
  const tally = new VerdictTally();
  let version = 'did not start';
  try {
    const browser = await interruption.orDone(launched);
    version = browser.version;
    for (const environment of environments.filter(({ domain }) => kind.domains.includes(domain))) {
      const scene = { browser, browserName: name, environment };
      await interruption.orDone(runMatrix(scene, checks, tally));
      if (environment.domain === 'localhost') {
        await interruption.orDone(runSequences(scene, checks));
      }
    }
    for (const sample of samples) {
      await interruption.orDone(runSamplePages(browser, name, sample, checks));
    }
    await interruption.orDone(runEmbeds(browser, name, embeds, checks));
    await interruption.orDone(runSockets(browser, name, sockets, checks));
    await interruption.orDone(runMisconfigurations(browser, name, misconfigured, checks, tally));
    tally.check(name, checks);
    await interruption.orDone(runLibrary(browser, kind, library, checks));
    if (name === 'chromium') {
      await interruption.orDone(runPlanted(browser, environments, checks));
    }
    await interruption.orDone(runSimulation(browser, kind, simulation, chosenSeed(), checks));
  } catch (error) {
    checks.fail(`${name} runs its suites`, String((error as Error).stack));
  }
  const browser = await launched.catch(() => undefined);
  await browser?.close();
  const passed = checks.passed - before.passed;
  const failed = checks.failed - before.failed;
  const seconds = ((performance.now() - begin) / 1000).toFixed(0);
  console.log(
    `${failed === 0 ? 'ok    ' : 'FAILED'} ${name} (${version}): ${passed} of ${passed + failed}, ${seconds} s`,
  );
}
