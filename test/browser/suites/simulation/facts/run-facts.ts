import type { BrowserName } from '../../../browsers/browser.js';
import type { Checks } from '../../../checks/checks.js';
import type { Observers } from '../run-simulation.js';
import { HTTP, summaryOf } from './fact.js';
import { FACTS } from './facts.js';

/** Checks what is known to be different: in one browser, and with `openPage`. */
export async function runFacts({ real, simulated }: Observers, browser: BrowserName, checks: Checks): Promise<void> {
  for (const [index, fact] of FACTS.entries()) {
    const { name, page = HTTP, endpoints, requests, header } = fact;
    const batch = { site: index, page, cases: [{ id: `fact${index}`, topic: 'fact', page, endpoints, requests }] };
    const [[observed], [expected]] = await Promise.all([real(batch), simulated(batch)]);
    checks.equal(`${browser}, ${name}`, observed && summaryOf(observed, header), fact[browser]);
    checks.equal(`openPage, ${name}`, expected && summaryOf(expected, header), fact.chromium);
  }
}
