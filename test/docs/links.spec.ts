import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from '@jest/globals';

const FILES = [
  ...['README.md', 'CHANGELOG.md', 'CONTRIBUTING.md', 'SECURITY.md', 'sample/README.md'],
  ...readdirSync('docs', { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];

/** The anchors that GitHub generates for the headings of a page. */
function anchorsOf(file: string): string[] {
  const text = readFileSync(file, 'utf8').replace(/^```[\s\S]*?^```$/gm, '');
  return [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

/** Relative links of a page to missing files or anchors. */
function brokenLinks(file: string): string[] {
  const text = readFileSync(file, 'utf8').replace(/^```[\s\S]*?^```$/gm, '');
  return [...text.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, link = '']) => link)
    .filter((link) => {
      const [name, anchor] = link.split('#');
      const target = name === '' ? file : path.join(path.dirname(file), name ?? '');
      return (
        !/^https?:/.test(link) && (!existsSync(target) || (anchor !== undefined && !anchorsOf(target).includes(anchor)))
      );
    });
}

it.each(FILES)('%s has no broken link', (file) => {
  expect(brokenLinks(file)).toEqual([]);
});

it('the link check includes links with anchors', () => {
  expect(readFileSync('docs/when-blocked.md', 'utf8')).toMatch(/\]\(production\/README\.md#[a-z-]+\)/);
});

it('the index lists every page of docs', () => {
  const pages = readdirSync('docs', { withFileTypes: true })
    .map((entry) => (entry.isDirectory() ? `${entry.name}/README.md` : entry.name))
    .filter((page) => page.endsWith('.md') && page !== 'README.md' && existsSync(`docs/${page}`));
  const index = readFileSync('docs/README.md', 'utf8');
  expect(pages.filter((page) => !index.includes(`](${page})`))).toEqual([]);
});

it('the README has less than 9 kB, and docs at most 15 entries', () => {
  expect(readFileSync('README.md').length).toBeLessThan(9000);
  expect(readdirSync('docs').length).toBeLessThanOrEqual(15);
});
