import { Random } from '../../../../attack/draw/random.js';
import type { Domain } from '../../../browsers/browser.js';
import type { Batch, PageKind } from '../case.js';
import { SITES } from '../places.js';
import { drawCase } from './draw-case.js';

/** How many cases one page runs. Each page costs a navigation. */
const BATCH = 25;

/** Listed as often as they are drawn. */
const PAGES: readonly PageKind[] = Object.freeze([
  { scheme: 'http', domain: 'localhost', sandboxed: false },
  { scheme: 'https', domain: 'localhost', sandboxed: false },
  { scheme: 'http', domain: 'localhost', sandboxed: false },
  { scheme: 'http', domain: 'test', sandboxed: false },
  { scheme: 'https', domain: 'localhost', sandboxed: false },
  { scheme: 'http', domain: 'localhost', sandboxed: true },
  { scheme: 'https', domain: 'test', sandboxed: false },
  { scheme: 'http', domain: 'localhost', sandboxed: false },
  { scheme: 'https', domain: 'test', sandboxed: false },
  { scheme: 'https', domain: 'localhost', sandboxed: true },
]);

/**
 * Draws at least this many cases. The same arguments draw the same ones.
 * @param domains those that the browser can resolve
 */
export function drawBatches(seed: number, domains: readonly Domain[], least: number): Batch[] {
  const random = new Random(seed);
  const pages = PAGES.filter(({ domain }) => domains.includes(domain));
  return Array.from({ length: Math.ceil(least / BATCH) }, (_, index) => {
    const page = pages[index % pages.length] as PageKind;
    const ofBatch = random.branch();
    const cases = Array.from({ length: BATCH }, (__, place) => drawCase(ofBatch.branch(), `c${index}n${place}`, page));
    return { site: index % SITES, page, cases };
  });
}
