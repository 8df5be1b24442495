import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { corsMatchers, openPage, type Page } from 'nestjs-cors/testing';
import { describePlatforms } from '../../../support/platforms.js';
import { APP, EVIL } from '../../../support/policy-statement.js';
import { API, failure, NEITHER, Root } from './orders-application.js';

expect.extend(corsMatchers);

interface Failure {
  readonly about: string;
  /** @default APP */
  readonly origin?: string;
  readonly expectation: (page: Page) => Promise<void>;
  readonly lines: readonly string[];
}

const EXPLAINED_ORIGIN = [
  'Why: `origin` does not list this origin.',
  "Change: If the page should have access, write `origin: ['https://app.example.com', 'https://evil.example']` in CorsModule.",
];
const BROWSERS =
  'Browser: Chromium says MissingAllowOriginHeader, Firefox CORSMissingAllowOrigin, WebKit origin-not-allowed.';

const FAILURES: readonly Failure[] = [
  {
    about: 'a response that a browser blocks',
    origin: EVIL,
    expectation: (page) => expect(page).toRead('/orders'),
    lines: [
      'Expected the page https://evil.example to read GET /orders. The page cannot read the response: MissingAllowOriginHeader.',
      'Blocked: GET /orders from https://evil.example. The page cannot read the response (origin-not-allowed).',
      ...EXPLAINED_ORIGIN,
      'Policy: OrdersController.list: origin from CorsModule.',
      BROWSERS,
    ],
  },
  {
    about: 'a refused preflight',
    expectation: (page) => expect(page).toRead('/orders/7', { method: 'DELETE', headers: { Authorization: 'x' } }),
    lines: [
      'Expected the page https://app.example.com to read DELETE /orders/7. The preflight fails: PreflightMissingAllowOriginHeader.',
      'Blocked: DELETE /orders/7 from https://app.example.com. The preflight is refused with 403 (header-not-allowed).',
      'Why: `allowedHeaders` does not allow authorization.',
      "Change: If pages should send it, write `allowedHeaders: ['content-type', 'authorization']` in CorsModule.",
      'Policy: OrdersController.remove: origin from CorsModule, allowedHeaders by default.',
      'Browser: Chromium says PreflightMissingAllowOriginHeader, Firefox CORSMissingAllowOrigin, WebKit preflight-status.',
    ],
  },
  {
    about: 'a request that `enforce` refuses',
    origin: EVIL,
    expectation: (page) => expect(page).not.toBeBlockedFrom('/orders', { method: 'POST' }),
    lines: [
      'Expected the page https://evil.example not to be blocked from POST /orders. The application refuses it before its handler runs: MissingAllowOriginHeader.',
      'Blocked: POST /orders from https://evil.example. The request is refused with 403 before its handler runs (origin-not-allowed).',
      ...EXPLAINED_ORIGIN,
      'Policy: OrdersController.create: origin from CorsModule, enforce from OrdersController.create.',
      BROWSERS,
    ],
  },
  {
    about: 'a response that the page reads',
    expectation: (page) => expect(page).toBeBlockedFrom('/orders'),
    lines: [
      'Expected the page https://app.example.com to be blocked from GET /orders. It reads the response: status 200.',
      'Readable: GET /orders from https://app.example.com. The response allows it. No preflight is needed.',
      'Policy: OrdersController.list: origin from CorsModule.',
    ],
  },
  {
    about: 'an error that the page reads',
    expectation: (page) => expect(page).not.toRead('/orders/broken'),
    lines: [
      'Expected the page https://app.example.com not to read GET /orders/broken. It reads the response: status 500.',
      'Readable: GET /orders/broken from https://app.example.com. The response allows it. No preflight is needed.',
      'Policy: OrdersController.broken: origin from CorsModule.',
    ],
  },
  {
    about: 'a response to a page of the same origin',
    origin: API,
    expectation: (page) => expect(page).not.toRead('/internal'),
    lines: [
      'Expected the page https://api.example.com not to read GET /internal. It reads the response: status 200.',
      'Readable: GET /internal from https://api.example.com. The page has the origin of the URL, so browsers apply no CORS.',
      'Policy: InternalController.read: disabled by InternalController.',
    ],
  },
  {
    about: 'an untouched route, with the headers of other code',
    expectation: (page) => expect(page).toBeBlockedFrom('/own/open'),
    lines: [
      'Expected the page https://app.example.com to be blocked from GET /own/open. It reads the response: status 200.',
      'Unknown: GET /own/open from https://app.example.com. nestjs-cors leaves it to other code (no-policy).',
      "Why: @Cors('untouched') on OwnController leaves CORS to other code.",
      'Change: If the page should have access, write `@Cors()` on OwnController.open.',
      'Policy: OwnController.open: untouched by OwnController.',
      'The answer to GET https://api.example.com/own/open has the status 200, and access-control-allow-origin: *.',
    ],
  },
  {
    about: 'an empty response',
    expectation: (page) => expect(page).toRead('/orders', { mode: 'no-cors' }),
    lines: [
      "Expected the page https://app.example.com to read GET /orders. `mode: 'no-cors'` gives it a response without content.",
    ],
  },
  {
    about: 'a redirect that the page does not follow',
    expectation: (page) => expect(page).toRead('/orders/moved', { redirect: 'manual' }),
    lines: [
      "Expected the page https://app.example.com to read GET /orders/moved. `redirect: 'manual'` gives it a response without content.",
    ],
  },
  {
    about: 'a response after a redirect',
    expectation: (page) => expect(page).toBeBlockedFrom('/own/moved'),
    lines: [
      'Expected the page https://app.example.com to be blocked from GET /own/moved. It reads the response: status 200.',
      'The answer to GET https://api.example.com/own/open has the status 200, and access-control-allow-origin: *.',
    ],
  },
  {
    about: 'arguments that `fetch` refuses',
    expectation: (page) => expect(page).toBeBlockedFrom('/orders', { body: 'x' }),
    lines: [
      `Expected the page https://app.example.com to be blocked from GET /orders. No browser sends this request.`,
      'A request with the method GET cannot have a body.',
      NEITHER,
    ],
  },
  {
    about: 'a header that `fetch` refuses',
    expectation: (page) => expect(page).toBeBlockedFrom('/orders', { headers: { 'x y': 'z' } }),
    lines: [
      `Expected the page https://app.example.com to be blocked from GET /orders. No browser sends this request.`,
      expect.stringContaining('x y') as unknown as string,
      NEITHER,
    ],
  },
  {
    about: 'a method that pages cannot send',
    expectation: (page) => expect(page).not.toRead('/orders', { method: 'TRACE' }),
    lines: [
      `Expected the page https://app.example.com not to read TRACE /orders. No browser sends this request.`,
      'fetch(): a page cannot send TRACE https://api.example.com/orders. Change its method, headers or URL.',
      NEITHER,
    ],
  },
  {
    about: 'mixed content',
    expectation: (page) => expect(page).toRead('http://api.example.com/'),
    lines: [
      'Expected the page https://app.example.com to read GET http://api.example.com/. The browser sends nothing.',
      'Mixed content: a page over TLS cannot fetch http://api.example.com/.',
    ],
  },
  {
    about: 'a header that is not exposed',
    expectation: (page) => expect(page).toSeeHeader('/orders', 'X-Total-Count'),
    lines: [
      'Expected the page https://app.example.com to see the header X-Total-Count of GET /orders. The response has it, but `exposedHeaders` does not list it.',
      "Change: If pages should read it, write `exposedHeaders: ['x-page', 'X-Total-Count']` in @Cors() on OrdersController.list.",
    ],
  },
  {
    about: 'a header that is not exposed, where no level exposes any',
    expectation: (page) => expect(page).toSeeHeader('/orders/all', 'x-total-count'),
    lines: [
      'Expected the page https://app.example.com to see the header x-total-count of GET /orders/all. The response has it, but `exposedHeaders` does not list it.',
      "Change: If pages should read it, write `exposedHeaders: ['x-total-count']` in CorsModule.",
    ],
  },
  {
    about: 'a header that is not exposed on an untouched route',
    expectation: (page) => expect(page).toSeeHeader('/own/open', 'x-total-count'),
    lines: [
      'Expected the page https://app.example.com to see the header x-total-count of GET /own/open. The response has it, but no Access-Control-Expose-Headers lists it.',
      'Change: If pages should read it, send `Access-Control-Expose-Headers: x-total-count`.',
    ],
  },
  {
    about: 'a header that the response does not have',
    expectation: (page) => expect(page).toSeeHeader('/orders', 'x-nothing'),
    lines: [
      'Expected the page https://app.example.com to see the header x-nothing of GET /orders. The response with status 200 does not have it.',
      'The page sees content-length, content-type, x-page.',
    ],
  },
  {
    about: 'a header that no script can read',
    expectation: (page) => expect(page).toSeeHeader('/orders/session', 'set-cookie'),
    lines: [
      'Expected the page https://app.example.com to see the header set-cookie of GET /orders/session. The response has it, but browsers hide it from every script.',
    ],
  },
  {
    about: 'a header that the page sees',
    expectation: (page) => expect(page).not.toSeeHeader('/orders', 'x-page'),
    lines: [
      'Expected the page https://app.example.com not to see the header x-page of GET /orders. It reads x-page: 1.',
    ],
  },
  {
    about: 'a header of a response that a browser blocks',
    origin: EVIL,
    expectation: (page) => expect(page).toSeeHeader('/orders', 'x-page'),
    lines: [
      'Expected the page https://evil.example to see the header x-page of GET /orders. The page cannot read the response: MissingAllowOriginHeader.',
      'Blocked: GET /orders from https://evil.example. The page cannot read the response (origin-not-allowed).',
      ...EXPLAINED_ORIGIN,
      'Policy: OrdersController.list: origin from CorsModule.',
      BROWSERS,
    ],
  },
];

describePlatforms('a matcher of pages', (platform) => {
  let app: INestApplication;

  beforeAll(async () => {
    app = await NestFactory.create(Root, platform.createAdapter(), { logger: false, abortOnError: false });
    await app.listen(0, '127.0.0.1');
  });
  afterAll(() => app?.close());

  it.each(FAILURES)('explains $about', async ({ origin = APP, expectation, lines }) => {
    const page = openPage(app, origin, { address: API });
    expect((await failure(expectation(page))).split('\n')).toEqual(lines);
  });
});
