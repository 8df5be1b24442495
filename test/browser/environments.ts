import { selfSignedCertificate } from '../support/self-signed.js';
import type { Environment } from './environment.js';
import { startFixtureApp } from './fixtures/fixture-app.js';
import { fixtureOptions } from './fixtures/policies.js';
import { startMaxAgeProxy } from './servers/max-age-proxy.js';
import { startPageServer } from './servers/page-server.js';
import { apiPlaces, pagePlaces } from './servers/places.js';

export interface RunningEnvironments {
  readonly environments: readonly Environment[];
  close(): Promise<void>;
}

/** Starts the pages and, for each environment, an API. Ends what it started when one of them does not start. */
export async function startEnvironments(): Promise<RunningEnvironments> {
  const certificate = selfSignedCertificate();
  const closers: (() => unknown)[] = [];
  const close = async () => {
    await Promise.all(closers.map((closer) => closer()));
  };
  try {
    const pages = await startPageServer(certificate);
    closers.push(() => pages.close());
    const otherPages = await startPageServer(certificate);
    closers.push(() => otherPages.close());
    const environments: Environment[] = [];
    for (const platform of ['express', 'fastify'] as const) {
      for (const [scheme, domain] of [
        ['http', 'localhost'],
        ['https', 'localhost'],
        ['http', 'test'],
      ] as const) {
        const ofPages = pagePlaces(scheme, domain, pages.port, otherPages.port);
        const options = fixtureOptions(scheme, domain, ofPages);
        const secured = scheme === 'https' ? certificate : undefined;
        const app = await startFixtureApp(platform, options, secured);
        closers.push(() => app.close());
        const proxy = await startMaxAgeProxy(app.port, secured);
        closers.push(() => proxy.close());
        const places = { ...ofPages, ...apiPlaces(scheme, domain, app.port, proxy.port) };
        environments.push({
          name: `${platform} over ${scheme} below .${domain}`,
          platform,
          scheme,
          domain,
          places,
          app,
        });
      }
    }
    return { environments, close };
  } catch (error) {
    await close();
    throw error;
  }
}
