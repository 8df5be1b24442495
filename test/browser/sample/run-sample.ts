import { readFileSync } from 'node:fs';
import type { Browser, BrowserName } from '../browsers/browser.js';
import type { Checks } from '../checks.js';
import { DIFFERENCES } from '../matrix/differences.js';
import { expectationOf } from '../matrix/judge.js';
import type { Claim } from '../matrix/row.js';
import { SAMPLE_PAGES, type SampleServer } from './sample-server.js';

type PageName = (typeof SAMPLE_PAGES)[number];
type Outcome = 'read' | 'blocked';

/** What is used here of the sample's own list of requests. */
interface SampleRequest {
  readonly id: string;
  readonly status: number;
  readonly expected: Readonly<Record<PageName, Outcome | 'either'>>;
  /** What reaches the API, by outcome; not said where it depends on the browser. */
  readonly api?: Partial<Readonly<Record<Outcome, readonly string[]>>>;
}

/** What is used here of `window.results`. */
interface SampleResult {
  readonly id: string;
  readonly outcome: Outcome;
  readonly status?: number;
  readonly api: readonly { readonly method: string; readonly status: number }[];
}

const LIST = new URL('../../../sample/page/requests.json', import.meta.url);
const { groups } = JSON.parse(readFileSync(LIST, 'utf8')) as { groups: { requests: SampleRequest[] }[] };
const REQUESTS = groups.flatMap(({ requests }) => requests);

/** The shop is a stranger until somebody lets it in. */
const claimOf = ({ id, status, expected, api }: SampleRequest, page: PageName): Claim => {
  const outcome = expected[page] === 'either' ? 'blocked' : expected[page];
  return {
    name: `sample: ${id} from ${page}`,
    reads: outcome === 'read' ? `read ${status}` : 'blocked',
    arrives: api?.[outcome] ?? [],
  };
};

export const SAMPLE_CLAIMS: readonly Claim[] = Object.freeze(
  SAMPLE_PAGES.flatMap((page) => REQUESTS.map((request) => claimOf(request, page))),
);

/** Opens the sample's page on each of its origins, and compares what it says with what its list of requests claims. */
export async function runSamplePages(
  browser: Browser,
  browserName: BrowserName,
  server: SampleServer,
  checks: Checks,
): Promise<void> {
  const place = `${browserName}, the sample on ${server.platform}`;
  for (const page of SAMPLE_PAGES) {
    const results = await openAndRead(browser, server.addresses[page]);
    checks.equal(
      `${place}, the requests made from ${page}`,
      results.map(({ id }) => id),
      REQUESTS.map(({ id }) => id),
    );
    for (const request of REQUESTS) {
      const claim = claimOf(request, page);
      const { difference, ...expected } = expectationOf(
        claim,
        browserName,
        { platform: server.platform, scheme: 'http' },
        DIFFERENCES,
      );
      const result = results.find(({ id }) => id === request.id);
      const said = request.api?.[result?.outcome ?? 'read'] !== undefined;
      const actual = {
        reads: result?.outcome === 'read' ? `read ${result.status}` : result?.outcome,
        arrives: said ? result?.api.map(({ method, status }) => `${method} ${status}`) : [],
      };
      checks.equal(`${place}, ${claim.name}${difference ? ' (a declared difference)' : ''}`, actual, expected);
    }
  }
  await checkLettingIn(browser, server, checks, place);
}

/** The form that lets a shop in: one route opens for it, and closes again. */
async function checkLettingIn(
  browser: Browser,
  { addresses: { app, shop } }: SampleServer,
  checks: Checks,
  place: string,
): Promise<void> {
  const outcomes: (string | undefined)[] = [];
  for (const action of ['add', 'remove']) {
    await openAndRead(browser, app);
    outcomes.push(await browser.evaluate(submitForm, action));
    const greeting = (await openAndRead(browser, shop)).find(({ id }) => id === 'tenant-before');
    outcomes.push(greeting?.outcome);
  }
  checks.equal(`${place}, letting a shop in and taking it out`, outcomes, [
    `${shop} is let in.`,
    'read',
    `${shop} is taken out.`,
    'blocked',
  ]);
}

async function openAndRead(browser: Browser, address: string): Promise<SampleResult[]> {
  await browser.visit(`${address}/`);
  return browser.evaluate(readResults, undefined);
}

/** Runs in the page. Modules may still be loading when a page counts as loaded. */
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
  const form = document.querySelector<HTMLFormElement>('#let-in-form');
  const answer = document.querySelector('#let-in-answer');
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
