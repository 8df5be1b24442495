import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { POLICY_WARNING_CODES } from '../../src/validation/problems/findings.js';
import { PROBLEM_CODES } from '../../src/validation/problems/problem.js';
import { readMeasured } from '../conformance/misconfigurations.js';

const document = readFileSync('docs/problems.md', 'utf8');

/** The first cells of the tables in a chapter, which are codes, sorted. */
function documented(chapter: string): string[] {
  const text = document.split(/^## /m).find((part) => part.startsWith(`${chapter}\n`)) ?? '';
  return [...text.matchAll(/^\| `([^`]+)` \|/gm)].map(([, code]) => code as string).sort();
}

/** The codes of warnings that are created outside validation: reads every source file that uses the type. */
function applicationWarnings(): string[] {
  const problems: readonly string[] = PROBLEM_CODES;
  const codes = readdirSync('src', { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => readFileSync(`src/${file}`, 'utf8'))
    .filter((source) => /\bCorsWarning\b/.test(source))
    .flatMap((source) => [...source.matchAll(/\bcode: '([^']+)'/g)].map(([, code]) => code as string))
    .filter((code) => !problems.includes(code));
  return [...new Set(codes)];
}

describe('docs/problems.md', () => {
  it('names every problem exactly once', () => {
    expect(documented('Problems')).toEqual([...PROBLEM_CODES].sort());
  });

  it('names every warning exactly once', () => {
    expect(documented('Warnings')).toEqual([...POLICY_WARNING_CODES, ...applicationWarnings()].sort());
  });

  it('includes the warnings about the whole application', () => {
    expect(applicationWarnings()).toEqual(expect.arrayContaining(['enable-cors-active', 'preflight-not-cached']));
  });
});

describe('docs/when-blocked.md', () => {
  it('names every reason of a refusal exactly once', () => {
    const reasons = [
      ...unionOf('src/policy/decision.ts', 'CorsReason'),
      ...unionOf('src/explanations/cors-explanation.ts', 'ExplanationReason'),
    ];
    const page = readFileSync('docs/when-blocked.md', 'utf8')
      .split(/^## /m)
      .find((part) => part.startsWith('The reasons'));
    const named = [...(page ?? '').matchAll(/^\| `([^`]+)` \|/gm)].map(([, reason]) => reason as string);
    expect(named.sort()).toEqual(reasons.filter((reason) => !['allowed', 'no-origin'].includes(reason)).sort());
    expect(named.length).toBeGreaterThan(10);
  });

  it('has the name of every failure that a browser reported', () => {
    const page = readFileSync('docs/when-blocked.md', 'utf8');
    const names = readMeasured()
      .filter(({ browserVerdict }) => !browserVerdict.chromium.readable)
      .flatMap(({ browserVerdict: { chromium, firefox, webkit } }) => [
        chromium.error,
        ...(firefox.keys ?? []).map((key) => key.replace(/\d$/, '')),
        webkit.label,
      ])
      .filter((name) => name !== undefined && name !== 'none');
    expect(names.length).toBeGreaterThan(50);
    expect([...new Set(names)].filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
  });
});

/** The texts of a union type. */
function unionOf(file: string, type: string): string[] {
  const [, union = ''] = new RegExp(`export type ${type} =([^;]*);`).exec(readFileSync(file, 'utf8')) ?? [];
  return [...union.matchAll(/\| '([^']+)'/g)].map(([, text]) => text as string);
}
