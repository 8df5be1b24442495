import { expect, it } from '@jest/globals';
import { Controller, Get, Module, Put } from '@nestjs/common';
import { CorsModule } from 'nestjs-cors';
import { HandlerSpy } from '../../support/handler-spy.js';
import { describePlatforms, type StartOptions, serve } from '../../support/platforms.js';
import {
  ADMIN,
  APP,
  EVIL,
  expectDisabled,
  expectPolicy,
  PARTNER,
  preflight,
  REFUSED_PREFLIGHT,
} from '../../support/policy-statement.js';

const spy = new HandlerSpy();

@Controller('files')
class FilesController {
  @Get('listed') list() {
    return spy.ran('list');
  }
  @Get(':name') read() {
    return spy.ran('read');
  }
  @Put(':name') write() {
    return spy.ran('write');
  }
}

@Module({
  imports: [
    CorsModule.forRoot({
      origin: APP,
      policies: { partners: { origin: PARTNER, allowedHeaders: ['x-partner'] } },
      paths: [
        { path: '/assets', policy: 'partners' },
        { path: '/assets/own', policy: { origin: ADMIN } },
        { path: '/assets/own/wide', policy: {} },
        { path: '/private', policy: false },
        { path: '/files', policy: { origin: ADMIN } },
        { path: '/strict', policy: { enforce: 'all' } },
        { path: '/closed-writes/', policy: { enforce: 'unsafe-methods' } },
      ],
    }),
  ],
  controllers: [FilesController],
})
class AppModule {}

/** Middleware, without a controller, that answers below some paths. */
const options: StartOptions = {
  configure: (app) => {
    const answer = (name: string) => (_request: unknown, response: { end(body: string): void }) => {
      response.end(String(spy.ran(name)));
    };
    for (const path of ['/assets', '/private', '/strict', '/closed-writes']) {
      app.use(path, answer(path));
    }
  },
};

describePlatforms('the paths option', (platform) => {
  const server = serve(platform, AppModule, spy, options);
  const route = (path: string, handler: string | undefined, allows: string, refuses: string, asks?: string) =>
    expectPolicy(server, {
      method: 'PUT',
      path,
      handler,
      allows,
      refuses,
      asks,
      status: handler === undefined ? 404 : 200,
    });

  it('applies a named policy without the application-wide options', async () => {
    await route('/assets/logo.png', '/assets', PARTNER, APP, 'x-partner');
    await route('/assets', '/assets', PARTNER, APP);
  });

  it('applies the longest path, which inherits from the application-wide policy', async () => {
    await route('/assets/own/logo.png', '/assets', ADMIN, PARTNER, 'content-type');
    await route('/assets/own', '/assets', ADMIN, APP);
    await route('/assets/own/wide/logo.png', '/assets', APP, ADMIN);
  });

  it('matches whole segments only', async () => {
    await route('/assets/owner', '/assets', PARTNER, ADMIN);
    await route('/assetsx', undefined, APP, PARTNER);
    await route('/priva', undefined, APP, PARTNER);
  });

  it('disables a path', async () => {
    await expectDisabled(server, { method: 'PUT', path: '/private/x', handler: '/private', origin: APP });
  });

  it('does not apply to routes of controllers, whose preflights are then not cached', async () => {
    const shared = { allows: APP, refuses: ADMIN, maxAge: '0' };
    await expectPolicy(server, { method: 'GET', path: '/files/listed', handler: 'list', ...shared });
    await expectPolicy(server, { method: 'PUT', path: '/files/a', handler: 'write', ...shared });
  });

  it('applies where no controller has the path and method', async () => {
    // The handlers of this URL have another policy, so nothing may be cached.
    await expectPolicy(server, {
      method: 'DELETE',
      path: '/files/a',
      handler: undefined,
      allows: ADMIN,
      refuses: APP,
      status: 404,
      maxAge: '0',
    });
    await expectPolicy(server, {
      method: 'PUT',
      path: '/files',
      handler: undefined,
      allows: ADMIN,
      refuses: APP,
      status: 404,
    });
  });

  it.each([
    '/assets/../private/x',
    '/assets/..%2fprivate',
    '/assets/%2e%2e/private',
    '/assets\\x',
    '/x/%5c../assets',
    '/%61ssets/x',
    '/assets/%6fwn/x',
  ])('refuses %s, because it may match another policy', async (path) => {
    for (const origin of [APP, PARTNER, ADMIN]) {
      const { headers } = await server.outcome({ method: 'GET', path, headers: { Origin: origin } });
      expect(headers).toEqual({});
      expect(await server.outcome(preflight(origin, 'GET', path))).toEqual(REFUSED_PREFLIGHT);
    }
  });

  it.each(['/assets/./x', '/assets/%ZZ', '/assets/x%2fy', '/assets/x/../y'])(
    'applies to %s, because every reading has the same policy',
    async (path) => {
      const asked = await server.outcome(preflight(PARTNER, 'GET', path));
      expect([asked.status, asked.headers['access-control-allow-origin']]).toEqual([204, PARTNER]);
      const { headers } = await server.outcome({ path, headers: { Origin: PARTNER } });
      expect(headers).toEqual({ 'access-control-allow-origin': PARTNER, vary: 'Origin' });
      expect(await server.outcome(preflight(APP, 'GET', path))).toEqual(REFUSED_PREFLIGHT);
    },
  );

  it.each(['/PRIVATE/x', '/Private', '/STRICT/x', '/Strict'])(
    'gives %s the same policy as the path that middleware reads',
    async (path) => {
      const [, name = ''] = path.toLowerCase().split('/');
      const taken = await server.outcome({ method: 'POST', path });
      expect(taken.ran).toEqual([`/${name}`]); // Express middleware matches a path in any case.
      for (const origin of [EVIL, PARTNER, ADMIN]) {
        const { status, headers, ran } = await server.outcome({ method: 'POST', path, headers: { Origin: origin } });
        expect(Object.keys(headers).filter((header) => header.startsWith('access-control-'))).toEqual([]);
        expect([status, ran]).toEqual(name === 'strict' ? [403, []] : [200, ['/private']]);
      }
      expect(await server.outcome(preflight(EVIL, 'POST', path))).toEqual(REFUSED_PREFLIGHT);
    },
  );

  it('returns 403 for an enforced path before anything else runs', async () => {
    const refused = await server.request({ method: 'GET', path: '/strict/x', headers: { Origin: EVIL } });
    expect([refused.status, JSON.parse(refused.text)]).toEqual([
      403,
      { statusCode: 403, message: 'Cross-origin request refused', error: 'Forbidden', code: 'cors-forbidden' },
    ]);
    const ask = (method: string, path: string, headers: Record<string, string>) =>
      server.outcome({ method, path, headers });
    const bare = { status: 403, headers: { vary: 'Origin' }, ran: [] };
    expect(await ask('GET', '/strict/x', { Origin: EVIL })).toEqual(bare);
    expect(await ask('GET', '/strict/x', { Origin: 'null' })).toEqual(bare);
    expect(await ask('POST', '/closed-writes/x', { Origin: EVIL })).toEqual(bare);
    expect(await ask('GET', '/strict/x', { Origin: EVIL, 'Sec-Fetch-Site': 'same-origin' })).toMatchObject({
      status: 200,
    });
    expect(await ask('GET', '/strict/x', {})).toMatchObject({ status: 200, ran: ['/strict'] });
    expect(await ask('GET', '/closed-writes/x', { Origin: EVIL })).toMatchObject({
      status: 200,
      ran: ['/closed-writes'],
    });
    expect(await ask('POST', '/strict/x', { Origin: APP })).toMatchObject({ status: 200, ran: ['/strict'] });
    expect(await server.outcome(preflight(EVIL, 'GET', '/strict/x'))).toEqual(REFUSED_PREFLIGHT);
  });
});
