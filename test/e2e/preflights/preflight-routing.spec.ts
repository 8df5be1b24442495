import { expect, it } from '@jest/globals';
import { describePlatforms, serve } from '../../support/platforms.js';
import { ADMIN, APP, expectPolicy, PARTNER, preflight, REFUSED_PREFLIGHT } from '../../support/policy-statement.js';
import { routingModule, spy } from './routing-module.js';

describePlatforms('preflight routing', (platform) => {
  const server = serve(platform, routingModule(platform), spy);
  const admin = { allows: ADMIN, refuses: APP };
  const partner = { allows: PARTNER, refuses: APP };
  const appWide = { allows: APP, refuses: ADMIN };

  it.each(['/many/one', '/many/two', '/more/one', '/more/two'])(
    'supports path arrays of class and handler: %s',
    async (path) => {
      await expectPolicy(server, { ...admin, method: 'PUT', path, handler: 'paths' });
    },
  );

  it.each(['GET', 'PUT', 'PATCH', 'DELETE'])('finds an @All handler for %s', async (method) => {
    const status = 200;
    await expectPolicy(server, { ...admin, method, path: '/kinds/all', handler: 'all', status });
  });

  it('finds the GET handler for HEAD', async () => {
    await expectPolicy(server, { ...admin, method: 'HEAD', path: '/kinds/get', handler: 'get' });
  });

  it('finds a @Head handler for HEAD', async () => {
    await expectPolicy(server, { ...admin, method: 'HEAD', path: '/kinds/head', handler: 'head' });
  });

  it('finds an @Sse handler for GET', async () => {
    await expectPolicy(server, { ...admin, method: 'GET', path: '/kinds/sse', handler: 'events' });
  });

  it('finds an @Options handler for OPTIONS only', async () => {
    await expectPolicy(server, { ...admin, method: 'OPTIONS', path: '/kinds/options', handler: 'options' });
    expect(await server.outcome(preflight(ADMIN, 'PUT', '/kinds/options'))).toEqual(REFUSED_PREFLIGHT);
  });

  it('finds a request-scoped controller', async () => {
    await expectPolicy(server, { ...partner, method: 'PUT', path: '/scoped', handler: 'scoped' });
  });

  it.each([
    '/parameters/1',
    '/parameters/a+b',
    '/parameters/a%2Fb',
    '/parameters/%C3%A9',
    '/parameters/1?x=/parameters',
  ])('matches a parameter: %s', async (path) => {
    await expectPolicy(server, { ...admin, method: 'PUT', path, handler: 'parameter' });
  });

  it('matches several parameters and the path without them', async () => {
    await expectPolicy(server, { ...partner, method: 'PUT', path: '/parameters/1/parts/2', handler: 'part' });
    await expectPolicy(server, {
      ...appWide,
      method: 'PUT',
      path: '/parameters',
      handler: 'collection',
      maxAge: undefined,
    });
  });

  it.each(['/optional', '/optional/1'])('matches an optional parameter: %s', async (path) => {
    await expectPolicy(server, { ...partner, method: 'PUT', path, handler: 'optional' });
  });

  it.each(['/files/a', '/files/a/b.txt', '/files/a%20b'])('matches a wildcard: %s', async (path) => {
    await expectPolicy(server, { ...partner, method: 'PUT', path, handler: 'file' });
  });

  it.each([
    ['GET', APP, ADMIN, 200],
    ['POST', ADMIN, PARTNER, 201],
    ['DELETE', PARTNER, APP, 200],
    ['PATCH', 'https://patch.example', PARTNER, 200],
  ])('finds the handler for %s among those of one path', async (method, allows, refuses, status) => {
    // Handlers of one URL have different policies, so browsers must not cache the responses.
    await expectPolicy(server, { method, path: '/methods', handler: method, allows, refuses, status, maxAge: '0' });
  });

  it('applies the application-wide policy if no handler has the method', async () => {
    const route = { method: 'PUT', path: '/methods', handler: undefined, status: 404, maxAge: '0' };
    await expectPolicy(server, { ...appWide, ...route });
  });

  it.each(['/none', '/', '/manyone', '/many/one/more', '/many'])(
    'applies the application-wide policy if no route matches: %s',
    async (path) => {
      await expectPolicy(server, { ...appWide, method: 'PUT', path, handler: undefined, status: 404 });
    },
  );

  it('resolves conflicts by order on Express and by specificity on Fastify', async () => {
    const first = platform.name === 'express';
    const route = { method: 'PUT', path: '/order/special', handler: first ? 'by parameter' : 'special' };
    await expectPolicy(server, { ...route, allows: first ? ADMIN : PARTNER, refuses: first ? PARTNER : ADMIN });
    await expectPolicy(server, { method: 'PUT', path: '/order/1', handler: 'by parameter', ...admin });
  });
});

for (const strategy of ['declaration', 'specificity']) {
  describePlatforms(`preflight routing with routeResolutionStrategy ${strategy}`, (platform) => {
    const server = serve(platform, routingModule(platform), spy, {
      application: { routeResolutionStrategy: strategy },
    });

    it('finds the handler that the request reaches', async () => {
      const specific = platform.name === 'fastify' || strategy === 'specificity';
      const route = { method: 'PUT', path: '/order/special', handler: specific ? 'special' : 'by parameter' };
      await expectPolicy(server, { ...route, allows: specific ? PARTNER : ADMIN, refuses: specific ? ADMIN : PARTNER });
    });
  });
}
