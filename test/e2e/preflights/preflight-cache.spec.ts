import { expect, it } from '@jest/globals';
import { Controller, Delete, Get, Module, Patch, Propfind, Put, Search } from '@nestjs/common';
import { Cors, CorsModule, type CorsModuleOptions, DisableCors } from 'nestjs-cors';
import { HandlerSpy } from '../../support/handler-spy.js';
import { describePlatforms, type RootModule, serve } from '../../support/platforms.js';
import { ADMIN, APP, preflight } from '../../support/policy-statement.js';

const spy = new HandlerSpy();

/** A GET and a PUT handler for each path. The path names the difference between their policies. */
@Controller()
class SiblingsController {
  @Get('same') getSame() {}
  @Put('same') putSame() {}

  @Get('alone') getAlone() {}

  @Get('origin') getOrigin() {}
  @Cors({ origin: [APP, ADMIN] }) @Put('origin') putOrigin() {}

  @Get('credentials') getCredentials() {}
  @Cors({ credentials: true }) @Put('credentials') putCredentials() {}

  @Get('allowed-headers') getAllowedHeaders() {}
  @Cors({ allowedHeaders: ['x-a'] }) @Put('allowed-headers') putAllowedHeaders() {}

  @Get('methods') getMethods() {}
  @Cors({ methods: ['PUT'] }) @Put('methods') putMethods() {}

  @Get('disabled') getDisabled() {}
  @DisableCors() @Put('disabled') putDisabled() {}

  @Get('exposed') getExposed() {}
  @Cors({ exposedHeaders: ['x-a'] }) @Put('exposed') putExposed() {}

  @Get('restated') getRestated() {}
  @Cors({ origin: [APP], allowedHeaders: ['Content-Type'] }) @Put('restated') putRestated() {}

  @Get('parameter/:id') getParameter() {}
  @Cors({ origin: [APP, ADMIN] }) @Put('parameter/special') putSpecial() {}
}

@Controller('spread')
class SpreadController {
  @Get() get() {}
}

@Cors({ origin: [APP, ADMIN] })
@Controller('spread')
class OtherSpreadController {
  @Delete() remove() {}
}

/** Handlers of rare methods. */
@Controller()
class RareMethodsController {
  @Cors({ allowedHeaders: ['x-a'] }) @Search('search') search() {}
  @Cors({ allowedHeaders: ['x-a'] }) @Propfind('propfind') propfind() {}
  @Search('same-search') same() {}
}

@Controller('mixed-closed')
class MixedClosedController {
  @Cors({ origin: [APP], maxAge: 600 }) @Get() get() {}
  @Patch() closed() {}
}

function cacheModule(options: CorsModuleOptions): RootModule {
  @Module({
    imports: [CorsModule.forRoot(options)],
    controllers: [SiblingsController, SpreadController, OtherSpreadController],
  })
  class CacheModule {}
  return CacheModule;
}

const DIFFERING = [
  '/origin',
  '/credentials',
  '/allowed-headers',
  '/methods',
  '/disabled',
  '/spread',
  '/parameter/special',
];
const AGREEING = ['/same', '/alone', '/exposed', '/restated', '/parameter/1', '/none'];

for (const maxAge of [600, undefined]) {
  describePlatforms(`a preflight response with maxAge ${maxAge}`, (platform) => {
    const server = serve(
      platform,
      cacheModule(maxAge === undefined ? { origin: [APP] } : { origin: [APP], maxAge }),
      spy,
    );
    const maxAgeOf = async (path: string, method = 'GET') => {
      const { status, headers } = await server.outcome(preflight(APP, method, path));
      return [status, headers['access-control-max-age']];
    };

    it.each(DIFFERING)('has max-age 0 if handlers of one URL have different policies: %s', async (path) => {
      expect(await maxAgeOf(path)).toEqual([204, '0']);
    });

    it.each(AGREEING)('has the configured max-age if handlers of one URL agree: %s', async (path) => {
      expect(await maxAgeOf(path)).toEqual([204, maxAge === undefined ? undefined : String(maxAge)]);
    });

    it('has max-age 0 for every method of the URL', async () => {
      expect(await maxAgeOf('/origin', 'PUT')).toEqual([204, '0']);
      expect(await maxAgeOf('/origin', 'DELETE')).toEqual([204, '0']);
      expect(await maxAgeOf('/same', 'PUT')).toEqual([204, maxAge === undefined ? undefined : String(maxAge)]);
    });
  });
}

@Module({ imports: [CorsModule.forRoot()], controllers: [MixedClosedController] })
class MixedClosedModule {}

describePlatforms('a preflight response beside a route without a policy', (platform) => {
  const server = serve(platform, MixedClosedModule, spy);

  it('has max-age 0 on the open route', async () => {
    const { headers } = await server.outcome(preflight(APP, 'GET', '/mixed-closed'));
    expect(headers['access-control-max-age']).toBe('0');
  });
});

@Module({ imports: [CorsModule.forRoot({ origin: [APP], maxAge: 600 })], controllers: [RareMethodsController] })
class RareMethodsModule {}

describePlatforms('a preflight response for a method without a handler', (platform) => {
  const server = serve(platform, RareMethodsModule, spy);

  it.each([
    ['/search', '0'],
    ['/propfind', '0'],
    ['/same-search', '600'],
    ['/nowhere', '600'],
  ])('has the max-age of the handlers of %s: %s', async (path, maxAge) => {
    const { status, headers } = await server.outcome(preflight(APP, 'PUT', path));
    expect([status, headers['access-control-max-age']]).toEqual([204, maxAge]);
  });
});
