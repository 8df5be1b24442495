import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CorsBlockedError, openPage, type Page } from 'nestjs-cors/testing';
import { startMisconfigured } from '../../../browser/suites/verdicts/misconfigured-servers.js';
import { type Misconfiguration, readMeasured } from '../../../conformance/misconfigurations.js';

const STEPS = {
  client: 'request',
  preflight: 'preflight',
  redirect: 'redirect',
  actual: 'response',
  embed: 'response',
  network: 'network',
  none: undefined,
} as const;

/** The step at which `page.fetch` fails. What fails at the end of a redirect is `response`. */
function stepOf({ where, browserVerdict }: Misconfiguration, { exchanges }: Page): string | undefined {
  const isFollowed = where === 'redirect' && exchanges.length > 1;
  return browserVerdict.chromium.readable ? undefined : isFollowed ? 'response' : STEPS[where];
}

describe('a page that meets a misconfiguration which was measured in Chromium', () => {
  const closers: (() => unknown)[] = [];
  let servers: Awaited<ReturnType<typeof startMisconfigured>>;
  beforeAll(async () => {
    servers = await startMisconfigured(closers);
  });
  afterAll(() => {
    for (const close of closers) {
      close();
    }
  });

  const measured = readMeasured();

  it('meets 59 of them', () => {
    expect(measured).toHaveLength(59);
  });

  it.each(measured.map(({ id }) => id))('reads or fails as Chromium does: %s', async (id) => {
    const found = servers.cases.find((one) => one.id === id) as Misconfiguration;
    const { request, where } = found;
    const { chromium } = found.browserVerdict;
    const { method, headers = {}, credentials, mode, by, from, reads, url = `${servers.api}/${id}` } = request;
    const page = openPage(servers.api, from === 'sandboxed iframe' ? 'null' : servers.page);

    const init = { method, headers, credentials, mode: by === 'img' ? 'no-cors' : (mode ?? 'cors') } as const;
    const result: unknown = await page.fetch(url, init).catch((error: unknown) => error);

    const cors = result instanceof CorsBlockedError ? result.cors : undefined;
    expect({ readable: result instanceof Response, code: cors?.code, step: cors?.step }).toEqual({
      readable: chromium.readable,
      code: chromium.error,
      step: stepOf(found, page),
    });
    if (cors?.code === 'HeaderDisallowedByPreflightResponse') {
      // Chromium names one of several headers, in the order of a hash table.
      expect(Object.keys(headers)).toContainEqual(expect.stringMatching(new RegExp(`^${cors.parameter}$`, 'i')));
    } else {
      // The data leaves an empty parameter out.
      expect(cors?.parameter || undefined).toBe(chromium.parameter);
    }
    if (reads !== undefined) {
      expect((result as Response).headers.get(reads)).toBe(null);
    }
    expect(page.exchanges[0]?.preflight ?? false).toBe(request.preflighted && where !== 'client');
  });
});
