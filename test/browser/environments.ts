import { selfSignedCertificate } from '../support/self-signed.js';
import type { Environment } from './environment.js';
import { startFixtureApp } from './fixtures/fixture-app.js';
import { fixtureOptions } from './fixtures/policies.js';
import { startMaxAgeProxy } from './servers/max-age-proxy.js';
import { startPageServer } from './servers/page-server.js';
import { apiPlaces, pagePlaces } from './servers/places.js';

/**
 * Starts the pages and, for each environment, an API.
 *
 * @param closers receives a function that ends each server as soon as it runs
 */
export async function startEnvironments(closers: (() => unknown)[]): Promise<readonly Environment[]> {
  const certificate = selfSignedCertificate();
  const pages = await startPageServer(certificate);
  closers.push(() => pages.close());
  const otherPages = await startPageServer(certificate);
  closers.push(() => otherPages.close());
  const environments: Environment[] = [];
  for (const platform of ['express', 'fastify'] as const) {
    for (const [scheme, domain] of SETTINGS) {
      const ofPages = pagePlaces(scheme, domain, pages.port, otherPages.port);
      const secured = scheme === 'https' ? certificate : undefined;
      const app = await startFixtureApp(platform, fixtureOptions(scheme, domain, ofPages), secured);
      closers.push(() => app.close());
      const proxy = await startMaxAgeProxy(app.port, secured);
      closers.push(() => proxy.close());
      const places = { ...ofPages, ...apiPlaces(scheme, domain, app.port, proxy.port) };
      const name = `${platform} over ${scheme} below .${domain}`;
      environments.push({ name, platform, scheme, domain, certificate: secured, places, app });
    }
  }
  return environments;
}

const SETTINGS = [
  ['http', 'localhost'],
  ['https', 'localhost'],
  ['http', 'test'],
] as const;
