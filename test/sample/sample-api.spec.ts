import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AppModule } from '../../sample/api/app.module.js';
import { curlCommand, curlLines } from '../../sample/server/curl-lines.js';
import { corsHeaders } from '../support/cors-headers.js';
import { describePlatforms, type RunningApp, startApp } from '../support/platforms.js';
import { preflight } from '../support/policy-statement.js';
import type { RawRequest } from '../support/raw-request.js';
import { boot } from '../unit/boot/boot.js';

// The origins of sample/.env.
const APP = 'http://app.localhost:3400';
const PARTNER = 'http://partner.localhost:3400';
const EVIL = 'http://evil.localhost:3400';
const SHOP = 'http://shop.localhost:3400';
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

  describe('with a form of another page', () => {
    const form = (origin: string | undefined): RawRequest => ({
      method: 'POST',
      path: '/feedback',
      headers: { Origin: origin, 'Content-Type': 'application/x-www-form-urlencoded' },
      body: 'text=hello',
    });

    it('responds with 403 before the handler runs', async () => {
      expect(await send(form(APP))).toEqual({
        status: 201,
        headers: readable(APP),
        text: '{"received":1,"text":"hello"}',
      });
      expect(await outcome(form(EVIL))).toEqual({ status: 403, headers: BARE });
      expect(await send(form(undefined))).toMatchObject({ status: 201, text: '{"received":2,"text":"hello"}' });
    });
  });

  it('sets a session cookie and accepts it in the next request', async () => {
    const signIn = await running.request({
      method: 'POST',
      path: '/account/session',
      headers: { Origin: APP, 'Content-Type': 'application/json' },
      body: '{"name":"Ada"}',
    });
    const line = signIn.headerLines.find(([name]) => name.toLowerCase() === 'set-cookie')?.[1] ?? '';
    expect(line).toMatch(/^session=[\w-]{36}; Path=\/; HttpOnly; Secure; SameSite=None; Partitioned$/);
    const cookie = line.split(';', 1)[0];
    const account = await send({ path: '/account', headers: { Origin: APP, Cookie: `theme=dark; ${cookie}` } });
    expect(account).toEqual({
      status: 200,
      headers: { ...readable(APP), 'access-control-allow-credentials': 'true' },
      text: '{"name":"Ada"}',
    });
  });

  describe('with origins of tenants in a database', () => {
    const storefront = (origin: string) => send(get('/storefront', origin));
    const TOKEN = { Authorization: 'Bearer open-sesame', 'Content-Type': 'application/json' };
    const add = (tenant: string, origin: unknown, headers: Record<string, string> = TOKEN): RawRequest => ({
      method: 'POST',
      path: `/tenants/${tenant}/origins`,
      headers: { Origin: APP, ...headers },
      body: JSON.stringify({ origin }),
    });

    it('allows an added origin at once, and refuses it again after removal', async () => {
      // This caches the first answer, so the addition must clear it.
      expect(await storefront(SHOP)).toMatchObject({ status: 200, headers: BARE });
      expect(await outcome(preflight(SHOP, 'GET', '/storefront'))).toEqual(REFUSED);

      expect(await send(add('acme', SHOP))).toEqual({
        status: 201,
        headers: readable(APP),
        text: `{"tenant":"acme","added":"${SHOP}"}`,
      });
      expect(await storefront(SHOP)).toEqual({
        status: 200,
        headers: readable(SHOP),
        text: '{"tenant":"acme","greeting":"Welcome"}',
      });
      expect(await storefront('http://shop.localhost:3401')).toMatchObject({ headers: BARE });
      expect(await outcome(get('/orders', SHOP))).toEqual({ status: 200, headers: BARE });

      const taken = await outcome({
        method: 'DELETE',
        path: `/tenants/acme/origins?origin=${encodeURIComponent(SHOP)}`,
        headers: { Origin: APP, Authorization: TOKEN.Authorization },
      });
      expect(taken).toEqual({ status: 200, headers: readable(APP) });
      expect(await storefront(SHOP)).toMatchObject({ status: 200, headers: BARE });
    });

    it('allows the origin of the partner from the start', async () => {
      expect(await storefront(PARTNER)).toEqual({
        status: 200,
        headers: readable(PARTNER),
        text: '{"tenant":"globex","greeting":"Welcome"}',
      });
    });

    it('keeps the origins of tenants separate', async () => {
      await send({
        method: 'DELETE',
        path: `/tenants/acme/origins?origin=${encodeURIComponent(PARTNER)}`,
        headers: { Origin: APP, Authorization: TOKEN.Authorization },
      });
      expect(await storefront(PARTNER)).toMatchObject({ headers: readable(PARTNER) });
    });

    it.each<[string, RawRequest, number]>([
      ['without the token', add('acme', EVIL, { 'Content-Type': 'application/json' }), 401],
      ['with another token', add('acme', EVIL, { ...TOKEN, Authorization: 'Bearer open-sesam' }), 401],
      ['for no tenant', add('umbrella', EVIL), 404],
      ['with a trailing slash', add('acme', `${EVIL}/`), 400],
      ['in another case', add('acme', 'http://Evil.localhost:3400'), 400],
      ['of another scheme', add('acme', 'javascript:alert(1)'), 400],
      ['that is null', add('acme', 'null'), 400],
      ['that is no text', add('acme', [EVIL]), 400],
      ['that is missing', add('acme', undefined), 400],
    ])('does not add an origin %s', async (_, request, status) => {
      expect(await outcome(request)).toEqual({ status, headers: readable(APP) });
      expect(await storefront(EVIL)).toMatchObject({ headers: BARE });
    });

    it('refuses a preflight from a page that tries to add itself', async () => {
      const names = 'authorization,content-type';
      expect(await outcome(preflight(EVIL, 'POST', '/tenants/acme/origins', names))).toEqual(REFUSED);
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
