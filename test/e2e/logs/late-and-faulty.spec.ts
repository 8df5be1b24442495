import { describe, expect, it } from '@jest/globals';
import { Controller, Delete, Get, Injectable, Module, Put, VersioningType } from '@nestjs/common';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import fastify from 'fastify';
import { Cors, CorsModule, DisableCors, type OriginContext, type OriginResolver } from 'nestjs-cors';
import { HandlerSpy } from '../../support/handler-spy.js';
import { describePlatforms, observe, serve, startApp } from '../../support/platforms.js';
import { ADMIN, APP, EVIL, PREFLIGHT_VARY, preflight, REFUSED_PREFLIGHT } from '../../support/policy-statement.js';

const spy = new HandlerSpy();

@Controller('r')
class RController {
  @Get() list() {
    return spy.ran('list');
  }
  @Put() @DisableCors() replace() {
    return spy.ran('replace');
  }
}

describePlatforms('a logger that throws', (platform) => {
  @Module({ imports: [CorsModule.forRoot({ origin: APP })], controllers: [RController] })
  class AppModule {}
  const logger = {
    log() {},
    error() {},
    warn() {
      throw new Error('the disk is full');
    },
  };

  it('does not change the response', async () => {
    const running = await startApp(platform, AppModule, {
      application: { logger: { ...logger, warn() {} } },
    });
    try {
      running.app.useLogger(logger);
      const server = observe(() => running, spy);
      expect(await server.outcome(preflight(EVIL, 'GET', '/r'))).toEqual(REFUSED_PREFLIGHT);
      expect(await server.outcome({ method: 'GET', path: '/r', headers: { Origin: EVIL } })).toEqual({
        status: 200,
        headers: { vary: 'Origin' },
        ran: ['list'],
      });
    } finally {
      running.app.useLogger(false);
      await running.close();
    }
  });
});

describe('a trust-proxy function that throws (express)', () => {
  @Controller({ path: 'bound', host: 'api.test' })
  class BoundController {
    @Get() list() {
      return spy.ran('bound');
    }
  }
  @Module({ imports: [CorsModule.forRoot({ origin: APP })], controllers: [BoundController] })
  class AppModule {}

  it('causes a refused preflight, and the next request is served', async () => {
    const running = await startApp({ name: 'express', createAdapter: () => new ExpressAdapter() }, AppModule, {
      configure: (app) =>
        app
          .getHttpAdapter()
          .getInstance()
          .set('trust proxy', () => {
            throw new Error('no such network');
          }),
    });
    try {
      const server = observe(() => running, spy);
      const asked = preflight(APP, 'GET', '/bound');
      expect(await server.outcome({ ...asked, headers: { ...asked.headers, 'X-Forwarded-Host': 'api.test' } })).toEqual(
        REFUSED_PREFLIGHT,
      );
      expect(await server.outcome(preflight(APP, 'GET', '/elsewhere'))).toMatchObject({ status: expect.any(Number) });
    } finally {
      await running.close();
    }
  });
});

describe('a wrapper that a plugin puts around handlers (fastify)', () => {
  @Controller('p')
  class ParameterController {
    @Get(':id') @DisableCors() read() {
      return spy.ran('read');
    }
  }
  @Module({ imports: [CorsModule.forRoot({ origin: '*' })], controllers: [ParameterController] })
  class AppModule {}

  it.each(['synchronous', 'asynchronous'])('does not run for preflights (%s)', async (kind) => {
    let calls = 0;
    const instance = fastify();
    instance.addHook('onRoute', (options) => {
      const { handler } = options;
      options.handler =
        kind === 'synchronous'
          ? function wrapped(request, reply) {
              calls++;
              request.headers.host?.toLowerCase();
              return handler.call(this, request, reply);
            }
          : async function wrapped(request, reply) {
              calls++;
              request.log.trace('traced');
              return handler.call(this, request, reply);
            };
    });
    const running = await startApp(
      { name: 'fastify', createAdapter: () => new FastifyAdapter(instance as never) },
      AppModule,
    );
    try {
      const server = observe(() => running, spy);
      expect(await server.outcome(preflight(APP, 'GET', '/p/1'))).toEqual(REFUSED_PREFLIGHT);
      expect(calls).toBe(0);
    } finally {
      await running.close();
    }
  });
});

describe('a response that the server ends while a resolver is pending (fastify)', () => {
  let release = (_allowed: boolean) => {};
  let arrived = () => {};
  /** Resolves at the next call of the predicate. */
  const asked = () =>
    new Promise<void>((resolve) => {
      arrived = resolve;
    });
  const origin = (one: string) => {
    arrived();
    return new Promise<boolean>((resolve) => {
      release = (allowed) => resolve(allowed && one === APP);
    });
  };
  @Module({ imports: [CorsModule.forRoot({ origin, resolver: { cache: false } })], controllers: [RController] })
  class AppModule {}

  it.each([
    ['a preflight', preflight(APP, 'GET', '/r')],
    ['an actual request', { method: 'GET', path: '/r', headers: { Origin: APP } }],
  ])('is not sent a second time (%s)', async (_title, request) => {
    let answerFirst = () => {};
    const running = await startApp({ name: 'fastify', createAdapter: () => new FastifyAdapter() }, AppModule, {
      configure: (app) =>
        app.getHttpServer().prependListener('request', (_request: unknown, response: { end(): void }) => {
          answerFirst = () => response.end();
        }),
    });
    try {
      const first = asked();
      const answered = running.request(request as never);
      await first;
      answerFirst();
      expect((await answered).status).toBe(200);
      release(true);
      const server = observe(() => running, spy);
      const second = asked();
      const next = server.outcome(preflight(APP, 'GET', '/r'));
      await second;
      release(true);
      expect((await next).status).toBe(204);
    } finally {
      release(false);
      await running.close();
    }
  });
});

describePlatforms('header versioning', (platform) => {
  @Controller({ path: 'versioned', version: '1' })
  class FirstController {
    @Delete() @Cors({ origin: APP, allowedHeaders: ['x-version'] }) remove() {
      return spy.ran('first');
    }
  }
  @Controller({ path: 'versioned', version: '2' })
  class SecondController {
    @Delete() remove() {
      return spy.ran('second');
    }
  }
  @Controller({ path: 'closed', version: ['1', '2'] })
  class ClosedController {
    @Delete() remove() {
      return spy.ran('closed');
    }
  }
  @Module({ imports: [CorsModule.forRoot()], controllers: [FirstController, SecondController, ClosedController] })
  class AppModule {}
  const server = serve(platform, AppModule, spy, {
    configure: (app) => app.enableVersioning({ type: VersioningType.HEADER, header: 'x-version' }),
  });
  const remove = (version: string) => ({
    method: 'DELETE',
    path: '/versioned',
    headers: { Origin: APP, 'X-Version': version },
  });

  it('refuses an actual request to an untouched version after a preflight for another one', async () => {
    expect(await server.outcome(preflight(APP, 'DELETE', '/versioned', 'x-version'))).toMatchObject({ status: 204 });
    expect(await server.outcome(remove('1'))).toMatchObject({ status: 200, ran: ['first'] });
    expect(await server.outcome(remove('2'))).toEqual({ status: 403, headers: { vary: 'Origin' }, ran: [] });
  });

  it('passes preflights of untouched handlers to the platform', async () => {
    expect(await server.outcome(preflight(APP, 'DELETE', '/closed', 'x-version'))).toEqual({
      status: 404,
      headers: {},
      ran: [],
    });
  });
});

describePlatforms('an origin resolver', (platform) => {
  const seen: unknown[] = [];
  @Injectable()
  class ByHost implements OriginResolver {
    readonly cache = false;
    resolve(origin: string, { request }: OriginContext): boolean {
      const { hostname, query } = request as { hostname: string; query: Record<string, string> };
      seen.push([hostname, query?.tenant]);
      return origin === APP;
    }
  }
  @Module({ imports: [CorsModule.forRoot({ origin: ByHost })], controllers: [RController], providers: [ByHost] })
  class AppModule {}
  const server = serve(platform, AppModule, spy);

  it('receives the request object of the platform', async () => {
    for (const request of [
      preflight(APP, 'GET', '/r?tenant=a'),
      { method: 'GET', path: '/r?tenant=b', headers: { Origin: APP } },
    ]) {
      await server.outcome({ ...request, headers: { ...request.headers, Host: 'api.test' } });
    }
    expect(seen).toEqual([
      ['api.test', 'a'],
      ['api.test', 'b'],
    ]);
  });
});

describePlatforms('a paths entry', (platform) => {
  @Controller('graphql')
  class GraphqlController {
    @Get() page() {
      return spy.ran('page');
    }
  }
  @Controller('head-only')
  class HeadController {
    @Get() @DisableCors() read() {
      return spy.ran('read');
    }
  }
  @Module({
    imports: [
      CorsModule.forRoot({
        origin: APP,
        maxAge: 600,
        paths: [
          { path: '/graphql', policy: false },
          { path: '/strict', policy: { enforce: 'all' } },
        ],
      }),
    ],
    controllers: [GraphqlController, HeadController],
  })
  class AppModule {}
  const server = serve(platform, AppModule, spy, {
    configure: (app) =>
      app.use('/strict', (_request: unknown, response: { end(body: string): void }) =>
        response.end(String(spy.ran('strict'))),
      ),
  });
  const granted = (method: string, maxAge: string) => ({
    status: 204,
    headers: {
      'access-control-allow-origin': APP,
      'access-control-allow-methods': method,
      'access-control-max-age': maxAge,
      vary: PREFLIGHT_VARY,
    },
    ran: [],
  });

  it('keeps preflights out of the cache if a handler of the same URL has another policy', async () => {
    expect(await server.outcome(preflight(APP, 'GET', '/graphql'))).toEqual(granted('GET', '0'));
    expect(await server.outcome(preflight(APP, 'DELETE', '/head-only'))).toEqual(granted('DELETE', '0'));
    expect(await server.outcome(preflight(APP, 'DELETE', '/nowhere'))).toEqual(granted('DELETE', '600'));
  });

  it.each(['/strict', '/strict/%2f', '/strict/x%2ey', '/strict/%5c', '/strict/a/./'])(
    'is enforced for any spelling of the path: %s',
    async (path) => {
      const { status, ran } = await server.outcome({ method: 'POST', path, headers: { Origin: ADMIN } });
      expect([status, ran]).toEqual([403, []]);
    },
  );
});
