import type { Domain } from '../browsers/browser.js';

export type Scheme = 'http' | 'https';

/** The hosts of pages. Each name says how the host differs from the trusted one, `app`. */
const PAGE_HOSTS = Object.freeze({
  app: 'app.shop',
  deep: 'deep.app.shop',
  lookalike: 'evilapp.shop',
  apex: 'shop',
  evilApex: 'evilshop',
  suffixed: 'app.shop.evil',
  evil: 'evil',
});

/** The API shares its site with the trusted page, so browsers send its cookies. The other API does not. */
const API_HOSTS = Object.freeze({ api: 'api.shop', otherApi: 'api.other' });

/** The origins of pages. */
export type PagePlaces = Readonly<Record<keyof typeof PAGE_HOSTS | 'otherPort' | 'otherScheme' | 'neighbour', string>>;
/** The origins of one API: the same server with two names, and the proxy before it. */
export type ApiPlaces = Readonly<Record<keyof typeof API_HOSTS | 'proxy', string>>;

/** The pages have both schemes on one port, so that two pages can differ in the scheme only. */
export function pagePlaces(scheme: Scheme, domain: Domain, port: number, otherPort: number): PagePlaces {
  const otherScheme = scheme === 'http' ? 'https' : 'http';
  return {
    ...origins(PAGE_HOSTS, scheme, domain, port),
    /** On the API's own host: another origin, but the same site. */
    neighbour: `${scheme}://${API_HOSTS.api}.${domain}:${port}`,
    otherPort: `${scheme}://${PAGE_HOSTS.app}.${domain}:${otherPort}`,
    otherScheme: `${otherScheme}://${PAGE_HOSTS.app}.${domain}:${port}`,
  };
}

export function apiPlaces(scheme: Scheme, domain: Domain, port: number, proxyPort: number): ApiPlaces {
  return {
    ...origins(API_HOSTS, scheme, domain, port),
    proxy: `${scheme}://${API_HOSTS.api}.${domain}:${proxyPort}`,
  };
}

function origins<Name extends string>(
  hosts: Readonly<Record<Name, string>>,
  scheme: Scheme,
  domain: Domain,
  port: number,
): Record<Name, string> {
  const entries = Object.entries<string>(hosts).map(([name, host]) => [name, `${scheme}://${host}.${domain}:${port}`]);
  return Object.fromEntries(entries) as Record<Name, string>;
}

/** Every host name of the suites below a domain. */
export function hostNames(domain: Domain): string[] {
  return Object.values({ ...PAGE_HOSTS, ...API_HOSTS }).map((host) => `${host}.${domain}`);
}
