import fs from 'node:fs';
import { SmallProject } from './support/small-project.js';

const PAGE = 'docs/compatibility/README.md';
const RESULTS = 'docs/compatibility/results.json';
const SCRIPT = 'scripts/matrix/write-table.mjs';
const MARKED = (inside: string) => `before\n<!-- compatibility:start -->${inside}<!-- compatibility:end -->\nafter\n`;
const EMPTY = MARKED('\n');
const PASSED = { tsc: 'passed', vitest: 'passed' };

const results = (...rows: Record<string, unknown>[]) => ({
  [RESULTS]: JSON.stringify({
    version: '1.2.3',
    date: '2026-11-22',
    nodes: ['20.19.0', '24.21.0'],
    results: rows.map((nodes) => ({ nest: '12.5.1', modules: 'es modules', platform: 'fastify', nodes })),
  }),
});

describe('write-table.mjs', () => {
  /** Runs the script in a project with the given files, and returns the page. */
  const write = (files: Record<string, string>, args: string[] = []) => {
    const project = new SmallProject({ [PAGE]: EMPTY, ...files });
    try {
      const { code } = project.run(SCRIPT, args);
      return { code, page: project.read(PAGE) };
    } finally {
      project.remove();
    }
  };
  const tableOf = (...rows: Record<string, unknown>[]) => {
    const { page } = write(results(...rows));
    return page.split('\n').filter((line) => line.startsWith('|') || line.startsWith('<sup>'));
  };

  it('replaces only the text between the markers', () => {
    const table = [
      'nestjs-cors 1.2.3, run on 2026-11-22:',
      '',
      '| Nest | Modules | Platform | Node 20.19.0 | Node 24.21.0 |',
      '| --- | --- | --- | --- | --- |',
      '| 12.5.1 | ES modules | Fastify | tsc, vitest | tsc, vitest |',
    ].join('\n');
    const files = results({ '20.19.0': PASSED, '24.21.0': PASSED });
    const expected = MARKED(`\n${table}\n`);
    expect(write(files)).toEqual({ code: 0, page: expected });
    const old = MARKED('\n| an older table |\n');
    expect(write({ ...files, [PAGE]: old })).toEqual({ code: 0, page: expected });
  });

  it.each<[string, Record<string, unknown>, string]>([
    ['was not run', {}, 'not run'],
    ['was run and nothing came of it', { '24.21.0': {} }, 'not run'],
    ['failed', { '24.21.0': { tsc: 'failed', vitest: 'failed' } }, '**failed: tsc, vitest**'],
    ['failed in part', { '24.21.0': { tsc: 'passed', vitest: 'failed' } }, '**failed: vitest**; tsc'],
    ['cannot be run in part', { '24.21.0': { tsc: 'passed', jest: 'not run: too old' } }, 'tsc; not jest<sup>1</sup>'],
  ])('reports a cell that %s', (_, nodes, cell) => {
    expect(tableOf({ '20.19.0': PASSED, ...nodes })[2]).toBe(
      `| 12.5.1 | ES modules | Fastify | tsc, vitest | ${cell} |`,
    );
  });

  it('prints each reason once below the table', () => {
    const cells = { '20.19.0': { jest: 'not run: too old' }, '24.21.0': { jest: 'not run: too new' } };
    expect(tableOf(cells, cells).slice(2)).toEqual([
      '| 12.5.1 | ES modules | Fastify | not jest<sup>1</sup> | not jest<sup>2</sup> |',
      '| 12.5.1 | ES modules | Fastify | not jest<sup>1</sup> | not jest<sup>2</sup> |',
      '<sup>1</sup> not run: too old',
      '<sup>2</sup> not run: too new',
    ]);
  });

  it.each([
    ['without markers', 'no table here\n'],
    ['without an end marker', 'x\n<!-- compatibility:start -->\n'],
    ['with its markers in the wrong order', '<!-- compatibility:end -->\n<!-- compatibility:start -->\n'],
  ])('fails for a page %s and does not change it', (_, page) => {
    expect(write({ ...results({}), [PAGE]: page })).toEqual({ code: 1, page });
  });

  it('does not write the page with --check', () => {
    expect(write(results({}), ['--check'])).toEqual({ code: 1, page: EMPTY });
  });
});

describe('the compatibility table of this project', () => {
  const json = fs.readFileSync(RESULTS, 'utf8');
  const { nodes, results: rows } = JSON.parse(json) as {
    nodes: string[];
    results: { nest: string; nodes: Record<string, Record<string, string>> }[];
  };

  it('shows the results of the last complete run', () => {
    const files = [RESULTS, PAGE].map((file) => [file, fs.readFileSync(file, 'utf8')]);
    const project = new SmallProject(Object.fromEntries(files));
    try {
      expect(project.run(SCRIPT, ['--check'])).toMatchObject({ code: 0 });
    } finally {
      project.remove();
    }
  });

  it('starts with the oldest versions in package.json', () => {
    const { engines, peerDependencies } = JSON.parse(fs.readFileSync('package.json', 'utf8'));
    expect(`>=${nodes[0]}`).toBe(engines.node);
    const majors = [...new Set(rows.map(({ nest }) => nest.split('.')[0]))];
    for (const name of ['common', 'core', 'platform-express', 'platform-fastify']) {
      const ranges: string[] = peerDependencies[`@nestjs/${name}`].split(' || ');
      expect(ranges[0]).toBe(`^${rows[0]?.nest}`);
      expect(ranges.map((range) => /\d+/.exec(range)?.[0])).toEqual(majors);
    }
  });

  it('has no failure, and a reason for everything that was not run', () => {
    const cells = rows.flatMap(({ nodes: byNode }) => nodes.map((node) => byNode[node] ?? {}));
    expect(cells.filter((checks) => Object.keys(checks).length === 0)).toEqual([]);
    const outcomes = cells.flatMap((checks) => Object.values(checks));
    expect(outcomes.filter((outcome) => outcome !== 'passed' && !/^not run: \w/.test(outcome))).toEqual([]);
  });
});
