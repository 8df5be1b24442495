import { expect } from '@jest/globals';
import { headerValues, type RawResponse } from '../support/requests/http-message.js';
import type { RawRequest } from '../support/requests/raw-request.js';
import { browserVerdict, type JudgedRequest } from './browser-verdict.js';
import type { Vector } from './vector.js';

/** Headers whose value is a set of tokens, and whether the tokens are case-sensitive. */
const TOKEN_SETS: Readonly<Record<string, boolean>> = Object.freeze({
  'access-control-allow-methods': true,
  'access-control-allow-headers': false,
  'access-control-expose-headers': false,
  vary: false,
});

function tokens(text: string, caseMatters: boolean): string[] {
  const list = text.split(',').map((token) => token.trim());
  return list.filter((token) => token !== '').map((token) => (caseMatters ? token : token.toLowerCase()));
}

function tokensOf(response: RawResponse, name: string): string[] {
  return tokens(headerValues(response, name).join(','), TOKEN_SETS[name] ?? false);
}

/** A header in a form in which two values are equal if a client sees no difference. */
function comparable(name: string, value: string | null | undefined): unknown {
  if (value === null || value === undefined) {
    return null;
  }
  const caseMatters = TOKEN_SETS[name];
  return caseMatters === undefined ? value : [...new Set(tokens(value, caseMatters))].sort();
}

function actualHeader(response: RawResponse, name: string): string | null {
  const values = headerValues(response, name);
  return values.length === 0 ? null : values.join(', ');
}

function judged(request: RawRequest): JudgedRequest {
  const header = (name: string): string | undefined => {
    const value = request.headers?.[name];
    return value === undefined ? undefined : [value].flat().join(',').trim();
  };
  const method = header('Access-Control-Request-Method');
  const names = header('Access-Control-Request-Headers') ?? '';
  const isPreflight = request.method === 'OPTIONS' && method !== undefined;
  return {
    origin: header('Origin'),
    asked: isPreflight ? { method, headers: tokens(names, false) } : undefined,
  };
}

/** The actual and the expected response as two objects, which are compared whole. */
export function expectResponse(
  vector: Vector,
  request: RawRequest,
  response: RawResponse,
  ran: readonly string[],
): void {
  const expected = vector.expect;
  const want: Record<string, unknown> = {};
  const got: Record<string, unknown> = {};
  const claim = (name: string, wanted: unknown, actual: unknown): void => {
    want[name] = wanted;
    got[name] = actual;
  };
  if (expected.status !== undefined) {
    claim('status', expected.status, response.status);
  }
  if (expected.handler !== undefined && expected.handler !== 'any') {
    claim('handler', expected.handler, ran.length > 0 ? 'called' : 'not-called');
  }
  if (expected.body !== undefined) {
    claim('body', expected.body, response.text);
  }
  for (const [name, value] of Object.entries(expected.headers ?? {})) {
    claim(name, comparable(name, value), comparable(name, actualHeader(response, name)));
  }
  const vary = tokensOf(response, 'vary');
  for (const name of expected.varyIncludes ?? []) {
    claim(`vary includes ${name}`, true, vary.includes(name.toLowerCase()));
  }
  for (const name of expected.varyExcludes ?? []) {
    claim(`vary includes ${name}`, false, vary.includes(name.toLowerCase()));
  }
  if (expected.varyNoDuplicates) {
    claim('vary', [...new Set(vary)], vary);
  }
  for (const [name, list] of Object.entries(expected.headerIncludes ?? {})) {
    claim(
      `${name} includes`,
      list,
      list.filter((token) => tokensOf(response, name).includes(token.toLowerCase())),
    );
  }
  for (const [name, list] of Object.entries(expected.headerExcludes ?? {})) {
    claim(
      `${name} excludes`,
      [],
      list.filter((token) => tokensOf(response, name).includes(token.toLowerCase())),
    );
  }
  for (const name of expected.singleValued ?? []) {
    const values = headerValues(response, name);
    claim(`values of ${name}`, 1, values.join(',').split(',').length * Math.sign(values.length));
  }
  if (expected.policyParity) {
    // The application-wide policy of such a vector allows listed origins only. The handler's policy allows every
    // origin.
    claim(
      'policy of the handler that ran',
      ran.length > 0 ? '*' : null,
      actualHeader(response, 'access-control-allow-origin'),
    );
  }
  if (expected.maxResponseHeaderBytes !== undefined) {
    const size = response.headerLines.reduce((sum, [name, value]) => sum + name.length + value.length + 4, 0);
    claim('header bytes within limit', true, size <= expected.maxResponseHeaderBytes);
  }
  if (expected.browser) {
    const browser = judged(request);
    claim('browser', expected.browser, {
      omit: browserVerdict(response, browser, 'omit'),
      include: browserVerdict(response, browser, 'include'),
    });
  }
  expect(got).toEqual(want);
}
