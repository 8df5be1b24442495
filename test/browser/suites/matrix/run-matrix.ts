import type { Checks } from '../../checks/checks.js';
import type { Environment, Scene } from '../../environment.js';
import { openPage, run } from '../../page/run.js';
import { compareVerdicts, isJudged, type ObservedRow } from '../verdicts/compare-verdicts.js';
import type { VerdictTally } from '../verdicts/verdict-tally.js';
import { credentialRows } from './credential-rows.js';
import { DIFFERENCES } from './differences.js';
import { enforcementRows } from './enforcement-rows.js';
import { expectationOf } from './judge.js';
import type { Row } from './row.js';
import { ROWS } from './rows.js';

/**
 * Makes the requests of every row, page by page. Compares the responses and the arrivals with the row, and the verdict
 * of the library about them with what the browser did.
 */
export async function runMatrix(scene: Scene, checks: Checks, tally: VerdictTally): Promise<void> {
  const { environment, browserName } = scene;
  const rows = rowsOf(environment);
  for (const from of new Set(rows.map((row) => row.from))) {
    const ofPage = rows.filter((row) => row.from === from);
    await openPage(scene, from);
    const readings = await run(
      scene,
      from,
      ofPage.map((row) => requestOf(row, environment)),
    );
    const judging: ObservedRow[] = [];
    ofPage.forEach((row, index) => {
      const { difference, ...expected } = expectationOf(row, browserName, environment, DIFFERENCES);
      const reads = readings[index] as string;
      const actual = { reads, arrives: environment.app.arrivals.take(row.name) };
      const label = `${browserName}, ${environment.name}, ${row.name}${difference === undefined ? '' : ' (a declared difference)'}`;
      checks.equal(label, actual, expected);
      const exchanges = environment.app.exchanges.take(row.name);
      if (isJudged(row) && difference?.judged !== false) {
        judging.push({ label, row, request: requestOf(row, environment), reads, exchanges });
      }
    });
    await compareVerdicts(scene, judging, checks, tally);
  }
}

/** Below `test`, only rows that depend on a secure name are repeated. */
function rowsOf(environment: Environment): readonly Row[] {
  const rows = environment.domain === 'test' ? [...credentialRows, ...enforcementRows] : ROWS;
  return rows.filter(({ where }) => where?.(environment) ?? true);
}

function requestOf(row: Row, environment: Environment) {
  const { name, from: _from, path, continuePath, where: _where, reads: _reads, arrives: _arrives, ...init } = row;
  const { places } = environment;
  const address = (text: string) => {
    const url = new URL(
      text.replace(/\{(\w+)\}/g, (_, place: string) => places[place as keyof typeof places]),
      places.api,
    );
    url.searchParams.set('row', name);
    return url.href;
  };
  return { ...init, url: address(path), ...(continuePath && { continueAt: address(continuePath) }) };
}
