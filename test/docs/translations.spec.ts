import fs from 'node:fs';
import { applied, remedyCode, validate } from '../unit/validation/validation.js';

const CHAPTER = fs
  .readFileSync('docs/migrating.md', 'utf8')
  .split(/^## /m)
  .find((part) => part.startsWith('Regular'));

/** The rows of the table: a regular expression and its replacement, as source text. */
const ROWS = [...(CHAPTER ?? '').matchAll(/^\| `(\/.+?)` \| `(.+?)` \|/gm)].map(
  ([, expression, here]) => [expression?.replaceAll('\\|', '|') ?? '', here ?? ''] as const,
);

it('the table of regular expressions has rows', () => {
  expect(ROWS.length).toBeGreaterThan(8);
});

it.each(ROWS)('the replacement of %s matches the documentation', (expression, here) => {
  const { origin } = applied({}, `origin: ${expression}`);
  const [problem] = validate({ origin }).problems;
  expect(problem && remedyCode(problem)[0]).toBe(`origin: ${here}`);
});
