import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** The shell code that stands for `npm` in each step. Other steps succeed without output. */
type Steps = Readonly<Record<string, string>>;

const SYSTEM_PACKAGES = ['chromium', 'firefox-esr', 'WebKitWebDriver', 'Xvfb', 'nginx', 'redis-server', 'openssl'];
const TESTED = { test: 'echo "40 passed, 0 failed"' };

describe('.ci/run', () => {
  let folder: string;
  beforeEach(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'nestjs-cors-ci-'));
    fs.mkdirSync(path.join(folder, '.ci'));
    fs.copyFileSync('.ci/run', path.join(folder, '.ci/run'));
  });
  afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

  /** Runs the script with shell scripts in place of `npm` and system packages, and the given scripts in package.json. */
  const run = (steps: Steps, scripts: Record<string, string> = {}) => {
    const cases = Object.entries(steps).map(([name, shell]) => `*" ${name} "*) ${shell} ;;`);
    command('npm', `case " $* " in ${cases.join(' ')} esac`);
    for (const name of SYSTEM_PACKAGES) {
      command(name, 'exit 0');
    }
    fs.writeFileSync(path.join(folder, 'package.json'), JSON.stringify({ scripts }));
    const { status, stdout } = spawnSync('bash', [path.join(folder, '.ci/run')], {
      cwd: os.tmpdir(),
      encoding: 'utf8',
      env: { ...process.env, PATH: `${path.join(folder, 'bin')}:${process.env.PATH}` },
    });
    const lines = stdout.trim().split('\n');
    return { code: status, last: lines.at(-1), text: stdout };
  };

  const command = (name: string, shell: string) => {
    const file = path.join(folder, 'bin', name);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, `#!/usr/bin/env bash\n${shell}\n`, { mode: 0o755 });
  };

  it('adds up the tests and every other step', () => {
    // Packages, npm ci, check and sabotage are four steps.
    expect(run(TESTED)).toMatchObject({ code: 0, last: '44 passed, 0 failed' });
  });

  it('includes the benchmarks, the consumers and the neighbours if the project has them', () => {
    const scripts = { bench: 'bench', matrix: 'matrix', neighbours: 'neighbours' };
    const result = run({ ...TESTED, bench: 'echo "args: $*"', neighbours: 'echo "args: $*"' }, scripts);
    expect(result).toMatchObject({ code: 0, last: '47 passed, 0 failed' });
    expect(result.text).toMatch(/^args: .*bench -- --quick$/m);
    expect(result.text).toMatch(/^args: .*neighbours -- --quick$/m);
  });

  it('runs the attack and its planted faults if the project has one', () => {
    const result = run({ ...TESTED, attack: 'echo "args: $*"' }, { attack: 'attack' });
    expect(result).toMatchObject({ code: 0, last: '46 passed, 0 failed' });
    expect(result.text.match(/^args: .*attack.*$/gm)).toEqual([
      expect.not.stringContaining('--planted'),
      expect.stringContaining('attack -- --planted'),
    ]);
  });

  it('requires all suites to run', () => {
    const test = `echo "required: $NESTJS_CORS_REQUIRE_ALL"; ${TESTED.test}`;
    expect(run({ test }).text).toMatch(/^required: 1$/m);
  });

  it.each<[string, Steps, string]>([
    ['red tests', { test: 'echo "39 passed, 2 failed"; exit 1' }, '43 passed, 2 failed'],
    ['tests that end without their closing line', { test: 'echo crash; exit 1' }, '4 passed, 1 failed'],
    ['tests that succeed without output', { test: ':' }, '4 passed, 1 failed'],
    [
      'tests that fail without counting a failure',
      { test: 'echo "40 passed, 0 failed"; exit 1' },
      '44 passed, 1 failed',
    ],
    ['a check that fails', { ...TESTED, check: 'exit 3' }, '43 passed, 1 failed'],
    [
      'a sabotage that no test notices',
      { ...TESTED, sabotage: 'echo "6 passed, 1 failed"; exit 1' },
      '43 passed, 1 failed',
    ],
    ['an installation that fails, and runs nothing else', { ...TESTED, ci: 'exit 1' }, '1 passed, 1 failed'],
  ])('fails for %s', (_, steps, last) => {
    expect(run(steps)).toMatchObject({ code: 1, last });
  });

  it('prints its closing line when it is terminated', () => {
    // The parent of npm is the `timeout` of the deadline, and the parent of that is the script.
    expect(run({ check: 'kill -TERM $(ps -o ppid= -p $PPID)' })).toMatchObject({
      code: 1,
      last: '2 passed, 1 failed',
    });
  });
});
