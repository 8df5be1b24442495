import { CorsBlockedError, openPage } from 'nestjs-cors/testing';
import type { Checks } from '../../checks/checks.js';
import { compareCase } from './compare-case.js';
import type { Reading } from './library-case.js';
import { LibraryTally } from './library-tally.js';
import { comparableHeaders } from './model/browser-model.js';
import { ENGINES } from './model/engines.js';
import type { Library } from './prepare-library.js';

/** Makes the requests of all cases with `openPage`, which must read what the model expects in Chromium. */
export async function runLibraryInNode(library: Library, checks: Checks): Promise<void> {
  const begin = performance.now();
  const tally = new LibraryTally();
  for (const one of library.cases) {
    const { application, to, path, number, requests, judged } = one;
    const page = openPage(application.built.running.app, judged[0]?.origin ?? 'null', {
      address: application.places[to],
    });
    const reads: (Reading | string)[] = [];
    for (const request of requests) {
      reads.push(await read(page.fetch(`${path}?row=${number}`, request)));
    }
    const arrives = application.arrivals.take(number);
    const { ran } = application.built.runs.take(number);
    compareCase('openPage', one, ENGINES.chromium, { reads, arrives, ran }, checks, tally);
  }
  tally.close('openPage', library, Math.round((performance.now() - begin) / 1000), checks);
}

async function read(fetched: Promise<Response>): Promise<Reading | string> {
  try {
    const response = await fetched;
    const body = await response.text();
    return response.type === 'opaque'
      ? `opaque${body}${[...response.headers.keys()].join()}`
      : { status: response.status, body, headers: comparableHeaders([...response.headers]) };
  } catch (error) {
    return error instanceof CorsBlockedError ? 'blocked' : String(error);
  }
}
