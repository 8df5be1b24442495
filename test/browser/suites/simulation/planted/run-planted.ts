import type { Checks } from '../../../checks/checks.js';
import type { Batch } from '../case.js';
import { type Comparable, comparable, differencesBetween } from '../comparable.js';
import type { Observation, ObserveBatch } from '../observation.js';
import type { ScriptedServers } from '../scripted-servers.js';
import { faults } from './faults.mjs';

/** What Chromium showed in the cases of a batch. `openPage` without a fault showed the same. */
export interface RecordedBatch {
  readonly batch: Batch;
  readonly shown: readonly Comparable[];
}

const CONTROL_BATCHES = 8;

/** Plants each fault in a copy of `openPage`, and checks that a recorded case of its topic shows something else. */
export async function runPlanted(
  recorded: readonly RecordedBatch[],
  servers: ScriptedServers,
  checks: Checks,
): Promise<void> {
  const copy = await observeWith('none', servers);
  const sample = recorded.slice(0, CONTROL_BATCHES);
  for (const topic of new Set(faults.map((fault) => fault.topic))) {
    const isNoticed = await notices(copy, sample, topic);
    checks.equal(`the comparison with Chromium notices nothing without a fault: ${topic}`, isNoticed, false);
  }
  for (const { name, topic } of faults) {
    const isNoticed = await notices(await observeWith(name, servers), recorded, topic);
    checks.equal(`the comparison with Chromium notices the fault: ${name}`, isNoticed, true);
  }
}

async function observeWith(fault: string, servers: ScriptedServers): Promise<ObserveBatch> {
  const { inSimulator } = (await import(
    `../in-simulator.js?fault=${encodeURIComponent(fault)}`
  )) as typeof import('../in-simulator.js');
  return inSimulator(servers);
}

async function notices(observe: ObserveBatch, recorded: readonly RecordedBatch[], topic: string): Promise<boolean> {
  for (const { batch, shown } of recorded) {
    const cases = batch.cases.filter((one) => one.topic === topic);
    const observations = await observe({ ...batch, cases });
    const isNoticed = cases.some((one, index) => {
      const before = shown[batch.cases.indexOf(one)];
      return differencesBetween(comparable(one, 'chromium', observations[index] as Observation), before).length > 0;
    });
    if (isNoticed) {
      return true;
    }
  }
  return false;
}
