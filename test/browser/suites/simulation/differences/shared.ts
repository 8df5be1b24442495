import type { BrowserName } from '../../../browsers/browser.js';
import type { SimulationCase } from '../case.js';
import {
  type Difference,
  dependsOnCache,
  type Exclusion,
  headerOf,
  isPlainRedirect,
  mapArrivals,
  mayHideOrigin,
  withHeader,
} from './difference.js';

const CONDITION = /^if-(match|none-match|range|modified-since|unmodified-since)$/i;

/** Where Firefox and WebKit follow the standard, and Chromium does not. */
export function sharedDifferences(browser: BrowserName): readonly Difference[] {
  return [
    {
      browser,
      why: 'With conditional headers of the page the mode of the HTTP cache becomes no-store.',
      changes: (expected, one) =>
        mapArrivals(expected, (arrival) =>
          isConditional(one) && headerOf(arrival, 'cache-control') === 'max-age=0'
            ? withHeader(withHeader(arrival, 'cache-control', 'no-cache'), 'pragma', 'no-cache')
            : arrival,
        ),
    },
  ];
}

export function sharedExclusions(browser: BrowserName): readonly Exclusion[] {
  return [
    {
      browser,
      fact: 'a redirect of a preflighted request',
      excludes: (one) => one.topic === 'redirect' && !isPlainRedirect(one),
    },
    { browser, fact: 'a client hint of the page', excludes: hasClientHint },
    { browser, fact: 'several requests to one URL', excludes: dependsOnCache },
    { browser, fact: 'an embed without a referrer', excludes: mayHideOrigin },
  ];
}

function hasClientHint({ requests }: SimulationCase): boolean {
  return requests.some(({ headers }) => headers.some(([name]) => /^(save-data|downlink)$/i.test(name)));
}

function isConditional({ requests }: SimulationCase): boolean {
  return requests.some(({ headers, cache }) => cache === undefined && headers.some(([name]) => CONDITION.test(name)));
}
