import { describe, expect, it } from '@jest/globals';
import {
  All,
  Controller,
  Delete,
  Get,
  Head,
  Inject,
  Module,
  Options,
  Patch,
  Post,
  Put,
  Scope,
  Sse,
} from '@nestjs/common';
import { REQUEST } from '@nestjs/core';
import { Cors, CorsModule } from 'nestjs-cors';
import { of } from 'rxjs';
import { HandlerSpy } from '../support/handler-spy.js';
import { describePlatforms, type Platform, type RootModule, serve } from '../support/platforms.js';
import { ADMIN, APP, EVIL, expectPolicy, PARTNER, preflight, REFUSED_PREFLIGHT } from '../support/policy-statement.js';

const spy = new HandlerSpy();

@Cors({ origin: [ADMIN] })
@Controller(['many', 'more'])
class PathsController {
  @Put(['one', 'two'])
  replace() {
    return spy.ran('paths');
  }
}

@Controller('kinds')
class KindsController {
  @Cors({ origin: [ADMIN] })
  @All('all')
  all() {
    return spy.ran('all');
  }
  @Cors({ origin: [ADMIN] })
  @Get('get')
  get() {
    return spy.ran('get');
  }
  @Cors({ origin: [ADMIN] })
  @Head('head')
  head() {
    spy.ran('head');
  }
  @Cors({ origin: [ADMIN] })
  @Sse('sse')
  events() {
    spy.ran('events');
    return of({ data: 'x' });
  }
  @Cors({ origin: [ADMIN] })
  @Options('options')
  options() {
    return spy.ran('options');
  }
}

@Cors({ origin: [PARTNER] })
@Controller({ path: 'scoped', scope: Scope.REQUEST })
class ScopedController {
  constructor(@Inject(REQUEST) readonly request: unknown) {}
  @Put() replace() {
    return spy.ran(this.request ? 'scoped' : 'scoped without request');
  }
}

@Controller('parameters')
class ParametersController {
  @Cors({ origin: [ADMIN] })
  @Put(':id')
  one() {
    return spy.ran('parameter');
  }
  @Cors({ origin: [PARTNER] })
  @Put(':id/parts/:part')
  part() {
    return spy.ran('part');
  }
  @Put() collection() {
    return spy.ran('collection');
  }
}

/** One path, a method and a policy each. */
@Controller('methods')
class MethodsController {
  @Cors({ origin: [APP] }) @Get() list() {
    return spy.ran('GET');
  }
  @Cors({ origin: [ADMIN] }) @Post() create() {
    return spy.ran('POST');
  }
  @Cors({ origin: [PARTNER] }) @Delete() remove() {
    return spy.ran('DELETE');
  }
  @Cors({ origin: ['https://patch.example'] }) @Patch() change() {
    return spy.ran('PATCH');
  }
}

/** A handler registered first takes the requests of a more specific one on Express; on Fastify the specific one wins. */
@Controller('order')
class OrderController {
  @Cors({ origin: [ADMIN] })
  @Put(':id')
  one() {
    return spy.ran('by parameter');
  }
  @Cors({ origin: [PARTNER] })
  @Put('special')
  special() {
    return spy.ran('special');
  }
}

function routingModule(platform: Platform): RootModule {
  @Cors({ origin: [PARTNER] })
  @Controller('files')
  class FilesController {
    @Put(platform.name === 'express' ? '*rest' : '*')
    replace() {
      return spy.ran('file');
    }
  }
  @Module({
    imports: [CorsModule.forRoot({ origin: [APP] })],
    controllers: [
      PathsController,
      KindsController,
      ScopedController,
      ParametersController,
      MethodsController,
      OrderController,
      FilesController,
    ],
  })
  class RoutingModule {}
  return RoutingModule;
}

describePlatforms('preflight routing', (platform) => {
  const server = serve(platform, routingModule(platform), spy);
  const admin = { allows: ADMIN, refuses: APP };
  const partner = { allows: PARTNER, refuses: APP };
  const appWide = { allows: APP, refuses: ADMIN };

  it.each(['/many/one', '/many/two', '/more/one', '/more/two'])(
    'follows path arrays of class and handler: %s',
    async (path) => {
      await expectPolicy(server, { ...admin, method: 'PUT', path, handler: 'paths' });
    },
  );

  it.each(['GET', 'PUT', 'PATCH', 'DELETE'])('takes an @All handler for %s', async (method) => {
    const status = 200;
    await expectPolicy(server, { ...admin, method, path: '/kinds/all', handler: 'all', status });
  });

  it('takes the GET handler for HEAD', async () => {
    await expectPolicy(server, { ...admin, method: 'HEAD', path: '/kinds/get', handler: 'get' });
  });

  it('takes a @Head handler for HEAD', async () => {
    await expectPolicy(server, { ...admin, method: 'HEAD', path: '/kinds/head', handler: 'head' });
  });

  it('takes an @Sse handler for GET', async () => {
    await expectPolicy(server, { ...admin, method: 'GET', path: '/kinds/sse', handler: 'events' });
  });

  it('takes an @Options handler for OPTIONS, and for nothing else', async () => {
    await expectPolicy(server, { ...admin, method: 'OPTIONS', path: '/kinds/options', handler: 'options' });
    expect(await server.outcome(preflight(ADMIN, 'PUT', '/kinds/options'))).toEqual(REFUSED_PREFLIGHT);
  });

  it('takes a request-scoped controller', async () => {
    await expectPolicy(server, { ...partner, method: 'PUT', path: '/scoped', handler: 'scoped' });
  });

  it.each([
    '/parameters/1',
    '/parameters/a+b',
    '/parameters/a%2Fb',
    '/parameters/%C3%A9',
    '/parameters/1?x=/parameters',
  ])('follows a parameter: %s', async (path) => {
    await expectPolicy(server, { ...admin, method: 'PUT', path, handler: 'parameter' });
  });

  it('follows several parameters and the path without them', async () => {
    await expectPolicy(server, { ...partner, method: 'PUT', path: '/parameters/1/parts/2', handler: 'part' });
    await expectPolicy(server, {
      ...appWide,
      method: 'PUT',
      path: '/parameters',
      handler: 'collection',
      maxAge: undefined,
    });
  });

  it.each(['/files/a', '/files/a/b.txt', '/files/a%20b'])('follows a wildcard: %s', async (path) => {
    await expectPolicy(server, { ...partner, method: 'PUT', path, handler: 'file' });
  });

  it.each([
    ['GET', APP, ADMIN, 200],
    ['POST', ADMIN, PARTNER, 201],
    ['DELETE', PARTNER, APP, 200],
    ['PATCH', 'https://patch.example', PARTNER, 200],
  ])('decides %s by its own handler among those of one path', async (method, allows, refuses, status) => {
    // Handlers of one URL with different policies: the browser must not keep any of the answers.
    await expectPolicy(server, { method, path: '/methods', handler: method, allows, refuses, status, maxAge: '0' });
  });

  it('applies the app-wide policy where no handler takes the method', async () => {
    const route = { method: 'PUT', path: '/methods', handler: undefined, status: 404, maxAge: '0' };
    await expectPolicy(server, { ...appWide, ...route });
  });

  it.each(['/none', '/', '/manyone', '/many/one/more', '/many'])(
    'applies the app-wide policy where no route is: %s',
    async (path) => {
      await expectPolicy(server, { ...appWide, method: 'PUT', path, handler: undefined, status: 404 });
    },
  );

  it('resolves a conflict as the platform does: by order on Express, by specificity on Fastify', async () => {
    const first = platform.name === 'express';
    const route = { method: 'PUT', path: '/order/special', handler: first ? 'by parameter' : 'special' };
    await expectPolicy(server, { ...route, allows: first ? ADMIN : PARTNER, refuses: first ? PARTNER : ADMIN });
    await expectPolicy(server, { method: 'PUT', path: '/order/1', handler: 'by parameter', ...admin });
  });

  describe('spellings of a path', () => {
    /** The origin that each handler's policy lets in: whichever one the platform picks, the preflight must agree. */
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

    it.each(spellings)('%s: the preflight has the policy of the handler the request reaches', async (path) => {
      const reached = await server.outcome({ method: 'PUT', path });
      const handler = reached.ran[0];
      const allows = handler === undefined ? APP : policyOf[handler];
      expect(allows).toBeDefined();
      const refuses = allows === APP ? ADMIN : APP;
      const statement = { method: 'PUT', path, handler, allows: allows ?? EVIL, refuses, status: reached.status };
      await expectPolicy(server, statement);
    });

    it('are told apart by each platform in its own way, so that the table above means something', async () => {
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
});

describePlatforms('preflight routing with the router made strict or tolerant', (platform) => {
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

  it.each(['/many/one/', '/MANY/one'])('follows the setting for %s', async (path) => {
    const route = { method: 'PUT', path };
    const reached = await server.outcome(route);
    await expectPolicy(
      server,
      reached.ran.length > 0
        ? { ...route, handler: 'paths', allows: ADMIN, refuses: APP }
        : { ...route, handler: undefined, status: 404, allows: APP, refuses: ADMIN },
    );
  });

  it('has an effect on Fastify at least, whose defaults are the other way round', async () => {
    const reached = await server.outcome({ method: 'PUT', path: '/MANY/one/' });
    expect(reached.ran).toEqual(express ? reached.ran : ['paths']);
  });
});

for (const strategy of ['declaration', 'specificity']) {
  describePlatforms(`preflight routing with routeResolutionStrategy ${strategy}`, (platform) => {
    const server = serve(platform, routingModule(platform), spy, {
      application: { routeResolutionStrategy: strategy },
    });

    it('agrees with the handler the request reaches', async () => {
      const specific = platform.name === 'fastify' || strategy === 'specificity';
      const route = { method: 'PUT', path: '/order/special', handler: specific ? 'special' : 'by parameter' };
      await expectPolicy(server, { ...route, allows: specific ? PARTNER : ADMIN, refuses: specific ? ADMIN : PARTNER });
    });
  });
}
