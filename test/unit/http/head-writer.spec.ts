import { describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import type { HeadHeaders } from '../../../src/http/head/head.js';
import { applyDecision } from '../../../src/http/head/head-writer.js';
import type { CorsDecision } from '../../../src/policy/decision.js';
import { nodeResponse } from './fake-response.js';

const ORIGIN = 'https://app.example.com';
const ALLOWED: CorsDecision = Object.freeze({
  outcome: 'allowed',
  reason: 'allowed',
  headers: Object.freeze(['Access-Control-Allow-Origin', ORIGIN]),
  vary: Object.freeze(['Origin']),
});
const REFUSED: CorsDecision = Object.freeze({ ...ALLOWED, outcome: 'refused', reason: 'no-origin', headers: [] });
const OURS = [`Access-Control-Allow-Origin: ${ORIGIN}`];

/** The lines on the wire when a head is written with `headers` on a response that has the headers `before`. */
function written(headers: HeadHeaders | undefined, before: Record<string, unknown>, flat: boolean, decision = ALLOWED) {
  const response = nodeResponse();
  for (const [name, value] of Object.entries(before)) {
    response.setHeader(name, value as string);
  }
  const passed = applyDecision(response, headers, decision, flat);
  if (passed === undefined) {
    response.writeHead(200);
  } else {
    response.writeHead(200, passed as never);
  }
  const [status, ...lines] = response.sent();
  expect(status).toBe('HTTP/1.1 200 OK');
  return lines.sort();
}

/** One set of headers in every form that writeHead accepts. */
function forms(pairs: readonly (readonly [string, unknown])[]): [string, HeadHeaders][] {
  return [
    ['an object', Object.fromEntries(pairs)],
    ['a frozen object', Object.freeze(Object.fromEntries(pairs))],
    ['a flat list', pairs.flat(1)],
    ['a frozen flat list', Object.freeze(pairs.flat(1)) as unknown[]],
    ['a list of pairs', pairs.map((pair) => [...pair])],
    ['a frozen list of frozen pairs', Object.freeze(pairs.map((pair) => Object.freeze([...pair]))) as unknown[]],
  ];
}

// No header is set, with and without flat lists, or a header is set.
const WAYS: readonly [string, Record<string, unknown>, boolean][] = [
  ['on a response without headers', {}, true],
  ['on a response that takes no flat lists', {}, false],
  ['on a response with headers', { 'x-before': '1' }, true],
];

describe.each(WAYS)('applyDecision %s', (_, before, flat) => {
  const already = Object.keys(before).map((name) => `${name}: 1`);

  it.each(
    forms([
      ['X-Own', 'a'],
      ['Content-Type', 'text/plain'],
    ]),
  )('keeps what %s says', (_form, headers) => {
    expect(written(headers, before, flat)).toEqual(
      [...already, 'X-Own: a', 'Content-Type: text/plain', ...OURS, 'Vary: Origin'].sort(),
    );
  });

  it.each(
    forms([
      ['ACCESS-CONTROL-ALLOW-ORIGIN', '*'],
      ['access-control-allow-credentials', 'true'],
      ['Access-Control-Max-Age', '5'],
      ['X-Own', 'a'],
    ]),
  )('replaces every Access-Control-* header in %s', (_form, headers) => {
    expect(written(headers, before, flat)).toEqual([...already, 'X-Own: a', ...OURS, 'Vary: Origin'].sort());
    expect(written(headers, before, flat, REFUSED)).toEqual([...already, 'X-Own: a', 'Vary: Origin'].sort());
  });

  it.each(
    forms([
      ['vArY', 'Accept'],
      ['X-Own', 'a'],
    ]),
  )('adds to the Vary of %s', (_form, headers) => {
    expect(written(headers, before, flat)).toEqual([...already, 'X-Own: a', ...OURS, 'Vary: Accept, Origin'].sort());
  });

  it.each(forms([['Vary', ['Accept', 'Cookie']]]))('adds to the list in the Vary of %s', (_form, headers) => {
    expect(written(headers, before, flat)).toEqual([...already, ...OURS, 'Vary: Accept, Cookie, Origin'].sort());
  });

  it.each(forms([['Vary', '*']]))('leaves the * in the Vary of %s', (_form, headers) => {
    expect(written(headers, before, flat)).toEqual([...already, ...OURS, 'Vary: *'].sort());
  });

  it.each(forms([['Vary', 'origin']]))('does not repeat a name in the Vary of %s', (_form, headers) => {
    expect(written(headers, before, flat)).toEqual([...already, ...OURS, 'Vary: origin'].sort());
  });

  it.each(
    forms([
      ['Vary', 'Accept'],
      ['vary', 'Cookie'],
    ]).slice(2),
  )('joins the two Vary headers of %s', (_form, headers) => {
    expect(written(headers, before, flat)).toEqual([...already, ...OURS, 'Vary: Accept, Cookie, Origin'].sort());
  });

  it('joins two Vary headers of an object that differ in case', () => {
    expect(written({ Vary: 'Accept', vary: 'Cookie' }, before, flat)).toEqual(
      [...already, ...OURS, 'Vary: Accept, Cookie, Origin'].sort(),
    );
  });

  it.each(forms([['X-Own', 'a']]))('does not change %s, and gives the same result when repeated', (_form, headers) => {
    const copy = structuredClone(headers);
    const response = nodeResponse();
    const first = applyDecision(response, headers, ALLOWED, flat);
    const second = applyDecision(response, headers, ALLOWED, flat);
    expect(headers).toEqual(copy);
    expect(second).toEqual(first);
  });

  it('writes the decision when the caller passes no headers', () => {
    expect(written(undefined, before, flat)).toEqual([...already, ...OURS, 'Vary: Origin'].sort());
    const silent: CorsDecision = { ...REFUSED, vary: [] };
    expect(written(undefined, before, flat, silent)).toEqual(already);
    expect(written({ Vary: 'Accept' }, before, flat, silent)).toEqual([...already, 'Vary: Accept'].sort());
  });

  it('keeps two cookies in an object', () => {
    expect(written({ 'Set-Cookie': ['a=1', 'b=2'] }, before, flat)).toEqual(
      [...already, 'Set-Cookie: a=1', 'Set-Cookie: b=2', ...OURS, 'Vary: Origin'].sort(),
    );
  });

  it.each([
    ['access-control', 'x'],
    ['accesscontrol-allow-origin', 'x'],
    ['x-access-control-allow-origin', 'x'],
    ['varying', 'x'],
    ['var', 'x'],
  ])('keeps %s, which only resembles a header of CORS', (name, value) => {
    expect(written({ [name]: value }, before, flat)).toEqual(
      [...already, `${name}: ${value}`, ...OURS, 'Vary: Origin'].sort(),
    );
  });

  it.each(
    forms([
      ['CROSS-origin-resource-POLICY', 'same-origin'],
      ['X-Own', 'a'],
      ['Cross-Origin-Opener-Policy', 'same-origin'],
      ['cross-origin-resource-polic', 'x'],
      ['cross-origin-resource-policies', 'x'],
      ['cross-origin-resource_policy', 'x'],
    ]),
  )('replaces only the resource policy of %s, if the decision has one', (_form, headers) => {
    const kept = [
      ...already,
      ...OURS,
      'Cross-Origin-Opener-Policy: same-origin',
      'Vary: Origin',
      'X-Own: a',
      'cross-origin-resource-polic: x',
      'cross-origin-resource-policies: x',
      'cross-origin-resource_policy: x',
    ];
    const policy = ['Cross-Origin-Resource-Policy', 'cross-origin'];
    const decision: CorsDecision = { ...ALLOWED, headers: [...ALLOWED.headers, ...policy] };
    expect(written(headers, before, flat, decision)).toEqual([...kept, policy.join(': ')].sort());
    expect(written(headers, before, flat)).toEqual([...kept, 'CROSS-origin-resource-POLICY: same-origin'].sort());
  });

  it('passes a list of odd length on, so that Node refuses it', () => {
    const response = nodeResponse();
    for (const [name, value] of Object.entries(before)) {
      response.setHeader(name, value as string);
    }
    const passed = applyDecision(response, ['X-Own'], ALLOWED, flat);
    expect(() => response.writeHead(200, passed as never)).toThrow();
  });
});

describe('applyDecision', () => {
  it('ignores inherited properties of an object', () => {
    const headers = Object.create({ 'X-Inherited': 'a' }) as Record<string, unknown>;
    headers['X-Own'] = 'b';
    expect(written(headers, {}, true)).toEqual([...OURS, 'Vary: Origin', 'X-Own: b'].sort());
  });

  it('replaces headers that are set on the response, in any case', () => {
    const before = { 'ACCESS-Control-Allow-Origin': '*', 'access-control-allow-headers': 'x', vArY: 'Accept' };
    expect(written(undefined, before, true)).toEqual([...OURS, 'Vary: Accept, Origin']);
    expect(written({ 'access-control-allow-origin': 'x' }, before, true)).toEqual([...OURS, 'Vary: Accept, Origin']);
    expect(written(undefined, before, true, REFUSED)).toEqual(['Vary: Accept, Origin']);
  });

  it('prefers the Vary of the call to the one that is set, as Node does', () => {
    expect(written({ Vary: 'Cookie' }, { Vary: 'Accept' }, true)).toEqual([...OURS, 'Vary: Cookie, Origin']);
  });

  it.each(['Accept, Origin', '*'])('leaves a Vary of %s as it was set', (vary) => {
    expect(written(undefined, { Vary: vary }, true)).toEqual([...OURS, `Vary: ${vary}`]);
  });

  it('can be repeated for an error page after Node refused the head', () => {
    const response = nodeResponse();
    const broken = applyDecision(response, { 'X-Own': 'a\nb' }, ALLOWED, true);
    expect(() => response.writeHead(200, broken as never)).toThrow('Invalid character');
    const again = applyDecision(response, { 'X-Own': 'c', Vary: 'Accept' }, ALLOWED, true);
    response.writeHead(500, again as never);
    const lines = response.sent();
    expect(lines.filter((line) => /^access-control-allow-origin/i.test(line))).toEqual(OURS);
    expect(lines.filter((line) => /^vary/i.test(line))).toHaveLength(1);
    expect(lines).toContain('X-Own: c');
  });

  it('passes the same object on if it has no header of CORS', () => {
    const headers = Object.freeze({ 'X-Own': 'a' });
    const response = nodeResponse();
    response.setHeader('x-before', '1');
    expect(applyDecision(response, headers, ALLOWED, true)).toBe(headers);
    const list = Object.freeze(['X-Own', 'a']);
    expect(applyDecision(response, list, ALLOWED, true)).toBe(list);
  });

  // Once a header is set on the response, Node 20 sends only the last value.
  it.each([true, false])('keeps every value of a name that a list repeats, with flat lists %s', (flat) => {
    const lists: HeadHeaders[] = [
      ['Set-Cookie', 'a=1', 'X-A', '1', 'set-cookie', 'b=2', 'Set-Cookie', 'c=3'],
      [
        ['Set-Cookie', ['a=1', 'b=2']],
        ['X-A', '1'],
        ['set-cookie', 'c=3'],
      ],
    ];
    for (const list of lists) {
      const lines = written(list, {}, flat).map((line) => line.replace(/^set-cookie/i, 'Set-Cookie'));
      expect(lines.sort()).toEqual(
        [...OURS, 'Set-Cookie: a=1', 'Set-Cookie: b=2', 'Set-Cookie: c=3', 'Vary: Origin', 'X-A: 1'].sort(),
      );
    }
  });

  it('leaves repeated names of a list to Node if headers are set on the response', () => {
    const list = ['Set-Cookie', 'a=1', 'Set-Cookie', 'b=2'];
    const response = nodeResponse();
    response.setHeader('x-before', '1');
    expect(applyDecision(response, list, ALLOWED, false)).toBe(list);
  });

  it('sets every header on a response that takes no list', () => {
    const response = nodeResponse();
    expect(applyDecision(response, undefined, ALLOWED, false)).toBeUndefined();
    expect(response.getHeaders()).toEqual({ 'access-control-allow-origin': ORIGIN, vary: 'Origin' });
  });

  it('sets no header on a response that takes a list', () => {
    const setHeader = jest.fn();
    const response = { getHeaderNames: () => [], getHeader: jest.fn(), setHeader, removeHeader: jest.fn() };
    expect(applyDecision(response, undefined, ALLOWED, true)).toEqual([...ALLOWED.headers, 'Vary', 'Origin']);
    expect(setHeader).not.toHaveBeenCalled();
  });

  it('sends each decided header once, whatever is set and passed', () => {
    const names = fc.constantFrom(
      'Access-Control-Allow-Origin',
      'ACCESS-CONTROL-ALLOW-METHODS',
      'x-own',
      'Content-Type',
      'Vary',
      'vary',
      'VARY',
    );
    const pairs = fc.uniqueArray(fc.tuple(names, fc.constantFrom('a', 'Accept', 'Origin', 'b, c')), {
      maxLength: 6,
      selector: ([name]) => name.toLowerCase(),
    });
    fc.assert(
      fc.property(pairs, pairs, fc.nat(5), fc.boolean(), (before, passed, form, flat) => {
        const headers = forms(passed)[form]?.[1];
        const lines = written(passed.length === 0 ? undefined : headers, Object.fromEntries(before), flat);
        expect(lines.filter((line) => /^access-control-/i.test(line))).toEqual(OURS);
        const vary = lines.filter((line) => /^vary:/i.test(line));
        expect(vary).toHaveLength(1);
        expect(vary[0]).toMatch(/\bOrigin\b/);
      }),
      { numRuns: 500 },
    );
  });
});
