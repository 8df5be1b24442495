import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';

interface RequestEntry {
  readonly id: string;
  readonly method: string;
  readonly preflight: boolean;
  readonly policy: string;
  readonly handler: string;
  readonly expected: Readonly<Record<string, string>>;
  readonly api?: Readonly<Record<string, readonly string[]>>;
  readonly why: Readonly<Record<string, string>>;
}

const data = JSON.parse(readFileSync('sample/page/requests.json', 'utf8')) as {
  readonly pages: Readonly<Record<string, unknown>>;
  readonly groups: readonly { readonly requests: readonly RequestEntry[] }[];
};
const requests = data.groups.flatMap((group) => group.requests);
const pages = Object.keys(data.pages);

describe('the list of requests on the page', () => {
  it('has unique names', () => {
    expect(new Set(requests.map(({ id }) => id)).size).toBe(requests.length);
  });

  it.each(requests.map((request) => [request.id, request] as const))('describes %s completely', (_, request) => {
    const { expected, why, api = {}, preflight, method } = request;
    expect(Object.keys(expected)).toEqual(pages);
    const outcomes = new Set(Object.values(expected).flatMap((one) => (one === 'either' ? ['read', 'blocked'] : one)));
    expect(Object.keys(why)).toEqual(expect.arrayContaining([...outcomes]));
    for (const [outcome, seen] of Object.entries(api)) {
      expect([...outcomes]).toContain(outcome);
      // A refused preflight is the only arrival. Any other first arrival is the request itself.
      expect(seen[0]?.startsWith('OPTIONS ')).toBe(preflight);
      expect(seen.at(-1)).toMatch(
        preflight && outcome === 'blocked' ? /^OPTIONS 403$/ : new RegExp(`^${method} \\d{3}$`),
      );
    }
  });
});
