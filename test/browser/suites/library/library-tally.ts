import type { BrowserName } from '../../browsers/browser.js';
import type { Checks } from '../../checks/checks.js';
import type { Expected, Kind } from './model/expect.js';
import type { Library } from './prepare-library.js';

/** The least number of requests of each kind: in Chromium and with `openPage`, and in each of the other browsers. */
const LEAST: Readonly<Record<Kind | 'requests', readonly [all: number, sample: number]>> = Object.freeze({
  requests: [1_500, 300],
  granted: [350, 50],
  'granted after a preflight': [120, 20],
  'granted with credentials': [40, 4],
  'an error granted': [150, 20],
  'refused at the preflight': [300, 40],
  'refused at the response': [150, 20],
  enforced: [8, 3],
  opaque: [60, 6],
  'same origin': [15, 2],
  'header hidden': [300, 50],
  'header exposed': [120, 20],
  'differs from the standard': [0, 0],
});

/** Counts what the requests of pages must lead to, and what is checked. */
export class LibraryTally {
  readonly #counts = new Map<string, number>();
  readonly #applications = new Set<string>();
  readonly #promises = new Map<string, { passed: number; checked: number }>();

  count({ kinds }: Expected, application: string): void {
    this.#applications.add(application);
    for (const kind of ['requests', ...kinds]) {
      this.#counts.set(kind, (this.#counts.get(kind) ?? 0) + 1);
    }
  }

  check(promise: string, passes: boolean): void {
    const { passed, checked } = this.#promises.get(promise) ?? { passed: 0, checked: 0 };
    this.#promises.set(promise, { passed: passed + Number(passes), checked: checked + 1 });
  }

  /** Fails where a kind is too rare to prove anything, and prints the counts. */
  close(browser: BrowserName | 'openPage', { seed }: Library, seconds: number, checks: Checks): void {
    const counts = Object.keys(LEAST).map((kind) => [kind, this.#counts.get(kind) ?? 0] as const);
    const rare = counts.filter(
      ([kind, count]) => count < LEAST[kind as Kind][browser === 'firefox' || browser === 'webkit' ? 1 : 0],
    );
    // Another seed may draw too few requests of a rare kind.
    if (process.env.NESTJS_CORS_SEED === undefined) {
      checks.equal(`${browser}, library, seed ${seed}: every kind of result occurs often enough`, rare, []);
    }
    const [[, requests = 0] = [], ...kinds] = counts;
    const size = this.#applications.size;
    console.log(`${browser}: ${requests} requests of pages to ${size} random applications, seed ${seed}, ${seconds} s`);
    for (const [promise, { passed, checked }] of this.#promises) {
      console.log(`       ${promise}: ${passed} of ${checked}`);
    }
    console.log(`       ${kinds.map(([kind, count]) => `${count} ${kind}`).join(', ')}`);
  }
}
