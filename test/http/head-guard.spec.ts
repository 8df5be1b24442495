import { describe, expect, it, jest } from '@jest/globals';
import type { GuardedResponse, WriteHead } from '../../src/http/head-guard.js';
import { guardHead, inheritedWriteHead } from '../../src/http/head-guard.js';
import { writePreflight } from '../../src/http/preflight-writer.js';
import type { CorsDecision } from '../../src/policy/decision.js';
import { nodeResponse } from './fake-response.js';

const ALLOWED: CorsDecision = {
  outcome: 'allowed',
  reason: 'allowed',
  headers: ['Access-Control-Allow-Origin', '*'],
  vary: ['Origin'],
};
const UNTOUCHED: CorsDecision = { outcome: 'untouched', reason: 'no-policy', headers: [], vary: [] };

function guarded(decision: CorsDecision | undefined, calls: unknown[][] = [], flat = true) {
  const response = nodeResponse();
  const original = response.writeHead;
  const writeHead = guardHead(
    () =>
      function (this: unknown, ...values: unknown[]) {
        calls.push(values);
        return (original as (...values: unknown[]) => unknown).apply(this, values);
      } as WriteHead,
    () => decision,
    () => flat,
  );
  return Object.assign(response, { writeHead: writeHead as never as typeof original });
}

describe('a guarded head', () => {
  // what is passed to writeHead, and what arrives at Node's where the decision leaves it alone
  it.each<[unknown[]]>([
    [[200]],
    [[200, 'Fine']],
    [[200, { 'x-a': '1' }]],
    [[200, 'Fine', { 'x-a': '1' }]],
    [[200, ['x-a', '1']]],
    [[200, undefined, { 'x-a': '1' }]],
  ])('of %j is passed on as it came where there is nothing to decide', (values) => {
    for (const decision of [undefined, UNTOUCHED]) {
      const calls: unknown[][] = [];
      const response = guarded(decision, calls);
      (response.writeHead as (...values: unknown[]) => unknown)(...values);
      expect(calls).toEqual([values]);
    }
  });

  it.each<[unknown[], string[]]>([
    [[200], ['HTTP/1.1 200 OK']],
    [[200, 'Fine'], ['HTTP/1.1 200 Fine']],
    [[200, ''], ['HTTP/1.1 200 ']],
    [
      [404, { 'x-a': '1' }],
      ['HTTP/1.1 404 Not Found', 'x-a: 1'],
    ],
    [
      [404, 'Gone fishing', { 'x-a': '1' }],
      ['HTTP/1.1 404 Gone fishing', 'x-a: 1'],
    ],
    [
      [404, undefined, { 'x-a': '1' }],
      ['HTTP/1.1 404 Not Found', 'x-a: 1'],
    ],
    [[200, 'Fine', null], ['HTTP/1.1 200 Fine']],
    [
      [200, null, { 'x-a': '1' }],
      ['HTTP/1.1 200 OK', 'x-a: 1'],
    ],
    [
      [200, { 'x-b': '1' }, { 'x-a': '1' }],
      ['HTTP/1.1 200 OK', 'x-a: 1'],
    ],
    [
      [200, ['x-a', '1']],
      ['HTTP/1.1 200 OK', 'x-a: 1'],
    ],
    [
      [200, 'Fine', [['x-a', '1']]],
      ['HTTP/1.1 200 Fine', 'x-a: 1'],
    ],
  ])('of %j carries the decision, on all ways', (values, expected) => {
    for (const [flat, before] of [
      [true, []],
      [false, []],
      [true, ['x-before']],
    ] as const) {
      const response = guarded(ALLOWED, [], flat);
      for (const name of before) {
        response.setHeader(name, '1');
      }
      const result = (response.writeHead as (...values: unknown[]) => unknown)(...values);
      expect(result).toBe(response);
      expect(response.sent().sort()).toEqual(
        [...expected, ...before.map((name) => `${name}: 1`), 'Access-Control-Allow-Origin: *', 'Vary: Origin'].sort(),
      );
    }
  });

  it('is decided once: a second one is for Node to refuse', () => {
    let decided = 0;
    const response = nodeResponse();
    const original = response.writeHead;
    const guard = guardHead(
      () => original as unknown as WriteHead,
      () => {
        decided++;
        return ALLOWED;
      },
      () => true,
    );
    Object.assign(response, { writeHead: guard });
    response.writeHead(200);
    expect(() => response.writeHead(500)).toThrow('after they are sent');
    expect(decided).toBe(1);
  });

  it('can be written again after Node refused the first attempt', () => {
    for (const before of [false, true]) {
      const response = guarded(ALLOWED);
      if (before) {
        response.setHeader('x-before', '1');
      }
      expect(() => response.writeHead(200, { 'x-a': 'a\r\nb: c' })).toThrow('Invalid character');
      response.writeHead(500, { 'x-a': '1' });
      expect(
        response
          .sent()
          .filter((line) => /^(access|vary|x-a)/i.test(line))
          .sort(),
      ).toEqual(['Access-Control-Allow-Origin: *', 'Vary: Origin', 'x-a: 1']);
    }
  });
});

describe('the answer to a preflight', () => {
  it.each([
    ['HTTP/1.1', {}, true],
    ['HTTP/2, which takes no flat lists', { req: { httpVersionMajor: 2 } }, false],
  ])('over %s says that there is no body, and ends', (_, more, flat) => {
    const response = Object.assign(nodeResponse(), more);
    const writeHead = jest.spyOn(response, 'writeHead');
    writePreflight(response as unknown as GuardedResponse & { end(): unknown }, 204, ALLOWED);
    expect(response.writableEnded).toBe(true);
    expect(writeHead.mock.calls.map((values) => Array.isArray(values.at(-1)))).toEqual([flat]);
    expect(response.sent().sort()).toEqual([
      'Access-Control-Allow-Origin: *',
      'Content-Length: 0',
      'HTTP/1.1 204 No Content',
      'Vary: Origin',
    ]);
  });

  it('replaces what middleware had set', () => {
    const response = nodeResponse();
    response.setHeader('Access-Control-Allow-Origin', 'https://evil.example');
    response.setHeader('Vary', 'Accept');
    writePreflight(response as unknown as GuardedResponse & { end(): unknown }, 403, { ...ALLOWED, headers: [] });
    expect(response.sent()).toEqual(['HTTP/1.1 403 Forbidden', 'Vary: Accept, Origin', 'Content-Length: 0']);
  });
});

describe('the writeHead that a response inherits', () => {
  it('is not the guard, also for an object that is made from a guarded response', () => {
    const written: number[] = [];
    class Response {
      declare writeHead: WriteHead;
      readonly headersSent = false;
    }
    Response.prototype.writeHead = (status) => written.push(status);
    const response = new Response() as Response & GuardedResponse;
    response.writeHead = guardHead(
      inheritedWriteHead,
      () => undefined,
      () => true,
    );
    response.writeHead(200);
    (Object.create(response) as GuardedResponse).writeHead(201);
    expect(written).toEqual([200, 201]);
  });
});
