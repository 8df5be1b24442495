import { ServerResponse } from 'node:http';
import { describe, expect, it } from '@jest/globals';
import type { GuardedResponse, WriteHead } from '../../../src/http/head/head-guard.js';
import { guardHead, inheritedWriteHead, writePreflight } from '../../../src/http/head/head-guard.js';
import type { CorsDecision } from '../../../src/policy/decision.js';
import { nodeResponse } from './fake-response.js';

const ALLOWED: CorsDecision = {
  outcome: 'allowed',
  reason: 'allowed',
  headers: ['Access-Control-Allow-Origin', '*'],
  vary: ['Origin'],
};
const UNTOUCHED: CorsDecision = { outcome: 'untouched', reason: 'no-policy', headers: [], vary: [] };

const UNOBSERVED: Parameters<typeof guardHead>[3] = { headersRemoved() {}, headLeftAlone() {} };

type Original = Parameters<typeof guardHead>[0];

/** A `writeHead` that is not Node's own. It records its calls. */
const noting =
  (calls: unknown[][]): Original =>
  () =>
    function (this: unknown, ...values: unknown[]) {
      calls.push(values);
      return (ServerResponse.prototype.writeHead as (...values: unknown[]) => unknown).apply(this, values);
    } as WriteHead;

function guarded(decision: CorsDecision | undefined, original: Original = inheritedWriteHead, lists = true) {
  const response = nodeResponse();
  const writeHead = guardHead(original, () => decision, lists, UNOBSERVED);
  return Object.assign(response, { writeHead: writeHead as never as typeof response.writeHead });
}

describe('a guarded head', () => {
  // The values that the caller passes to writeHead.
  it.each<[unknown[]]>([
    [[200]],
    [[200, 'Fine']],
    [[200, { 'x-a': '1' }]],
    [[200, 'Fine', { 'x-a': '1' }]],
    [[200, ['x-a', '1']]],
    [[200, undefined, { 'x-a': '1' }]],
  ])('passes %j on unchanged if there is no decision', (values) => {
    for (const decision of [undefined, UNTOUCHED]) {
      const calls: unknown[][] = [];
      const response = guarded(decision, noting(calls));
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
  ])('carries the decision when writeHead is called with %j, in every way', (values, expected) => {
    for (const [original, lists, before] of [
      [inheritedWriteHead, true, []],
      [inheritedWriteHead, false, []],
      [noting([]), true, []],
      [inheritedWriteHead, true, ['x-before']],
    ] as const) {
      const response = guarded(ALLOWED, original, lists);
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

  it('is decided once, and Node refuses a second head', () => {
    let decided = 0;
    const response = nodeResponse();
    const original = response.writeHead;
    const guard = guardHead(
      () => original as unknown as WriteHead,
      () => {
        decided++;
        return ALLOWED;
      },
      true,
      UNOBSERVED,
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

describe('the headers of a guarded head', () => {
  const HEADERS = { 'access-control-allow-origin': '*', vary: 'Origin' };

  it.each<[string, Original, boolean, object]>([
    ["go to Node's own writeHead in a list if lists are allowed", inheritedWriteHead, true, {}],
    ['are set on the response if lists are not allowed', inheritedWriteHead, false, HEADERS],
    ["are set on a response whose writeHead is not Node's own", noting([]), true, HEADERS],
  ])('%s', (_, original, lists, known) => {
    const response = guarded(ALLOWED, original, lists);
    response.writeHead(200);
    expect(response.sent().sort()).toEqual(['Access-Control-Allow-Origin: *', 'HTTP/1.1 200 OK', 'Vary: Origin']);
    expect(response.getHeaders()).toEqual(known);
  });
});

const NODE_WRITE_HEAD = ServerResponse.prototype.writeHead as unknown as WriteHead;

describe('writePreflight', () => {
  it.each([
    ['in a list', NODE_WRITE_HEAD, {}],
    ['set on the response', undefined, { 'access-control-allow-origin': '*', vary: 'Origin', 'content-length': '0' }],
  ])('sends a length of 0 and ends the response, with the headers %s', (_, listWriter, known) => {
    const response = nodeResponse();
    writePreflight(response as unknown as GuardedResponse & { end(): unknown }, 204, ALLOWED, listWriter);
    expect(response.writableEnded).toBe(true);
    expect(response.getHeaders()).toEqual(known);
    expect(response.sent().sort()).toEqual([
      'Access-Control-Allow-Origin: *',
      'Content-Length: 0',
      'HTTP/1.1 204 No Content',
      'Vary: Origin',
    ]);
  });

  it.each([
    ['in a list', NODE_WRITE_HEAD],
    ['set on the response', undefined],
  ])('replaces headers that middleware set, with the headers %s', (_, listWriter) => {
    const response = nodeResponse();
    response.setHeader('Access-Control-Allow-Origin', 'https://evil.example');
    response.setHeader('Vary', 'Accept');
    const refused = { ...ALLOWED, headers: [] };
    writePreflight(response as unknown as GuardedResponse & { end(): unknown }, 403, refused, listWriter);
    expect(response.sent()).toEqual(['HTTP/1.1 403 Forbidden', 'Vary: Accept, Origin', 'Content-Length: 0']);
  });
});

describe('inheritedWriteHead', () => {
  it('is never the guard, even for an object whose prototype is a guarded response', () => {
    const written: number[] = [];
    class Response {
      declare writeHead: WriteHead;
      readonly headersSent = false;
    }
    Response.prototype.writeHead = (status) => written.push(status);
    const response = new Response() as Response & GuardedResponse;
    response.writeHead = guardHead(inheritedWriteHead, () => undefined, true, UNOBSERVED);
    response.writeHead(200);
    (Object.create(response) as GuardedResponse).writeHead(201);
    expect(written).toEqual([200, 201]);
  });
});
