import { expect, it } from '@jest/globals';
import { type BlockedRequest, openPage } from 'nestjs-cors/testing';
import { describePlatforms, serve } from '../../../support/platforms.js';
import { APP, EVIL } from '../../../support/policy-statement.js';
import { blocked, enableVersions, OrdersModule, spy } from '../support/blocked-orders.js';

type Fetch = readonly [origin: string, path: string, init?: RequestInit];

describePlatforms('a blocked request', (platform) => {
  const server = serve(platform, OrdersModule, spy, {
    configure: enableVersions,
  });
  const pageOf = (origin: string, address = 'https://api.example.com') =>
    openPage(server.running.app, origin, { address });

  it.each<[string, Fetch, Omit<BlockedRequest, 'explanation'>, string[]]>([
    [
      'the preflight has no CORS headers',
      [EVIL, '/orders/7', { method: 'PUT' }],
      { step: 'preflight', code: 'PreflightMissingAllowOriginHeader', parameter: undefined },
      [],
    ],
    [
      'a header is refused',
      [APP, '/orders/7', { method: 'PUT', headers: { 'x-a': '1' } }],
      { step: 'preflight', code: 'PreflightMissingAllowOriginHeader', parameter: undefined },
      [],
    ],
    [
      'the response has no CORS headers',
      [EVIL, '/orders'],
      { step: 'response', code: 'MissingAllowOriginHeader', parameter: undefined },
      ['list'],
    ],
    [
      'the handler is disabled',
      [APP, '/orders/private'],
      { step: 'response', code: 'MissingAllowOriginHeader', parameter: undefined },
      ['private'],
    ],
    [
      'the policy has no credentials',
      [APP, '/orders', { credentials: 'include' }],
      { step: 'response', code: 'InvalidAllowCredentials', parameter: '' },
      ['list'],
    ],
    [
      'the policy is `*`, and the page sends credentials',
      [APP, '/orders/public', { credentials: 'include' }],
      { step: 'response', code: 'WildcardOriginNotAllowed', parameter: undefined },
      ['public'],
    ],
    [
      'the policy enforces',
      [EVIL, '/orders', { method: 'POST' }],
      { step: 'enforcement', code: 'MissingAllowOriginHeader', parameter: undefined },
      [],
    ],
    [
      'a redirect has no CORS headers',
      [APP, '/orders/moved-private'],
      { step: 'redirect', code: 'MissingAllowOriginHeader', parameter: undefined },
      ['moved-private'],
    ],
    [
      'the end of a redirect has no CORS headers',
      [APP, '/orders/moved'],
      { step: 'response', code: 'MissingAllowOriginHeader', parameter: undefined },
      ['moved', 'private'],
    ],
  ])('says why: %s', async (_name, [origin, path, init], cors, ran) => {
    spy.take();
    const error = await blocked(pageOf(origin), path, init);
    expect(error).toMatchObject({ name: 'TypeError', message: 'Failed to fetch', cors });
    expect(error.cors.explanation?.readable).toBe(false);
    expect((error.cause as Error).message).toBe(String(error.cors.explanation));
    expect(spy.take()).toEqual(ran);
  });

  it('is a TypeError of browsers to the code under test, and frozen', async () => {
    const error = await blocked(pageOf(EVIL), '/orders');
    expect(error).toBeInstanceOf(TypeError);
    expect(error).toBeInstanceOf(Error);
    expect([error.name, error.message, String(error)]).toEqual([
      'TypeError',
      'Failed to fetch',
      'TypeError: Failed to fetch',
    ]);
    expect(Object.keys(error.cors).sort()).toEqual(['code', 'explanation', 'parameter', 'step']);
    expect([Object.isFrozen(error.cors), Object.isFrozen(error.cors.explanation)]).toEqual([true, true]);
    expect(error.stack).toContain('blocked-requests.spec');
  });

  it.each<[string, Fetch, Omit<BlockedRequest, 'explanation'>, string]>([
    [
      'the mode same-origin',
      [APP, '/orders', { mode: 'same-origin' }],
      { step: 'request', code: 'DisallowedByMode', parameter: undefined },
      'GET https://api.example.com/orders: The browser sends nothing: DisallowedByMode.',
    ],
    [
      'no-cors with a redirect mode',
      [APP, '/orders', { mode: 'no-cors', redirect: 'manual' }],
      { step: 'request', code: 'NoCorsRedirectModeNotFollow', parameter: undefined },
      'GET https://api.example.com/orders: The browser sends nothing: NoCorsRedirectModeNotFollow.',
    ],
    [
      'the HTTP cache alone',
      [APP, '/orders', { cache: 'only-if-cached' }],
      { step: 'request', code: undefined, parameter: undefined },
      "Pages in tests have no HTTP cache, so `cache: 'only-if-cached'` finds nothing.",
    ],
    [
      'Cross-Origin-Resource-Policy',
      [EVIL, '/orders/public', { mode: 'no-cors' }],
      { step: 'response', code: undefined, parameter: undefined },
      'GET https://api.example.com/orders/public: The page cannot read the response.',
    ],
    [
      'a redirect to data:',
      [APP, '/orders/data'],
      { step: 'redirect', code: undefined, parameter: undefined },
      'GET https://api.example.com/orders/data: A redirect fails.',
    ],
    [
      'a redirect that the page refuses',
      [APP, '/orders/moved', { redirect: 'error' }],
      { step: 'redirect', code: undefined, parameter: undefined },
      "`redirect: 'error'` refuses the redirect to https://api.example.com/orders/private.",
    ],
  ])('has no explanation where CORS is not the reason: %s', async (_name, [origin, path, init], cors, text) => {
    const error = await blocked(pageOf(origin), path, init);
    expect(error.cors).toEqual({ ...cors, explanation: undefined });
    expect((error.cause as Error).message).toBe(text);
  });
});
