import { describe, expect, it } from '@jest/globals';
import { describeTable } from '../../../../src/explanations/listing/describe-table.js';
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
      'CORS: 8 routes: 6 open (1 to any origin), 1 untouched, 1 disabled',
      '  *              any other origin',
      '  *.example.com  https://*.example.com',
      '  admin          https://admin.example.com',
      '  app            https://app.example.com',
      '  R readable without credentials, C readable with credentials, ? decided at each request, - not readable',
      '  enforce: other origins get 403. Without it, the handler may run for them, but they cannot read the response',
      '  routes  *  *.example.com  admin  app  policy',
      '       1  R  R              R      R    open to any origin; origin from CorsModule',
      '        GET /news  NewsController.list',
      '       1                                untouched: not decided here, CORS headers of other code stay',
      '        POST /hook  OrdersController.list',
      '       2  -  -              C      C    open; credentials; enforce unsafe-methods; origin from CorsModule',
      '        GET    /orders      OrdersController.list',
      '        DELETE /orders/:id  OrdersController.list',
      '       1  ?  ?              ?      ?    open, decided by resolver TenantOrigins; origin from CorsModule',
      '        GET /tenant  OrdersController.list',
      '       1  -  R              R      R    open; origin from CorsModule',
      '        GET /preview  OrdersController.list',
      '       1  -  -              -      R    open; origin from CorsModule',
      '        paths /docs (every method and all paths below)',
      '       1  -  -              -      -    disabled; enforce all',
      '        GET /admin  OrdersController.list',
    ]);
  });

  it('marks the method of a handler that its policy refuses, in a group of its own', () => {
    const policy = { methods: ['GET', 'PATCH'] };
    const table = describeTable([
      listedRoute('POST', '/orders', policy),
      listedRoute('PATCH', '/orders/:id', policy),
      listedRoute('PUT', '/orders/:id', policy),
      listedRoute('DELETE', '/orders', { methods: ['*'] }),
      listedRoute('ALL', '/any', policy),
      listedRoute('PUT', '/none', { methods: [] }),
    ]);
    expect(lines(table).slice(4)).toEqual([
      '       3  R    open; methods GET, PATCH; origin from CorsModule',
      '        POST  /orders      OrdersController.list',
      '        PATCH /orders/:id  OrdersController.list',
      '        ALL   /any         OrdersController.list',
      '       1  -    open; PUT refused: methods GET, PATCH; origin from CorsModule',
      '        PUT /orders/:id  OrdersController.list',
      '       1  R    open; methods *; origin from CorsModule',
      '        DELETE /orders  OrdersController.list',
      '       1  -    open; PUT refused: methods none; origin from CorsModule',
      '        PUT /none  OrdersController.list',
    ]);
  });

  describe('names the columns', () => {
    const headOf = (...origins: string[]) => {
      const table = lines(describeTable(origins.map((origin) => listedRoute('GET', '/x', { origin: [origin] }))));
      const head = table.findIndex((line) => line.startsWith('  routes')) + 1;
      return [...table.slice(1, head - 2), table[head - 1]];
    };

    it('by the first label of a host, or by the host if the label is not unique', () => {
      expect(headOf('http://localhost:4200', 'http://127.0.0.1', 'http://b.example', 'https://b.example.com')).toEqual([
        '  127.0.0.1      http://127.0.0.1 (local)',
        '  b.example      http://b.example',
        '  localhost      http://localhost:4200 (local)',
        '  b.example.com  https://b.example.com',
        '  routes  127.0.0.1  b.example  localhost  b.example.com  policy',
      ]);
      expect(headOf(...[...'abcde'].map((label) => `https://${label}.example`)).at(-1)).toBe(
        '  routes  a  b  c  d  e  policy',
      );
    });

    it.each([
      ['two origins have the same host', ['http://app.example.com', APP]],
      ['the hosts are long', ['https://*.a-rather-long-name.example.com', 'https://*.another-long-name.example.com']],
      [
        'there are more than five',
        ['http://[::1]', ...'abcde'].map((one) => (one.length > 1 ? one : `https://${one}.example`)),
      ],
    ])('by numbers if %s', (_, origins) => {
      const numbers = origins.map((_origin, index) => index + 1);
      expect(headOf(...origins)).toEqual([
        ...origins.map((origin, index) => `  ${index + 1}  ${origin}${origin === 'http://[::1]' ? ' (local)' : ''}`),
        `  routes  ${numbers.join('  ')}  policy`,
      ]);
    });
  });

  it('aligns the names of handlers, beside paths that have none', () => {
    const table = describeTable([listedPath('/docs'), listedRoute('GET', '/a'), listedRoute('POST', '/b/c')]);
    expect(lines(table).slice(-3)).toEqual([
      '        paths /docs (every method and all paths below)',
      '        GET   /a    OrdersController.list',
      '        POST  /b/c  OrdersController.list',
    ]);
  });

  it('has no columns if functions decide every origin', () => {
    expect(lines(describeTable([listedRoute('GET', '/x', { origin: ['predicate isPartner'] })]))).toEqual([
      'CORS: 1 route: 1 open, 0 untouched, 0 disabled',
      '  routes  policy',
      '       1  open, decided by predicate isPartner; origin from CorsModule',
      '        GET /x  OrdersController.list',
    ]);
  });

  it('says that a pattern is readable where a policy allows every origin of it', () => {
    const of = (...origin: string[]) => listedRoute('GET', `/${origin[0]?.length}/${origin.length}`, { origin });
    const table = describeTable([
      of('https://*.example.com'),
      of('https://*.shop.example.com:*'),
      of('https://q*.example.com', 'https://a.example.com'),
    ]);
    const signs = lines(table).flatMap((line) => / 1([ RC-]*) {2}open;/.exec(line)?.[1]?.replaceAll(' ', '') ?? []);
    expect(signs).toEqual(['R-RR', '-R--', '--RR']);
  });

  it('lists the origins with each policy if there are more than nine', () => {
    const origins = Array.from({ length: 10 }, (_, index) => `https://app${index}.example.com`);
    expect(lines(describeTable([listedRoute('GET', '/orders', { origin: origins })]))).toEqual([
      'CORS: 1 route: 1 open, 0 untouched, 0 disabled',
      '  routes  policy',
      '       1  open to https://app0.example.com, https://app1.example.com, https://app2.example.com, 7 more;',
      '          origin from CorsModule',
      '        GET /orders  OrdersController.list',
    ]);
  });

  it('names the places of an origin, and counts them if there are more than two', () => {
    const from = (origin: string) => listedRoute('GET', `/${origin}`, {}, { sources: { origin } as never });
    expect(lines(describeTable([from('A'), from('B')]))).toContain('       2  R    open; origin from A, B');
    expect(lines(describeTable([from('A'), from('B'), from('C')]))).toContain(
      '       3  R    open; origin from 3 places',
    );
  });

  it('folds the paths of many routes, and names the odd ones', () => {
    const routes = Array.from({ length: 20 }, (_, index) => `/api/part${index}`).flatMap((path) => [
      listedRoute('GET', path),
      listedRoute('POST', path),
      listedRoute('GET', `${path}/:id`),
      path.endsWith('7') ? disabledRoute('DELETE', `${path}/:id`) : listedRoute('DELETE', `${path}/:id`),
    ]);
    expect(lines(describeTable(routes))).toEqual([
      'CORS: 80 routes: 78 open, 0 untouched, 2 disabled',
      '  app  https://app.example.com',
      '  R readable without credentials, - not readable',
      '  /orders/** (3 of 8): 3 of the 8 routes at and below /orders',
      '  routes  app  policy',
      '      78  R    open; origin from CorsModule',
      '        /api/part0/** (4), /api/part1/** (4), /api/part10/** (4), /api/part11/** (4), /api/part12/** (4),',
      '        /api/part13/** (4), /api/part14/** (4), /api/part15/** (4), /api/part16/** (4), GET POST /api/part17,',
      '        GET /api/part17/:id, /api/part18/** (4), /api/part19/** (4), /api/part2/** (4), /api/part3/** (4),',
      '        /api/part4/** (4), /api/part5/** (4), /api/part6/** (4), GET POST /api/part7, GET /api/part7/:id,',
      '        /api/part8/** (4), /api/part9/** (4)',
      '       2  -    disabled',
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
      '     200  R    open; origin from CorsModule',
      '        /even/** (100 of 150), /odd/** (100 of 150)',
      '     100  R    open; max-age 600; origin from CorsModule',
      '        /even/** (50 of 150), /odd/** (50 of 150)',
    ]);
  });

  it('makes one group of the smallest policies if there are too many', () => {
    const routes = [
      ...Array.from({ length: 100 }, (_, index) => listedRoute('GET', `/a${index}`, { maxAge: index })),
      ...Array.from({ length: 5 }, (_, index) => listedRoute('GET', `/b${index}`)),
      untouchedRoute('POST', '/hook'),
      disabledRoute('DELETE', '/last'),
    ];
    const table = lines(describeTable(routes));
    expect(table.length).toBeLessThanOrEqual(60);
    expect(table.slice(5, 9)).toEqual([
      '       1       untouched: not decided here, CORS headers of other code stay',
      '        POST /hook',
      '       5  R    open; origin from CorsModule',
      '        GET /b0, GET /b1, GET /b2, GET /b3, GET /b4',
    ]);
    expect(table.slice(-4)).toEqual([
      "      86       86 other policies: see describe('snapshot')",
      '        /** (86 of 107)',
      '       1  -    disabled',
      '        DELETE /last',
    ]);
  });

  it('is a title without routes', () => {
    expect(describeTable([])).toBe('CORS: 0 routes: 0 open, 0 untouched, 0 disabled\n  routes  policy');
  });
});
