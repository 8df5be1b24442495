import { expect, it } from '@jest/globals';
import { describePlatforms, serve } from '../../support/platforms.js';
import { ADMIN, APP, EVIL, expectPolicy, PARTNER } from '../../support/policy-statement.js';
import { routingModule, spy } from '../preflights/routing-module.js';

describePlatforms('preflight routing', (platform) => {
  const server = serve(platform, routingModule(platform), spy);

  /** The origin that each handler allows. The preflight must have the policy of the handler that the platform selects. */
  const policyOf: Readonly<Record<string, string>> = {
    collection: APP,
    paths: ADMIN,
    parameter: ADMIN,
    part: PARTNER,
    file: PARTNER,
  };
  const spellings = [
    '/many/one/',
    '/Many/One',
    '//many/one',
    '/many//one',
    '/%6dany/one',
    '/many/%6Fne',
    '/many%2Fone',
    '/many/one%2F',
    '/many/./one',
    '/many/x/../one',
    '/many/x/%2e%2e/one',
    '/parameters/1/',
    '/parameters//',
    '/parameters/..%2Fmany',
    '/parameters/1;v=2',
    '/parameters/1%3Fx',
    '/parameters/1/parts/2/',
    '/files/',
    '/files',
    '/files/..%2fmany/one',
    '/files/%2e%2e/many/one',
    '/FILES/a',
    '/many/one?',
    '/many/one?/parameters/1',
    '/many/one%00',
    '/many/\\one',
  ];

  it.each(spellings)('applies the policy of the handler that the request reaches to %s', async (path) => {
    const reached = await server.outcome({ method: 'PUT', path });
    const handler = reached.ran[0];
    const allows = handler === undefined ? APP : policyOf[handler];
    expect(allows).toBeDefined();
    const refuses = allows === APP ? ADMIN : APP;
    const statement = { method: 'PUT', path, handler, allows: allows ?? EVIL, refuses, status: reached.status };
    await expectPolicy(server, statement);
  });

  it('finds different handlers on each platform, so the table is meaningful', async () => {
    const reached: Record<string, number> = {};
    for (const path of spellings) {
      const handler = (await server.outcome({ method: 'PUT', path })).ran[0] ?? 'none';
      reached[handler] = (reached[handler] ?? 0) + 1;
    }
    expect(Object.keys(reached).sort()).toEqual(
      ['collection', 'file', 'none', 'parameter', 'part', 'paths'].filter((name) => reached[name]),
    );
    expect(reached.none).toBeGreaterThan(3);
    expect(reached.paths).toBeGreaterThan(2);
  });
});

describePlatforms('preflight routing with a strict or tolerant router', (platform) => {
  const express = platform.name === 'express';
  const server = serve(platform, routingModule(platform), spy, {
    adapter: { routerOptions: { ignoreTrailingSlash: true, caseSensitive: false } },
    configure: (app) => {
      if (express) {
        const instance = app.getHttpAdapter().getInstance();
        instance.enable('strict routing');
        instance.enable('case sensitive routing');
      }
    },
  });

  it.each(['/many/one/', '/MANY/one'])('respects the router setting for %s', async (path) => {
    const route = { method: 'PUT', path };
    const reached = await server.outcome(route);
    await expectPolicy(
      server,
      reached.ran.length > 0
        ? { ...route, handler: 'paths', allows: ADMIN, refuses: APP }
        : { ...route, handler: undefined, status: 404, allows: APP, refuses: ADMIN },
    );
  });

  it('changes with the setting on Fastify at least', async () => {
    const reached = await server.outcome({ method: 'PUT', path: '/MANY/one/' });
    expect(reached.ran).toEqual(express ? reached.ran : ['paths']);
  });
});
