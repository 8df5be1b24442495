import { describe, expect, it } from '@jest/globals';
import { enforcesMethod, isReportOnly } from '../../../src/http/enforcement/enforced-requests.js';
import { hasHost, isExempt } from '../../../src/http/enforcement/exempt-requests.js';
import { Exchange } from '../../../src/http/exchange.js';
import { mergeLevels } from '../../../src/policy/merge.js';
import { PolicyCompiler } from '../../../src/policy/policy-compiler.js';
import type { EnforceOption } from '../../../src/policy/policy-options.js';

describe('enforcement', () => {
  it.each<[EnforceOption, string, boolean]>([
    [false, 'GET', false],
    [false, 'DELETE', false],
    ['unsafe-methods', 'GET', false],
    ['unsafe-methods', 'HEAD', false],
    ['unsafe-methods', 'OPTIONS', false],
    ['unsafe-methods', 'POST', true],
    ['unsafe-methods', 'PUT', true],
    ['unsafe-methods', 'PATCH', true],
    ['unsafe-methods', 'QUERY', true],
    ['unsafe-methods', 'get', true],
    ['unsafe-methods', '', true],
    ['all', 'GET', true],
    ['all', 'OPTIONS', true],
  ])('with `enforce` %j says whether it refuses %j requests: %s', (enforce, method, expected) => {
    expect(enforcesMethod(enforce, method)).toBe(expected);
  });

  it.each<[string | undefined, string, boolean]>([
    ['https://a.example', 'POST', true],
    ['https://a.example', 'GET', false],
    [undefined, 'POST', false], // untouched
  ])('with enforceReportOnly and origin %j says whether it reports %s requests: %s', (origin, method, expected) => {
    const options = { origin, enforce: 'unsafe-methods', enforceReportOnly: true } as const;
    const policy = new PolicyCompiler().compile(mergeLevels('A', [{ target: 'A', options }]));
    const match = { target: 'A', listed: true, policy, enforce: policy.enforce, wouldEnforce: policy.wouldEnforce };
    const raw = { method, headers: {} };
    expect(isReportOnly(match, new Exchange(raw, raw, {}, undefined))).toBe(expected);
  });

  it.each<[string | undefined, string | undefined, string | undefined, boolean]>([
    // Origin, Sec-Fetch-Site, Host, exempt
    [undefined, undefined, 'a.example', true],
    [undefined, 'cross-site', 'a.example', true],
    ['https://a.example', 'same-origin', 'b.example', true],
    ['https://a.example', 'none', 'b.example', true],
    ['https://a.example', 'same-site', 'a.example', false],
    ['https://a.example', 'cross-site', 'a.example', false],
    ['https://a.example', '', 'a.example', false],
    ['https://a.example', 'Same-Origin', 'a.example', false],
    ['https://a.example', undefined, 'a.example', true],
    ['http://a.example', undefined, 'a.example', true],
    ['https://a.example', undefined, 'A.EXAMPLE', true],
    ['https://a.example', undefined, 'a.example:443', true],
    ['http://a.example', undefined, 'a.example:80', true],
    ['https://a.example', undefined, 'a.example:80', false],
    ['http://a.example', undefined, 'a.example:443', false],
    ['https://a.example:8443', undefined, 'a.example:8443', true],
    ['https://a.example:8443', undefined, 'a.example', false],
    ['https://a.example', undefined, 'a.example:8443', false],
    ['https://a.example', undefined, 'a.example.evil', false],
    ['https://a.example', undefined, 'xa.example', false],
    ['https://sub.a.example', undefined, 'a.example', false],
    ['https://a.example', undefined, undefined, false],
    ['https://a.example:443', undefined, 'a.example:443', false],
    ['https://a.example', undefined, 'a.example.', false],
    ['https://a.example.', undefined, 'a.example', false],
    ['https://a.example:80', undefined, 'a.example:80', true],
    ['http://127.0.0.1:3000', undefined, '127.0.0.1:3000', true],
    ['http://[::1]:3000', undefined, '[::1]:3000', true],
    ['app://a.example', undefined, 'a.example', false],
    ['capacitor://a.example', undefined, 'a.example', false],
    ['ws://a.example', undefined, 'a.example', false],
    ['wss://a.example', undefined, 'a.example', false],
    ['httpx://a.example', undefined, 'a.example', false],
    ['file://a.example', undefined, 'a.example', false],
    ['://a.example', undefined, 'a.example', false],
    ['//a.example', undefined, 'a.example', false],
    ['a.example', undefined, 'a.example', false],
    ['blob:https://a.example', undefined, 'a.example', false],
    ['https:a.example', undefined, 'a.example', false],
    ['https:///a.example', undefined, '/a.example', false],
    ['https://user@a.example', undefined, 'user@a.example', false],
    ['https://user:word@a.example', undefined, 'user:word@a.example', false],
    ['https://a.example/', undefined, 'a.example/', false],
    ['https://a.example/', undefined, 'a.example', false],
    ['https://A.example', undefined, 'A.example', false],
    ['HTTPS://a.example', undefined, 'a.example', false],
    [' https://a.example', undefined, 'a.example', false],
    ['https://a.example https://a.example', undefined, 'a.example', false],
    ['https://', undefined, '', false],
    ['https://:8443', undefined, ':8443', false],
    ['null', undefined, 'null', false],
    ['null', undefined, 'a.example', false],
    ['', undefined, '', false],
    ['null', 'same-origin', 'a.example', true],
  ])(
    'says whether a request with Origin %j, Sec-Fetch-Site %j and Host %j is exempt: %s',
    (origin, site, host, expected) => {
      const headers = { origin, 'sec-fetch-site': site };
      expect(isExempt({ headers }) ?? hasHost(origin as string, host)).toBe(expected);
    },
  );

  it('needs no host for a request without Origin, and for one whose Sec-Fetch-Site says enough', () => {
    expect(isExempt({ headers: { origin: 'https://a.example', 'sec-fetch-site': 'cross-site' } })).toBe(false);
    expect(isExempt({ headers: {} })).toBe(true);
  });

  it.each([
    ['same-origin', true],
    ['same-site', false],
    ['none', false],
    ['Same-Origin', false],
    [undefined, false],
  ])('says whether Sec-Fetch-Site %j stands for a same-origin request: %s', (site, expected) => {
    const raw = { headers: { 'sec-fetch-site': site } };
    expect(new Exchange(raw, raw, {}, undefined).isSameOrigin).toBe(expected);
  });
});
