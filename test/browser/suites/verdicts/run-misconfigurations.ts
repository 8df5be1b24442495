import type { Misconfiguration, Observation } from '../../../conformance/misconfigurations.js';
import type { Browser, BrowserName, ReportedFailure } from '../../browsers/browser.js';
import type { Checks } from '../../checks/checks.js';
import type { PageRequest } from '../../page/page-request.js';
import { perform, performInSandbox } from '../../page/perform.js';
import type { MisconfiguredServers } from './misconfigured-servers.js';
import { takeFailures } from './reported-failures.js';
import type { VerdictTally } from './verdict-tally.js';

/**
 * Repeats every measured misconfiguration. The measured data is what the verdicts of the library are tested against
 * without a browser, so a browser that behaves differently now must be noticed.
 */
export async function runMisconfigurations(
  browser: Browser,
  browserName: BrowserName,
  { page, api, cases }: MisconfiguredServers,
  checks: Checks,
  tally: VerdictTally,
): Promise<void> {
  await browser.visit(`${page}/`);
  for (const one of cases) {
    const measured = one.browserVerdict[browserName];
    const names = namesOf(measured);
    const [reading = ''] = await make(browser, one, `${api}/${one.id}`);
    const isOwn = ({ url }: ReportedFailure) => !cases.some((other) => other !== one && url.endsWith(`/${other.id}`));
    const reports = await takeFailures(browser, (all) => all.filter(isOwn).length >= names.length);
    // Firefox sends the second report of a failed preflight late.
    const reported = reports?.filter(isOwn);
    checks.equal(
      `${browserName}, ${one.id}`,
      { readable: reading !== 'blocked', ...(reported && { names: reported.slice(0, 1).map(({ name }) => name) }) },
      { readable: measured.readable, ...(reported && { names }) },
    );
    tally.count('misconfigurations');
  }
}

/** Without Firefox's warnings, which are no failures. */
function namesOf({ readable, error, keys = [] }: Observation): string[] {
  const names = error === undefined ? keys.map((key) => key.replace(/\d$/, '')) : [error];
  return readable ? [] : names.slice(0, 1);
}

function make(browser: Browser, { request }: Misconfiguration, address: string): Promise<string[]> {
  const { method, headers, credentials, mode, by, url = address } = request;
  const asked: PageRequest = {
    url,
    method,
    credentials,
    ...(headers && { headers }),
    ...(mode && { mode }),
    ...(by && { by: 'image' }),
  };
  return request.from === 'sandboxed iframe'
    ? browser.evaluate(performInSandbox, { source: String(perform), requests: [asked] })
    : browser.evaluate(perform, [asked]);
}
