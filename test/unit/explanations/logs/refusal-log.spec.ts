import { describe, expect, it } from '@jest/globals';
import { RefusalLog } from '../../../../src/explanations/logs/refusal-log.js';
import { ResolverLog } from '../../../../src/explanations/logs/resolver-log.js';
import type { Refusal } from '../../../../src/http/reports/request-reports.js';
import type { CorsReason } from '../../../../src/policy/decision.js';
import { mergeLevels } from '../../../../src/policy/merge.js';
import type { CorsPolicyOptions } from '../../../../src/policy/policy-options.js';
import { compiled } from '../../policy/compiled.js';

const OPTIONS: CorsPolicyOptions = { origin: 'https://app.example.com', methods: ['PUT'] };

const REFUSAL: Refusal = {
  reason: 'origin-not-allowed',
  preflight: false,
  method: 'GET',
  url: '/users',
  origin: 'https://b.example',
  target: 'UsersController.list',
  policy: compiled(OPTIONS),
};

function lines(refusals: readonly Partial<Refusal>[], enabled = true): string[] {
  const written: string[] = [];
  const effective = {
    ...mergeLevels('UsersController.list', [{ target: 'CorsModule', options: OPTIONS }]),
    withoutOriginAt: undefined,
  };
  const log = new RefusalLog({ warn: (message) => written.push(message) }, enabled, ({ target, policy }) => ({
    effective: target.startsWith('an unknown') ? undefined : effective,
    applicationWide: policy,
  }));
  for (const refusal of refusals) {
    log.add({ ...REFUSAL, ...refusal });
  }
  return written;
}

describe('RefusalLog', () => {
  it('logs the reason, the request, the handler and the fix', () => {
    expect(lines([{}])).toEqual([
      'origin-not-allowed: "GET" "/users" from origin "https://b.example" (UsersController.list): `origin` does not list this origin. If the page should have access, write `origin: [\'https://app.example.com\', \'https://b.example\']` in CorsModule.',
    ]);
  });

  it('logs the headers that a preflight requests', () => {
    const asked = { reason: 'header-not-allowed', preflight: true, method: 'PUT', requestedHeaders: 'x-a' } as const;
    expect(lines([asked])).toEqual([
      'header-not-allowed: preflight for "PUT" "/users" from origin "https://b.example" with headers "x-a" (UsersController.list): `allowedHeaders` does not allow x-a. If pages should send it, write `allowedHeaders: [\'content-type\', \'x-a\']` in CorsModule.',
    ]);
  });

  it('logs everything that a preflight would be refused for next', () => {
    const refused = { preflight: true, method: 'DELETE', requestedHeaders: 'x-b,x-a' } as const;
    expect(lines([refused])).toEqual([
      "origin-not-allowed: preflight for \"DELETE\" \"/users\" from origin \"https://b.example\" with headers \"x-b,x-a\" (UsersController.list): `origin` does not list this origin. If the page should have access, write `origin: ['https://app.example.com', 'https://b.example']` in CorsModule. Then method-not-allowed: If pages should use it, write `methods: ['PUT', 'DELETE']` in CorsModule. Then header-not-allowed: If pages should send them, write `allowedHeaders: ['content-type', 'x-b', 'x-a']` in CorsModule.",
    ]);
  });

  it.each<CorsReason>([
    'origin-not-allowed',
    'origin-null',
    'origin-malformed',
    'origin-undecided',
    'method-not-allowed',
    'method-malformed',
    'method-unknown',
    'header-not-allowed',
    'headers-malformed',
    'disabled',
    'path-ambiguous',
    'no-policy',
  ])('logs a fix for %s', (reason) => {
    expect(lines([{ reason }])[0]).toMatch(new RegExp(`^${reason}: .*\\(UsersController.list\\): .{20}`));
  });

  it.each([
    ['UsersController.list', '@DisableCors() on UsersController.list refuses other origins'],
    ['paths "/svc"', '`policy: false` in this entry of `paths` refuses other origins'],
    ['an unknown route', 'No policy could be found, so other origins are refused'],
    ['an unknown route, GET /users', 'No policy could be found, so other origins are refused'],
  ])('logs which declaration of %s disables access', (target, advice) => {
    const [line] = lines([{ reason: 'disabled', target }]);
    expect(line).toContain(` (${target}): ${advice}`);
  });

  // Pages choose their address, methods and number of headers: a browser can have sent each of these
  it.each<CorsReason>(['origin-malformed', 'method-malformed', 'headers-malformed', 'method-unknown'])(
    'does not claim that browsers never send requests that are refused as %s',
    (reason) => {
      expect(lines([{ reason }])[0]).not.toMatch(/never/);
    },
  );

  it('logs no fix if there is nothing to fix', () => {
    expect(lines([{ reason: 'no-origin', origin: undefined }])).toEqual([
      'no-origin: "GET" "/users" from origin "" (UsersController.list)',
    ]);
  });

  it('escapes texts from the network, so that they add no lines', () => {
    const evil = 'x\r\n[Nest] LOG all is well\u001b[2J\u202e';
    const [line] = lines([{ method: evil, url: evil, origin: evil, requestedHeaders: evil, preflight: true }]);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not appear
    expect(line).not.toMatch(/[\u0000-\u001f\u202e]/);
    expect(line?.split('\\r\\n[Nest] LOG all is well\\u001b[2J\\u202e')).toHaveLength(5);
  });

  it('cuts long texts from the network', () => {
    const endless = 'x'.repeat(1_000_000);
    const [line] = lines([{ method: endless, url: endless, origin: endless, requestedHeaders: endless }]);
    expect(line?.length).toBeLessThan(1_200);
  });

  it('logs one line for a flood of origins, and one for each reason, kind and handler', () => {
    const flood = Array.from({ length: 1_000 }, (_, at) => ({ origin: `https://o${at}.example`, url: `/users/${at}` }));
    expect(lines(flood)).toHaveLength(1);
    expect(
      lines([{}, { reason: 'origin-null' }, { preflight: true }, { target: 'Other.handler' }, { method: 'PUT' }]),
    ).toHaveLength(4);
  });

  const headers = (requestedHeaders: string): Partial<Refusal> => ({
    reason: 'header-not-allowed',
    preflight: true,
    requestedHeaders,
  });

  it('names every missing header, and the complete list', () => {
    const [line] = lines([headers('baggage,content-type,sentry-trace,traceparent')]);
    expect(line).toContain('`allowedHeaders` does not allow baggage, sentry-trace, traceparent.');
    expect(line).toContain(
      "`allowedHeaders: ['content-type', 'baggage', 'sentry-trace', 'traceparent']` in CorsModule",
    );
  });

  it('logs three variants of the missing headers, and counts what was left out', () => {
    const written = lines([
      headers('x-a'),
      headers('content-type,x-a'),
      headers('X-A'),
      headers('x-b'),
      headers('x-b,x-a'),
      headers('x-a,x-b'),
      headers('x-c'),
      { ...headers('x-d'), target: 'Other.handler' },
    ]);
    const missing = written.map((line) => /does not allow ([^.]+)\./.exec(line)?.[1]);
    expect(missing).toEqual(['x-a', 'x-b', 'x-b, x-a', 'x-d']);
    expect(written.map((line) => /\((\d+) more since the last line\)$/.exec(line)?.[1])).toEqual([
      undefined,
      '2',
      undefined,
      undefined,
    ]);
  });

  it('reads no more lists of headers once three variants are logged', () => {
    let reads = 0;
    class CountedSet extends Set<string> {
      override has(name: string): boolean {
        reads++;
        return super.has(name);
      }
    }
    const policy = { ...compiled(OPTIONS), allowedHeaders: new CountedSet() };
    const flood = Array.from({ length: 100 }, (_, at) => ({ ...headers(`x-${at}`), policy }));
    expect(lines(flood)).toHaveLength(3);
    expect(reads).toBeLessThan(20);
  });

  it('logs three variants of the method', () => {
    const written = lines(
      ['DELETE', 'PATCH', 'DELETE', 'QUERY', 'LINK'].map((method) => ({ reason: 'method-not-allowed', method })),
    );
    expect(written.map((line) => /^method-not-allowed: "(\w+)"/.exec(line)?.[1])).toEqual(['DELETE', 'PATCH', 'QUERY']);
  });

  it('logs bounded lines for the longest list of headers', () => {
    const names = Array.from({ length: 64 }, (_, at) => `x-${at}`.padEnd(15, 'y')).join(',');
    const [line] = lines([{ ...headers(names), url: '/'.padEnd(10_000, 'x'), origin: 'x'.repeat(10_000) }]);
    expect(line?.length).toBeLessThan(4_000);
    expect(line).toContain('x-63');
  });

  it('logs why a request would be refused, with its correction', () => {
    const [line] = lines([{ reason: 'would-refuse', because: 'origin-not-allowed' }]);
    expect(line).toMatch(/^would-refuse \(origin-not-allowed\): .* write `origin: .*` in CorsModule\.$/);
  });

  it('logs a line for each reason for which requests would be refused', () => {
    const reasons = ['origin-not-allowed', 'origin-null', 'origin-not-allowed', 'origin-null'] as const;
    const written = lines(reasons.map((because) => ({ reason: 'would-refuse', because })));
    expect(written.map((line) => line.split(':', 1)[0])).toEqual([
      'would-refuse (origin-not-allowed)',
      'would-refuse (origin-null)',
    ]);
  });

  it('logs nothing when it is switched off', () => {
    expect(lines([{}], false)).toEqual([]);
  });
});

describe('ResolverLog', () => {
  const event = { code: 'resolver-failed', message: 'It threw.', resolver: 'OriginsResolver' } as never as Record<
    string,
    unknown
  >;
  const logged = (...events: Record<string, unknown>[]): string[] => {
    const written: string[] = [];
    const log = new ResolverLog({ error: (message) => written.push(message) });
    for (const one of events) {
      log.add({ ...event, ...one } as never);
    }
    return written;
  };

  it('logs the failure, the origin and the cause', () => {
    expect(logged({ origin: 'https://b.example', error: new Error('no\nconnection') })).toEqual([
      'resolver-failed: It threw. Origin: "https://b.example". Error: "no\\nconnection".',
    ]);
    expect(logged({ error: 'text' })).toEqual(['resolver-failed: It threw. Error: "text".']);
    expect(logged({})).toEqual(['resolver-failed: It threw.']);
  });

  it('logs one line for each code and resolver', () => {
    const events = [{}, { origin: 'https://c.example' }, { resolver: 'Other' }, { resolver: undefined }, { code: 'x' }];
    expect(logged(...events)).toHaveLength(4);
  });
});
