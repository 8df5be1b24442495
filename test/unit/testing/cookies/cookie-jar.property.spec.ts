import { afterEach, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import { CookieJar } from '../../../../src/testing/cookies/cookie-jar.js';

const START = Date.UTC(2026, 10, 28);
const PAGE = 'https://app.shop.test';
const HOSTS = ['api.shop.test', 'deep.api.shop.test', 'api.other.test'];

interface Step {
  readonly host: string;
  readonly name: string;
  readonly value: string;
  readonly domain: string | undefined;
  readonly path: string;
  readonly sameSite: 'Lax' | 'None';
  readonly maxAge: number | undefined;
  /** Seconds that pass before this step. */
  readonly wait: number;
}

const step: fc.Arbitrary<Step> = fc.record({
  host: fc.constantFrom(...HOSTS),
  name: fc.constantFrom('a', 'b'),
  value: fc.constantFrom('1', '2'),
  domain: fc.constantFrom(undefined, undefined, 'shop.test', 'api.shop.test', 'test'),
  path: fc.constantFrom('/', '/', '/x'),
  sameSite: fc.constantFrom('Lax', 'None'),
  maxAge: fc.constantFrom(undefined, undefined, undefined, 0, 2),
  wait: fc.constantFrom(0, 0, 0, 1),
});

function isBelow(host: string, domain: string): boolean {
  return host === domain || host.endsWith(`.${domain}`);
}

/** The header by its definition, from everything that happened: no store, nothing is ever replaced or deleted. */
function headerByHistory(history: readonly Step[], host: string, path: string, sameSite: boolean): string | undefined {
  const times = history.map((_, index) => history.slice(0, index + 1).reduce((sum, { wait }) => sum + wait, 0));
  const now = times.at(-1) ?? 0;
  const isCrossSite = (name: string) => !isBelow(name, 'shop.test');
  const isStored = ({ host: from, domain, sameSite }: Step) =>
    (domain === undefined || (domain !== 'test' && isBelow(from, domain))) &&
    (!isCrossSite(from) || sameSite === 'None');
  const isSame = (one: Step, other: Step) =>
    one.name === other.name &&
    one.path === other.path &&
    (one.domain === undefined) === (other.domain === undefined) &&
    (one.domain ?? one.host) === (other.domain ?? other.host);
  const isAlive = (index: number, at: number) => {
    const { maxAge } = history[index] as Step;
    return maxAge === undefined || (times[index] as number) + maxAge > at;
  };
  /** The step that gave the cookie its value, while it stayed the same. */
  const birthOf = (index: number): number => {
    const current = history[index] as Step;
    const before = history
      .slice(0, index)
      .map((other) => isStored(other) && isSame(other, current))
      .lastIndexOf(true);
    const isKept = before !== -1 && isAlive(before, times[index] as number) && history[before]?.value === current.value;
    return isKept ? birthOf(before) : index;
  };
  return (
    history
      .map((cookie, index) => ({ cookie, index }))
      .filter(({ cookie, index }) => {
        const isLast = !history.some((other, later) => later > index && isStored(other) && isSame(other, cookie));
        const reaches = cookie.domain === undefined ? cookie.host === host : isBelow(host, cookie.domain);
        const onPath = path === cookie.path || path.startsWith(cookie.path.replace(/\/?$/, '/'));
        const crosses = sameSite || !isCrossSite(host) || cookie.sameSite === 'None';
        return isStored(cookie) && isLast && isAlive(index, now) && reaches && onPath && crosses;
      })
      .sort(
        (one, other) => other.cookie.path.length - one.cookie.path.length || birthOf(one.index) - birthOf(other.index),
      )
      .map(({ cookie: { name, value } }) => `${name}=${value}`)
      .join('; ') || undefined
  );
}

afterEach(() => {
  jest.useRealTimers();
});

it('sends the cookies that its whole history says', () => {
  jest.useFakeTimers({ now: START });
  const sent = { none: 0, one: 0, several: 0 };
  fc.assert(
    fc.property(fc.array(step, { maxLength: 12 }), (history) => {
      jest.setSystemTime(START);
      const jar = new CookieJar(PAGE, () => undefined);
      for (const { host, name, value, domain, path, sameSite, maxAge, wait } of history) {
        jest.setSystemTime(Date.now() + wait * 1000);
        const attributes = [
          `${name}=${value}`,
          `Path=${path}`,
          ...(domain === undefined ? [] : [`Domain=${domain}`]),
          ...(sameSite === 'None' ? ['SameSite=None; Secure'] : []),
          ...(maxAge === undefined ? [] : [`Max-Age=${maxAge}`]),
        ];
        jar.store([attributes.join('; ')], new URL(`https://${host}/`));
      }
      for (const host of HOSTS) {
        for (const path of ['/', '/x', '/xy']) {
          const url = new URL(`https://${host}${path}`);
          const header = jar.header(url);
          expect([url.href, header, jar.get(url.href)]).toEqual([
            url.href,
            headerByHistory(history, host, path, false),
            headerByHistory(history, host, path, true) ?? '',
          ]);
          sent[header === undefined ? 'none' : header.includes(';') ? 'several' : 'one']++;
        }
      }
    }),
    { numRuns: 300 },
  );
  expect(Math.min(sent.none, sent.one, sent.several)).toBeGreaterThan(200);
});
