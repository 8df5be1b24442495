import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';

const linked = [...readFileSync('sample/README.md', 'utf8').matchAll(/\]\(([\w./-]+)\)/g)].map(
  ([, link]) => link ?? '',
);

it('the README of the sample links only to existing files', () => {
  expect(linked.filter((link) => !existsSync(join('sample', link)))).toEqual([]);
});

it('the README of the sample describes every file of the API', () => {
  const files = readdirSync('sample', { recursive: true, encoding: 'utf8' }).map((file) => file.replaceAll('\\', '/'));
  const source = files.filter((file) => file.endsWith('.ts') && !file.startsWith('server/'));
  expect(source.length).toBeGreaterThan(10);
  expect(source.filter((file) => !linked.includes(file))).toEqual([]);
});
