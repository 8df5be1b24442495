import { expect, it } from '@jest/globals';
import { Controller, Get, Injectable, Module, Scope, Version, VersioningType } from '@nestjs/common';
import { ApplicationConfig, NestFactory } from '@nestjs/core';
import { Cors, CorsModule, type CorsModuleOptions, DisableCors } from 'nestjs-cors';
import { describePlatforms, type RootModule } from '../../support/platforms.js';

const APP = 'https://app.example.com';

@Controller('open')
class OpenController {
  @Cors({ maxAge: 5 }) @Get() get(): void {}
}

@Controller('enforcing')
class EnforcingController {
  @Cors({ enforce: 'all' }) @Get() get(): void {}
}

@Cors({ enforce: 'unsafe-methods' })
@Controller('disabled')
class DisabledController {
  @DisableCors() @Get() get(): void {}
}

@Controller('versions')
class VersionsController {
  @Version('1') @Get() first(): void {}
  @Cors({ maxAge: 5 }) @Version('2') @Get() second(): void {}
}

@Injectable({ scope: Scope.REQUEST })
class OfOneRequest {}

@Controller('scoped')
class ScopedController {
  readonly ofOneRequest: OfOneRequest;

  constructor(ofOneRequest: OfOneRequest) {
    this.ofOneRequest = ofOneRequest;
  }
  @Cors({ enforce: 'all' }) @Get() get(): void {}
}

@Controller({ path: 'scoped', scope: Scope.REQUEST })
class OpenScopedController {
  @Cors({ maxAge: 5 }) @Get() get(): void {}
}

/** Has another function each time it is read. */
@Controller('read')
class ReadController {
  constructor() {
    const { get } = this;
    Object.defineProperty(this, 'get', { get: () => get.bind(this) });
  }
  @Cors({ enforce: 'all' }) @Get() get(): void {}
}

function application(controller: RootModule, options: CorsModuleOptions): RootModule {
  @Module({
    imports: [CorsModule.forRoot(options as { origin: string })],
    controllers: [controller],
    providers: [OfOneRequest],
  })
  class ApplicationModule {}
  return ApplicationModule;
}

const open = { origin: APP };
const none = { filters: 0, interceptors: 0 };

describePlatforms('the global enhancers', (platform) => {
  it.each<[string, RootModule, CorsModuleOptions, { filters: number; interceptors: number }]>([
    ['that enforces nothing', OpenController, open, none],
    ['with paths that enforce', OpenController, pathsOf('all'), none],
    ['with a handler that enforces', EnforcingController, open, { filters: 1, interceptors: 0 }],
    ['with a disabled handler that enforces', DisabledController, open, { filters: 1, interceptors: 0 }],
    ['that enforces', OpenController, { ...open, enforce: 'all' }, { filters: 1, interceptors: 0 }],
    ['with a named policy that enforces and is not used', OpenController, namedOf('all'), none],
    ['with versions that a preflight does not show', VersionsController, open, { filters: 1, interceptors: 0 }],
    ['that enforces, with a request-scoped controller', ScopedController, open, { filters: 1, interceptors: 1 }],
    ['that enforces nothing, with a request-scoped controller', OpenScopedController, open, none],
    ['that enforces, with methods that are new at each reading', ReadController, open, { filters: 1, interceptors: 1 }],
  ])('are no more than needed in an application %s', async (_title, controller, options, expected) => {
    const app = await NestFactory.create(application(controller, options), platform.createAdapter(), { logger: false });
    app.enableVersioning({ type: VersioningType.HEADER, header: 'x-version' });
    await app.init();
    const config = app.get(ApplicationConfig, { strict: false });
    const counted = { filters: config.getGlobalFilters().length, interceptors: config.getGlobalInterceptors().length };
    await app.close();
    expect(counted).toEqual(expected);
  });
});

function pathsOf(enforce: 'all'): CorsModuleOptions {
  return { ...open, paths: [{ path: '/graphql', policy: { origin: APP, enforce } }] };
}

function namedOf(enforce: 'all'): CorsModuleOptions {
  return { ...open, policies: { partners: { origin: APP, enforce } } };
}
