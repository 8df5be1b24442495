import fs from 'node:fs';
import { SmallProject } from './support/small-project.js';

const SCRIPT = 'scripts/matrix/write-table.mjs';
const MARKED = (inside: string) => `before\n<!-- compatibility:start -->${inside}<!-- compatibility:end -->\nafter\n`;
const EMPTY = MARKED('\n');
const PASSED = { tsc: 'passed', vitest: 'passed' };

const results = (...rows: Record<string, unknown>[]) => ({
  'docs/compatibility.json': JSON.stringify({
    version: '1.2.3',
    date: '2026-11-22',
    nodes: ['20.19.0', '24.21.0'],
    results: rows.map((nodes) => ({ nest: '12.5.1', modules: 'es modules', platform: 'fastify', nodes })),
  }),
});

describe('write-table.mjs', () => {
  /** Runs it among the given files and reads what became of the two pages. */
  const write = (files: Record<string, string>, args: string[] = []) => {
    const project = new SmallProject({ 'docs/compatibility.md': EMPTY, 'README.md': EMPTY, ...files });
    try {
      const { code } = project.run(SCRIPT, args);
      return { code, page: project.read('docs/compatibility.md'), readme: project.read('README.md') };
    } finally {
      project.remove();
    }
  };
  const tableOf = (...rows: Record<string, unknown>[]) => {
    const { page } = write(results(...rows));
    return page.split('\n').filter((line) => line.startsWith('|') || line.startsWith('<sup>'));
  };

  it('changes what lies between the markers, and nothing else', () => {
    const table = [
      'nestjs-cors 1.2.3, run on 2026-11-22:',
      '',
      '| Nest | Modules | Platform | Node 20.19.0 | Node 24.21.0 |',
      '| --- | --- | --- | --- | --- |',
      '| 12.5.1 | ES modules | Fastify | tsc, vitest | tsc, vitest |',
    ].join('\n');
    const files = results({ '20.19.0': PASSED, '24.21.0': PASSED });
    const expected = MARKED(`\n${table}\n`);
    expect(write(files)).toEqual({ code: 0, page: expected, readme: expected });
    // What an earlier run wrote goes.
    const old = MARKED('\n| an older table |\n');
    expect(write({ ...files, 'README.md': old })).toEqual({ code: 0, page: expected, readme: expected });
  });

  it.each<[string, Record<string, unknown>, string]>([
    ['was not run', {}, 'not run'],
    ['was run and nothing came of it', { '24.21.0': {} }, 'not run'],
    ['failed', { '24.21.0': { tsc: 'failed', vitest: 'failed' } }, '**failed: tsc, vitest**'],
    ['failed in part', { '24.21.0': { tsc: 'passed', vitest: 'failed' } }, '**failed: vitest**; tsc'],
    ['cannot be run in part', { '24.21.0': { tsc: 'passed', jest: 'not run: too old' } }, 'tsc; not jest<sup>1</sup>'],
  ])('says so of a cell that %s', (_, nodes, cell) => {
    expect(tableOf({ '20.19.0': PASSED, ...nodes })[2]).toBe(
      `| 12.5.1 | ES modules | Fastify | tsc, vitest | ${cell} |`,
    );
  });

  it('gives each reason once, below the table', () => {
    const cells = { '20.19.0': { jest: 'not run: too old' }, '24.21.0': { jest: 'not run: too new' } };
    expect(tableOf(cells, cells).slice(2)).toEqual([
      '| 12.5.1 | ES modules | Fastify | not jest<sup>1</sup> | not jest<sup>2</sup> |',
      '| 12.5.1 | ES modules | Fastify | not jest<sup>1</sup> | not jest<sup>2</sup> |',
      '<sup>1</sup> not run: too old',
      '<sup>2</sup> not run: too new',
    ]);
  });

  it.each([
    ['a README without markers', { 'README.md': 'no table here\n' }, 0],
    ['a README that lost its end marker', { 'README.md': 'x\n<!-- compatibility:start -->\n' }, 1],
    ['a README with its markers the wrong way round', { 'README.md': '<!-- compatibility:end -->\n' }, 1],
  ])('leaves %s as it is', (_, files, code) => {
    expect(write({ ...results({}), ...files })).toMatchObject({ code, readme: files['README.md'] });
  });

  it('fails for a page without a place for the table', () => {
    expect(write({ ...results({}), 'docs/compatibility.md': 'no table here\n' })).toMatchObject({
      code: 1,
      page: 'no table here\n',
    });
  });

  it('only looks, when it is asked to check', () => {
    expect(write(results({}), ['--check'])).toEqual({ code: 1, page: EMPTY, readme: EMPTY });
  });
});

describe('the tables of this project', () => {
  const json = fs.readFileSync('docs/compatibility.json', 'utf8');
  const { nodes, results: rows } = JSON.parse(json) as {
    nodes: string[];
    results: { nest: string; nodes: Record<string, Record<string, string>> }[];
  };

  it('say what the last run of the whole matrix found', () => {
    const pages = ['docs/compatibility.json', 'docs/compatibility.md', 'README.md'];
    const project = new SmallProject(Object.fromEntries(pages.map((page) => [page, fs.readFileSync(page, 'utf8')])));
    try {
      expect(project.run(SCRIPT, ['--check'])).toMatchObject({ code: 0 });
    } finally {
      project.remove();
    }
  });

  it('begin with the oldest that package.json promises', () => {
    const { engines, peerDependencies } = JSON.parse(fs.readFileSync('package.json', 'utf8'));
    expect(`>=${nodes[0]}`).toBe(engines.node);
    const majors = [...new Set(rows.map(({ nest }) => nest.split('.')[0]))];
    for (const name of ['common', 'core', 'platform-express', 'platform-fastify']) {
      const ranges: string[] = peerDependencies[`@nestjs/${name}`].split(' || ');
      expect(ranges[0]).toBe(`^${rows[0]?.nest}`);
      expect(ranges.map((range) => /\d+/.exec(range)?.[0])).toEqual(majors);
    }
  });

  it('know of no failure, and leave nothing out without a reason', () => {
    const cells = rows.flatMap(({ nodes: byNode }) => nodes.map((node) => byNode[node] ?? {}));
    expect(cells.filter((checks) => Object.keys(checks).length === 0)).toEqual([]);
    const outcomes = cells.flatMap((checks) => Object.values(checks));
    expect(outcomes.filter((outcome) => outcome !== 'passed' && !/^not run: \w/.test(outcome))).toEqual([]);
  });
});
