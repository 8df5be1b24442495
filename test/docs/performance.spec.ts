import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { fillDocument, type KeptResult } from '../../bench/report/document.js';
import { SUITES } from '../../bench/settings.js';

const document = readFileSync('docs/performance/README.md', 'utf8');
const results: Record<string, KeptResult> = JSON.parse(readFileSync('docs/performance/results.json', 'utf8'));

/** The suites of the page. The in-process requests are only for manual comparisons. */
const KEPT = SUITES.filter((suite) => suite !== 'process');

describe('docs/performance/README.md', () => {
  it('has every figure exactly as the benchmark wrote it', () => {
    expect(fillDocument(document, results)).toBe(document);
  });

  it('has a section with results for every suite', () => {
    for (const suite of KEPT) {
      expect(document).toContain(`<!-- ${suite}:start -->\n\`npm run bench`);
      expect(document).toContain(`<!-- ${suite}:end -->`);
      expect(results[suite]?.tables.length).toBeGreaterThan(0);
    }
  });

  it('shows only pictures that exist', () => {
    const pictures = [...document.matchAll(/!\[[^\]]+\]\(([^)]+)\)/g)].map(([, file]) => `docs/performance/${file}`);
    expect(pictures.length).toBeGreaterThanOrEqual(4);
    expect(pictures.filter((file) => !existsSync(file))).toEqual([]);
  });

  it('takes each ratio from enough fresh processes for its interval', () => {
    for (const suite of ['sockets', 'routes', 'origins', 'hostile', 'asynchronous', 'enforce'] as const) {
      const sets = results[suite]?.command.match(/--runs (\d+)/)?.[1];
      expect(Number(sets ?? 12)).toBeGreaterThanOrEqual(8);
    }
  });
});
