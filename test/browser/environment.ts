import type { Browser, BrowserName, Domain } from './browsers/browser.js';
import type { FixtureApp, PlatformName } from './fixtures/fixture-app.js';
import type { KeyAndCertificate } from './servers/key-and-certificate.js';
import type { ApiPlaces, PagePlaces, Scheme } from './servers/places.js';

/** The conditions of differences. */
export interface Circumstances {
  readonly platform: PlatformName;
  readonly scheme: Scheme;
}

/** One API on one platform, and the pages that call it. */
export interface Environment extends Circumstances {
  /** For example `express over https`. */
  readonly name: string;
  readonly domain: Domain;
  /** Of its https servers. Firefox rejects a second self-signed certificate with the same issuer and serial number. */
  readonly certificate: KeyAndCertificate | undefined;
  readonly places: PagePlaces & ApiPlaces;
  readonly app: FixtureApp;
}

/** One browser in one environment. */
export interface Scene {
  readonly browser: Browser;
  readonly browserName: BrowserName;
  readonly environment: Environment;
}
