import { selfSignedCertificate } from '../../../support/self-signed.js';
import type { Browser, BrowserKind } from '../../browsers/browser.js';
import type { Checks } from '../../checks/checks.js';
import type { SimulationCase } from './case.js';
import { comparable, differencesBetween } from './comparable.js';
import { DIFFERENCES, EXCLUSIONS } from './differences/differences.js';
import { drawBatches } from './draw/draw-batches.js';
import { runFacts } from './facts/run-facts.js';
import { inBrowser } from './in-browser.js';
import { inSimulator } from './in-simulator.js';
import type { Observation, ObserveBatch } from './observation.js';
import { type RecordedBatch, runPlanted } from './planted/run-planted.js';
import { ScriptedServers } from './scripted-servers.js';
import { SimulationTally } from './tally.js';

/** One server for the browser and one for `openPage`, so that both can run at once. */
export interface SimulationServers {
  readonly ofBrowser: ScriptedServers;
  readonly ofSimulator: ScriptedServers;
}

export async function startSimulation(closers: (() => unknown)[]): Promise<SimulationServers> {
  const certificate = selfSignedCertificate();
  const ofBrowser = await ScriptedServers.start(certificate);
  closers.push(() => ofBrowser.close());
  const ofSimulator = await ScriptedServers.start(certificate);
  closers.push(() => ofSimulator.close());
  return { ofBrowser, ofSimulator };
}

/** How many cases are drawn, so that enough are left after those that a browser is not compared in. */
const DRAWN = Object.freeze({ chromium: 2_050, firefox: 550, webkit: 575 });

/** Makes the same random requests in a browser and with `openPage`, and compares everything that both show. */
export async function runSimulation(
  browser: Browser,
  { name, domains }: BrowserKind,
  servers: SimulationServers,
  seed: number,
  checks: Checks,
): Promise<void> {
  const observers = {
    real: inBrowser(browser, servers.ofBrowser, name === 'chromium'),
    simulated: inSimulator(servers.ofSimulator),
  };
  await runFacts(observers, name, checks);
  const tally = new SimulationTally();
  const recorded: RecordedBatch[] = [];
  const differences = DIFFERENCES.filter((difference) => difference.browser === name);
  const exclusions = EXCLUSIONS.filter((exclusion) => exclusion.browser === name);
  for (const batch of drawBatches(seed, domains, DRAWN[name])) {
    const simulating = observers.simulated(batch);
    const [real, simulated] = await Promise.all([observers.real(batch, simulating), simulating]);
    const shown = batch.cases.map((one, index) => comparable(one, name, real[index] as Observation));
    recorded.push({ batch, shown });
    batch.cases.forEach((one, index) => {
      const expected = simulated[index] as Observation;
      if (exclusions.some(({ excludes }) => excludes(one, expected))) {
        return;
      }
      let wanted = comparable(one, name, expected);
      for (const { why, changes } of differences) {
        const changed = changes(wanted, one);
        if (differencesBetween(changed, wanted).length > 0) {
          tally.countDifference(why);
        }
        wanted = changed;
      }
      const found = differencesBetween(shown[index], wanted);
      check(`${name} and openPage, case ${one.id} of seed ${seed}`, one, found, checks);
      tally.count(expected);
    });
  }
  if (name === 'chromium') {
    await runPlanted(recorded, servers.ofSimulator, checks);
  }
  // Another seed may draw a rare kind of case too seldom.
  if (process.env.NESTJS_CORS_SEED === undefined) {
    tally.check(
      name,
      differences.map(({ why }) => why),
      checks,
    );
  }
}

export type Observers = Readonly<Record<'real' | 'simulated', ObserveBatch>>;

function check(label: string, one: SimulationCase, found: readonly string[], checks: Checks): void {
  if (found.length === 0) {
    checks.equal(label, found, []);
  } else {
    checks.fail(label, ...found, JSON.stringify(one));
  }
}
