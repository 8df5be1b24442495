import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AppModule } from '../../sample/api/app.module.js';
import { curlCommand, curlLines } from '../../sample/server/curl-lines.js';
import { corsHeaders } from '../support/cors-headers.js';
import { describePlatforms, type RunningApp, startApp } from '../support/platforms.js';
import { preflight } from '../support/policy-statement.js';
import type { RawRequest } from '../support/requests/raw-request.js';
import { boot } from '../unit/boot/boot.js';

// The origins of sample/.env.
const APP = 'http://app.localhost:3400';
const PARTNER = 'http://partner.localhost:3400';
const EVIL = 'http://evil.localhost:3400';
const PREFLIGHT_VARY = 'Origin, Access-Control-Request-Method, Access-Control-Request-Headers';

describePlatforms('the sample', (platform) => {
  let running: RunningApp;
  beforeAll(async () => {
    running = await startApp(platform, AppModule);
  });
  afterAll(async () => {
    await running?.close();
  });

  const send = async (request: RawRequest) => {
    const response = await running.request(request);
    return { status: response.status, headers: corsHeaders(response), text: response.text };
  };
  const outcome = async (request: RawRequest) => {
    const { status, headers } = await send(request);
    return { status, headers };
  };
  const get = (path: string, origin?: string): RawRequest => ({ path, headers: { Origin: origin } });
  const form = (origin?: string): RawRequest => ({
    method: 'POST',
    path: '/feedback',
    headers: { Origin: origin, 'Content-Type': 'application/x-www-form-urlencoded' },
    body: 'text=hello',
  });
  const readable = (origin: string) => ({ 'access-control-allow-origin': origin, vary: 'Origin' });
  const BARE = { vary: 'Origin' };
  const REFUSED = { status: 403, headers: { vary: PREFLIGHT_VARY } };

  describe('sends the promised response to the curl line', () => {
    const claims = [
      { status: 200, headers: readable(APP), text: '[{"id":31,"product":"Lamp","amount":2}]' },
      { status: 200, headers: BARE, text: '[{"id":31,"product":"Lamp","amount":2}]' },
      {
        status: 204,
        headers: {
          'access-control-allow-origin': APP,
          'access-control-allow-methods': 'DELETE',
          'access-control-max-age': '0',
          vary: PREFLIGHT_VARY,
        },
        text: '',
      },
    ];
    it.each(curlLines(APP, EVIL).map((line, index) => [line.says, line, claims[index]] as const))(
      '%s',
      async (_, { method, path, headers }, claim) => {
        expect(await send({ method, path, headers })).toEqual(claim);
      },
    );

    it('in three cases', () => {
      expect(curlLines(APP, EVIL)).toHaveLength(claims.length);
    });
  });

  describe('sends the CORS headers of the route for', () => {
    const account = { 'access-control-allow-credentials': 'true' };
    const anyone = { 'access-control-allow-origin': '*', 'access-control-expose-headers': 'x-total-count' };
    it.each<[string, RawRequest, number, Record<string, string>]>([
      ['the catalogue, to a stranger', get('/products', EVIL), 200, anyone],
      ['the catalogue, without Origin', get('/products'), 200, anyone],
      ['orders, to a partner', get('/orders', PARTNER), 200, BARE],
      ['orders, to https instead of http', get('/orders', APP.replace('http:', 'https:')), 200, BARE],
      ['orders, one port off', get('/orders', 'http://app.localhost:3401'), 200, BARE],
      ['orders, with a trailing slash', get('/orders', `${APP}/`), 200, BARE],
      [
        'stock, to a partner',
        get('/stock', PARTNER),
        200,
        { ...readable(PARTNER), 'access-control-expose-headers': 'x-requests-left' },
      ],
      ['stock, to the front end', get('/stock', APP), 200, BARE],
      ['a 401', get('/account', APP), 401, { ...readable(APP), ...account }],
      ['a 401, to a partner', get('/account', PARTNER), 401, BARE],
      ['a 500', get('/reports/broken', APP), 500, readable(APP)],
      ['a 404', get('/nowhere', APP), 404, readable(APP)],
      ['a 404, to a stranger', get('/nowhere', EVIL), 404, BARE],
      ['a stream', get('/events', APP), 200, readable(APP)],
      ['a closed route', get('/internal/metrics', APP), 200, {}],
      ['a route opened again', get('/internal/health', APP), 200, readable(APP)],
      ['a form', form(APP), 201, readable(APP)],
      ['a form of another page', form(EVIL), 403, BARE],
      ['a form, without Origin', form(), 201, BARE],
      ['the storefront, to a tenant', get('/storefront', PARTNER), 200, readable(PARTNER)],
      ['the storefront, to a stranger', get('/storefront', EVIL), 200, BARE],
    ])('%s', async (_, request, status, headers) => {
      expect(await outcome(request)).toEqual({ status, headers });
    });

    it.each<[string, string, string, string, string | undefined, number]>([
      ['PUT, for the front end', APP, 'PUT', '/products/7', 'content-type', 204],
      ['PUT, for a partner', PARTNER, 'PUT', '/products/7', 'content-type', 204],
      ['PUT, for a stranger', EVIL, 'PUT', '/products/7', 'content-type', 403],
      ['DELETE on the same path, for the front end', APP, 'DELETE', '/products/7', undefined, 204],
      ['DELETE on the same path, for a partner', PARTNER, 'DELETE', '/products/7', undefined, 403],
      ['stock with its header, for a partner', PARTNER, 'GET', '/stock', 'x-partner-key', 204],
      ['stock with its header, for the front end', APP, 'GET', '/stock', 'x-partner-key', 403],
      ['an unlisted header', APP, 'GET', '/orders', 'x-debug', 403],
      ['a closed route', APP, 'GET', '/internal/metrics', undefined, 403],
      ['the storefront, for a stranger', EVIL, 'GET', '/storefront', undefined, 403],
      ['a new origin, for its own page', EVIL, 'POST', '/tenants/acme/origins', 'authorization,content-type', 403],
    ])('a preflight of %s', async (_, origin, method, path, names, status) => {
      const answer = await outcome(preflight(origin, method, path, names));
      const maxAge = path === '/products/7' ? '0' : '600';
      expect(answer).toEqual(
        status === 403
          ? REFUSED
          : {
              status,
              headers: {
                'access-control-allow-origin': origin,
                'access-control-allow-methods': method,
                ...(names === undefined ? {} : { 'access-control-allow-headers': names }),
                'access-control-max-age': maxAge,
                vary: PREFLIGHT_VARY,
              },
            },
      );
    });

    it('the catalogue, with one exposed and one hidden header', async () => {
      const { headerLines } = await running.request(get('/products', EVIL));
      const names = headerLines.map(([name]) => name.toLowerCase());
      expect(names).toEqual(expect.arrayContaining(['x-total-count', 'x-served-by']));
    });
  });
});

describePlatforms('the start of the sample', (platform) => {
  it('logs no error and no warning', async () => {
    const { problems, log } = await boot(AppModule, platform);
    expect({ problems, warnings: log.warnings, errors: log.errors }).toEqual({
      problems: [],
      warnings: [],
      errors: [],
    });
  });
});

describe('a curl line', () => {
  it('is printed in shell syntax', () => {
    const commands = curlLines(APP, EVIL).map((line) => curlCommand(line, 'http://api.localhost:3300'));
    const start = 'curl -i --resolve api.localhost:3300:127.0.0.1';
    expect(commands).toEqual([
      `${start} -H 'Origin: ${APP}' http://api.localhost:3300/orders`,
      `${start} -H 'Origin: ${EVIL}' http://api.localhost:3300/orders`,
      `${start} -X OPTIONS -H 'Origin: ${APP}' -H 'Access-Control-Request-Method: DELETE' http://api.localhost:3300/products/7`,
    ]);
  });
});
