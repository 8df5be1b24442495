import { describe, expect, it } from '@jest/globals';
import { describeTable } from '../../../src/listing/describe-table.js';
import { ADMIN, APP, disabledRoute, listedPath, listedRoute, untouchedRoute } from './listed-route.js';

const lines = (text: string) => text.split('\n');

describe('the table of routes', () => {
  it('has the routes of each policy, and a column for each origin', () => {
    const table = describeTable([
      listedRoute('GET', '/orders', { origin: [ADMIN, APP], credentials: true, enforce: 'unsafe-methods' }),
      listedRoute('DELETE', '/orders/:id', { origin: [ADMIN, APP], credentials: true, enforce: 'unsafe-methods' }),
      listedRoute('GET', '/news', { origin: ['*'] }, { target: 'NewsController.list' }),
      listedRoute('GET', '/tenant', { origin: ['resolver TenantOrigins'] }),
      listedRoute('GET', '/preview', { origin: ['https://*.example.com'] }),
      listedPath('/docs'),
      untouchedRoute('POST', '/hook'),
      disabledRoute('GET', '/admin', 'all'),
    ]);
    expect(lines(table)).toEqual([
      'CORS: 8 routes, 7 policies: 6 open, 1 untouched, 1 disabled',
      '  origin 1 *',
      '  origin 2 https://*.example.com',
      '  origin 3 https://admin.example.com',
      '  origin 4 https://app.example.com',
      '  origin 5 resolver TenantOrigins',
      '  C readable with credentials, x without, ? decided for each origin, - not readable',
      '  routes 1 2 3 4 5  policy',
      '       2 - - C C -  open; credentials; enforce unsafe-methods; origin of CorsModule',
      '        GET    /orders      OrdersController.list',
      '        DELETE /orders/:id  OrdersController.list',
      '       1 x x x x x  open; origin of CorsModule',
      '        GET /news  NewsController.list',
      '       1 - - ? ? ?  open; origin of CorsModule',
      '        GET /tenant  OrdersController.list',
      '       1 - x x x -  open; origin of CorsModule',
      '        GET /preview  OrdersController.list',
      '       1 - - - x -  open; origin of CorsModule',
      '        paths /docs',
      '       1            untouched',
      '        POST /hook  OrdersController.list',
      '       1 - - - - -  disabled; enforce all',
      '        GET /admin  OrdersController.list',
    ]);
  });

  it('lists the origins with each policy if there are more than nine', () => {
    const origins = Array.from({ length: 10 }, (_, index) => `https://app${index}.example.com`);
    expect(lines(describeTable([listedRoute('GET', '/orders', { origin: origins })]))).toEqual([
      'CORS: 1 route, 1 policy: 1 open, 0 untouched, 0 disabled',
      '  routes  policy',
      '       1  open to https://app0.example.com, https://app1.example.com, https://app2.example.com, 7 more;',
      '          origin of CorsModule',
      '        GET /orders  OrdersController.list',
    ]);
  });

  it('names the places of an origin, and counts them if there are more than two', () => {
    const from = (origin: string) => listedRoute('GET', `/${origin}`, {}, { sources: { origin } as never });
    expect(lines(describeTable([from('A'), from('B')]))).toContain('       2 x  open; origin of A, B');
    expect(lines(describeTable([from('A'), from('B'), from('C')]))).toContain('       3 x  open; origin of 3 places');
  });

  it('folds the paths of many routes, and names the odd ones', () => {
    const routes = Array.from({ length: 20 }, (_, index) => `/api/part${index}`).flatMap((path) => [
      listedRoute('GET', path),
      listedRoute('POST', path),
      listedRoute('GET', `${path}/:id`),
      path.endsWith('7') ? disabledRoute('DELETE', `${path}/:id`) : listedRoute('DELETE', `${path}/:id`),
    ]);
    expect(lines(describeTable(routes))).toEqual([
      'CORS: 80 routes, 2 policies: 78 open, 0 untouched, 2 disabled',
      '  origin 1 https://app.example.com',
      '  C readable with credentials, x without, ? decided for each origin, - not readable',
      '  /orders/** (3 of 8): 3 of the 8 routes at and below /orders',
      '  routes 1  policy',
      '      78 x  open; origin of CorsModule',
      '        /api/part0/** (4), /api/part1/** (4), /api/part10/** (4), /api/part11/** (4), /api/part12/** (4),',
      '        /api/part13/** (4), /api/part14/** (4), /api/part15/** (4), /api/part16/** (4), GET POST /api/part17,',
      '        GET /api/part17/:id, /api/part18/** (4), /api/part19/** (4), /api/part2/** (4), /api/part3/** (4),',
      '        /api/part4/** (4), /api/part5/** (4), /api/part6/** (4), GET POST /api/part7, GET /api/part7/:id,',
      '        /api/part8/** (4), /api/part9/** (4)',
      '       2 -  disabled',
      '        DELETE /api/part17/:id, DELETE /api/part7/:id',
    ]);
  });

  it('counts the routes below a path if their paths would take too many lines', () => {
    const routes = Array.from({ length: 300 }, (_, index) =>
      listedRoute('GET', `/${index % 2 === 0 ? 'even' : 'odd'}/part-with-a-long-name-${index}`, {
        maxAge: index % 3 === 0 ? 600 : undefined,
      }),
    );
    expect(lines(describeTable(routes)).slice(-4)).toEqual([
      '     200 x  open; origin of CorsModule',
      '        /even/** (100 of 150), /odd/** (100 of 150)',
      '     100 x  open; max-age 600; origin of CorsModule',
      '        /even/** (50 of 150), /odd/** (50 of 150)',
    ]);
  });

  it('makes one group of the smallest policies if there are too many', () => {
    const routes = [
      ...Array.from({ length: 100 }, (_, index) => listedRoute('GET', `/a${index}`, { maxAge: index })),
      ...Array.from({ length: 5 }, (_, index) => listedRoute('GET', `/b${index}`)),
      untouchedRoute('POST', '/hook'),
    ];
    const table = lines(describeTable(routes));
    expect(table.length).toBeLessThanOrEqual(60);
    expect(table.slice(5, 7)).toEqual([
      '       5 x  open; origin of CorsModule',
      '        GET /b0, GET /b1, GET /b2, GET /b3, GET /b4',
    ]);
    expect(table.slice(-4)).toEqual([
      "      86    86 other policies: see describe('snapshot')",
      '        /** (86 of 106)',
      '       1    untouched',
      '        POST /hook',
    ]);
  });

  it('is a title without routes', () => {
    expect(describeTable([])).toBe('CORS: 0 routes, 0 policies: 0 open, 0 untouched, 0 disabled\n  routes  policy');
  });
});
