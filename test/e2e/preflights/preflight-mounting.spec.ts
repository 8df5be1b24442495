import { expect, it } from '@jest/globals';
import { Controller, Get, Module, Put, RequestMethod, VERSION_NEUTRAL, Version, VersioningType } from '@nestjs/common';
import { RouterModule } from '@nestjs/core';
import { Cors, CorsModule } from 'nestjs-cors';
import { HandlerSpy } from '../../support/handler-spy.js';
import { describePlatforms, serve } from '../../support/platforms.js';
import { ADMIN, APP, EVIL, expectPolicy, PARTNER } from '../../support/policy-statement.js';

const spy = new HandlerSpy();

@Cors({ origin: [ADMIN] })
@Controller('items')
class ItemsController {
  @Put() replace() {
    return spy.ran('items');
  }
}

@Cors({ origin: [PARTNER] })
@Controller('health')
class HealthController {
  @Put() replace() {
    return spy.ran('health put');
  }
  @Get() check() {
    return spy.ran('health');
  }
}

@Cors({ origin: [PARTNER] })
@Controller('nested')
class NestedController {
  @Put() replace() {
    return spy.ran('nested');
  }
}

@Module({ controllers: [NestedController] })
class ChildModule {}

@Module({
  imports: [
    CorsModule.forRoot({ origin: [APP] }),
    ChildModule,
    RouterModule.register([{ path: 'outer', children: [{ path: 'inner', module: ChildModule }] }]),
  ],
  controllers: [ItemsController, HealthController],
})
class MountedModule {}

describePlatforms('preflight routing with a global prefix and RouterModule', (platform) => {
  const server = serve(platform, MountedModule, spy, {
    configure: (app) => app.setGlobalPrefix('api/public', { exclude: [{ path: 'health', method: RequestMethod.GET }] }),
  });
  const appWide404 = { handler: undefined, status: 404, allows: APP, refuses: ADMIN };

  it('respects the prefix', async () => {
    const route = { method: 'PUT', path: '/api/public/items', handler: 'items' };
    await expectPolicy(server, { ...route, allows: ADMIN, refuses: APP });
    await expectPolicy(server, { ...appWide404, method: 'PUT', path: '/items' });
    await expectPolicy(server, { ...appWide404, method: 'PUT', path: '/api/items' });
  });

  it('respects exclusions from the prefix for each method', async () => {
    const partner = { allows: PARTNER, refuses: APP };
    await expectPolicy(server, { ...partner, method: 'GET', path: '/health', handler: 'health' });
    await expectPolicy(server, { ...partner, method: 'PUT', path: '/api/public/health', handler: 'health put' });
    await expectPolicy(server, {
      ...appWide404,
      refuses: PARTNER,
      method: 'GET',
      path: '/api/public/health',
      maxAge: '0',
    });
  });

  it('respects nested RouterModule paths', async () => {
    const route = { method: 'PUT', path: '/api/public/outer/inner/nested', handler: 'nested' };
    await expectPolicy(server, { ...route, allows: PARTNER, refuses: APP });
    await expectPolicy(server, { ...appWide404, method: 'PUT', path: '/api/public/nested' });
  });
});

@Cors({ origin: [ADMIN] })
@Controller({ path: 'things', version: '1' })
class FirstController {
  @Put() replace() {
    return spy.ran('v1');
  }
  @Version(['2', '3'])
  @Cors({ origin: [PARTNER] })
  @Put()
  replaceLater() {
    return spy.ran('v2 or v3');
  }
}

@Controller({ path: 'neutral', version: VERSION_NEUTRAL })
class NeutralController {
  @Cors({ origin: [ADMIN] })
  @Put()
  replace() {
    return spy.ran('neutral');
  }
}

@Controller('default')
class DefaultController {
  @Cors({ origin: [ADMIN] })
  @Put()
  replace() {
    return spy.ran('default');
  }
}

@Module({
  imports: [CorsModule.forRoot({ origin: [APP] })],
  controllers: [FirstController, NeutralController, DefaultController],
})
class VersionedModule {}

describePlatforms('preflight routing with URI versions', (platform) => {
  const server = serve(platform, VersionedModule, spy, {
    configure: (app) => {
      app.setGlobalPrefix('api');
      app.enableVersioning({ type: VersioningType.URI, defaultVersion: '1' });
    },
  });

  it.each([
    ['/api/v1/things', 'v1', ADMIN, PARTNER],
    ['/api/v2/things', 'v2 or v3', PARTNER, ADMIN],
    ['/api/v3/things', 'v2 or v3', PARTNER, ADMIN],
    ['/api/neutral', 'neutral', ADMIN, PARTNER],
    ['/api/v1/default', 'default', ADMIN, APP],
  ])('matches %s to the handler %s', async (path, handler, allows, refuses) => {
    await expectPolicy(server, { method: 'PUT', path, handler, allows, refuses });
  });

  it.each(['/api/v4/things', '/api/things', '/v1/things', '/api/v1/neutral', '/api/default'])(
    'applies the application-wide policy to %s, which is no route',
    async (path) => {
      const nothing = { handler: undefined, status: 404, allows: APP, refuses: ADMIN };
      await expectPolicy(server, { ...nothing, method: 'PUT', path });
    },
  );
});

@Cors({ origin: [ADMIN] })
@Controller({ path: 'hosted', host: 'admin.example.com' })
class AdminHostController {
  @Put() replace() {
    return spy.ran('admin host');
  }
}

@Cors({ origin: [PARTNER] })
@Controller({ path: 'tenant', host: ':tenant.example.com' })
class TenantHostController {
  @Put() replace() {
    return spy.ran('tenant host');
  }
}

@Module({ imports: [CorsModule.forRoot({ origin: [APP] })], controllers: [AdminHostController, TenantHostController] })
class HostModule {}

describePlatforms('preflight routing with host-bound controllers', (platform) => {
  const server = serve(platform, HostModule, spy);
  const from = async (host: string, request: { method: string; path: string; headers: Record<string, string> }) =>
    server.outcome({ ...request, headers: { Host: host, ...request.headers } });

  it.each([
    ['/hosted', 'admin.example.com', 'admin host', ADMIN],
    ['/hosted', 'admin.example.com:8080', 'admin host', ADMIN],
    ['/tenant', 'acme.example.com', 'tenant host', PARTNER],
  ])('applies the policy of the controller to %s on %s', async (path, host, handler, allows) => {
    const asked = { Origin: allows, 'Access-Control-Request-Method': 'PUT' };
    expect(await from(host, { method: 'OPTIONS', path, headers: asked })).toMatchObject({
      status: 204,
      headers: { 'access-control-allow-origin': allows },
    });
    expect(await from(host, { method: 'OPTIONS', path, headers: { ...asked, Origin: APP } })).toMatchObject({
      status: 403,
    });
    expect(await from(host, { method: 'PUT', path, headers: { Origin: allows } })).toEqual({
      status: 200,
      headers: { 'access-control-allow-origin': allows, vary: 'Origin' },
      ran: [handler],
    });
  });

  it.each([
    ['/hosted', 'public.example.com'],
    ['/hosted', 'xadmin.example.com'],
    ['/hosted', 'admin.example.com.evil.example'],
    ['/tenant', 'example.com'],
  ])('applies the application-wide policy to %s on %s, which is no route', async (path, host) => {
    const actual = await from(host, { method: 'PUT', path, headers: { Origin: APP } });
    expect(actual).toEqual({ status: 404, headers: { 'access-control-allow-origin': APP, vary: 'Origin' }, ran: [] });
    const asked = { 'Access-Control-Request-Method': 'PUT' };
    for (const [origin, status] of [
      [APP, 204],
      [ADMIN, 403],
      [PARTNER, 403],
      [EVIL, 403],
    ] as const) {
      const outcome = await from(host, { method: 'OPTIONS', path, headers: { Origin: origin, ...asked } });
      expect(outcome.status).toBe(status);
    }
  });
});
