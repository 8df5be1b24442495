import { describe, expect, it } from '@jest/globals';
import { type ApplicationPlan, lastDecorated, originsOf, requestPath, routePath } from '../../bench/child/plan.js';
import { checkAnswer, exchangeOf, expectedOf } from '../../bench/kinds.js';
import { readHead, requestBytes } from '../../bench/load.js';
import { fillDocument } from '../../bench/report/document.js';
import { niceCeiling, plotSvg } from '../../bench/report/plot.js';
import { check } from '../../bench/report/results.js';
import { cellText, checkText, tableText } from '../../bench/report/text.js';
import { readSettings, SUITES } from '../../bench/settings.js';

describe('the command line of the benchmark', () => {
  it('by default runs everything and saves the results', () => {
    expect(readSettings([])).toEqual({
      quick: false,
      runs: 12,
      platforms: ['express', 'fastify'],
      suites: [...SUITES],
      json: 'docs/performance/results.json',
      plots: 'docs/performance',
      compare: undefined,
      history: false,
      documentOnly: false,
    });
  });

  it('saves nothing of a quick run', () => {
    expect(readSettings(['--quick'])).toMatchObject({ quick: true, runs: 1, json: undefined, plots: undefined });
  });

  it('accepts a selection of suites and platforms', () => {
    expect(readSettings(['--only', 'routes,sockets', '--platform', 'fastify', '--runs', '3'])).toMatchObject({
      suites: ['sockets', 'routes'],
      platforms: ['fastify'],
      runs: 3,
    });
  });

  it.each([
    [['--runs', '0'], '--runs is "0" but must be a whole number from 1'],
    [['--runs', '2.5'], '--runs is "2.5"'],
    [['--only', 'socket'], '--only names "socket"; it knows sockets'],
    [['--platform', 'koa'], '--platform names "koa"; it knows express, fastify.'],
  ])('rejects %j', (args, message) => {
    expect(() => readSettings(args)).toThrow(message);
  });
});

describe('the routes of the benchmark', () => {
  const plan: ApplicationPlan = { platform: 'express', peer: 'ours', handlers: 20 };

  it('mix the shapes of paths, and half of each are decorated', () => {
    expect(Array.from({ length: 7 }, (_, index) => routePath(plan, index))).toEqual([
      'resource-0',
      'resource-1',
      'resource-2/:id',
      'resource-3/:id',
      'resource-4/*rest',
      'resource-5/*rest',
      'resource-6',
    ]);
    expect(routePath({ ...plan, platform: 'fastify' }, 4)).toBe('resource-4/*');
  });

  it.each([
    ['static', 18, '/resource-18'],
    ['parameter', 14, '/resource-14/4711'],
    ['wildcard', 16, '/resource-16/a/b/c'],
  ] as const)('are measured at the last decorated route with a %s path', (shape, index, path) => {
    expect(lastDecorated(plan, shape)).toBe(index);
    expect(requestPath(plan, index)).toBe(path);
  });

  it('of one handler have the requested shape', () => {
    expect(lastDecorated({ ...plan, handlers: 1, shapes: ['wildcard'] }, 'wildcard')).toBe(0);
    expect(() => lastDecorated({ ...plan, handlers: 1 }, 'wildcard')).toThrow('None of 1 handlers');
  });

  it('allow the requested number of origins', () => {
    expect(new Set(originsOf({ origins: 100, patterns: 10 })).size).toBe(110);
  });
});

describe('responses in the benchmark', () => {
  const expected = expectedOf('preflight allowed', 'ours');

  it('are read from the network', () => {
    const bytes = Buffer.from('HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX-A: b: c\r\n\r\n{}');
    expect(readHead(bytes)).toEqual({
      status: 200,
      headers: { 'content-length': '2', 'x-a': 'b: c' },
      length: bytes.length,
      start: 'HTTP/1.1 200 OK',
    });
    expect(readHead(bytes.subarray(0, 40))).toBeUndefined();
    expect(() => readHead(Buffer.from('HTTP/1.1 200 OK\r\n\r\n'))).toThrow('no Content-Length');
  });

  it('have requests like those of browsers', () => {
    expect(requestBytes(exchangeOf('preflight allowed', '/a')).toString()).toBe(
      'OPTIONS /a HTTP/1.1\r\nhost: localhost\r\nuser-agent: bench\r\naccept: */*\r\norigin: https://app.example.com\r\n' +
        'access-control-request-method: GET\r\naccess-control-request-headers: authorization\r\n\r\n',
    );
  });

  it.each([
    [{ status: 200, headers: { 'access-control-allow-origin': expected.allowOrigin } }],
    [{ status: 204, headers: {} }],
    [{ status: 204, headers: { 'access-control-allow-origin': '*' } }],
  ])('end the run if they are wrong: %j', (answer) => {
    expect(() => checkAnswer('ours', expected, answer)).toThrow('ours: expected 204 with');
  });

  it('are timed if they are correct', () => {
    const headers = { 'access-control-allow-origin': expected.allowOrigin };
    expect(() => checkAnswer('ours', expected, { status: 204, headers })).not.toThrow();
  });
});

describe('the report of the benchmark', () => {
  it('is a table in Markdown', () => {
    const estimate = { median: 0.5, low: 0.456, high: 0.6, coverage: 0.96, samples: 12 };
    const table = { title: 'T', method: 'M', columns: ['', 'a', 'b'], rows: [['GET', 12_345.6, estimate]] };
    expect(tableText(table)).toBe(
      [
        '### T',
        '',
        'M',
        '',
        '|     |      a |                   b |',
        '| --- | -----: | ------------------: |',
        '| GET | 12,346 | 0.50 (0.46 to 0.60) |',
        '',
      ].join('\n'),
    );
  });

  it.each([
    [0, '0'],
    [20, '20'],
    [1.234, '1.23'],
    [12.34, '12.3'],
    [123.4, '123'],
    [-1_234_567, '-1,234,567'],
  ])('writes %d as %s', (value, text) => {
    expect(cellText(value)).toBe(text);
  });

  it.each([
    [1.02, 'met     ratio: 1.02, at most 1.02'],
    [1.03, 'NOT MET ratio: 1.03, at most 1.02'],
  ])('shows whether %d is within its limit', (value, text) => {
    expect(checkText(check('ratio', value, 1.02))).toBe(text);
  });

  it.each([
    [0, 1],
    [0.3, 0.5],
    [1, 1],
    [1.1, 2],
    [4_100, 5_000],
    [7, 10],
  ])('ends the scale for %d at %d', (value, ceiling) => {
    expect(niceCeiling(value)).toBe(ceiling);
  });

  it('replaces only the text between the comments of its suite', () => {
    const result = {
      command: 'npm run bench',
      machine: 'a machine',
      tables: [],
      checks: [check('ratio', 2, 1)],
      plots: [],
    };
    const text = 'a\n<!-- one:start -->\nold\n<!-- one:end -->\nb\n<!-- two:start -->\n<!-- two:end -->\n';
    const once = fillDocument(text, { one: result, three: result });
    expect(once).toBe(
      'a\n<!-- one:start -->\n`npm run bench` on a machine.\n\nTargets: 0 of 1 met.\n\n- NOT MET ratio: 2, at most 1\n<!-- one:end -->\nb\n<!-- two:start -->\n<!-- two:end -->\n',
    );
    expect(fillDocument(once, { one: result })).toBe(once);
  });

  it('draws each line with each of its points, and escapes texts', () => {
    const svg = plotSvg({
      file: 'x.svg',
      title: 'a < b',
      horizontal: 'routes',
      vertical: 'ns',
      lines: [
        {
          name: 'one',
          points: [
            [1, 10],
            [100, 20],
          ],
        },
        {
          name: 'two',
          points: [
            [1, 5],
            [100, 5],
          ],
        },
      ],
    });
    expect(svg.match(/<polyline points="72,196 530,48"/g)).toHaveLength(1);
    expect(svg.match(/<circle/g)).toHaveLength(4);
    expect(svg).toContain('<title>a &lt; b</title>');
  });
});
