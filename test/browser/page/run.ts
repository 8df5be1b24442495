import type { Browser } from '../browsers/browser.js';
import type { Environment } from '../environment.js';
import type { PageName } from '../suites/matrix/row.js';
import type { PageRequest } from './page-request.js';
import { perform, performInSandbox } from './perform.js';

/** The part of a scene that pages need. */
export interface PageScene {
  readonly browser: Browser;
  readonly environment: Pick<Environment, 'places'>;
}

export async function openPage({ browser, environment }: PageScene, page: PageName): Promise<void> {
  await browser.visit(addressOf(page, environment));
}

/** Makes requests from the open page, or from a sandboxed frame in it for `sandbox`. */
export async function run({ browser }: PageScene, page: PageName, requests: readonly PageRequest[]): Promise<string[]> {
  return page === 'sandbox'
    ? browser.evaluate(performInSandbox, { source: String(perform), requests })
    : browser.evaluate(perform, requests);
}

function addressOf(page: PageName, { places }: PageScene['environment']): string {
  switch (page) {
    case 'appInCapitals':
      return `${places.app.replace('://app.', '://APP.')}/`;
    case 'appWithoutReferrer':
      return `${places.app}/no-referrer`;
    case 'sandbox':
      return `${places.app}/`;
    case 'api':
      return `${places.api}/pages/plain`;
    case 'apiWithoutReferrer':
      return `${places.api}/pages/no-referrer`;
    default:
      return `${places[page]}/`;
  }
}
