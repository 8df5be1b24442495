import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type INestApplicationContext, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import fc from 'fast-check';
import { CorsModule, CorsService } from 'nestjs-cors';

/** What each path allows, besides what every policy allows. */
const POLICIES: Readonly<Record<string, (origin: string) => boolean>> = {
  '/any': () => true,
  '/off': () => false,
  '/untouched': () => false,
  '/local': (origin) => /^http:\/\/localhost(:[1-9][0-9]*)?$/.test(origin) && origin !== 'http://localhost:80',
  '/': (origin) => origin === 'https://app.example.com',
};

@Module({
  imports: [
    CorsModule.forRoot({
      origin: 'https://app.example.com',
      paths: [
        { path: '/any', policy: { origin: '*' } },
        { path: '/off', policy: false },
        { path: '/untouched', policy: 'untouched' },
        { path: '/local', policy: { origin: (origin) => /^http:\/\/localhost(:[0-9]+)?$/.test(origin) } },
      ],
    }),
  ],
})
class PoliciesModule {}

interface Handshake {
  readonly origin: string | undefined;
  readonly host: string | undefined;
  readonly site: string | undefined;
  readonly encrypted: boolean;
  readonly requireOrigin: boolean;
  readonly path: string;
}

/** The answer, as the documentation says it. URLs are parsed and compared as browsers do. */
function expected({ origin, host, site, encrypted, requireOrigin, path }: Handshake): boolean {
  if (site === 'same-origin') {
    return true;
  }
  if (origin === undefined) {
    return !requireOrigin;
  }
  const scheme = encrypted ? 'https' : 'http';
  if (serialized(origin) === origin && host !== undefined && serialized(`${scheme}://${host}`) === origin) {
    return true;
  }
  const allows = POLICIES[path.split('?')[0] as string] ?? POLICIES['/'];
  return allows?.(origin) === true;
}

function serialized(url: string): string | undefined {
  return URL.canParse(url) ? new URL(url).origin : undefined;
}

const names = fc.constantFrom(
  'api.example.com',
  'API.example.com',
  'app.example.com',
  'localhost',
  '127.0.0.1',
  '[::1]',
);
const ports = fc.constantFrom('', '', ':80', ':443', ':8080', ':8081');
const host = fc.tuple(names, ports).map((parts) => parts.join(''));
const written = fc
  .tuple(
    fc.constantFrom('http', 'https', 'https', 'ws', 'HTTP', 'capacitor'),
    host,
    fc.constantFrom('', '', '', '', '/', '/x', '?', ' ', ', https://app.example.com'),
  )
  .map(([scheme, name, suffix]) => `${scheme}://${name}${suffix}`);
const handshakes: fc.Arbitrary<Handshake> = fc.record({
  origin: fc.oneof(
    { weight: 6, arbitrary: written },
    fc.constantFrom('null', '', 'https://app.example.com', 'file://', undefined),
    fc.string({ maxLength: 8 }),
  ),
  host: fc.option(host, { nil: undefined, freq: 9 }),
  site: fc.constantFrom(
    undefined,
    undefined,
    undefined,
    'same-origin',
    'same-site',
    'cross-site',
    'none',
    'Same-Origin',
  ),
  encrypted: fc.boolean(),
  requireOrigin: fc.boolean(),
  path: fc.constantFrom('/', '/any', '/off', '/untouched', '/local', '/other', '/anything', '/local?a=/any'),
});

describe('isHandshakeAllowed', () => {
  let context: INestApplicationContext;
  beforeAll(async () => {
    context = await NestFactory.createApplicationContext(PoliciesModule, { logger: false, abortOnError: false });
  });
  afterAll(() => context.close());

  it('answers as its documentation says, for every handshake', async () => {
    const cors = context.get(CorsService);
    const counts = { true: 0, false: 0 };
    await fc.assert(
      fc.asyncProperty(handshakes, async (handshake) => {
        const { origin, host, site, encrypted, requireOrigin, path } = handshake;
        const given = Object.entries({ origin, host, 'sec-fetch-site': site }).filter(
          ([, value]) => value !== undefined,
        );
        const request = { headers: Object.fromEntries(given), url: path, socket: { encrypted } };
        const allowed = await cors.isHandshakeAllowed(request, { requireOrigin });
        counts[`${allowed}`]++;
        expect(allowed).toBe(expected(handshake));
      }),
      { numRuns: 3000 },
    );
    expect(Math.min(counts.true, counts.false)).toBeGreaterThan(500);
  });
});
