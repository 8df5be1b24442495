import type { Browser, ReportedFailure } from '../../browsers/browser.js';
import { performInSandbox } from '../../page/perform.js';
import { takeFailures } from '../verdicts/reported-failures.js';
import type { Batch, SimulationCase } from './case.js';
import { type Observation, type ObserveBatch, observationOf, readyRequests } from './observation.js';
import { makeRequests, type Outcome } from './page-script.js';
import { placesOf } from './places.js';
import type { ScriptedServers } from './scripted-servers.js';

/**
 * Runs batches in a browser.
 * @param reportsNames whether its driver reports failures with the names that `openPage` uses
 */
export function inBrowser(browser: Browser, servers: ScriptedServers, reportsNames: boolean): ObserveBatch {
  return async (batch, expected) => {
    const { site, page, cases } = batch;
    servers.play(batch);
    await browser.visit(`${placesOf(page, site, servers.ports).own}/`);
    const requests = cases.map((one) => readyRequests(one, site, servers.ports));
    const argument = { source: String(makeRequests), requests: requests.flat() };
    const outcomes: Outcome[] = page.sandboxed
      ? await browser.evaluate(performInSandbox<Outcome>, argument)
      : await browser.evaluate(makeRequests as (requests: never) => Promise<Outcome[]>, argument.requests as never);
    const failures = reportsNames ? await failuresOf(browser, batch, servers, await expected) : undefined;
    return cases.map((one, index): Observation => {
      const own = outcomes.splice(0, requests[index]?.length);
      return observationOf(one, own, servers, failures?.get(one.id) ?? (failures && []));
    });
  };
}

type Failures = Map<string, [code: string, parameter: string][]>;

/** The names of failures by case, in the order of the reports. */
async function failuresOf(
  browser: Browser,
  { page, site, cases }: Batch,
  { ports }: ScriptedServers,
  expected: readonly Observation[] = [],
): Promise<Failures> {
  // Chromium reports from two processes. One more failure in each of them comes after most others.
  const last = [`unknown:${site}`, `${placesOf(page, site, ports).otherPort}/last-of-${site}`];
  await browser.evaluate((urls) => Promise.allSettled(urls.map((url) => fetch(url))).then(() => undefined), last);
  const byCase = (taken: readonly ReportedFailure[]) => groupByCase(taken, cases);
  const reports = await takeFailures(browser, (taken) => {
    const failures = byCase(taken);
    return (
      last.every((one) => taken.some(({ url }) => url === one)) &&
      cases.every(({ id }, index) => (failures.get(id) ?? []).length >= (expected[index]?.failures?.length ?? 0))
    );
  });
  return byCase(reports ?? []);
}

function groupByCase(reports: readonly ReportedFailure[], cases: readonly SimulationCase[]): Failures {
  const grouped: Failures = new Map();
  for (const { url, name, parameter = '' } of reports) {
    const id = caseOf(url, cases);
    grouped.set(id, [...(grouped.get(id) ?? []), [name, parameter]]);
  }
  return grouped;
}

function caseOf(url: string, cases: readonly SimulationCase[]): string {
  return cases.find(({ id }) => url.includes(`/${id}/`))?.id ?? '';
}
