import { readFileSync } from 'node:fs';
import type { Browser, BrowserName } from '../../browsers/browser.js';
import type { Checks } from '../../checks/checks.js';
import { DIFFERENCES } from '../matrix/differences.js';
import { expectationOf } from '../matrix/judge.js';
import type { Claim, Expectation } from '../matrix/row.js';
import { SAMPLE_PAGES, type SampleServer } from './sample-server.js';

type PageName = (typeof SAMPLE_PAGES)[number];
type Outcome = 'read' | 'blocked';

/** The fields of the sample's requests that are used here. */
interface SampleRequest {
  readonly id: string;
  readonly status: number;
  readonly expected: Readonly<Record<PageName, Outcome | 'either'>>;
  /** The requests that reach the API, by outcome; absent if that depends on the browser. */
  readonly api?: Partial<Readonly<Record<Outcome, readonly string[]>>>;
}

/** The fields of `window.results` that are used here. */
interface SampleResult {
  readonly id: string;
  readonly outcome: Outcome;
  readonly status?: number;
  readonly api: readonly { readonly method: string; readonly status: number }[];
}

const LIST = new URL('../../../../sample/page/requests.json', import.meta.url);
const { groups } = JSON.parse(readFileSync(LIST, 'utf8')) as { groups: { requests: SampleRequest[] }[] };
const REQUESTS = groups.flatMap(({ requests }) => requests);

/** The shop's origin is refused until the page's form adds it. */
const claimOf = (request: SampleRequest, page: PageName): Claim & { request: SampleRequest } => {
  const { id, status, expected, api } = request;
  const outcome = expected[page] === 'either' ? 'blocked' : expected[page];
  return {
    name: `sample: ${id} from ${page}`,
    reads: outcome === 'read' ? `read ${status}` : 'blocked',
    arrives: api?.[outcome] ?? [],
    request,
  };
};

export const SAMPLE_CLAIMS: readonly Claim[] = Object.freeze(
  SAMPLE_PAGES.flatMap((page) => REQUESTS.map((request) => claimOf(request, page))),
);

/**
 * Opens the sample's page on each of its origins, and compares its results with the claims in its list of requests.
 * Adds a shop with the page's form, and removes it again.
 */
export async function runSamplePages(
  browser: Browser,
  browserName: BrowserName,
  server: SampleServer,
  checks: Checks,
): Promise<void> {
  const { platform, addresses } = server;
  const place = `${browserName}, the sample on ${platform}`;
  const compare = async (page: PageName) => {
    const results = await openAndRead(browser, addresses[page]);
    for (const claim of REQUESTS.map((request) => claimOf(request, page))) {
      const { difference, ...expected } = expectationOf(claim, browserName, { platform, scheme: 'http' }, DIFFERENCES);
      const label = difference === undefined ? '' : ' (a declared difference)';
      checks.equal(`${place}, ${claim.name}${label}`, observe(claim.request, results), expected);
    }
  };
  const submit = async (action: 'add' | 'remove', answer: string) => {
    const given = await browser.evaluate(submitForm, action);
    checks.equal(`${place}, the form's answer to ${action}`, given, `${addresses.shop} is ${answer}.`);
  };

  await compare('partner');
  await compare('evil');
  await compare('app');
  await submit('add', 'allowed now');
  const shopLink = await browser.evaluate(readShopLink, undefined);
  checks.equal(`${place}, the link to a shop that was allowed`, shopLink, `${addresses.shop}/`);
  const welcomed = await openAndRead(browser, addresses.shop);
  const read = welcomed.filter(({ outcome }) => outcome === 'read').map(({ id }) => id);
  checks.equal(`${place}, what a shop reads once it is allowed`, read, [
    'public-read',
    'tenant-before',
    'tenant-after',
  ]);
  await openAndRead(browser, addresses.app);
  await submit('remove', 'no longer allowed');
  await compare('shop');
}

function observe(request: SampleRequest, results: readonly SampleResult[]): Expectation {
  const result = results.find(({ id }) => id === request.id);
  if (result === undefined) {
    return { reads: 'the page did not make this request', arrives: [] };
  }
  const { outcome, status, api } = result;
  return {
    reads: outcome === 'read' ? `read ${status}` : outcome,
    arrives: withoutLateStream(
      request,
      request.api?.[outcome],
      api.map((seen) => `${seen.method} ${seen.status}`),
    ),
  };
}

/**
 * A page that may not read the stream continues while the stream is still sent. The sample then reports the stream
 * together with a later request.
 */
function withoutLateStream(
  request: SampleRequest,
  expected: readonly string[] | undefined,
  seen: readonly string[],
): readonly string[] {
  if (expected === undefined) {
    return [];
  }
  const follows = REQUESTS.indexOf(request) > REQUESTS.findIndex(({ id }) => id === 'stream');
  const late = follows && seen.length > expected.length ? seen.indexOf('GET 200') : -1;
  return seen.filter((_, index) => index !== late);
}

async function openAndRead(browser: Browser, address: string): Promise<SampleResult[]> {
  await browser.visit(`${address}/`);
  return browser.evaluate(readResults, undefined);
}

/** Runs in the page. Modules may still load after the page's load event. */
async function readResults(): Promise<SampleResult[]> {
  const root = document.documentElement;
  if (root.dataset.state !== 'done') {
    await new Promise<void>((resolve) => {
      new MutationObserver((_, observer) => {
        if (root.dataset.state === 'done') {
          observer.disconnect();
          resolve();
        }
      }).observe(root, { attributes: true, attributeFilter: ['data-state'] });
    });
  }
  return (window as unknown as { results: Promise<SampleResult[]> }).results;
}

/** Runs in the page. */
async function submitForm(action: string): Promise<string> {
  const form = document.querySelector<HTMLFormElement>('#allow-form');
  const answer = document.querySelector('#allow-answer');
  if (form === null || answer === null) {
    throw new Error('The form is gone');
  }
  const answered = new Promise<void>((resolve) => {
    new MutationObserver(() => resolve()).observe(answer, { childList: true });
  });
  form.requestSubmit(form.querySelector(`button[value=${action}]`));
  await answered;
  return answer.textContent ?? '';
}

/** Runs in the page. */
async function readShopLink(): Promise<string | undefined> {
  const link = document.querySelector<HTMLAnchorElement>('#allow-open');
  return link === null || link.hidden ? undefined : link.href;
}
