import type { IncomingMessage, ServerResponse } from 'node:http';
import { expect, it } from '@jest/globals';
import {
  Controller,
  Get,
  type INestApplication,
  type MiddlewareConsumer,
  Module,
  type NestModule,
  Put,
  UseGuards,
} from '@nestjs/common';
import helmet from 'helmet';
import { Cors, CorsModule } from 'nestjs-cors';
import { HandlerSpy } from '../../support/handler-spy.js';
import { describePlatforms, serve } from '../../support/platforms.js';
import {
  ADMIN,
  APP,
  EVIL,
  expectPolicy,
  PARTNER,
  preflight,
  REFUSED_PREFLIGHT,
} from '../../support/policy-statement.js';

const spy = new HandlerSpy();

type Next = (error?: unknown) => void;

function answering(name: string) {
  return (_request: IncomingMessage, response: ServerResponse, _next: Next) => {
    spy.ran(name);
    response.setHeader('Access-Control-Allow-Origin', '*');
    response.setHeader('Vary', 'Cookie');
    response.statusCode = 503;
    response.end(name);
  };
}

function throwing(name: string) {
  return () => {
    spy.ran(name);
    throw new Error(name);
  };
}

function failing(name: string) {
  return (_request: IncomingMessage, _response: ServerResponse, next: Next) => {
    spy.ran(name);
    next(new Error(name));
  };
}

const spyingGuard = {
  canActivate: () => {
    spy.ran('guard');
    return true;
  },
};

/** Every route has its own policy, so the application-wide policy in a response is visibly wrong. */
@Cors({ origin: [ADMIN] })
@Controller()
class RoutedController {
  @Get(['nest/answers', 'nest/throws', 'nest/fails', 'app/answers', 'app/throws', 'app/fails']) route() {
    return spy.ran('handler');
  }
  @UseGuards(spyingGuard) @Put('watched') watched() {
    return spy.ran('watched');
  }
  @Get('before-rewriting') beforeRewriting() {
    return spy.ran('before rewriting');
  }
  @Cors({ origin: [PARTNER] }) @Get('after-rewriting') afterRewriting() {
    return spy.ran('after rewriting');
  }
}

@Module({ imports: [CorsModule.forRoot({ origin: [APP] })], controllers: [RoutedController] })
class MiddlewareModule implements NestModule {
  configure(consumer: MiddlewareConsumer): void {
    consumer.apply(answering('nest answers')).forRoutes('nest/answers');
    consumer.apply(throwing('nest throws')).forRoutes('nest/throws');
    consumer.apply(failing('nest fails')).forRoutes('nest/fails');
    consumer
      .apply((_request: IncomingMessage, _response: ServerResponse, next: Next) => {
        spy.ran('nest watches');
        next();
      })
      .forRoutes('watched');
  }
}

function useMiddleware(app: INestApplication): void {
  app.use('/app/answers', answering('app answers'));
  app.use('/app/throws', throwing('app throws'));
  app.use('/app/fails', failing('app fails'));
  app.use('/app/unrouted', answering('app unrouted'));
  app.use('/before-rewriting', (request: IncomingMessage, _response: ServerResponse, next: Next) => {
    request.url = '/elsewhere';
    next();
  });
  app.use((request: IncomingMessage, _response: ServerResponse, next: Next) => {
    if (request.url === '/rewritten') {
      request.url = '/after-rewriting';
    }
    next();
  });
  app.use('/watched', (_request: IncomingMessage, _response: ServerResponse, next: Next) => {
    spy.ran('app watches');
    next();
  });
}

describePlatforms('a response of middleware', (platform) => {
  const server = serve(platform, MiddlewareModule, spy, { configure: useMiddleware });

  it.each([
    ['/nest/answers', 'nest answers', 503, 'Cookie, Origin'],
    ['/nest/throws', 'nest throws', 500, 'Origin'],
    ['/nest/fails', 'nest fails', 500, 'Origin'],
    ['/app/answers', 'app answers', 503, 'Cookie, Origin'],
    ['/app/throws', 'app throws', 500, 'Origin'],
    ['/app/fails', 'app fails', 500, 'Origin'],
  ])('has the policy of the requested route, although no handler ran: %s', async (path, handler, status, vary) => {
    await expectPolicy(server, { method: 'GET', path, handler, status, vary, allows: ADMIN, refuses: APP });
  });

  it('has the application-wide policy if the path has no handler', async () => {
    const route = {
      method: 'GET',
      path: '/app/unrouted',
      handler: 'app unrouted',
      status: 503,
      vary: 'Cookie, Origin',
    };
    await expectPolicy(server, { ...route, allows: APP, refuses: ADMIN });
  });

  it('has the policy of the handler that answered after middleware rewrote the URL', async () => {
    // Express routes after its middleware, so it uses the rewritten URL. Fastify routes before.
    const express = platform.name === 'express';
    const outcome = await server.outcome({ path: '/rewritten', headers: { Origin: express ? PARTNER : APP } });
    expect(outcome).toEqual({
      status: express ? 200 : 404,
      headers: { 'access-control-allow-origin': express ? PARTNER : APP, vary: 'Origin' },
      ran: express ? ['after rewriting'] : [],
    });
    const refused = await server.outcome({ path: '/rewritten', headers: { Origin: express ? APP : PARTNER } });
    expect(refused.headers).toEqual({ vary: 'Origin' });
  });

  it('has the policy of the original URL if middleware mounted on a path changes it', async () => {
    const outcome = await server.outcome({ path: '/before-rewriting', headers: { Origin: ADMIN } });
    expect(outcome.headers).toEqual({ 'access-control-allow-origin': ADMIN, vary: 'Origin' });
    const refused = await server.outcome({ path: '/before-rewriting', headers: { Origin: APP } });
    expect(refused.headers).toEqual({ vary: 'Origin' });
  });
});

describePlatforms('a preflight', (platform) => {
  const server = serve(platform, MiddlewareModule, spy, { configure: useMiddleware });

  it('runs no middleware, guard or handler, and the actual request runs all of them', async () => {
    expect((await server.outcome(preflight(ADMIN, 'PUT', '/watched'))).ran).toEqual([]);
    expect(await server.outcome(preflight(EVIL, 'PUT', '/watched'))).toEqual(REFUSED_PREFLIGHT);
    const actual = await server.outcome({ method: 'PUT', path: '/watched', headers: { Origin: ADMIN } });
    expect(actual.ran).toEqual(['app watches', 'nest watches', 'guard', 'watched']);
  });

  it('is answered without reading its body', async () => {
    const request = preflight(ADMIN, 'PUT', '/watched');
    const headers = { ...request.headers, 'Content-Type': 'application/json' };
    expect(await server.outcome({ ...request, headers, body: '{"a":' })).toMatchObject({ status: 204, ran: [] });
  });
});

describePlatforms('helmet beside CorsModule', (platform) => {
  const server = serve(platform, MiddlewareModule, spy, { configure: (app) => app.use(helmet()) });

  it('does not change the CORS headers', async () => {
    const route = { method: 'PUT', path: '/watched' };
    for (const origin of [ADMIN, APP]) {
      const outcome = await server.outcome({ ...route, headers: { Origin: origin } });
      const granted = origin === ADMIN ? { 'access-control-allow-origin': ADMIN } : {};
      expect(outcome.headers).toEqual({
        ...granted,
        vary: 'Origin',
        'cross-origin-resource-policy': 'same-origin',
      });
    }
  });

  it('keeps its own headers', async () => {
    const response = await server.request({ path: '/nest/throws', headers: { Origin: ADMIN } });
    expect(response.headerLines.map(([name]) => name.toLowerCase())).toContain('x-content-type-options');
  });
});
