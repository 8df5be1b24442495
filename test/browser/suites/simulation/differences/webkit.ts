import {
  type ComparableArrival,
  cookieLines,
  type Difference,
  type Exclusion,
  headerOf,
  isEmbed,
  isPlace,
  isPreflight,
  isRedirected,
  mapArrivals,
  withHeader,
} from './difference.js';
import { sharedDifferences, sharedExclusions } from './shared.js';

const AFTER_REDIRECTS = ['cache-control', 'pragma', 'sec-fetch-dest', 'sec-fetch-mode', 'sec-fetch-site'];

export const WEBKIT_DIFFERENCES: readonly Difference[] = Object.freeze([
  ...sharedDifferences('webkit'),
  {
    browser: 'webkit',
    why: 'Preflights of WebKit tell nothing about the mode of the HTTP cache, and their Referer is an origin.',
    changes: (expected) =>
      mapArrivals(expected, (arrival) => {
        const referrer = headerOf(arrival, 'referer');
        const shortened = referrer && new URL('/', referrer).href;
        return isPreflight(arrival)
          ? withHeader(without(arrival, ['cache-control', 'pragma']), 'referer', shortened)
          : arrival;
      }),
  },
  {
    browser: 'webkit',
    why: 'After a redirect to another origin WebKit sends no Sec-Fetch-* headers, and nothing about the HTTP cache.',
    changes: (expected, one) =>
      mapArrivals(expected, (arrival, index) =>
        isRedirected(one, arrival) && leavesOrigin(expected.arrivals[index - 1], arrival)
          ? without(arrival, AFTER_REDIRECTS)
          : arrival,
      ),
  },
  {
    browser: 'webkit',
    why: 'WebKit encodes the values of headers as UTF-8.',
    changes: (expected) =>
      mapArrivals(expected, (arrival) => {
        const value = headerOf(arrival, 'x-a');
        return value === undefined
          ? arrival
          : withHeader(arrival, 'x-a', Buffer.from(value, 'utf8').toString('latin1'));
      }),
  },
  {
    browser: 'webkit',
    why: 'WebKit sends the type of a body with an embed, also one that needs permission.',
    changes: (expected, { requests: [request] }) =>
      mapArrivals(expected, (arrival) =>
        isEmbed(arrival) && headerOf(arrival, 'content-type') === undefined && request?.body?.type
          ? withHeader(arrival, 'content-type', request.body.type)
          : arrival,
      ),
  },
]);

export const WEBKIT_EXCLUSIONS: readonly Exclusion[] = Object.freeze([
  ...sharedExclusions('webkit'),
  {
    browser: 'webkit',
    fact: 'plain http to localhost from a secure page',
    excludes: ({ page, endpoints }) =>
      page.scheme === 'https' && endpoints.some(isPlace('otherScheme', 'apiOtherScheme')),
  },
  {
    browser: 'webkit',
    fact: 'two redirects that begin at the own origin',
    excludes: ({ topic, endpoints }) =>
      topic === 'redirect' && endpoints.length > 2 && endpoints.slice(0, 1).every(isPlace('own')),
  },
  {
    browser: 'webkit',
    fact: 'a Secure cookie over http to localhost',
    excludes: (one) =>
      (one.topic === 'cookies' && !one.endpoints.every(isPlace('own', 'otherPort', 'otherSite', 'closed'))) ||
      cookieLines(one).some((line) => !/samesite=(lax|strict)/i.test(line) || /secure/i.test(line)),
  },
]);

function without(arrival: ComparableArrival, names: readonly string[]): ComparableArrival {
  return names.reduce((changed, name) => withHeader(changed, name, undefined), arrival);
}

function leavesOrigin(before: ComparableArrival | undefined, { url }: ComparableArrival): boolean {
  return before !== undefined && new URL(before.url).origin !== new URL(url).origin;
}
