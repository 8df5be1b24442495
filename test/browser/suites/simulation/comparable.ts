import type { BrowserName } from '../../browsers/browser.js';
import type { SimulationCase } from './case.js';
import type { Observation } from './observation.js';
import type { Arrival } from './scripted-servers.js';

type Headers = Arrival['headers'];

/** Headers that are not compared, because they name the browser or its settings. */
const OWN_HEADERS: Readonly<Record<BrowserName, RegExp>> = Object.freeze({
  chromium: /^sec-ch-ua/i,
  firefox: /^(accept-encoding|priority|sec-fetch-storage-access)$/i,
  webkit: /^(accept-encoding|sec-fetch-storage-access)$/i,
});
/** Chromium writes these around the others, always in this order. */
const FIRST = ['Host', 'Connection', 'Content-Length', 'Pragma', 'Cache-Control'];
const LAST = ['origin', 'sec-fetch-site', 'sec-fetch-mode', 'sec-fetch-dest', 'referer'];
const MOVED = /^(sec-fetch-storage-access|range)$/i;
/** Without other headers between them, these are in a fixed order. */
const UNMIXED: ReadonlySet<string> = new Set(['user-agent', 'content-type', 'accept']);

/**
 * The part of an observation that a browser and `openPage` must have in common. `openPage` has the order and spelling of
 * Chromium, so for other browsers the headers are sorted.
 */
export function comparable(one: SimulationCase, browser: BrowserName, observation: Observation) {
  const { outcomes, arrivals, failures } = observation;
  return {
    outcomes: outcomes.map(({ blocked: _, ...outcome }) => outcome),
    arrivals: arrivals.map((arrival) => comparableArrival(one, browser, arrival)),
    ...(browser === 'chromium' && failures && { failures: readFailures(one, failures, arrivals) }),
  };
}

export type Comparable = ReturnType<typeof comparable>;

function comparableArrival(one: SimulationCase, browser: BrowserName, { method, url, headers, body }: Arrival) {
  const boundary = /^--(-{4}\S+)\r\n/.exec(body)?.[1];
  const kept = headers
    .filter(([name]) => !OWN_HEADERS[browser].test(name) && isComparable(name, url, one, browser))
    .map(([name, value]) => [name, comparableValue(name, value, one, boundary)] as const)
    .filter(([name, value]) => value !== '' || name.toLowerCase() !== 'cookie');
  return {
    method,
    url,
    headers:
      browser === 'chromium'
        ? inFixedOrder(kept).map((header) => header.join(': '))
        : kept.map(([name, value]) => `${name.toLowerCase()}: ${value}`).sort(),
    body: boundary === undefined ? body : body.replaceAll(boundary, 'boundary'),
  };
}

/** After a redirect the Sec-Fetch-Site of Firefox follows rules of its own. */
function isComparable(name: string, url: string, { topic }: SimulationCase, browser: BrowserName): boolean {
  const isRedirected = topic === 'redirect' && !new URL(url).pathname.endsWith('/a');
  return browser !== 'firefox' || !isRedirected || name.toLowerCase() !== 'sec-fetch-site';
}

function comparableValue(name: string, value: string, one: SimulationCase, boundary: string | undefined): string {
  switch (name.toLowerCase()) {
    case 'connection':
      return value.toLowerCase();
    case 'accept-language':
      return /^(en-US|C$|\*$)/.test(value) ? '(the language of the browser)' : value;
    case 'user-agent':
      return value.startsWith('Mozilla/') ? '(the name of the browser)' : value;
    case 'accept-encoding':
      // Node can decode no zstd before version 22.15.
      return value.replace(', zstd', '');
    case 'content-type':
      return boundary === undefined ? value : value.replace(boundary, 'boundary');
    case 'content-length':
      return boundary === undefined ? value : '(the length of a form)';
    case 'cookie':
      return value
        .split('; ')
        .filter((cookie) => cookie.includes(`${one.id}-`))
        .join('; ');
    default:
      return value;
  }
}

/** After some redirects, and because of the HTTP cache, Chromium writes these at other places or in other capitals. */
function inFixedOrder(headers: Headers): Headers {
  const moved = headers
    .filter(([name]) => MOVED.test(name))
    .map(([name, value]): Headers[number] => [name.toLowerCase(), value]);
  return [...sortMiddle(headers.filter(([name]) => !MOVED.test(name))), ...sorted(moved)];
}

/** Chromium writes the page's own headers, and some of its own beside them, in the order of a hash table. */
function sortMiddle(headers: Headers): Headers {
  const begin = headers.findIndex(([name]) => !FIRST.includes(name));
  const end = headers.findIndex(([name]) => LAST.includes(name.toLowerCase()));
  const until = end === -1 ? headers.length : end;
  const middle = headers.slice(begin, until);
  const isMixed = middle.some(([name, value]) => !UNMIXED.has(name.toLowerCase()) || isAcceptOfPage(name, value));
  return isMixed ? [...headers.slice(0, begin), ...sorted(middle), ...headers.slice(until)] : headers;
}

function isAcceptOfPage(name: string, value: string): boolean {
  return name.toLowerCase() === 'accept' && value !== '*/*';
}

function sorted(headers: Headers): Headers {
  return [...headers].sort(([one], [other]) => (one.toLowerCase() < other.toLowerCase() ? -1 : 1));
}

/**
 * Names in the order of the alphabet. Chromium does not report every refused redirect of the mode `same-origin`, and it
 * names one of several refused headers, not always the same one.
 */
function readFailures(
  { topic }: SimulationCase,
  failures: NonNullable<Observation['failures']>,
  arrivals: readonly Arrival[],
): string[] {
  const asked = arrivals.flatMap(
    ({ headers }) => headerOf(headers, 'access-control-request-headers')?.split(',') ?? [],
  );
  return failures
    .filter(([code]) => code !== 'DisallowedByMode' || topic !== 'redirect')
    .map(([code, parameter]) => {
      const isOneOfSeveral =
        code === 'HeaderDisallowedByPreflightResponse' && asked.length > 1 && asked.includes(parameter);
      return `${code} ${isOneOfSeveral ? '(one of the requested headers)' : parameter}`;
    })
    .sort();
}

function headerOf(headers: Headers, wanted: string): string | undefined {
  return headers.find(([name]) => name.toLowerCase() === wanted)?.[1];
}

/** Where two values differ: `path: one instead of the other`. At most some, because one often follows from another. */
export function differencesBetween(actual: unknown, expected: unknown, path = ''): string[] {
  if (Object.is(actual, expected)) {
    return [];
  }
  if (!isContainer(actual) || !isContainer(expected) || Array.isArray(actual) !== Array.isArray(expected)) {
    return [`${path}: ${JSON.stringify(actual)} instead of ${JSON.stringify(expected)}`];
  }
  const keys = new Set([...Object.keys(actual), ...Object.keys(expected)]);
  return [...keys].flatMap((key) => differencesBetween(actual[key], expected[key], `${path}.${key}`)).slice(0, 8);
}

function isContainer(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
