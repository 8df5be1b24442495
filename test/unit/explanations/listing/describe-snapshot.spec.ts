import { describe, expect, it } from '@jest/globals';
import { describeSnapshot } from '../../../../src/explanations/listing/describe-snapshot.js';
import { ADMIN, APP, disabledRoute, listedPath, listedRoute, untouchedRoute } from './listed-route.js';

describe('the snapshot of routes', () => {
  it('is a line for each route, sorted by path and method', () => {
    const routes = [
      untouchedRoute('POST', '/hook'),
      listedRoute('POST', '/Orders'),
      listedPath('/docs'),
      listedRoute('GET', '/orders/:id'),
      listedRoute('GET', '/Orders'),
      disabledRoute('DELETE', '/orders/:id', 'all'),
      disabledRoute('GET', '/orders'),
    ];
    expect(describeSnapshot(routes).split('\n')).toEqual([
      `GET /Orders - open to ${APP}`,
      `POST /Orders - open to ${APP}`,
      `paths /docs (every method and all paths below) - open to ${APP}`,
      'POST /hook - untouched',
      'GET /orders - disabled',
      'DELETE /orders/:id - disabled; enforce all',
      `GET /orders/:id - open to ${APP}`,
    ]);
    expect(describeSnapshot([...routes].reverse())).toBe(describeSnapshot(routes));
  });

  it('has each option that a level sets', () => {
    const every = listedRoute(
      'GET',
      '/orders',
      {
        origin: [ADMIN, APP],
        methods: ['GET', 'PUT'],
        allowedHeaders: ['authorization', 'x-tenant'],
        exposedHeaders: ['x-total'],
        credentials: true,
        maxAge: 0,
        optionsSuccessStatus: 200,
        enforce: 'all',
        enforceReportOnly: true,
        resourcePolicy: 'cross-origin',
        dangerouslyAllowInsecureOrigins: true,
      },
      { versions: ['1', 'neutral'], host: ['admin.example.com'], constraints: { tenant: 'a' } },
    );
    expect(describeSnapshot([every])).toBe(
      `GET /orders (version 1, neutral; host admin.example.com; tenant a) - open to ${ADMIN}, ${APP}; credentials; ` +
        'methods GET, PUT; headers authorization, x-tenant; exposes x-total; max-age 0; status 200; ' +
        'enforce all (report only); resource policy cross-origin; insecure origins allowed',
    );
    expect(describeSnapshot([listedRoute('GET', '/x', { allowedHeaders: [] })])).toBe(
      `GET /x - open to ${APP}; headers none`,
    );
  });

  it('has origins that a function decides, and any origin, in words', () => {
    const routes = [
      listedRoute('GET', '/a', { origin: ['*'] }),
      listedRoute('GET', '/b', { origin: ['resolver TenantOrigins'] }),
    ];
    expect(describeSnapshot(routes)).toBe(
      'GET /a - open to any origin\nGET /b - open, decided by resolver TenantOrigins',
    );
  });

  it('marks the method of a handler that its policy refuses', () => {
    const line = (method: string, methods: readonly string[]) =>
      describeSnapshot([listedRoute(method, '/x', { methods })]);
    expect(line('PUT', ['GET', 'POST'])).toBe(`PUT /x - open to ${APP}; PUT refused: methods GET, POST`);
    expect(line('PUT', [])).toBe(`PUT /x - open to ${APP}; PUT refused: methods none`);
    expect(line('PUT', ['*'])).toBe(`PUT /x - open to ${APP}; methods *`);
    expect(line('PUT', ['PUT'])).toBe(`PUT /x - open to ${APP}; methods PUT`);
    expect(line('ALL', ['GET'])).toBe(`ALL /x - open to ${APP}; methods GET`);
    for (const method of ['GET', 'HEAD', 'POST']) {
      expect(line(method, ['PUT'])).toBe(`${method} /x - open to ${APP}; methods PUT`);
    }
  });

  it('has the declared max-age, also where a route of the same URL keeps browsers from caching', () => {
    const route = listedRoute('GET', '/x', { maxAge: 600 });
    expect(describeSnapshot([{ ...route, cacheable: false }])).toBe(`GET /x - open to ${APP}; max-age 600`);
  });

  it('escapes everything that is not printable ASCII', () => {
    const route = listedRoute('GET', '/a\nGET /b\u001b[31m\u202e', { origin: ['predicate \u00fc'] });
    expect(describeSnapshot([route])).toBe(
      'GET /a\\u000aGET /b\\u001b[31m\\u202e - open, decided by predicate \\u00fc',
    );
  });
});
