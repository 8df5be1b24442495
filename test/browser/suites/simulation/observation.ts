import type { Batch, SimulationCase } from './case.js';
import type { Outcome, ReadyRequest } from './page-script.js';
import { type Ports, placesOf } from './places.js';
import type { Arrival, ScriptedServers } from './scripted-servers.js';

/** Everything that one case showed: in a browser, or with `openPage`. */
export interface Observation {
  readonly outcomes: readonly Outcome[];
  readonly arrivals: readonly Arrival[];
  /** The failures with a name, in order; absent if the browser does not tell them. */
  readonly failures?: readonly (readonly [code: string, parameter: string])[];
}

/** The requests of a case as the page makes them. */
export function readyRequests(one: SimulationCase, site: number, ports: Ports): ReadyRequest[] {
  const places = placesOf(one.page, site, ports);
  return one.requests.map(({ to, fragment, referrer, ...init }) => {
    const endpoint = one.endpoints.find(({ key }) => key === to);
    const url = `${places[endpoint?.place ?? 'own']}/${one.id}/${to}${fragment}`;
    return { ...init, url, ...(referrer !== undefined && { referrer: referrer.replace('{page}', places.own) }) };
  });
}

/** Joins what the page saw and what arrived, with names for the ports, because those differ from run to run. */
export function observationOf(
  one: SimulationCase,
  outcomes: readonly Outcome[],
  servers: ScriptedServers,
  failures: Observation['failures'],
): Observation {
  const { first, second, closed } = servers.ports;
  const text = JSON.stringify({ outcomes, arrivals: servers.arrivals(one), failures });
  return JSON.parse(
    text.replaceAll(`:${first}`, ':1').replaceAll(`:${second}`, ':2').replaceAll(`:${closed}`, ':3'),
  ) as Observation;
}

/**
 * Returns the observations of the cases of a batch, in their order.
 * @param expected says how many failures to wait for, because browsers report them late
 */
export type ObserveBatch = (
  batch: Batch,
  expected?: Promise<readonly Observation[]>,
) => Promise<readonly Observation[]>;
