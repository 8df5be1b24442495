import type { IncomingMessage, ServerResponse } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Controller, Get, type INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { corsMatchers, openPage } from 'nestjs-cors/testing';
import { describePlatforms } from '../../../support/platforms.js';
import { APP, EVIL } from '../../../support/policy-statement.js';
import { API, failure, NEITHER, Root } from './orders-application.js';

expect.extend(corsMatchers);

@Controller('internal')
class PlainController {
  @Get() read() {
    return 'read';
  }
}

/** Changes the head of every response after CorsModule has written it. */
function changeHeads(app: INestApplication, change: (response: ServerResponse, values: unknown[]) => void): void {
  app.getHttpServer().prependListener('request', (_: IncomingMessage, response: ServerResponse) => {
    const { writeHead } = response;
    response.writeHead = (...values: unknown[]) => {
      change(response, values);
      return Reflect.apply(writeHead, response, values);
    };
  });
}

describePlatforms('a matcher of pages', (platform) => {
  let app: INestApplication;
  const open = (origin = APP) => openPage(app, origin, { address: API });

  beforeEach(async () => {
    app = await NestFactory.create(Root, platform.createAdapter(), { logger: false, abortOnError: false });
  });
  afterEach(() => app?.close());

  describe('where the policy says otherwise', () => {
    it('names other code that removes headers', async () => {
      changeHeads(app, (response) => response.removeHeader('access-control-allow-origin'));
      expect((await failure(expect(open()).toRead('/orders/all'))).split('\n')).toEqual([
        'Expected the page https://app.example.com to read GET /orders/all. The page cannot read the response: MissingAllowOriginHeader.',
        'The policy allows it: other code removed or changed headers of the response.',
        'The answer to GET https://api.example.com/orders/all has the status 200, and no CORS headers.',
        'Readable: GET /orders/all from https://app.example.com. The response allows it. No preflight is needed.',
        'Policy: OrdersController.all: origin from CorsModule.',
      ]);
    });

    it('names other code that sets headers', async () => {
      changeHeads(app, (response) => response.setHeader('access-control-allow-origin', '*'));
      expect((await failure(expect(open(EVIL)).toBeBlockedFrom('/orders/all'))).split('\n')).toEqual([
        'Expected the page https://evil.example to be blocked from GET /orders/all. It reads the response: status 200.',
        'The policy does not allow it: other code set CORS headers.',
        'The answer to GET https://api.example.com/orders/all has the status 200, and access-control-allow-origin: *.',
        ...[
          'Blocked: GET /orders/all from https://evil.example. The page cannot read the response (origin-not-allowed).',
          'Why: `origin` does not list this origin.',
        ],
        expect.stringMatching(/^Change: /),
        'Policy: OrdersController.all: origin from CorsModule.',
        expect.stringMatching(/^Browser: /),
      ]);
    });

    it('names the preflight cache of the page', async () => {
      changeHeads(app, (response, values) => {
        values[0] = values[0] === 403 ? 204 : values[0];
        response.setHeader('access-control-allow-origin', APP);
        response.setHeader('access-control-allow-headers', 'x-own');
      });
      const page = open();
      const init = { headers: { 'x-own': '1' } };
      await expect(page).toRead('/orders/all', init);
      const [, cause] = (await failure(expect(page).toBeBlockedFrom('/orders/all', init))).split('\n');
      expect(cause).toBe(
        'The page has cached a preflight that allows it. `page.preflightCache.clear()` empties the cache.',
      );
    });
  });

  describe('where nothing explains the request', () => {
    let other: INestApplication;
    beforeEach(async () => {
      other = await NestFactory.create(
        { module: class WithoutCors {}, controllers: [PlainController] },
        platform.createAdapter(),
        { logger: false, abortOnError: false },
      );
      await other.listen(0, '127.0.0.1');
    });
    afterEach(() => other?.close());

    const missing = `Change: The application does not import \`CorsModule\`. If the page should have access, write \`CorsModule.forRoot({ origin: '${APP}' })\` in the \`imports\` of the root module.`;
    it.each<[string, () => INestApplication | string, string[]]>([
      ['an application without CorsModule', () => other, [missing]],
      ['a base URL', () => `http://127.0.0.1:${other.getHttpServer().address().port}`, []],
    ])('names the code, what arrived and what to change: %s', async (_, target, change) => {
      const page = openPage(target(), APP, { address: API });
      expect((await failure(expect(page).toRead('/internal'))).split('\n')).toEqual([
        'Expected the page https://app.example.com to read GET /internal. The page cannot read the response: MissingAllowOriginHeader.',
        'The answer to GET https://api.example.com/internal has the status 200, and no CORS headers.',
        ...change,
      ]);
      expect((await failure(expect(page).toRead('/internal', { method: 'PUT' }))).split('\n')).toEqual([
        'Expected the page https://app.example.com to read PUT /internal. The preflight fails: PreflightMissingAllowOriginHeader.',
        'The answer to OPTIONS https://api.example.com/internal has the status 404, and no CORS headers.',
        ...change,
      ]);
      expect(
        (await failure(expect(openPage(target(), API, { address: API })).not.toRead('/internal'))).split('\n'),
      ).toEqual([
        'Expected the page https://api.example.com not to read GET /internal. It reads the response: status 200.',
        'The answer to GET https://api.example.com/internal has the status 200, and no CORS headers.',
      ]);
    });
  });

  it('leaves out an empty value', async () => {
    const [first] = (await failure(expect(open()).toRead('/orders/all', { credentials: 'include' }))).split('\n');
    expect(first).toMatch(/: InvalidAllowCredentials\.$/);
  });

  it('names the value that differs', async () => {
    changeHeads(app, (response) => response.setHeader('access-control-allow-origin', 'https://other.example'));
    const [first] = (await failure(expect(open()).toRead('/own'))).split('\n');
    expect(first).toBe(
      'Expected the page https://app.example.com to read GET /own. The page cannot read the response: AllowOriginMismatch (https://other.example).',
    );
  });

  it('names the cause of a redirect that the page does not follow', async () => {
    expect((await failure(expect(open()).toRead('/own/moved', { redirect: 'error' }))).split('\n')).toEqual([
      'Expected the page https://app.example.com to read GET /own/moved. A redirect fails.',
      "`redirect: 'error'` refuses the redirect to https://api.example.com/own/open.",
      expect.stringMatching(
        /^The answer to GET https:\/\/api\.example\.com\/own\/moved has the status 302, and .*location: /,
      ),
    ]);
  });

  it('names the error of a connection', async () => {
    app.getHttpServer().prependListener('request', (request: IncomingMessage) => request.socket.destroy());
    const lines = (await failure(expect(open()).not.toRead('/orders'))).split('\n');
    expect(lines).toEqual([
      'Expected the page https://app.example.com not to read GET /orders. No response arrived.',
      'socket hang up',
      NEITHER,
    ]);
  });
});
