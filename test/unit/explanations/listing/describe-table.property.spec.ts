import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { CorsRoute } from '../../../../src/explanations/listing/cors-route.js';
import { describeTable } from '../../../../src/explanations/listing/describe-table.js';
import { disabledRoute, listedPath, listedRoute, untouchedRoute } from './listed-route.js';

const segment = fc.oneof(
  fc.constantFrom('orders', 'users', ':id', '*rest', 'v1', 'a\u001bb'),
  fc.stringMatching(/^[a-z]{1,30}$/),
);
const path = fc.array(segment, { maxLength: 5 }).map((segments) => `/${segments.join('/')}`);
const method = fc.constantFrom('GET', 'POST', 'DELETE', 'ALL');
const origin = fc.nat(40).map((index) => `https://app${index}.example.com`);
const names = fc.array(fc.stringMatching(/^x-[a-z]{1,20}$/), { maxLength: 12 });

const open = fc
  .tuple(method, path, fc.uniqueArray(origin, { minLength: 1, maxLength: 3 }), names, fc.nat(3))
  .map(([verb, at, origins, allowedHeaders, maxAge]) =>
    listedRoute(verb, at, { origin: origins, allowedHeaders, maxAge }),
  );
const anyOrigin = fc
  .tuple(method, path, fc.nat(20))
  .map(([verb, at, maxAge]) => listedRoute(verb, at, { origin: ['*'], maxAge, methods: ['GET'] }));
const alike = fc.tuple(method, path).map(([verb, at]) => listedRoute(verb, at));
const route = fc.oneof(
  { weight: 10, arbitrary: alike },
  { weight: 2, arbitrary: open },
  anyOrigin,
  fc.tuple(method, path).map(([verb, at]) => disabledRoute(verb, at, 'all')),
  fc.tuple(method, path).map(([verb, at]) => disabledRoute(verb, at)),
  fc.tuple(method, path).map(([verb, at]) => untouchedRoute(verb, at)),
  path.map(listedPath),
);
const applications = fc.oneof(
  fc.array(route, { maxLength: 30 }),
  fc.array(route, { minLength: 100, maxLength: 700 }),
  fc.array(open, { minLength: 100, maxLength: 300 }),
);

/** The number of routes that the heading of each group gives, and the number that the paths below it stand for. */
function countsOf(table: string): { heading: number; paths: number }[] {
  const counts: { heading: number; paths: number }[] = [];
  const lines = table.split('\n');
  for (const line of lines.slice(lines.findIndex((one) => one.startsWith('  routes')))) {
    const heading = /^ {0,7}(\d+) /.exec(line)?.[1];
    if (heading !== undefined) {
      counts.push({ heading: Number(heading), paths: 0 });
    } else if (/^ {8}\S/.test(line)) {
      const group = counts.at(-1) as { paths: number };
      group.paths += pathCount(line.trim());
    }
  }
  return counts;
}

function pathCount(line: string): number {
  return line
    .split(/,(?: |$)/)
    .filter((item) => item !== '')
    .map((item) => {
      const folded = /\/\*\* \((\d+)(?: of \d+)?\)$/.exec(item)?.[1];
      return folded === undefined ? item.slice(0, item.indexOf(' /')).trim().split(' ').length : Number(folded);
    })
    .reduce((sum, count) => sum + count, 0);
}

const byState = (routes: readonly CorsRoute[], state: string) => routes.filter((one) => one.state === state).length;
const anyText = (routes: readonly CorsRoute[]) => {
  const count = routes.filter(({ policy }) => policy.origin.includes('*')).length;
  return count === 0 ? '' : ` \\(${count} to any origin\\)`;
};

describe('the table of any routes', () => {
  it('counts every route once, in at most 60 lines of printable ASCII', () => {
    fc.assert(
      fc.property(applications, (routes) => {
        const table = describeTable(routes);
        const lines = table.split('\n');
        expect(lines.length).toBeLessThanOrEqual(60);
        expect(table).toMatch(/^[\n -~]*$/);
        expect(lines[0]).toMatch(
          new RegExp(
            `^CORS: ${routes.length} routes?: ${byState(routes, 'open')} open${anyText(routes)}, ` +
              `${byState(routes, 'untouched')} untouched, ${byState(routes, 'disabled')} disabled$`,
          ),
        );
        const counts = countsOf(table);
        expect(counts.reduce((sum, { heading }) => sum + heading, 0)).toBe(routes.length);
        expect(counts.filter(({ heading, paths }) => heading !== paths)).toEqual([]);
        // One path, or the name of one handler, can be longer than a line. Nothing else is.
        expect(lines.filter((line) => line.length > 120 && line.includes(', '))).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });
});
