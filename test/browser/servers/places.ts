import type { Domain } from '../browsers/browser.js';

export type Scheme = 'http' | 'https';

/** The hosts of pages; each name says how the host differs from the trusted one, `app`. */
const PAGE_HOSTS = Object.freeze({
  app: 'app.shop',
  deep: 'deep.app.shop',
  lookalike: 'evilapp.shop',
  apex: 'shop',
  evilApex: 'evilshop',
  suffixed: 'app.shop.evil',
  evil: 'evil',
});

/** The API shares its site with the trusted page, so that browsers send its cookies; the other one does not. */
const API_HOSTS = Object.freeze({ api: 'api.shop', otherApi: 'api.other' });

/** The origins pages are opened from. */
export type PagePlaces = Readonly<Record<keyof typeof PAGE_HOSTS | 'otherPort' | 'otherScheme' | 'neighbour', string>>;
/** The origins of one API: the same server under two names, and the proxy before it. */
export type ApiPlaces = Readonly<Record<keyof typeof API_HOSTS | 'proxy', string>>;

/** Pages are served over both schemes on one port, so that nothing but the scheme may differ. */
export function pagePlaces(scheme: Scheme, domain: Domain, port: number, otherPort: number): PagePlaces {
  const otherScheme = scheme === 'http' ? 'https' : 'http';
  return {
    ...origins(PAGE_HOSTS, scheme, domain, port),
    /** On the API's own host: another origin, but the same site to whoever looks at hosts alone. */
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

/** Every host name the suites use below a domain. */
export function hostNames(domain: Domain): string[] {
  return Object.values({ ...PAGE_HOSTS, ...API_HOSTS }).map((host) => `${host}.${domain}`);
}
