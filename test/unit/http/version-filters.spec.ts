import { describe, expect, it } from '@jest/globals';
import type { RouteQuery } from '../../../src/http/http-platform.js';
import { VersionFilters, type VersionPlace } from '../../../src/http/version-filters.js';
import type { RouteEntry } from '../../../src/routes/route-entry.js';

const HEADER: VersionPlace = { kind: 'header', name: 'x-api-version' };
const ACCEPT: VersionPlace = { kind: 'header', name: 'accept' };
const ELSEWHERE: VersionPlace = { kind: 'elsewhere' };

const entry = (versions?: readonly string[]) => ({ versions }) as unknown as RouteEntry;
const query = (overrides: Partial<RouteQuery>): RouteQuery => ({
  request: { headers: {} },
  method: 'GET',
  url: '/',
  preflight: true,
  ...overrides,
});

/** A filter that reads the version as Nest's header versioning does: without it, "none". */
const byHeader = (one: RouteEntry) => (request: unknown) => {
  const { headers } = request as { headers: Record<string, string | undefined> };
  return one.versions?.includes(headers['x-api-version'] ?? 'none') === true;
};

describe('VersionFilters', () => {
  it.each<[VersionPlace | undefined, string | undefined, boolean]>([
    [undefined, 'x-api-version', false],
    [HEADER, undefined, false],
    [HEADER, '', false],
    [HEADER, 'x-api-version', true],
    [HEADER, 'X-API-VERSION', true],
    [HEADER, 'content-type, X-Api-Version ,x-b', true],
    [HEADER, 'x-api-version2', false],
    [HEADER, 'x-api', false],
    [HEADER, 'ax-api-version', false],
    [HEADER, 'x-api-version;x', false],
    [HEADER, `x-api-version,${'x'.repeat(1010)}`, true],
    [HEADER, `x-api-version,${'x'.repeat(1011)}`, false],
    [ACCEPT, undefined, true],
    [ACCEPT, 'content-type', true],
    [{ kind: 'header', name: 'content-type' }, undefined, true],
    [{ kind: 'header', name: 'authorization' }, undefined, false],
    [ELSEWHERE, undefined, true],
    [ELSEWHERE, 'content-type', true],
  ])(
    'says whether a preflight can announce a version in %j with the headers %j: %s',
    (place, requestedHeaders, expected) => {
      const filters = new VersionFilters(() => place, byHeader);
      expect(filters.canCarryVersion(query({ requestedHeaders }))).toBe(expected);
    },
  );
});

/** How the filters of several handlers accept the request of a query. */
function accepted(filters: VersionFilters, asked: RouteQuery, entries: readonly RouteEntry[]) {
  const hasVersion = asked.preflight && filters.canCarryVersion(asked);
  return entries.map((one) => filters.accepts(one, asked, hasVersion));
}

describe('VersionFilters', () => {
  const filters = new VersionFilters(() => HEADER, byHeader);

  it('decides an actual request with the filter of its handler', () => {
    const asked = query({ preflight: false, request: { headers: { 'x-api-version': '2' } } });
    expect(accepted(filters, asked, [entry(), entry(['1']), entry(['2']), entry(['1', '2'])])).toEqual([
      'yes',
      'no',
      'yes',
      'yes',
    ]);
  });

  it('accepts every version for a preflight that names the header', () => {
    const asked = query({ requestedHeaders: 'x-api-version' });
    expect(accepted(filters, asked, [entry(), entry(['1']), entry(['none'])])).toEqual(['yes', 'maybe', 'maybe']);
  });

  it('accepts no version for a preflight that does not name the header, even if it has the header itself', () => {
    const asked = query({ request: { headers: { 'x-api-version': '1' } } });
    expect(accepted(filters, asked, [entry(), entry(['1']), entry(['none'])])).toEqual(['yes', 'no', 'yes']);
  });

  it('accepts no version if the extractor of the application throws', () => {
    const throwing = new VersionFilters(
      () => ELSEWHERE,
      () => () => {
        throw new Error('broken');
      },
    );
    const asked = query({ preflight: false });
    expect(accepted(throwing, asked, [entry(), entry(['1'])])).toEqual(['yes', 'no']);
  });
});
