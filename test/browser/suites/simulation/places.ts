import type { PageKind, PlaceName } from './case.js';

/** The ports of the scripted servers. Each open one speaks http and https. */
export interface Ports {
  readonly first: number;
  readonly second: number;
  /** Nothing listens here. */
  readonly closed: number;
}

/** How many sites the host names of the suite belong to. */
export const SITES = 128;

/** The origins of one batch. */
export function placesOf(
  { scheme, domain }: PageKind,
  site: number,
  ports: Ports,
): Readonly<Record<PlaceName, string>> {
  const otherScheme = scheme === 'http' ? 'https' : 'http';
  const { app, api, foreign } = hosts(site, domain);
  return {
    own: `${scheme}://${app}:${ports.first}`,
    api: `${scheme}://${api}:${ports.first}`,
    otherPort: `${scheme}://${app}:${ports.second}`,
    otherScheme: `${otherScheme}://${app}:${ports.first}`,
    apiOtherScheme: `${otherScheme}://${api}:${ports.second}`,
    otherSite: `${scheme}://${foreign}:${ports.second}`,
    closed: `${scheme}://${api}:${ports.closed}`,
  };
}

/** Every host name below a domain, for browsers that need a list. */
export function simulationHostNames(domain: string): string[] {
  return Array.from({ length: SITES }, (_, site) => Object.values(hosts(site, domain))).flat();
}

function hosts(site: number, domain: string) {
  return { app: `app.s${site}.${domain}`, api: `api.s${site}.${domain}`, foreign: `api.o${site}.${domain}` };
}
