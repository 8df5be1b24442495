import { expect, it } from '@jest/globals';
import type { INestApplication } from '@nestjs/common';
import fc from 'fast-check';
import { describePlatforms } from '../../support/platforms.js';
import '../../support/property-seed.js';
import { ALLOWED, optionsOf, printedCode, warningAbout, whatPagesCanDo } from './replaced-call.js';

const APP = 'https://app.example.com';

const entry = fc.oneof(
  fc.constantFrom(
    APP,
    `${APP}/`,
    'http://app.example.com',
    'http://localhost:3000',
    'https://*.example.com',
    '*',
    'null',
  ),
  fc.constantFrom('', 'app.example.com', 'https://APP.example.com', `${APP},https://admin.example.com`, 'file://'),
  fc.constantFrom(
    ...[/example\.com$/, /^https?:\/\/(.+\.)?example\.com$/, /^https:\/\/app.example.com/, /localhost/, /.*/, /./],
    ...[
      /^http:\/\/app\.example\.com$/,
      /^https:\/\/[a-z]+\.example\.com$/,
      /^app\.example\.com$/,
      /https:\/\/(?!evil)/,
    ],
    ...[
      /^https?:\/\/[a-z.]+$/,
      /^https:\/\/.*$/i,
      /null|app/,
      /^https:\/\/app\.example\.com:443$/,
      /^.+:\/\/localhost/,
    ],
  ),
  fc.constantFrom<unknown>(undefined, null, false, 0),
);

const origin = fc.oneof(
  { weight: 4, arbitrary: entry },
  { weight: 4, arbitrary: fc.array(entry, { maxLength: 3 }) },
  {
    weight: 2,
    arbitrary: fc.constantFrom<unknown>(
      ...[true, {}, [true], [[APP]], [], new URL(APP), new String(APP), [new String(APP)], 1],
      (asked: string, callback: (error: null, allow: boolean) => void) => callback(null, ALLOWED.includes(asked)),
      (asked: string, callback: (error: null, allow: string) => void) => callback(null, asked),
    ),
  },
);

const names = (...values: readonly string[]) =>
  fc.oneof(
    fc.array(fc.constantFrom(...values, '*'), { maxLength: 3 }),
    fc.array(fc.constantFrom(...values), { maxLength: 3 }).map((list) => list.join(', ')),
    fc.constantFrom<unknown>('*', '', undefined, null, 'X A'),
  );

const options = fc.record(
  {
    origin,
    methods: names('GET', 'PUT', 'PATCH', 'put', 'DELETE', 'TRACE'),
    allowedHeaders: names('Content-Type', 'X-A', 'X-B', 'Authorization', 'Cookie', 'Access-Control-Allow-Origin'),
    headers: names('X-A'),
    exposedHeaders: names('X-Total', 'Set-Cookie', 'Cookie'),
    credentials: fc.constantFrom<unknown>(true, true, false, 'true', 1, undefined),
    maxAge: fc.constantFrom<unknown>(0, 60, '60', -1, 1e9, 1.5, 'x', '', null, undefined, Number.NaN),
    optionsSuccessStatus: fc.constantFrom<unknown>(200, 204, '200', 299, 302, 404, 99, null, 'x'),
    preflight: fc.constantFrom<unknown>(true, false),
    strictPreflight: fc.boolean(),
    cacheControl: fc.constantFrom<unknown>(60, 'no-store'),
    hideOptionsRoute: fc.boolean(),
    unknown: fc.constant(1),
  },
  { requiredKeys: [] },
);

/** The notes about what pages could do before and cannot do now. */
const LESS =
  /has no translation|left out|does not include `authorization`|as a name|cannot be rewritten|other than `null` only/;

describePlatforms('the translation of any options of enableCors()', (platform) => {
  it('boots, allows no more, and says what it does not allow', async () => {
    await fc.assert(
      fc.asyncProperty(options, async (drawn) => {
        const configure = (app: INestApplication) => app.enableCors(drawn as object);
        const warning = await warningAbout(platform, { configure });
        const printed = optionsOf(printedCode(warning) as string);
        const before = await whatPagesCanDo(platform, { configure });
        const after = await whatPagesCanDo(platform, { options: printed });
        expect(after.filter((line) => !before.includes(line))).toEqual([]);
        if (after.length < before.length) {
          expect(warning).toMatch(LESS);
        }
      }),
      { numRuns: 60 },
    );
  }, 120_000);
});
