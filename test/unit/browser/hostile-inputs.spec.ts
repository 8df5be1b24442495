import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { HttpResponse } from '../../../src/browser/http-response.js';
import { judge } from '../../../src/browser/judge.js';
import { originAfterRedirect, type PageRequest } from '../../../src/browser/page-request.js';
import { preflightOf } from '../../../src/browser/preflight.js';
import { readableHeaders } from '../../../src/browser/readable-headers.js';
import { ALLOWED, PAGE, request, response } from './requests.js';

const text = fc.oneof(
  fc.string(),
  fc.string({ unit: 'binary' }),
  fc.constantFrom('__proto__', 'constructor', 'toString', 'null', '*', ',', '\0', 'https://a', 'accept', 'location'),
);
const line = fc.record({ name: text, value: text });
const hostileRequest: fc.Arbitrary<PageRequest> = fc.record({
  origin: text,
  url: text,
  method: text,
  headers: fc.array(fc.oneof(line, fc.record({ name: text }))),
  credentials: fc.boolean(),
  mode: fc.constantFrom('cors', 'no-cors', 'same-origin'),
});
const hostileResponse: fc.Arbitrary<HttpResponse> = fc.record({
  status: fc.oneof(fc.constantFrom(0, -1, 200, 204, 302, Number.NaN, Number.POSITIVE_INFINITY), fc.integer()),
  headers: fc.array(line),
});

function frozenParts(value: unknown): boolean {
  return (
    typeof value !== 'object' || value === null || (Object.isFrozen(value) && Object.values(value).every(frozenParts))
  );
}

describe('input of any form', () => {
  it('never makes the verdict throw, and the verdict is frozen', () => {
    fc.assert(
      fc.property(hostileRequest, hostileResponse, hostileResponse, fc.boolean(), (wild, preflight, answer, tame) => {
        const page = tame ? { ...wild, origin: PAGE, url: request().url, method: 'PUT' } : wild;
        const verdict = judge(page, { preflight, response: answer });
        expect(frozenParts(verdict)).toBe(true);
        expect(frozenParts(preflightOf(page))).toBe(true);
        expect(frozenParts(readableHeaders(page, answer))).toBe(true);
        expect(['null', page.origin]).toContain(originAfterRedirect(page.origin, page.url, page.method));
      }),
      { numRuns: 2000 },
    );
  });

  it('leaves the input as it was', () => {
    const page = Object.freeze(request({ method: 'PUT', headers: Object.freeze([Object.freeze({ name: 'X-A' })]) }));
    const answer = Object.freeze({ status: 204, headers: Object.freeze([]) });
    expect(judge(page, { preflight: answer, response: answer }).step).toBe('preflight');
  });
});

describe('huge input', () => {
  const MEGABYTE = 1024 * 1024;
  const page = request({ method: 'PUT', headers: [{ name: 'x-a', value: '1' }] });
  const answers: readonly (readonly [string, Record<string, string | string[]>])[] = [
    ['commas', { 'Access-Control-Allow-Headers': ','.repeat(MEGABYTE) }],
    ['spaces', { 'Access-Control-Allow-Methods': `a${' '.repeat(MEGABYTE)}b` }],
    ['tokens', { 'Access-Control-Allow-Headers': 'x-b,'.repeat(MEGABYTE / 4) }],
    ['one origin', { 'Access-Control-Allow-Origin': 'a'.repeat(MEGABYTE) }],
    ['lines', { 'Access-Control-Allow-Origin': Array.from({ length: 50_000 }, () => PAGE) }],
  ];

  // Quadratic work on a megabyte takes minutes.
  it.each(answers)('is judged in less than five seconds: %s', (_what, headers) => {
    const start = performance.now();
    const verdict = judge(page, { preflight: response(headers, 204), response: ALLOWED });
    readableHeaders(page, response(headers));
    expect(verdict.readable).toBe(false);
    expect(performance.now() - start).toBeLessThan(5000);
  });

  it.each([
    ['names', Array.from({ length: 50_000 }, (_, index) => ({ name: `x-${index}`, value: '1' }))],
    ['repetitions', Array.from({ length: 50_000 }, () => ({ name: 'accept', value: 'a' }))],
    [
      'one value',
      [
        { name: 'content-type', value: ' '.repeat(MEGABYTE) },
        { name: 'range', value: `bytes=${'9'.repeat(MEGABYTE)}-1` },
      ],
    ],
  ])('of a page is judged in less than five seconds: %s', (_what, headers) => {
    const start = performance.now();
    const allowed = headers
      .slice(0, -1)
      .map(({ name }) => name)
      .join();
    const preflight = response({ 'Access-Control-Allow-Origin': '*', 'Access-Control-Allow-Headers': allowed }, 204);
    judge({ ...page, headers }, { preflight, response: ALLOWED });
    expect(performance.now() - start).toBeLessThan(5000);
  });
});
