import { openPage } from 'nestjs-cors/testing';
import type { Batch } from './case.js';
import { type ObserveBatch, observationOf, readyRequests } from './observation.js';
import { makeRequests } from './page-script.js';
import { placesOf } from './places.js';
import type { ScriptedServers } from './scripted-servers.js';

/** Runs batches with `openPage`. */
export function inSimulator(servers: ScriptedServers): ObserveBatch {
  return async (batch) => {
    servers.play(batch);
    const page = openSimulatedPage(batch, servers);
    const observations = [];
    for (const one of batch.cases) {
      const requests = readyRequests(one, batch.site, servers.ports);
      const outcomes = await makeRequests(requests, (url, init) => page.fetch(url, init));
      const failures = outcomes.flatMap(({ blocked }) =>
        blocked?.code === undefined ? [] : [[blocked.code, blocked.parameter ?? ''] as const],
      );
      observations.push(observationOf(one, outcomes, servers, failures));
    }
    return observations;
  };
}

/** The application of the page is the server of `api`, by its public address. */
function openSimulatedPage({ page, site }: Batch, servers: ScriptedServers) {
  const { own, api } = placesOf(page, site, servers.ports);
  const base = `${page.scheme}://127.0.0.1:${servers.ports.first}`;
  return openPage(base, page.sandboxed ? 'null' : own, { address: api });
}
