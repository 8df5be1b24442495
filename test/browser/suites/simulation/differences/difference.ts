import type { BrowserName } from '../../../browsers/browser.js';
import type { Endpoint, PlaceName, SimulationCase } from '../case.js';
import type { Comparable } from '../comparable.js';
import type { Observation } from '../observation.js';

/** A declared difference between a browser and `openPage` in random cases. */
export interface Difference {
  readonly browser: BrowserName;
  /** A sentence. */
  readonly why: string;
  /** What the browser must show, made from what `openPage` showed. Equal to it if the difference does not apply. */
  changes(expected: Comparable, one: SimulationCase): Comparable;
}

/** Cases in which a browser is not compared. A row of the known facts shows why, and is checked. */
export interface Exclusion {
  readonly browser: BrowserName;
  /** The name of a known fact. */
  readonly fact: string;
  excludes(one: SimulationCase, simulated: Observation): boolean;
}

export type ComparableArrival = Comparable['arrivals'][number];

/** Changes every request that reached a server. */
export function mapArrivals(
  expected: Comparable,
  change: (arrival: ComparableArrival, index: number) => ComparableArrival,
): Comparable {
  return { ...expected, arrivals: expected.arrivals.map(change) };
}

/** Replaces the values of one header, or removes it if there is no new value. The headers stay sorted. */
export function withHeader(arrival: ComparableArrival, name: string, value: string | undefined): ComparableArrival {
  const others = arrival.headers.filter((header) => !header.startsWith(`${name}: `));
  return { ...arrival, headers: value === undefined ? others : [...others, `${name}: ${value}`].sort() };
}

/** The value of a header. */
export function headerOf({ headers }: ComparableArrival, name: string): string | undefined {
  return headers.find((header) => header.startsWith(`${name}: `))?.slice(name.length + 2);
}

export function isPreflight(arrival: ComparableArrival): boolean {
  return headerOf(arrival, 'access-control-request-method') !== undefined;
}

/** Whether a redirected request is simple: nothing about it differs between engines but what is declared. */
export function isPlainRedirect({ requests }: SimulationCase): boolean {
  return requests.every(
    ({ mode, method, headers, body }) =>
      mode === undefined && ['GET', 'HEAD', 'POST'].includes(method) && headers.length === 0 && body === undefined,
  );
}

/** Whether the standard sends the Origin of a request that is not for CORS as null, for its lack of a referrer. */
export function mayHideOrigin({ page, endpoints, requests }: SimulationCase): boolean {
  const isDowngrade = page.scheme === 'https' && endpoints.some(isPlace('otherScheme', 'apiOtherScheme'));
  return requests.some(
    ({ mode, method, referrer, referrerPolicy }) =>
      mode !== undefined &&
      !['GET', 'HEAD'].includes(method) &&
      (referrer !== undefined || referrerPolicy !== undefined || isDowngrade),
  );
}

/** Whether a page writes one header twice. */
export function repeatsHeader({ requests }: SimulationCase): boolean {
  return requests.some(({ headers }) => new Set(headers.map(([name]) => name.toLowerCase())).size < headers.length);
}

export function isEmbed(arrival: ComparableArrival): boolean {
  return headerOf(arrival, 'sec-fetch-mode') === 'no-cors';
}

/** Whether a redirect led here. */
export function isRedirected({ topic }: SimulationCase, { url }: { readonly url: string }): boolean {
  return topic === 'redirect' && keyOf(url) !== 'a';
}

/** The endpoints from the first one of a redirect to this one; of other cases only this one. */
export function wayTo({ topic, endpoints }: SimulationCase, { url }: ComparableArrival): readonly Endpoint[] {
  const index = endpoints.findIndex(({ key }) => key === keyOf(url));
  return endpoints.slice(topic === 'redirect' ? 0 : index, index + 1);
}

export function isPlace(...places: readonly PlaceName[]): (endpoint: Endpoint) => boolean {
  return ({ place }) => places.includes(place);
}

/** The values of every Set-Cookie. */
export function cookieLines({ endpoints }: SimulationCase): readonly string[] {
  return endpoints.flatMap(({ response }) =>
    response === 'reset' ? [] : response.headers.filter(([name]) => name === 'set-cookie').map(([, value]) => value),
  );
}

/** Whether cookies are shared by http and https. To Chromium alone these are two sites. */
export function setsCookiesOverSchemes({ topic, endpoints }: SimulationCase): boolean {
  return topic === 'cookies' && endpoints.some(isPlace('otherScheme', 'apiOtherScheme'));
}

/**
 * Whether requests to one URL depend on the preflight cache. Engines agree only about the same request twice, with an
 * origin and a readable response.
 */
export function dependsOnCache(
  { page, requests, endpoints }: SimulationCase,
  { arrivals, outcomes }: Observation,
): boolean {
  const targets = new Set(requests.map(({ to }) => to));
  const kinds = new Set(requests.map((request) => JSON.stringify(request)));
  const isPlain =
    !page.sandboxed &&
    kinds.size === targets.size &&
    requests.every(({ cache }) => cache === undefined) &&
    !endpoints.some(allowsEverything) &&
    outcomes.every(({ error }) => error === undefined);
  return targets.size < requests.length && arrivals.some(({ preflight }) => preflight) && !isPlain;
}

/** Whether the answer to a preflight has a `*`. */
function allowsEverything({ preflight }: Endpoint): boolean {
  return (
    preflight !== 'reset' &&
    preflight.headers.some(([name, value]) => /-(methods|headers)$/.test(name) && value === '*')
  );
}

function keyOf(url: string): string {
  return new URL(url).pathname.split('/')[2] ?? '';
}
