import { it } from '@jest/globals';
import {
  type ArgumentsHost,
  Catch,
  Controller,
  type ExceptionFilter,
  Get,
  HttpException,
  type INestApplication,
  type MiddlewareConsumer,
  Module,
  type NestModule,
  Param,
  Post,
  RequestMethod,
} from '@nestjs/common';
import { RouterModule } from '@nestjs/core';
import { HandlerSpy } from '../../support/handler-spy.js';
import { describePlatforms, type Platform } from '../../support/platforms.js';
import { ADMIN, APP } from '../../support/policy-statement.js';
import { type Expected, type Parts, serveTwins } from './twins.js';

const spy = new HandlerSpy();
const asAdmin = { allows: ADMIN, refuses: APP };

@Catch(HttpException)
class CustomFilter implements ExceptionFilter<HttpException> {
  readonly #app: INestApplication;

  constructor(app: INestApplication) {
    this.#app = app;
  }

  catch(exception: HttpException, host: ArgumentsHost) {
    this.#app.getHttpAdapter().reply(host.switchToHttp().getResponse(), { custom: true }, exception.getStatus());
  }
}

const parts: Parts = (cors) => {
  @Controller()
  class RootController {
    @Get('health') health() {
      return spy.ran('health');
    }
    @cors({ origin: [ADMIN] })
    @Get('things')
    list() {
      return spy.ran('list');
    }
    @cors({ origin: [ADMIN] })
    @Post('things')
    create() {
      return spy.ran('create');
    }
    @cors({ origin: [ADMIN] })
    @Get('hello/:name')
    hello(@Param('name') name: string) {
      return spy.ran(`hello ${name}`);
    }
  }

  @cors({ origin: [ADMIN] })
  @Controller('leaf')
  class LeafController {
    @Get() get() {
      return spy.ran('leaf');
    }
  }

  @Module({ controllers: [LeafController] })
  class LeafModule {}

  @Module({
    imports: [
      LeafModule,
      RouterModule.register([{ path: 'tree', children: [{ path: ':branch', module: LeafModule }] }]),
    ],
    controllers: [RootController],
  })
  class PrefixedModule implements NestModule {
    configure(consumer: MiddlewareConsumer) {
      consumer
        .apply((_request: object, _response: object, next: () => void) => {
          spy.ran('middleware');
          next();
        })
        .forRoutes('hello/:name', LeafController);
    }
  }
  return { imports: [PrefixedModule] };
};

type PrefixOptions = Parameters<INestApplication['setGlobalPrefix']>[1];
const withPrefix = (platform: Platform, prefix: string, options?: PrefixOptions) =>
  serveTwins(platform, parts, spy, {
    configure: (app) => {
      app.setGlobalPrefix(prefix, options);
      app.useGlobalFilters(new CustomFilter(app));
    },
  });
const served = (name: string): Expected => ({ ...asAdmin, status: 200, ran: [name], body: name });
const missing: Expected = { status: 404, ran: [], body: '{"custom":true}' };

describePlatforms('an application with a global prefix', (platform) => {
  const twins = withPrefix(platform, '/api/v1/');

  it('serves its routes below the prefix', async () => {
    await twins.expectSame({ path: '/api/v1/health' }, { status: 200, ran: ['health'], body: 'health' });
    await twins.expectSame({ path: '/api/v1/things' }, served('list'));
  });

  it('applies middleware to routes below the prefix', async () => {
    const hello = { ...served('hello ann'), ran: ['middleware', 'hello ann'] };
    await twins.expectSame({ path: '/api/v1/hello/ann' }, hello);
    await twins.expectSame({ path: '/api/v1/tree/one/leaf' }, { ...served('leaf'), ran: ['middleware', 'leaf'] });
  });

  it.each(['/api/v1/absent', '/api/v1', '/api/v1/'])('answers %s with its own filter', async (path) => {
    await twins.expectSame({ path }, missing);
  });

  it.each(['/health', '/api/health', '/api/v10/health'])('has the application-wide policy at %s', async (path) => {
    await twins.expectSame({ path }, { status: 404, ran: [] });
  });
});

describePlatforms('an application that excludes routes from its global prefix', (platform) => {
  const fastify = platform.name === 'fastify';

  const byPath = withPrefix(platform, 'api', { exclude: ['things', 'hello/:name', 'tree/:branch/leaf'] });
  it('serves excluded paths without the prefix', async () => {
    await byPath.expectSame({ path: '/things' }, served('list'));
    await byPath.expectSame({ method: 'POST', path: '/things' }, { ...served('create'), status: 201 });
    await byPath.expectSame({ path: '/hello/ann' }, { ...served('hello ann'), ran: ['middleware', 'hello ann'] });
    await byPath.expectSame({ path: '/api/things' }, missing);
    await byPath.expectSame({ path: '/api/health' }, { status: 200, ran: ['health'], body: 'health' });
  });

  it('answers a method that an excluded path does not have', async () => {
    await byPath.expectSame({ method: 'DELETE', path: '/things' }, { status: 404, ran: [], maxAge: '0' });
  });

  const byMethod = withPrefix(platform, 'api', { exclude: ['health', { path: 'things', method: RequestMethod.GET }] });
  it('serves excluded methods without the prefix', async () => {
    await byMethod.expectSame({ path: '/health' }, { status: 200, ran: ['health'], body: 'health' });
    await byMethod.expectSame({ path: '/things' }, served('list'));
    await byMethod.expectSame({ method: 'POST', path: '/api/things' }, { ...served('create'), status: 201 });
    await byMethod.expectSame({ method: 'POST', path: '/things' }, { status: 404, ran: [], maxAge: '0' });
    await byMethod.expectSame({ path: '/api/things' }, { ...missing, maxAge: '0' });
  });

  const byWildcard = withPrefix(platform, 'api', { exclude: [fastify ? 'hello/*' : 'hello/{*rest}'] });
  it('serves routes that a wildcard excludes without the prefix', async () => {
    await byWildcard.expectSame({ path: '/hello/ann' }, { ...served('hello ann'), ran: ['middleware', 'hello ann'] });
    await byWildcard.expectSame({ path: '/api/hello/ann' }, missing);
    await byWildcard.expectSame({ path: '/api/things' }, served('list'));
  });
});
