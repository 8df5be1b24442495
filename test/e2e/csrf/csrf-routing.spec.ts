import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import {
  Controller,
  Delete,
  type INestApplication,
  Module,
  Post,
  RequestMethod,
  Version,
  VersioningType,
} from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { RouteConstraints } from '@nestjs/platform-fastify';
import { Cors, CorsModule, CorsService, DisableCors } from 'nestjs-cors';
import { HandlerSpy } from '../../support/handler-spy.js';
import { describePlatforms, type Outcome, PLATFORMS, type Platform, serve } from '../../support/platforms.js';
import { ADMIN, APP, EVIL } from '../../support/policy-statement.js';
import { rawRequest } from '../../support/requests/raw-request.js';

const spy = new HandlerSpy();
const [EXPRESS, FASTIFY] = PLATFORMS as [Platform, Platform];

@Controller('things')
class ThingsController {
  @Version('1') @Post() first() {
    return spy.ran('first');
  }
  @Version('2') @Cors({ origin: '*', credentials: false }) @Post() second() {
    return spy.ran('second');
  }
}

@Controller({ path: 'hosts', host: 'a.example.com' })
class HostController {
  @Cors({ origin: ADMIN, credentials: true }) @Post() ofHost() {
    return spy.ran('of host');
  }
}

@Controller('methods')
class MethodsController {
  @Post() create() {
    return spy.ran('create');
  }
  @DisableCors() @Delete() remove() {
    return spy.ran('remove');
  }
  @Cors({ origin: '*', credentials: false }) @Post('public') public() {
    return spy.ran('public');
  }
}

const cors = () => CorsModule.forRoot({ origin: APP, credentials: true, paths: [{ path: '/again', policy: false }] });

@Module({ imports: [cors()], controllers: [MethodsController] })
class RoutedModule {}

@Module({ imports: [cors()], controllers: [ThingsController, HostController] })
class VersionedModule {}

function protect(app: INestApplication): void {
  app.enableCsrfProtection({ exclude: app.get(CorsService).csrfExclude() });
}

const allowed = (origin: string) => ({
  'access-control-allow-origin': origin,
  'access-control-allow-credentials': 'true',
  vary: 'Origin',
});
const served = (handler: string, origin = APP): Outcome => ({ status: 201, headers: allowed(origin), ran: [handler] });
const refused = (headers = {}): Outcome => ({ status: 403, headers, ran: [] });
const headers = (origin: string, more: Record<string, string> = {}) => ({
  Origin: origin,
  'Sec-Fetch-Site': 'cross-site',
  ...more,
});

describePlatforms('csrfExclude() decides by the handler that the router chooses', (platform) => {
  const server = serve(platform, VersionedModule, spy, {
    configure: (app) => {
      app.enableVersioning({ type: VersioningType.HEADER, header: 'x-version', defaultVersion: ['1', '2'] });
      protect(app);
    },
  });
  const post = (path: string, origin: string, more: Record<string, string> = {}) =>
    server.outcome({ method: 'POST', path, headers: headers(origin, { 'X-Version': '1', ...more }) });

  it('by its version', async () => {
    expect(await post('/things', APP)).toEqual(served('first'));
    expect(await post('/things', EVIL)).toEqual(refused({ vary: 'Origin' }));
    const second = refused({ 'access-control-allow-origin': '*' });
    expect(await post('/things', APP, { 'X-Version': '2' })).toEqual(second);
  });

  it('by its host', async () => {
    const host = { Host: 'a.example.com' };
    expect(await post('/hosts', ADMIN, host)).toEqual(served('of host', ADMIN));
    expect(await post('/hosts', APP, host)).toEqual(refused({ vary: 'Origin' }));
    expect(await post('/hosts', APP)).toEqual({ status: 404, headers: allowed(APP), ran: [] });
    expect(await post('/hosts', ADMIN)).toEqual(refused({ vary: 'Origin' }));
  });

  it('answers URLs that no router can read without an error of its own', async () => {
    for (const path of ['/%', '/things/%E0%A4%A', '//', '/\\..']) {
      const { ran, status } = await post(path, APP);
      expect({ path, ran, isServerError: status >= 500 }).toEqual({ path, ran: [], isServerError: false });
    }
  });
});

describePlatforms('csrfExclude() below a global prefix', (platform) => {
  const server = serve(platform, RoutedModule, spy, {
    configure: (app) => {
      app.setGlobalPrefix('api', { exclude: [{ path: 'methods/public', method: RequestMethod.POST }] });
      protect(app);
    },
  });
  const send = (method: string, path: string) => server.outcome({ method, path, headers: headers(APP) });

  it('finds handlers with and without the prefix', async () => {
    expect(await send('POST', '/api/methods')).toEqual(served('create'));
    expect(await send('DELETE', '/api/methods')).toEqual(refused());
    expect(await send('POST', '/methods/public')).toEqual(refused({ 'access-control-allow-origin': '*' }));
  });
});

describe('csrfExclude() of route constraints on Fastify', () => {
  const strategy = {
    name: 'tenant',
    storage: () => {
      const routes = new Map<unknown, unknown>();
      return {
        get: (value: unknown) => routes.get(value),
        set: (value: unknown, route: unknown) => routes.set(value, route),
      };
    },
    validate: () => true,
    deriveConstraint: (request: IncomingMessage) => request.headers['x-tenant'],
  };
  @Controller('accounts')
  class AccountsController {
    @RouteConstraints({ tenant: 'a' }) @Post() ofA() {
      return spy.ran('of a');
    }
    @RouteConstraints({ tenant: 'b' }) @DisableCors() @Post() ofB() {
      return spy.ran('of b');
    }
  }
  @Module({ imports: [CorsModule.forRoot({ origin: APP, credentials: true })], controllers: [AccountsController] })
  class AccountsModule {}
  const server = serve(FASTIFY, AccountsModule, spy, {
    adapter: { constraints: { tenant: strategy } },
    configure: protect,
  });

  it('decides by the constraint of the request', async () => {
    const post = (tenant: string) =>
      server.outcome({ method: 'POST', path: '/accounts', headers: headers(APP, { 'X-Tenant': tenant }) });
    expect(await post('a')).toEqual(served('of a'));
    expect(await post('b')).toEqual(refused({ vary: 'Origin' }));
  });
});

describe('csrfExclude() after middleware that changes requests on Express', () => {
  const server = serve(EXPRESS, RoutedModule, spy, {
    configure: (app) => {
      const instance = app.getHttpAdapter().getInstance() as (request: object, response: object) => void;
      app.use((request: IncomingMessage, response: ServerResponse, next: () => void) => {
        if (request.url === '/again') {
          request.url = '/methods';
          return instance(request, response);
        }
        request.url = request.url?.replace(/^\/old/, '');
        request.method = (request.headers['x-method'] as string | undefined) ?? request.method;
        return next();
      });
      protect(app);
    },
  });
  const send = (method: string, path: string, more: Record<string, string> = {}) =>
    server.outcome({ method, path, headers: headers(APP, more) });

  it('needs both URLs to allow the origin', async () => {
    expect(await send('POST', '/old/methods')).toEqual(served('create'));
    expect((await send('POST', '/old/methods/public')).ran).toEqual([]);
    expect((await send('POST', '/old/methods/public')).status).toBe(403);
  });

  it('needs both methods to allow the origin', async () => {
    expect(await send('POST', '/methods')).toEqual(served('create'));
    expect((await send('POST', '/methods', { 'X-Method': 'DELETE' })).status).toBe(403);
    expect((await send('DELETE', '/methods', { 'X-Method': 'POST' })).status).toBe(403);
  });

  it('needs the URL with which a request arrived first to allow the origin', async () => {
    expect(await send('POST', '/again')).toMatchObject({ status: 403, ran: [] });
  });
});

describe('csrfExclude() before the application is initialised', () => {
  it('excludes nothing', async () => {
    const app = await NestFactory.create(RoutedModule, EXPRESS.createAdapter(), { logger: false });
    protect(app);
    const server = createServer(app.getHttpAdapter().getInstance());
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    const { port } = server.address() as AddressInfo;
    const post = () => rawRequest({ port }, { method: 'POST', path: '/methods', headers: headers(APP) });
    expect((await post()).status).toBe(403);
    await app.init();
    expect((await post()).status).toBe(201);
    await new Promise((closed) => server.close(closed));
    await app.close();
  });
});

describe('csrfExclude() of two nested applications on Express', () => {
  @Module({
    imports: [CorsModule.forRoot({ origin: ADMIN, credentials: true })],
    controllers: [MethodsController],
  })
  class InnerModule {}
  const inner = serve(EXPRESS, InnerModule, spy, { configure: protect });
  const outer = serve(EXPRESS, RoutedModule, spy, {
    configure: (app) => {
      protect(app);
      app.use('/inner', inner.running.app.getHttpAdapter().getInstance());
    },
  });

  it('decides in each application by its own policies', async () => {
    const post = (origin: string) =>
      outer.outcome({ method: 'POST', path: '/inner/methods', headers: headers(origin) });
    expect((await post(APP)).status).toBe(403);
    expect((await post(ADMIN)).status).toBe(403);
    expect(await inner.outcome({ method: 'POST', path: '/methods', headers: headers(ADMIN) })).toEqual(
      served('create', ADMIN),
    );
  });
});
