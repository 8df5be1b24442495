import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { HttpResponse } from '../../../src/browser/http-response.js';
import { judge } from '../../../src/browser/judge.js';
import { preflightOf } from '../../../src/browser/preflight.js';
import { readableHeaders } from '../../../src/browser/readable-headers.js';
import { fetchModel, type ModelRequest } from './fetch-model.js';
import { PAGE } from './requests.js';

const requestHeader = fc.oneof(
  fc.record({
    name: fc.constantFrom('x-a', 'X-A', 'x-b', 'authorization', 'Authorization', 'cookie', 'sec-a', 'save-data'),
    value: fc.constantFrom('', '1', 'Bearer a'),
  }),
  fc.record({
    name: fc.constantFrom('accept', 'Accept', 'accept-language', 'content-language', 'content-type', 'range'),
    value: fc.oneof(
      fc.constantFrom('', 'text/plain', 'TEXT/plain; a=b', 'application/json', 'de, en;q=0.5', 'bytes=0-', 'bytes=5-4'),
      fc.integer({ min: 60, max: 130 }).map((length) => 'a'.repeat(length)),
      fc.string({ minLength: 1, maxLength: 3 }).filter((value) => !/[^ -~]/.test(value)),
    ),
  }),
);
const request: fc.Arbitrary<ModelRequest> = fc.record({
  origin: fc.constantFrom(PAGE, PAGE, PAGE, 'null', 'https://api.example.com', 'capacitor://localhost'),
  url: fc.constantFrom('https://api.example.com/a', 'https://api.example.com:8443/a', `${PAGE}/a`),
  method: fc.constantFrom('GET', 'GET', 'POST', 'HEAD', 'PUT', 'PUT', 'patch', 'DELETE'),
  headers: fc.array(requestHeader, { maxLength: 4 }),
  credentials: fc.boolean(),
  mode: fc.constantFrom('cors', 'cors', 'cors', 'cors', 'no-cors', 'same-origin'),
});

const line = (name: string, ...values: readonly string[]) =>
  fc.record({ name: fc.constantFrom(name, name.toLowerCase()), value: fc.constantFrom(...values) });
const lines = (header: fc.Arbitrary<HttpResponse['headers'][number]>) =>
  fc.oneof({ weight: 9, arbitrary: fc.tuple(header) }, { weight: 1, arbitrary: fc.array(header, { maxLength: 2 }) });
const responseWith = (...statuses: readonly number[]): fc.Arbitrary<HttpResponse> =>
  fc.record({
    status: fc.constantFrom(...statuses),
    headers: fc
      .tuple(
        lines(
          line(
            'Access-Control-Allow-Origin',
            ...Array.from({ length: 12 }, () => PAGE),
            ' * ',
            '*',
            'null',
            `${PAGE}/`,
            `${PAGE},`,
          ),
        ),
        lines(line('Access-Control-Allow-Credentials', 'true', 'true', 'true', ' true', 'True')),
        lines(line('Access-Control-Allow-Methods', 'PUT', 'PUT, DELETE,', 'patch', '*', 'put', 'A B', 'DELETE,*')),
        lines(
          line(
            'Access-Control-Allow-Headers',
            'x-a, X-B, authorization, content-type, accept, range, save-data, accept-language, content-language',
            'X-A,content-type',
            '*',
            '*, authorization',
            'x a',
            ',x-a',
          ),
        ),
        lines(line('Access-Control-Expose-Headers', 'x-total', 'X-Total, *', '*', 'x total', 'set-cookie')),
        fc.array(
          line('Location', '/b', '/b', 'https://other.example', 'https://user@other.example', 'https://', 'ftp://a'),
          { maxLength: 1 },
        ),
        fc.array(
          fc.oneof(
            line('X-Total', '1'),
            line('X-Hidden', '1'),
            line('Set-Cookie', 'a=b'),
            line('Content-Type', 'text/plain'),
            line('Cross-Origin-Resource-Policy', 'same-origin', 'cross-origin', 'none'),
          ),
          { maxLength: 4 },
        ),
      )
      .map((groups) => groups.flat()),
  });

const checked = ({ status, headers }: HttpResponse) => ({
  status,
  headerLines: headers.map(({ name, value }) => [name, value] as const),
});

describe('the verdict', () => {
  it('equals what the Fetch standard does, except for authorization under *', () => {
    const outcomes = new Map<string, number>();
    fc.assert(
      fc.property(
        request,
        responseWith(204, 204, 204, 204, 200, 299, 300, 302, 404),
        responseWith(200, 302, 307, 300, 404),
        (page, preflight, answer) => {
          const expected = fetchModel(page, checked(preflight), checked(answer));
          const verdict = judge(page, { preflight, response: answer });
          const passes = verdict.follow !== undefined ? 'redirect' : verdict.readable ? 'response' : 'network error';
          expect(verdict.authorizationUnderWildcard ? 'network error' : passes).toBe(expected.outcome);
          expect(preflightOf(page)?.headers).toEqual(expected.asked);
          if (expected.outcome === 'response') {
            expect([...readableHeaders(page, answer)].sort()).toEqual(expected.seen);
          }
          expect(verdict.step === undefined).toBe(passes !== 'network error');
          const kind = `${expected.asked === undefined ? 'simple' : 'preflighted'} ${verdict.step ?? passes}`;
          outcomes.set(kind, (outcomes.get(kind) ?? 0) + 1);
        },
      ),
      { numRuns: 10_000 },
    );
    // Every kind of outcome is drawn often enough.
    expect([...outcomes.keys()].sort()).toEqual([
      'preflighted preflight',
      'preflighted redirect',
      'preflighted response',
      'simple redirect',
      'simple request',
      'simple response',
    ]);
    expect(Math.min(...outcomes.values())).toBeGreaterThan(40);
  });
});
