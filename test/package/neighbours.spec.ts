import fs from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { SmallProject } from './support/small-project.js';

const PAGE = 'docs/production/neighbours.md';
const RESULTS = 'docs/production/neighbours.json';
const SCRIPT = 'scripts/neighbours/write-table.mjs';
const APPLICATIONS = 'test/neighbours/applications';

interface Row {
  readonly file: string;
  readonly nest: string;
  readonly platform: string;
  readonly packages: Record<string, string>;
  readonly asked: string[];
}

describe('the table of neighbours', () => {
  const { results } = JSON.parse(fs.readFileSync(RESULTS, 'utf8')) as { results: Row[] };

  it('shows the results of the last complete run', () => {
    const project = new SmallProject({
      [PAGE]: fs.readFileSync(PAGE, 'utf8'),
      [RESULTS]: fs.readFileSync(RESULTS, 'utf8'),
    });
    try {
      expect(project.run(SCRIPT, ['--check'])).toMatchObject({ code: 0 });
      project.write(PAGE, project.read(PAGE).replace('throttler', 'limiter'));
      expect(project.run(SCRIPT, ['--check'])).toMatchObject({ code: 1 });
    } finally {
      project.remove();
    }
  });

  it('has every neighbour', () => {
    const files = fs.readdirSync(APPLICATIONS, { recursive: true }) as string[];
    const neighbours = files.filter((file) => file.endsWith('.ts') && !file.endsWith('.preload.ts'));
    expect([...new Set(results.map(({ file }) => file))].sort()).toEqual(neighbours.sort());
  });

  it('has each neighbour on both versions of Nest, with at least four requests', () => {
    const places = results.map(({ file, platform, nest }) => `${file} ${platform} ${nest.split('.')[0]}`);
    const onOther = (place: string) => place.replace(/1[12]$/, (nest) => (nest === '11' ? '12' : '11'));
    expect(places.filter((place) => !places.includes(onOther(place)))).toEqual([]);
    expect(new Set(places).size).toBe(places.length);
    expect(results.filter(({ asked }) => asked.length < 4)).toEqual([]);
  });

  it('has the versions that are installed', () => {
    for (const { nest, packages } of results) {
      const folder = `test/neighbours/nest-${nest.split('.')[0]}`;
      const { devDependencies } = JSON.parse(fs.readFileSync(`${folder}/package.json`, 'utf8'));
      expect(devDependencies).toMatchObject({ ...packages, '@nestjs/core': nest });
    }
  });

  it('shows the policies that the applications have', () => {
    const page = fs.readFileSync(PAGE, 'utf8');
    for (const file of fs.readdirSync('test/neighbours/policies')) {
      const policy = fs.readFileSync(`test/neighbours/policies/${file}`, 'utf8');
      expect(page).toContain(`\`\`\`ts\n// ${file}\n${policy}\`\`\``);
    }
  });

  it('installs the dependencies of this package', () => {
    const { dependencies } = JSON.parse(fs.readFileSync('package.json', 'utf8'));
    for (const nest of ['nest-11', 'nest-12']) {
      const { devDependencies } = JSON.parse(fs.readFileSync(`test/neighbours/${nest}/package.json`, 'utf8'));
      const expected = Object.entries<string>(dependencies).map(([name, range]) => [name, range.replace('^', '')]);
      expect(devDependencies).toMatchObject(Object.fromEntries(expected));
    }
  });
});

describe('the report of a neighbour', () => {
  const read = async (code: number, output: string) => {
    const { readReport } = await import('../../scripts/neighbours/read-report.mjs' as string);
    const { passed, failures } = readReport({ code, output });
    return { passed, failures };
  };
  const report = (...outcomes: string[]) =>
    JSON.stringify({
      name: 'x',
      checks: Object.fromEntries(outcomes.map((outcome, index) => [`way ${index}`, outcome])),
    });
  const four = report('passed', 'passed', 'passed', 'passed');

  it('is the last line', async () => {
    expect(await read(0, `a log line\n\n${four}\n`)).toEqual({ passed: 4, failures: [] });
  });

  it('is empty on a platform without the neighbour', async () => {
    expect(await read(0, '{"name":"x"}')).toEqual({ passed: 0, failures: [] });
  });

  it.each<[string, number, string, number, string]>([
    [
      'a difference',
      0,
      report('passed', 'passed', 'failed: other headers', 'passed'),
      3,
      'way 2: failed: other headers',
    ],
    ['too few requests', 0, report('passed', 'passed'), 2, 'it sent 2 requests: a question has four'],
    ['no request', 0, report(), 0, 'it sent 0 requests: a question has four'],
    ['a process that fails', 1, four, 0, `it ended with code 1 and without a report:\n${four}`],
    ['another last line', 0, `${four}\nend`, 0, `it ended with code 0 and without a report:\n${four}\nend`],
    ['no output', 0, '', 0, 'it ended with code 0 and without a report:\n'],
  ])('fails for %s', async (_, code, output, passed, failure) => {
    expect(await read(code, output)).toEqual({ passed, failures: [failure] });
  });
});
