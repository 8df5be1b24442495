import type { Checks } from '../../checks/checks.js';
import type { SimulationCase } from './case.js';
import { comparable, differencesBetween } from './comparable.js';
import { DIFFERENCES, EXCLUSIONS } from './differences/differences.js';
import { drawBatches } from './draw/draw-batches.js';
import { FACTS } from './facts/facts.js';
import type { Observation } from './observation.js';

const CASE: SimulationCase = {
  id: 'c1',
  topic: 'request',
  page: { scheme: 'http', domain: 'localhost', sandboxed: false },
  endpoints: [],
  requests: [],
};
const HEADERS: readonly (readonly [string, string])[] = [
  ['Host', 'api.s1.localhost:1'],
  ['User-Agent', 'Mozilla/5.0'],
  ['Accept', '*/*'],
  ['Origin', 'http://app.s1.localhost:1'],
  ['Cookie', 'c1-a=1; c2-a=1'],
];
const OBSERVATION: Observation = {
  outcomes: [{ type: 'cors', status: 200, headers: [['x-a', '1']], body: 'a' }],
  arrivals: [{ preflight: false, method: 'GET', url: 'http://api.s1.localhost:1/c1/a', headers: HEADERS, body: '' }],
  failures: [['MissingAllowOriginHeader', '']],
};

/** Checks without a browser: the same cases are drawn again, and the comparison notices every kind of difference. */
export function checkSimulation(checks: Checks): void {
  const draw = (seed: number) => drawBatches(seed, ['localhost', 'test'], 50);
  checks.equal('a seed draws the same cases again', draw(7), draw(7));
  checks.equal('another seed draws other cases', differencesBetween(draw(7), draw(8)).length > 0, true);

  const names = FACTS.map(({ name }) => name);
  checks.equal('the names of all facts are unique', names.length, new Set(names).size);
  const uniform = FACTS.filter(({ standard, chromium, firefox, webkit }) => {
    const shown = [standard, chromium, firefox, webkit].filter((one) => one !== undefined);
    return new Set(shown).size < 2;
  });
  checks.equal('every fact is a difference', uniform, []);
  const unfounded = EXCLUSIONS.filter(({ fact }) => !names.includes(fact)).map(({ fact }) => fact);
  checks.equal('every exclusion names a fact', unfounded, []);
  const unclear = DIFFERENCES.map(({ why }) => why).filter((why) => !/^[A-Z].+\.$/.test(why));
  checks.equal('every difference has a sentence', unclear, []);

  const foundIn = (changed: Observation, browser: 'chromium' | 'firefox' = 'chromium') =>
    differencesBetween(comparable(CASE, browser, changed), comparable(CASE, browser, OBSERVATION)).length > 0;
  const withHeaders = (headers: typeof HEADERS): Observation => ({
    ...OBSERVATION,
    arrivals: OBSERVATION.arrivals.map((arrival) => ({ ...arrival, headers })),
  });
  const exchanged = [...HEADERS.slice(0, 3), ...HEADERS.slice(3).reverse()];
  const relevant: readonly (readonly [string, Observation])[] = [
    ['a status', { ...OBSERVATION, outcomes: [{ ...OBSERVATION.outcomes[0], status: 201 }] }],
    ['a visible header', { ...OBSERVATION, outcomes: [{ ...OBSERVATION.outcomes[0], headers: [] }] }],
    ['a missing request', { ...OBSERVATION, arrivals: [] }],
    ['a missing header', withHeaders(HEADERS.slice(0, 3))],
    ['the order of headers', withHeaders(exchanged)],
    ['the spelling of a header', withHeaders(HEADERS.map(([name, value]) => [name.toLowerCase(), value]))],
    ['the cookie of the case', withHeaders([...HEADERS.slice(0, 4), ['Cookie', 'c1-a=2']])],
    ['a code', { ...OBSERVATION, failures: [['AllowOriginMismatch', '']] }],
  ];
  for (const [what, changed] of relevant) {
    checks.equal(`the comparison with Chromium notices ${what}`, foundIn(changed), true);
  }
  const irrelevant: readonly (readonly [string, Observation])[] = [
    ['the same again', structuredClone(OBSERVATION)],
    ['another name of the browser', withHeaders(HEADERS.map(renamed))],
    ['a cookie of another case', withHeaders([...HEADERS.slice(0, 4), ['Cookie', 'c1-a=1; c3-a=1']])],
    ['a client hint', withHeaders([...HEADERS.slice(0, 1), ['sec-ch-ua', '"A"'], ...HEADERS.slice(1)])],
  ];
  for (const [what, changed] of irrelevant) {
    checks.equal(`the comparison with Chromium ignores ${what}`, foundIn(changed), false);
  }
  checks.equal('the comparison with Firefox ignores the order', foundIn(withHeaders(exchanged), 'firefox'), false);
}

function renamed([name, value]: readonly [string, string]): readonly [string, string] {
  return [name, name === 'User-Agent' ? 'Mozilla/5.0 (another)' : value];
}
