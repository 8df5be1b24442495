import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { historyPage, historyPlot, withEntry } from '../../bench/report/history.js';
import { checkOutRevision } from '../../bench/revision.js';
import { readSettings } from '../../bench/settings.js';
import { estimate } from '../../bench/statistics.js';
import { verdictOf } from '../../bench/suites/compare.js';

describe('a comparison of two revisions', () => {
  it.each([
    ['faster', [0.9, 0.91, 0.92, 0.93, 0.94, 0.99]],
    ['slower', [1.01, 1.02, 1.03, 1.04, 1.05, 1.06]],
    ['no difference beyond noise', [0.99, 1.02, 1.03, 1.04, 1.05, 1.06]],
    ['too few runs to tell', [1.2, 1.2, 1.2, 1.2, 1.2]],
  ] as const)('reports the result: %s', (verdict, values) => {
    expect(verdictOf(estimate(values))).toBe(verdict);
  });

  it('runs only its own suite and saves no figures', () => {
    expect(readSettings(['--compare', 'main'])).toMatchObject({
      suites: ['compare'],
      compare: 'main',
      json: undefined,
      plots: undefined,
    });
  });

  it('rejects other suites on the command line', () => {
    expect(() => readSettings(['--compare', 'main', '--only', 'boot'])).toThrow('leave --only out');
  });
});

describe('the history of comparisons', () => {
  const figures = [
    { name: 'express, GET allowed', ratio: { median: 0.97, low: 0.95, high: 0.99 } },
    { name: 'packed', ratio: { median: 1.5, low: 1.5, high: 1.5 } },
  ];
  const entry = (commit: string) => ({ date: '2026-11-27', commit, figures });

  it('saves one run for each commit, and at most 90', () => {
    let history = withEntry(undefined, 'v0.1.0', entry('a'));
    for (const commit of ['b', 'b', ...Array.from({ length: 90 }, (_, index) => `c${index}`)]) {
      history = withEntry(history, 'v0.1.0', entry(commit));
    }
    expect(history.entries).toHaveLength(90);
    expect(history.entries.at(-1)?.commit).toBe('c89');
    expect(history.entries.filter(({ commit }) => commit === 'b')).toHaveLength(0);
  });

  it('rejects a run with another base revision', () => {
    const history = withEntry(undefined, 'v0.1.0', entry('a'));
    expect(() => withEntry(history, 'main', entry('b'))).toThrow('`--compare v0.1.0`');
  });

  it('is printed as a table and a plot', () => {
    const history = withEntry(withEntry(undefined, 'v0.1.0', entry('a')), 'v0.1.0', entry('b'));
    expect(historyPage(history, 'images/plot.svg')).toMatch(/\| express, GET allowed +\| +0\.97 \| +0\.97 \|/);
    expect(historyPlot(history)).toContain('express, GET allowed');
  });

  it('requires a base revision', () => {
    expect(() => readSettings(['--history'])).toThrow('--compare v0.1.0 --history');
  });
});

describe('the checkout of a revision', () => {
  let folder: string;
  const git = (...args: string[]) => execFileSync('git', args, { cwd: folder, stdio: 'pipe' });

  beforeEach(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'nestjs-cors-revision-'));
    git('init', '-q');
    git('config', 'user.email', 'test@example.com');
    git('config', 'user.name', 'test');
    fs.mkdirSync(path.join(folder, 'node_modules'));
    for (const text of ['old', 'new']) {
      fs.writeFileSync(path.join(folder, 'file.txt'), text);
      git('add', 'file.txt');
      git('commit', '-q', '-m', text);
    }
  });
  afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

  it('has the files of that revision and the installed packages of the project', () => {
    const checkout = path.join(folder, 'checkout');
    checkOutRevision(folder, 'HEAD~1', checkout);
    expect(fs.readFileSync(path.join(checkout, 'file.txt'), 'utf8')).toBe('old');
    expect(fs.realpathSync(path.join(checkout, 'node_modules'))).toBe(
      fs.realpathSync(path.join(folder, 'node_modules')),
    );
  });

  it('fails for a revision that Git does not know', () => {
    expect(() => checkOutRevision(folder, 'nowhere', path.join(folder, 'checkout'))).toThrow('"nowhere"');
  });

  it('rejects an option of Git as a revision', () => {
    expect(() => checkOutRevision(folder, '--all', path.join(folder, 'checkout'))).toThrow('"--all"');
  });
});
