import type { Checks } from '../../checks/checks.js';
import type { Environment, Scene } from '../../environment.js';
import { openPage, run } from '../../page/run.js';
import { DIFFERENCES } from '../matrix/differences.js';
import { expectationOf } from '../matrix/judge.js';
import { controlSequences } from './control-sequences.js';
import { orderSequences } from './order-sequences.js';
import { REQUESTS, type Sequence } from './sequence.js';

export const SEQUENCES: readonly Sequence[] = Object.freeze([...orderSequences, ...controlSequences]);

/** Runs every sequence on its own URL, so that they do not share cache entries. */
export async function runSequences(scene: Scene, checks: Checks): Promise<void> {
  const { environment, browserName } = scene;
  await openPage(scene, 'app');
  const readings = await run(
    scene,
    'app',
    SEQUENCES.flatMap((sequence) => requestsOf(sequence, environment)),
  );
  for (const sequence of SEQUENCES) {
    const { difference, ...expected } = expectationOf(sequence, browserName, environment, DIFFERENCES);
    const actual = {
      reads: readings.splice(0, sequence.requests.length).join(', '),
      arrives: environment.app.arrivals.take(sequence.name),
    };
    const label = difference === undefined ? '' : ' (a declared difference)';
    checks.equal(`${browserName}, ${environment.name}, ${sequence.name}${label}`, actual, expected);
  }
}

function requestsOf({ name, path, through, requests }: Sequence, { places }: Environment) {
  const url = new URL(path, through === 'nothing' ? places.api : places.proxy);
  url.searchParams.set('row', name);
  return requests.map((request) => ({ ...REQUESTS[request], url: url.href }));
}
