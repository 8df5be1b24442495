import { setTimeout as wait } from 'node:timers/promises';
import type { Browser, ReportedFailure } from '../../browsers/browser.js';

/** Milliseconds for reports that are still on their way. A browser may answer the page before it reports. */
const PATIENCE = 3_000;
const INTERVAL = 10;

/**
 * The failures that a browser reported since the last call, in order; `undefined` if its driver delivers none.
 *
 * @param isComplete whether nothing is missing
 */
export async function takeFailures(
  { takeReports }: Browser,
  isComplete: (reported: readonly ReportedFailure[]) => boolean,
): Promise<readonly ReportedFailure[] | undefined> {
  if (takeReports === undefined) {
    return undefined;
  }
  const reported: ReportedFailure[] = await takeReports();
  for (let waited = 0; !isComplete(reported) && waited < PATIENCE; waited += INTERVAL) {
    await wait(INTERVAL);
    reported.push(...(await takeReports()));
  }
  return reported;
}
