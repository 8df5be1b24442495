import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Controller, Delete, Get, type INestApplication, Module, Patch, Post } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import { Cors, type CorsExplanationRequest, CorsModule, CorsService, DisableCors } from 'nestjs-cors';
import { ADMIN, APP, EVIL } from '../../support/policy-statement.js';

@Controller('orders')
class OrdersController {
  @Get() list() {}
  @Delete(':id') @Cors({ allowedHeaders: ['content-type', 'x-a'] }) remove() {}
  @Patch(':id') @Cors({ methods: ['GET', 'PUT'] }) change() {}
  @Post() @Cors({ enforce: 'all' }) create() {}
  @Get('any') @Cors({ allowedHeaders: ['*'] }) any() {}
  @Get('own') @Cors('untouched') own() {}
  @Get('partner')
  @Cors({
    origin: () => {
      throw new Error('no \u001b[31mtenant');
    },
  })
  partner() {}
}

@Controller('internal')
@DisableCors()
class InternalController {
  @Get() read() {}
}

@Module({
  imports: [
    CorsModule.forRoot({
      origin: [APP, 'https://*.preview.example.com'],
      paths: [{ path: '/public', policy: { origin: '*' } }],
    }),
  ],
  controllers: [OrdersController, InternalController],
})
class Root {}

/** Requests, and the lines that explain them. */
const CASES: readonly (readonly [cause: string, request: CorsExplanationRequest, lines: readonly string[]])[] = [
  [
    'nothing',
    { url: '/orders', origin: APP },
    [
      'Readable: GET /orders from https://app.example.com. The response allows it. No preflight is needed.',
      'Policy: OrdersController.list: origin from CorsModule.',
    ],
  ],
  [
    'nothing, with a header that scripts cannot set',
    { method: 'DELETE', url: '/orders/7?token=secret', origin: APP, headers: ['x-a', 'cookie'] },
    [
      'Readable: DELETE /orders/7 from https://app.example.com. The preflight and the response allow it. Scripts cannot set cookie: left out.',
      'Policy: OrdersController.remove: origin from CorsModule.',
    ],
  ],
  [
    'an origin that is not listed',
    { url: '/orders', origin: ADMIN },
    [
      'Blocked: GET /orders from https://admin.example.com. The page cannot read the response (origin-not-allowed).',
      "Why: `origin` does not list this origin. The nearest allowed origin is 'https://app.example.com'.",
      "Change: If the page should have access, write `origin: ['https://app.example.com', 'https://*.preview.example.com', 'https://admin.example.com']` in CorsModule.",
      'Policy: OrdersController.list: origin from CorsModule.',
      'Browser: Chromium says MissingAllowOriginHeader, Firefox CORSMissingAllowOrigin, WebKit origin-not-allowed.',
    ],
  ],
  [
    'several mistakes at once',
    { method: 'DELETE', url: '/orders/7', origin: ADMIN, headers: ['authorization', 'x-b', 'x-a'], credentials: true },
    [
      'Blocked: DELETE /orders/7 from https://admin.example.com. The preflight is refused with 403 (origin-not-allowed).',
      "Why: `origin` does not list this origin. The nearest allowed origin is 'https://app.example.com'.",
      "Change: If the page should have access, write `origin: ['https://app.example.com', 'https://*.preview.example.com', 'https://admin.example.com']` in CorsModule.",
      "Next: header-not-allowed. `allowedHeaders` does not allow authorization, x-b. If pages should send them, write `allowedHeaders: ['content-type', 'x-a', 'authorization', 'x-b']` in @Cors() on OrdersController.remove.",
      'Next: credentials-not-allowed. The page sends credentials, and the policy does not set `credentials: true`. If the page needs them, write `credentials: true` in @Cors() on OrdersController.remove. Otherwise remove `credentials` or `withCredentials` from its request.',
      'Policy: OrdersController.remove: origin from CorsModule, allowedHeaders from OrdersController.remove, credentials by default.',
      'Browser: Chromium says PreflightMissingAllowOriginHeader, Firefox CORSMissingAllowOrigin, WebKit preflight-status.',
    ],
  ],
  [
    'three tracing headers',
    { url: '/orders', origin: APP, headers: ['sentry-trace', 'baggage', 'traceparent'] },
    [
      'Blocked: GET /orders from https://app.example.com. The preflight is refused with 403 (header-not-allowed).',
      'Why: `allowedHeaders` does not allow baggage, sentry-trace, traceparent.',
      "Change: If pages should send them, write `allowedHeaders: ['content-type', 'baggage', 'sentry-trace', 'traceparent']` in CorsModule.",
      'Policy: OrdersController.list: origin from CorsModule, allowedHeaders by default.',
      'Browser: Chromium says PreflightMissingAllowOriginHeader, Firefox CORSMissingAllowOrigin, WebKit preflight-status.',
    ],
  ],
  [
    'a method that is not listed',
    { method: 'PATCH', url: '/orders/7', origin: APP },
    [
      'Blocked: PATCH /orders/7 from https://app.example.com. The preflight is refused with 403 (method-not-allowed).',
      'Why: `methods` does not list this method.',
      "Change: If pages should use it, write `methods: ['GET', 'PUT', 'PATCH']` in @Cors() on OrdersController.change.",
      'Policy: OrdersController.change: origin from CorsModule, methods from OrdersController.change.',
      'Browser: Chromium says PreflightMissingAllowOriginHeader, Firefox CORSMissingAllowOrigin, WebKit preflight-status.',
    ],
  ],
  [
    'a method in lower case',
    { method: 'patch', url: '/orders/7', origin: APP },
    [
      'Blocked: patch /orders/7 from https://app.example.com. The preflight is refused with 403 (method-unknown).',
      'Why: Node.js accepts no request with this method. Methods are case-sensitive.',
      "Change: Write it in upper case in the page: `fetch(url, { method: 'PATCH' })`.",
      "Next: method-not-allowed. `methods` does not list this method. If pages should use it, write `methods: ['GET', 'PUT', 'PATCH']` in @Cors() on OrdersController.change.",
      'Policy: CorsModule (no handler serves patch /orders/7): origin from CorsModule, methods by default.',
      'Browser: Chromium says PreflightMissingAllowOriginHeader, Firefox CORSMissingAllowOrigin, WebKit preflight-status.',
    ],
  ],
  [
    'a slash at the end of the origin',
    { url: '/orders', origin: `${APP}/` },
    [
      'Blocked: GET /orders from https://app.example.com/. The page cannot read the response (origin-malformed).',
      "Why: It differs from the allowed 'https://app.example.com' only in its trailing slash.",
      'Change: Most often a tool or a proxy sent it: send `https://app.example.com` there.',
      'Policy: OrdersController.list: origin from CorsModule.',
      'Browser: Chromium says MissingAllowOriginHeader, Firefox CORSMissingAllowOrigin, WebKit origin-not-allowed.',
    ],
  ],
  [
    'an enforced request',
    { method: 'POST', url: '/orders', origin: EVIL },
    [
      'Blocked: POST /orders from https://evil.example. The request is refused with 403 before its handler runs (origin-not-allowed).',
      'Why: `origin` does not list this origin.',
      "Change: If the page should have access, write `origin: ['https://app.example.com', 'https://*.preview.example.com', 'https://evil.example']` in CorsModule.",
      'Policy: OrdersController.create: origin from CorsModule, enforce from OrdersController.create.',
      'Browser: Chromium says MissingAllowOriginHeader, Firefox CORSMissingAllowOrigin, WebKit origin-not-allowed.',
    ],
  ],
  [
    'credentials that the policy does not have',
    { url: '/orders', origin: APP, credentials: true },
    [
      'Blocked: GET /orders from https://app.example.com. The page cannot read the response (credentials-not-allowed).',
      'Why: The page sends credentials, and the policy does not set `credentials: true`.',
      'Change: If the page needs them, write `credentials: true` in @Cors() on OrdersController.list. Otherwise remove `credentials` or `withCredentials` from its request.',
      'Policy: OrdersController.list: origin from CorsModule, credentials by default.',
      'Browser: Chromium says InvalidAllowCredentials, Firefox CORSMissingAllowCredentials, WebKit credentials-not-true.',
    ],
  ],
  [
    'credentials under a wildcard',
    { url: '/public/logo.svg', origin: APP, credentials: true },
    [
      'Blocked: GET /public/logo.svg from https://app.example.com. The page cannot read the response (wildcard-with-credentials).',
      'Why: The page sends credentials, and browsers do not accept `*` then.',
      'Change: If the page needs them, write `origin: \'https://app.example.com\', credentials: true` in paths "/public". List every other origin that needs access, too. Otherwise remove `credentials` or `withCredentials` from its request.',
      'Policy: paths "/public": origin from paths "/public", credentials by default.',
      'Browser: Chromium says WildcardOriginNotAllowed, Firefox CORSNotSupportingCredentials, WebKit wildcard-with-credentials.',
    ],
  ],
  [
    'authorization under a wildcard',
    { url: '/orders/any', origin: APP, headers: { authorization: 'Bearer x' } },
    [
      'Blocked: GET /orders/any from https://app.example.com. The preflight is refused with 403 (header-not-allowed).',
      'Why: `allowedHeaders` does not allow authorization. `*` does not cover `authorization` in the Fetch standard, although browsers still accept it today.',
      "Change: If pages should send it, write `allowedHeaders: ['*', 'authorization']` in @Cors() on OrdersController.any.",
      'Policy: OrdersController.any: origin from CorsModule, allowedHeaders from OrdersController.any.',
      'Browser: Chromium says PreflightMissingAllowOriginHeader, Firefox CORSMissingAllowOrigin, WebKit preflight-status.',
    ],
  ],
  [
    'an untouched route',
    { url: '/orders/own', origin: APP },
    [
      'Unknown: GET /orders/own from https://app.example.com. nestjs-cors leaves it to other code (no-policy).',
      "Why: @Cors('untouched') on OrdersController.own leaves CORS to other code.",
      'Change: If the page should have access, write `@Cors()` in its place.',
      'Policy: OrdersController.own: untouched by OrdersController.own.',
    ],
  ],
  [
    'a disabled route',
    { url: '/internal', origin: APP, headers: ['x-a'] },
    [
      'Blocked: GET /internal from https://app.example.com. The preflight is refused with 403 (disabled).',
      'Why: @DisableCors() on InternalController refuses other origins.',
      'Change: If the page should have access, write `@Cors()` on InternalController.read.',
      "Next: header-not-allowed. `allowedHeaders` does not allow x-a. If pages should send it, write `allowedHeaders: ['content-type', 'x-a']` in CorsModule.",
      'Policy: InternalController.read: disabled by InternalController.',
      'Browser: Chromium says PreflightMissingAllowOriginHeader, Firefox CORSMissingAllowOrigin, WebKit preflight-status.',
    ],
  ],
  [
    'a predicate that throws',
    { url: '/orders/partner', origin: APP },
    [
      'Unknown: GET /orders/partner from https://app.example.com. Code of the application threw an error, so this request is refused (origin-not-allowed).',
      "Why: origin of OrdersController.partner threw an error. The error is 'no \\u001b[31mtenant'.",
      'Change: If it needs more than the method, URL and headers of a request, send a real request. Otherwise correct it.',
      'Policy: OrdersController.partner: origin from OrdersController.partner.',
    ],
  ],
  [
    'a method without a handler',
    { method: 'PUT', url: '/orders/7', origin: EVIL },
    [
      'Blocked: PUT /orders/7 from https://evil.example. The preflight is refused with 403 (origin-not-allowed).',
      'Why: `origin` does not list this origin.',
      "Change: If the page should have access, write `origin: ['https://app.example.com', 'https://*.preview.example.com', 'https://evil.example']` in CorsModule.",
      'Policy: CorsModule (no handler serves PUT /orders/7): origin from CorsModule.',
      'Browser: Chromium says PreflightMissingAllowOriginHeader, Firefox CORSMissingAllowOrigin, WebKit preflight-status.',
    ],
  ],
  [
    'a path with two readings',
    { url: '/public/%2e%2e/x', origin: APP },
    [
      'Blocked: GET /public/%2e%2e/x from https://app.example.com. The page cannot read the response (path-ambiguous).',
      'Why: The path can also be read as another path, which has another policy (see `paths`).',
      'Change: Request the plain path: without dot segments, doubled slashes, backslashes and encodings, and in the upper and lower case of the entry.',
      'Policy: paths (no handler serves GET /public/%2e%2e/x).',
      'Browser: Chromium says MissingAllowOriginHeader, Firefox CORSMissingAllowOrigin, WebKit origin-not-allowed.',
    ],
  ],
  [
    'nothing, within one origin',
    { url: 'https://app.example.com/orders', origin: APP, credentials: true },
    [
      'Readable: GET /orders from https://app.example.com. The page has the origin of the URL, so browsers apply no CORS.',
      'Policy: OrdersController.list: origin from CorsModule.',
    ],
  ],
];

describe('the text of an explanation', () => {
  let app: INestApplication;

  beforeAll(async () => {
    app = await NestFactory.create(Root, new ExpressAdapter(), { logger: false });
    await app.init();
  });
  afterAll(() => app.close());

  const textOf = async (request: CorsExplanationRequest) => String(await app.get(CorsService).explain(request));
  it.each(CASES)('names the cause of %s', async (_, request, lines) => {
    expect((await textOf(request)).split('\n')).toEqual(lines);
  });

  it('has at most eight lines', async () => {
    const worst = { method: 'patch', url: '/orders/7', origin: ADMIN, headers: ['x-a', 'x-b'], credentials: true };
    const lines = (await textOf(worst)).split('\n');
    expect(lines.map((line) => line.replace(/:.*/, ''))).toEqual([
      'Blocked',
      'Why',
      'Change',
      'Next',
      'Next',
      'Next',
      'Policy',
      'Browser',
    ]);
    expect(lines[5]).toMatch(/^Next: header-not-allowed\. .* Then: credentials-not-allowed\. /);
  });

  it('is short, and has no character that moves or hides text in a terminal', async () => {
    const hostile = '\u001b[31m\u202e\u2028\r\n'.repeat(100);
    const text = await textOf({ url: `/${hostile}`, origin: `https://${hostile}`, headers: ['x-a'], host: 'api' });
    expect(text).toMatch(/^(?:[ -~]+\n)*[ -~]+$/);
    expect(text.split('\n').every((line) => line.length < 500)).toBe(true);
  });
});
