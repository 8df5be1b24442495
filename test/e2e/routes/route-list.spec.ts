import { expect, it } from '@jest/globals';
import {
  All,
  Controller,
  Delete,
  Get,
  type INestApplication,
  Module,
  Post,
  VERSION_NEUTRAL,
  Version,
  VersioningType,
} from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Cors, CorsModule, type CorsModuleOptions, type CorsRoute, CorsService, DisableCors } from 'nestjs-cors';
import { corsHeaders } from '../../support/cors-headers.js';
import { describePlatforms, type Platform, type StartOptions, startApp } from '../../support/platforms.js';
import { ADMIN, APP, PARTNER, preflight } from '../../support/policy-statement.js';
import { movingApplication } from './unexpected-routes.js';

function isPartner(origin: string): boolean {
  return origin === PARTNER;
}

class TenantOrigins {
  resolve(origin: string): boolean {
    return origin === APP;
  }
}

@Controller('orders')
class OrdersController {
  @Get() list() {}
  @Cors({ origin: [PARTNER, ADMIN, PARTNER], maxAge: 600, allowedHeaders: ['X-Tenant', 'Content-Type'] })
  @Get(':id')
  one() {}
  @DisableCors() @Delete(':id') remove() {}
  @Cors('untouched') @Post('hook') hook() {}
  @Cors('partners', { enforce: 'all' }) @All('all') all() {}
}

const OPTIONS = {
  origin: APP,
  credentials: true,
  enforce: 'unsafe-methods',
  policies: { partners: { origin: PARTNER, methods: ['PUT', 'GET', 'get'], exposedHeaders: ['X-Total'] } },
  paths: [
    { path: '/graphql', policy: 'partners' },
    { path: '/static', policy: { credentials: false } },
    { path: '/private', policy: false },
    { path: '/proxy', policy: 'untouched' },
  ],
} as const satisfies CorsModuleOptions;

/** A route that the application registers on the platform itself. */
function addRoute(app: INestApplication, method: 'get' | 'post' | 'all', path: string): void {
  const platform = app.getHttpAdapter().getInstance() as Record<string, (path: string, handler: unknown) => void>;
  platform[method]?.(path, (_request: unknown, response: { send(text: string): void }) => response.send('platform'));
}

async function routesOf(
  platform: Platform,
  controllers: (new () => object)[],
  options: CorsModuleOptions,
  start: StartOptions = {},
): Promise<readonly CorsRoute[]> {
  @Module({ imports: [CorsModule.forRoot(options)], controllers, providers: [TenantOrigins] })
  class ApplicationModule {}
  const running = await startApp(platform, ApplicationModule, start);
  try {
    return running.app.get(CorsService).routes();
  } finally {
    await running.close();
  }
}

const WILDCARD = { express: '*rest', fastify: '*' };

const line = ({ method, path, target, state }: CorsRoute) => `${method} ${path} ${target} ${state}`;

describePlatforms('the list of routes', (platform) => {
  it('has each handler in the order of registration, then paths, then routes of the platform', async () => {
    const routes = await routesOf(platform, [OrdersController], OPTIONS, {
      configure: (app) => {
        addRoute(app, 'get', '/docs');
        addRoute(app, 'all', '/static/logo');
        addRoute(app, 'post', '/proxy/:name');
      },
    });
    expect(routes.map(line)).toEqual([
      'GET /orders OrdersController.list open',
      'GET /orders/:id OrdersController.one open',
      'DELETE /orders/:id OrdersController.remove disabled',
      'POST /orders/hook OrdersController.hook untouched',
      'ALL /orders/all OrdersController.all open',
      'ALL /graphql paths "/graphql" open',
      'ALL /static paths "/static" open',
      'ALL /private paths "/private" disabled',
      'ALL /proxy paths "/proxy" untouched',
      'GET /docs CorsModule open',
      'ALL /static/logo paths "/static" open',
      'POST /proxy/:name paths "/proxy" untouched',
    ]);
  });

  it('has the effective options of an open route, and the place of each', async () => {
    const [list, one, , , all, graphql] = await routesOf(platform, [OrdersController], OPTIONS);
    expect(list).toEqual({
      method: 'GET',
      path: '/orders',
      versions: undefined,
      host: undefined,
      constraints: undefined,
      target: 'OrdersController.list',
      state: 'open',
      policy: {
        origin: [APP],
        methods: ['GET'],
        allowedHeaders: ['content-type'],
        exposedHeaders: [],
        credentials: true,
        maxAge: undefined,
        optionsSuccessStatus: 204,
        enforce: 'unsafe-methods',
        enforceReportOnly: false,
        dangerouslyAllowInsecureOrigins: false,
      },
      sources: {
        origin: 'CorsModule',
        methods: 'default',
        allowedHeaders: 'default',
        exposedHeaders: 'default',
        credentials: 'CorsModule',
        maxAge: 'default',
        optionsSuccessStatus: 'default',
        enforce: 'CorsModule',
        enforceReportOnly: 'default',
        resourcePolicy: 'default',
        dangerouslyAllowInsecureOrigins: 'default',
      },
      cacheable: true,
    });
    expect(one?.policy).toEqual({
      ...list?.policy,
      origin: [ADMIN, PARTNER],
      allowedHeaders: ['content-type', 'x-tenant'],
      maxAge: 600,
    });
    expect(one?.sources).toMatchObject({ origin: 'OrdersController.one', credentials: 'CorsModule' });
    expect(all?.policy).toMatchObject({ methods: ['GET', 'PUT'], exposedHeaders: ['x-total'], enforce: 'all' });
    expect(all?.sources).toMatchObject({ origin: 'policy "partners"', enforce: 'OrdersController.all' });
    expect(graphql?.policy).toMatchObject({ origin: [PARTNER], methods: ['GET', 'PUT'], enforce: false });
    expect(graphql?.sources).toMatchObject({ methods: 'policy "partners"', enforce: 'default' });
  });

  it('has a policy that allows nothing on a route that is not open, with the place that closes it', async () => {
    const [, , remove, hook] = await routesOf(platform, [OrdersController], OPTIONS);
    const nothing = {
      origin: [],
      methods: [],
      allowedHeaders: [],
      exposedHeaders: [],
      credentials: false,
      maxAge: undefined,
      optionsSuccessStatus: 204,
      enforceReportOnly: false,
      dangerouslyAllowInsecureOrigins: false,
    };
    expect(remove?.policy).toEqual({ ...nothing, enforce: 'unsafe-methods' });
    expect(remove?.sources).toMatchObject({ origin: 'OrdersController.remove', enforce: 'CorsModule' });
    expect(hook?.policy).toEqual({ ...nothing, enforce: false });
    expect(hook?.sources).toMatchObject({ origin: 'OrdersController.hook', enforce: 'OrdersController.hook' });
    const [list] = await routesOf(platform, [OrdersController], {
      enforce: 'all',
      credentials: true,
      exposedHeaders: ['x-total'],
      policies: OPTIONS.policies,
    });
    expect(list).toMatchObject({ state: 'untouched', policy: { ...nothing, enforce: false } });
    expect(new Set(Object.values(list?.sources ?? {}))).toEqual(new Set(['default']));
  });

  it('names predicates and resolvers instead of showing them', async () => {
    @Controller()
    class NamedController {
      @Cors({ origin: isPartner }) @Get('named') named() {}
      @Cors({ origin: (origin) => origin === PARTNER }) @Get('arrow') arrow() {}
      @Cors({ origin: TenantOrigins }) @Get('resolver') resolver() {}
      @Cors({ origin: true }) @Get('any') any() {}
      @Cors({ origin: ['https://*.example.com', APP] }) @Get('pattern') pattern() {}
    }
    const routes = await routesOf(platform, [NamedController], {});
    expect(routes.map(({ policy }) => policy.origin)).toEqual([
      ['predicate isPartner'],
      ['predicate'],
      ['resolver TenantOrigins'],
      ['*'],
      ['https://*.example.com', APP],
    ]);
  });

  it('shows paths as they are registered: with prefix, URI version and wildcards', async () => {
    @Controller({ path: 'files', version: '2' })
    class FilesController {
      @Get() list() {}
      @Get(WILDCARD[platform.name]) rest() {}
    }
    const routes = await routesOf(platform, [FilesController], OPTIONS, {
      configure: (app) => {
        app.setGlobalPrefix('api');
        app.enableVersioning({ type: VersioningType.URI });
      },
    });
    expect(routes.slice(0, 2).map(({ path, versions }) => [path, versions])).toEqual([
      ['/api/v2/files', undefined],
      [`/api/v2/files/${WILDCARD[platform.name]}`, undefined],
    ]);
  });

  it('shows versions that are not part of the path, and hosts', async () => {
    @Controller({ path: 'files', version: ['1', VERSION_NEUTRAL], host: ['admin.example.com', /^[a-z]+\.local$/] })
    class FilesController {
      @Get() list() {}
      @Version('3') @Get('new') recent() {}
    }
    const routes = await routesOf(platform, [FilesController], OPTIONS, {
      configure: (app) => app.enableVersioning({ type: VersioningType.HEADER, header: 'x-version' }),
    });
    expect(routes.slice(0, 2).map(({ path, versions, host }) => [path, versions, host])).toEqual([
      ['/files', ['1', 'neutral'], ['admin.example.com', '/^[a-z]+\\.local$/']],
      ['/files/new', ['3'], ['admin.example.com', '/^[a-z]+\\.local$/']],
    ]);
  });

  it('says where browsers may not cache preflights', async () => {
    @Controller()
    class CachedController {
      @Cors({ maxAge: 0 }) @Get('zero') zero() {}
      @Get('shared') read() {}
      @Cors({ origin: ADMIN }) @Post('shared') write() {}
      @Get('private/file') below() {}
      @Get('alone') alone() {}
      @Cors({ origin: ADMIN }) @Get('static/deep/file') deep() {}
    }
    const routes = await routesOf(platform, [CachedController], OPTIONS, {
      configure: (app) => {
        addRoute(app, 'get', '/:name');
        addRoute(app, 'get', '/docs');
      },
    });
    expect(routes.map(({ method, path, cacheable }) => `${method} ${path} ${cacheable}`)).toEqual([
      'GET /zero false',
      'GET /shared false',
      'POST /shared false',
      'GET /private/file false',
      'GET /alone true',
      'GET /static/deep/file false',
      'ALL /graphql true',
      'ALL /static false',
      'ALL /private false',
      'ALL /proxy false',
      'GET /:name false',
      'GET /docs true',
    ]);
  });

  it('has the policy that a preflight to each route gets', async () => {
    @Controller()
    class RootController {
      @Cors({ origin: ADMIN }) @Get(WILDCARD[platform.name]) any() {}
      @Cors({ origin: PARTNER }) @Post('docs') write() {}
    }
    @Module({ imports: [CorsModule.forRoot(OPTIONS)], controllers: [OrdersController, RootController] })
    class ApplicationModule {}
    const running = await startApp(platform, ApplicationModule, {
      configure: (app) => {
        addRoute(app, 'get', '/docs');
        addRoute(app, 'post', '/proxy/:name');
        addRoute(app, 'post', '/static/:name');
        addRoute(app, 'get', '/other/:name');
        addRoute(app, 'post', '/private/:name');
      },
    });
    const compared: string[] = [];
    try {
      for (const { method, path, state, policy, target } of running.app.get(CorsService).routes()) {
        const url = path.replaceAll(/[:*]\w*/g, 'x');
        for (const origin of [APP, ADMIN, PARTNER]) {
          const response = await running.request(preflight(origin, method === 'ALL' ? 'PUT' : method, url));
          const isAllowed = corsHeaders(response)['access-control-allow-origin'] === origin;
          const isListed = state === 'open' && policy.origin.includes(origin);
          compared.push(`${isAllowed}`);
          expect([target, origin, isAllowed]).toEqual([target, origin, isListed]);
        }
      }
    } finally {
      await running.close();
    }
    expect([compared.length, new Set(compared).size]).toEqual([16 * 3, 2]);
  });

  it('does not enforce on routes of the platform without an entry of paths', async () => {
    const routes = await routesOf(platform, [], OPTIONS, { configure: (app) => addRoute(app, 'get', '/docs') });
    expect(routes.at(-1)).toMatchObject({
      target: 'CorsModule',
      policy: { credentials: true, enforce: false },
      sources: { credentials: 'CorsModule', enforce: 'default' },
    });
  });

  it('has the policy of the path for routes with optional parameters', async () => {
    const routes = await routesOf(
      platform,
      [],
      { origin: APP, paths: [{ path: '/docs', policy: false }] },
      {
        configure: (app) => addRoute(app, 'get', platform.name === 'express' ? '/docs{/:page}' : '/docs/:page?'),
      },
    );
    expect(new Set(routes.map(({ target }) => target))).toEqual(new Set(['paths "/docs"']));
  });

  it('has no cross-origin access for a route that changed after the policies were compiled', async () => {
    @Controller('things')
    class ThingsController {
      @Get('first') first() {}
      @Get('old') moved() {}
    }
    const module = movingApplication([ThingsController], () => {
      Reflect.defineMetadata('path', 'new', ThingsController.prototype.moved);
    });
    const running = await startApp(platform, module);
    try {
      expect(running.app.get(CorsService).routes().map(line)).toEqual([
        'GET /things/first ThingsController.first open',
        'GET /things/new an unknown route, GET /things/new disabled',
      ]);
    } finally {
      await running.close();
    }
  });

  it('leaves out the routes with which Nest answers 404', async () => {
    const routes = await routesOf(platform, [OrdersController], OPTIONS, {
      configure: (app) => app.setGlobalPrefix('api', { exclude: ['orders'] }),
    });
    expect(routes.map(line).filter((text) => text.includes('/orders '))).toEqual([
      'GET /orders OrdersController.list open',
    ]);
  });

  it('has routes that are registered after the application has started', async () => {
    @Module({ imports: [CorsModule.forRoot({ origin: APP })], controllers: [] })
    class ApplicationModule {}
    const app = await NestFactory.create(ApplicationModule, platform.createAdapter(), { logger: false });
    try {
      await app.init();
      const cors = app.get(CorsService);
      expect(cors.routes()).toEqual([]);
      addRoute(app, 'get', '/late');
      expect(cors.routes().map(line)).toEqual(['GET /late CorsModule open']);
    } finally {
      await app.close();
    }
  });

  it('is frozen', async () => {
    const routes = await routesOf(platform, [OrdersController], OPTIONS);
    const parts = routes.flatMap((route) => [route, route.policy, route.policy.origin, route.sources]);
    expect([routes, ...parts].every(Object.isFrozen)).toBe(true);
  });

  it('does not exist before Nest has registered the routes', async () => {
    const found: unknown[] = [];
    const use = (cors: CorsService) => {
      try {
        found.push(cors.routes().length);
      } catch (error) {
        found.push((error as Error).message);
      }
    };
    @Module({})
    class LaterModule {
      readonly #cors: CorsService;
      constructor(cors: CorsService) {
        this.#cors = cors;
      }
      configure(): void {
        use(this.#cors);
      }
      onModuleInit(): void {
        use(this.#cors);
      }
    }
    @Module({ imports: [CorsModule.forRoot(OPTIONS), LaterModule], controllers: [OrdersController] })
    class ApplicationModule {}
    const app = await NestFactory.create(ApplicationModule, platform.createAdapter(), { logger: false });
    try {
      use(app.get(CorsService));
      await app.init();
      const message =
        'The routes do not exist before the application is initialised. Call app.init() or app.listen() first.';
      expect(found).toEqual([message, message, 9]);
    } finally {
      await app.close();
    }
  });
});
