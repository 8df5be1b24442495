import {
  cookieLines,
  type Difference,
  type Exclusion,
  headerOf,
  isPlace,
  mapArrivals,
  repeatsHeader,
  setsCookiesOverSchemes,
  wayTo,
  withHeader,
} from './difference.js';
import { sharedDifferences, sharedExclusions } from './shared.js';

export const FIREFOX_DIFFERENCES: readonly Difference[] = Object.freeze([
  ...sharedDifferences('firefox'),
  {
    browser: 'firefox',
    why: 'Firefox sends no Sec-Fetch-Mode to names that are not trustworthy, also not with preflights.',
    changes: (expected) =>
      mapArrivals(expected, (arrival) =>
        headerOf(arrival, 'sec-fetch-dest') === undefined ? withHeader(arrival, 'sec-fetch-mode', undefined) : arrival,
      ),
  },
  {
    browser: 'firefox',
    why: 'For the Sec-Fetch-Site of a trustworthy page Firefox ignores the scheme: http and https are one site.',
    changes: (expected, one) =>
      mapArrivals(expected, (arrival) =>
        headerOf(arrival, 'sec-fetch-site') === 'cross-site' &&
        (one.page.scheme === 'https' || one.page.domain === 'localhost') &&
        !one.page.sandboxed &&
        wayTo(one, arrival).every(isPlace('own', 'api', 'otherPort', 'otherScheme', 'apiOtherScheme'))
          ? withHeader(arrival, 'sec-fetch-site', 'same-site')
          : arrival,
      ),
  },
]);

export const FIREFOX_EXCLUSIONS: readonly Exclusion[] = Object.freeze([
  ...sharedExclusions('firefox'),
  {
    browser: 'firefox',
    fact: 'an embed from a sandboxed frame',
    excludes: ({ page, requests }) =>
      page.sandboxed && requests.some(({ mode, credentials }) => mode === 'no-cors' && credentials === 'include'),
  },
  { browser: 'firefox', fact: 'a header that the page writes twice', excludes: repeatsHeader },
  {
    browser: 'firefox',
    fact: 'a cookie without SameSite from another site',
    excludes: (one) =>
      setsCookiesOverSchemes(one) || cookieLines(one).some((line) => !/samesite=(none|lax|strict)/i.test(line)),
  },
]);
