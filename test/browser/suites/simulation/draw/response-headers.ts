import type { Random } from '../../../../attack/draw/random.js';
import type { HeaderLine } from '../case.js';
import { chance, weighted } from './weighted.js';

/** Access-Control-Expose-Headers. */
export function exposedHeaders(random: Random): HeaderLine[] {
  return weighted<() => HeaderLine[]>(random, [
    [5, () => []],
    [2, () => lines('access-control-expose-headers', ['X-Total, etag'])],
    [1, () => lines('access-control-expose-headers', ['x-total', 'x-hidden'])],
    [2, () => lines('Access-Control-Expose-Headers', ['*'])],
    [1, () => lines('access-control-expose-headers', ['x-total, a b'])],
    [1, () => lines('access-control-expose-headers', ['set-cookie, x-total'])],
    [1, () => lines('access-control-expose-headers', [''])],
  ])();
}

/** Headers of a response that say nothing about the page's origin. */
export function ordinaryHeaders(random: Random): HeaderLine[] {
  const possible: readonly HeaderLine[] = [
    ['x-total', '12'],
    ['X-Hidden', 'yes'],
    ['etag', '"1"'],
    ['content-language', 'de'],
    ['last-modified', 'Wed, 21 Oct 2015 07:28:00 GMT'],
    ['vary', 'Origin'],
    ['x-total', '13'],
    ['expires', '0'],
    ['pragma', 'no-cache'],
    ['timing-allow-origin', '*'],
  ];
  return [
    // `openPage` has no HTTP cache.
    ['cache-control', 'no-store'],
    ...lines('content-type', [random.pick(['text/plain', 'application/json', 'text/html; charset=utf-8', undefined])]),
    ...possible.filter(() => chance(random, 20)),
    ...resourcePolicy(random),
  ];
}

function resourcePolicy(random: Random): HeaderLine[] {
  return lines('cross-origin-resource-policy', [
    weighted(random, [
      [8, undefined],
      [1, 'same-origin'],
      [1, 'same-site'],
      [1, 'cross-origin'],
      [1, 'Same-Origin'],
      [1, 'same-origin, same-origin'],
    ]),
  ]);
}

/** A line for each value that is present. */
export function lines(name: string, values: readonly (string | undefined)[]): HeaderLine[] {
  return values.flatMap((value) => (value === undefined ? [] : [[name, value] as const]));
}
